"""Durations and schedules as people write them."""

from __future__ import annotations

import pytest

from retailctl.model.durations import interval_minutes, minutes, weekly_runs, weekly_window


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14d", 20160),
        ("15m", 15),
        ("2h", 120),
        ("window 7d", 10080),
        ("90s", 2),
        ("1.5h", 90),
        ("offset", None),
        ("v2d", None),
    ],
)
def test_minutes(text: str, expected: int | None) -> None:
    assert minutes(text) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("*/5 * * * *", 5),
        ("0 2 * * *", 1440),
        ("0 */4 * * *", 240),
        ("0,30 * * * *", 30),
        ("0 8-18 * * *", 60),
        ("0 3 * * 1", 10080),
        ("0 3 * * 1-5", 1440),
        ("0 3 1 * *", 28 * 1440),
        ("@hourly", 60),
        ("15m", 15),
        ("every 15 m", 15),
        ("after close of day", None),
        ("*/0 * * * *", None),
    ],
)
def test_interval_is_the_shortest_pause_between_two_runs(schedule: str, expected: int | None) -> None:
    assert interval_minutes(schedule) == expected


_DAY_MINUTES = 1440


@pytest.mark.parametrize(
    ("schedule", "first", "runs"),
    [
        ("10 * * * *", 10, 24 * 7),
        ("0 6 * * 6", 5 * _DAY_MINUTES + 360, 1),
        ("0 6 * * sat", 5 * _DAY_MINUTES + 360, 1),
        ("0 6 * * 0,7", 6 * _DAY_MINUTES + 360, 1),
        ("30 5-21 * * mon-fri", 330, 17 * 5),
        ("0 2 1 * 1", 120, 7),  # a day of the month or a Monday: any day
        ("@weekly", 6 * _DAY_MINUTES, 1),
    ],
)
def test_a_schedule_runs_at_minutes_of_the_week(schedule: str, first: int, runs: int) -> None:
    found = weekly_runs(schedule)
    assert found is not None
    assert (found[0], len(found)) == (first, runs)


@pytest.mark.parametrize("schedule", ["15m", "", "0 6 * * someday", "x 6 * * 1", "0 6 * * 1 2"])
def test_what_is_no_cron_expression_has_no_minutes(schedule: str) -> None:
    assert weekly_runs(schedule) is None


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("mon 05:00-22:00", ((300, 1320),)),
        ("sat,sun 00:00-24:00", ((5 * _DAY_MINUTES, 6 * _DAY_MINUTES), (6 * _DAY_MINUTES, 7 * _DAY_MINUTES))),
        ("sun 22:00-05:00", ((0, 300), (6 * _DAY_MINUTES + 1320, 7 * _DAY_MINUTES))),
        ("fri-mon 00:00-01:00", ((0, 60), (5760, 5820), (7200, 7260), (8640, 8700))),
    ],
)
def test_a_window_covers_spans_of_the_week(text: str, spans: tuple[tuple[int, int], ...]) -> None:
    assert weekly_window(text) == spans


@pytest.mark.parametrize("text", ["by arrangement", "mon-fry 05:00-22:00", "mon 25:00-26:00", "05:00", "m" * 100])
def test_a_window_that_is_not_understood_is_none(text: str) -> None:
    assert weekly_window(text) is None
