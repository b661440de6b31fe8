"""Gates that ask for days: calendars, histories written by hand, and what a streak says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.model.parallel_plan import Calendar, Weekday
from retailctl.model.parallel_run import GateResult
from retailctl.parallel.business_days import BusinessDays
from retailctl.parallel.judgement.streaks import Kept, Run, kept, with_streak

NOVEMBER = date(2026, 11, 1)
SUNDAYS = Calendar(closed_weekdays=("sun",))
BLACK_FRIDAY = Calendar(closed_weekdays=("sun",), promotions=(date(2026, 11, 27),))


def day(number: int) -> date:
    """That day of November 2026, which begins on a Sunday; 31 is the first of December."""
    return NOVEMBER + timedelta(days=number - 1)


def runs(text: str, part: str = "p") -> list[Run]:
    """``16+ 17- 18? 16:20+``: green, red and unknown days of November, and a run whose window is several days."""
    told = []
    for word in text.split():
        first, _, last = word[:-1].rpartition(":")
        verdict = {"+": "pass", "-": "fail", "?": "unknown"}[word[-1]]
        told.append(Run(day(int(last)), day(int(first or last)), "plan", {"missing": verdict}, {"missing": part}))
    return told


def judged(
    history: Sequence[Run], today: int, calendar: Calendar | None = None, needed: int = 3, verdict: str = "pass"
) -> GateResult:
    gate = GateResult(gate="missing", verdict=verdict, measured="0", limit="0", needed=needed)  # type: ignore[arg-type]
    return with_streak(gate, kept(history, "missing", "p", "plan"), day(today), BusinessDays(calendar))


# The history, the day of this run, the calendar, the days needed; verdict, days in a row, note.
STREAKS: list[tuple[str, int, Calendar | None, int, str, int, str]] = [
    ("", 18, None, 1, "pass", 1, ""),
    ("", 18, None, 3, "unknown", 1, "1 of 3 days"),
    ("16+ 17+", 18, None, 3, "pass", 3, ""),
    ("15+ 16+ 17+", 18, None, 3, "pass", 4, ""),
    ("17+ 16+", 18, None, 3, "pass", 3, ""),
    ("16- 17+", 18, None, 3, "unknown", 2, "2 of 3 days, red on 2026-11-16"),
    ("16? 17+", 18, None, 3, "unknown", 2, "2 of 3 days, unknown on 2026-11-16"),
    ("15+ 17+", 18, None, 3, "unknown", 2, "2 of 3 days, no run for 2026-11-16"),
    ("15+ 16+", 18, None, 3, "unknown", 1, "1 of 3 days, no run for 2026-11-17"),
    # Sunday the 15th is closed only where the plan says so.
    ("13+ 14+", 16, None, 3, "unknown", 1, "1 of 3 days, no run for 2026-11-15"),
    ("13+ 14+", 16, SUNDAYS, 3, "pass", 3, ""),
    ("13+ 14+", 16, Calendar(closed=(day(15),)), 3, "pass", 3, ""),
    # A run on a closed day counts for nothing, green or red.
    ("13+ 14+ 15-", 16, SUNDAYS, 3, "pass", 3, ""),
    ("12+ 13+ 14+", 15, SUNDAYS, 3, "pass", 3, ""),
    ("14+", 15, SUNDAYS, 3, "unknown", 1, "1 of 3 days"),
    # The newest run of a day stands for it; a window of several days stands for those without a run of their own.
    ("16+ 17- 17+", 18, None, 3, "pass", 3, ""),
    ("16+ 17+ 17-", 18, None, 3, "unknown", 1, "1 of 3 days, red on 2026-11-17"),
    ("14:17+", 18, None, 5, "pass", 5, ""),
    ("15- 14:17+", 18, None, 5, "unknown", 3, "3 of 5 days, red on 2026-11-15"),
    ("14:17-", 18, None, 2, "unknown", 1, "1 of 2 days, red on 2026-11-17"),
    # What is younger than this run is not looked at: a day may be run again.
    ("16+ 17+ 19-", 18, None, 3, "pass", 3, ""),
    # Ten days and more are a cutover's: they need a month end, and a promotion where there are any.
    ("9+ 10+ 11+ 12+ 13+ 14+ 16+ 17+ 18+", 19, SUNDAYS, 10, "unknown", 10, "10 of 10 days, no month end yet"),
    ("9+ 10+ 11+ 12+ 13+ 14+ 16+ 17+ 18+", 19, SUNDAYS, 9, "pass", 10, ""),
    ("19+ 20+ 21+ 23+ 24+ 25+ 26+ 27+ 28+", 30, SUNDAYS, 10, "pass", 10, ""),
    ("19+ 20+ 21+ 23+ 24+ 25+ 26+ 27+ 28+", 30, BLACK_FRIDAY, 10, "pass", 10, ""),
    ("9+ 10+ 11+ 12+ 13+ 14+ 16+ 17+ 18+", 19, BLACK_FRIDAY, 10, "unknown", 10,
     "10 of 10 days, no month end and no promotion day yet"),
    # A row that is longer than asked for may have seen them long ago.
    ("28+ 30+ 31+ 32+ 33+ 34+ 35+ 37+ 38+ 39+ 40+", 41, SUNDAYS, 10, "pass", 12, ""),
    ("28+ 30+ 31+ 32+ 33+ 34+ 35+ 37+ 38+ 39+ 40+", 41, BLACK_FRIDAY, 10, "unknown", 12,
     "12 of 10 days, no promotion day yet"),
]  # fmt: skip


@pytest.mark.parametrize(("history", "today", "calendar", "needed", "verdict", "streak", "note"), STREAKS)
def test_a_streak_is_green_business_days_in_a_row(
    history: str, today: int, calendar: Calendar | None, needed: int, verdict: str, streak: int, note: str
) -> None:
    found = judged(runs(history), today, calendar, needed)
    assert (found.verdict, found.streak, found.note) == (verdict, streak, note)
    assert found.alone == "pass"


@pytest.mark.parametrize(
    ("history", "verdict", "first_red"),
    [
        ("", "fail", "2026-11-18"),
        ("", "unknown", ""),
        ("16+ 17-", "fail", "2026-11-17"),
        ("14- 15+ 16- 17-", "fail", "2026-11-16"),
        ("15+ 16- 17?", "unknown", "2026-11-16"),
        ("14- 15+ 16?", "unknown", ""),
        ("16-", "pass", ""),
    ],
)
def test_the_first_red_day_of_a_row_is_kept(history: str, verdict: str, first_red: str) -> None:
    found = judged(runs(history), 18, verdict=verdict)
    assert found.first_red == first_red
    assert verdict == "pass" or (found.verdict, found.streak) == (verdict, 0)


def test_a_change_of_what_a_gate_reads_begins_again() -> None:
    found = judged([*runs("14+ 15+ 16+", part="older"), *runs("17+")], 18)
    assert (found.verdict, found.streak, found.note) == ("unknown", 2, "2 of 3 days, the plan changed before")
    back = judged([*runs("14+"), *runs("15+", part="other"), *runs("16+ 17+")], 18)
    assert (back.verdict, back.streak) == ("pass", 3), "a plan that changed and changed back begins at the way back"


def test_lines_from_before_there_were_parts_count_by_the_whole_plan() -> None:
    old = [Run(one.last, one.first, plan, one.gates, {}) for plan, one in zip("ab", runs("16+ 17+"), strict=True)]
    assert kept(old, "missing", "p", "b") == Kept({day(17): "pass"}, changed=True)
    assert kept(old, "missing", "p", "c") == Kept({}, changed=True)
    assert kept(runs("16+"), "extra", "p", "plan") == Kept({}, changed=True), "a gate that was not asked for"


@pytest.mark.parametrize(
    ("year", "month", "calendar", "closing"),
    [
        (2026, 11, None, 30),
        (2026, 10, Calendar(closed_weekdays=("sat", "sun")), 30),
        (2026, 10, Calendar(closed_weekdays=("sat", "sun"), closed=(date(2026, 10, 30),)), 29),
        (2026, 10, Calendar(month_end="last_day"), 31),
        (2026, 10, Calendar(month_end="last_day", closed_weekdays=("sat",)), 30),
        (2028, 2, None, 29),
        (9999, 12, None, 31),
    ],
)
def test_a_month_ends_on_one_day(year: int, month: int, calendar: Calendar | None, closing: int) -> None:
    days = BusinessDays(calendar)
    length = 29 if (year, month) == (2028, 2) else 30 if month == 11 else 31
    found = [number for number in range(1, length + 1) if days.is_month_end(date(year, month, number))]
    assert found == [closing]


def test_a_calendar_that_is_never_open_has_no_day_before() -> None:
    every: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert BusinessDays(Calendar(closed_weekdays=every)).before(day(18)) is None
    assert BusinessDays().before(date.min) is None


_VERDICTS = st.sampled_from(["pass", "fail", "unknown"])


@given(
    days=st.dictionaries(st.integers(1, 28), _VERDICTS),
    closed=st.sets(st.integers(1, 28), max_size=10),
    today=st.integers(1, 28),
    verdict=_VERDICTS,
    needed=st.integers(1, 9),
)
def test_a_streak_is_what_counting_back_by_hand_gives(
    days: dict[int, str], closed: set[int], today: int, verdict: str, needed: int
) -> None:
    calendar = Calendar(closed=tuple(map(day, sorted(closed))))
    history = [Run(day(one), day(one), "plan", {"missing": days[one]}, {"missing": "p"}) for one in sorted(days)]
    found = judged(history, today, calendar, needed, verdict)
    known = {**days, today: verdict}
    count, at = 0, today
    while at > 0 and verdict == "pass":
        if at not in closed:
            if known.get(at) != "pass":
                break
            count += 1
        at -= 1
    assert found.streak == count
    holds = verdict == "pass" and (needed == 1 or count >= needed)
    assert found.verdict == ("pass" if holds else "unknown" if verdict == "pass" else verdict)
