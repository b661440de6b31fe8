"""Gates that ask for days: how many business days in a row a gate was green, and what broke the row.

A gate that holds today and asks for more days than it has is unknown, never pass: nothing is proven yet. What the run
alone says stays beside it, as it is what the next run counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from retailctl.model.parallel_run import GateResult
from retailctl.parallel.business_days import BusinessDays
from retailctl.parallel.judgement.ledger import Ledger

CUTOVER: Final = 10
"""From so many days on, a streak is one that a cutover stands on: it has to have seen a month end, and a promotion."""
_MOST_DAYS: Final = 31
"""Days of one run that are told apart: a run over all of the data stands for its last day."""


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the history: the business days of its window, and per gate its verdict and the digest of what it
    read of the plan. ``parts`` is empty in lines that were written before there were any, ``ledger`` is there where
    the plan had a lag.
    """

    last: date
    first: date
    plan: str
    gates: Mapping[str, str]
    parts: Mapping[str, str]
    id: str = ""
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The days of one gate since the plan last changed what it reads. ``changed`` is whether there were others."""

    days: Mapping[date, str]
    changed: bool = False


def kept(runs: Iterable[Run], gate: str, part: str, plan: str) -> Kept:
    """What counts of a history, in the order in which it was written.

    The newest run of a day stands for it; a day without a run of its own is that of a run whose window holds it.
    """
    own: dict[date, str] = {}
    within: dict[date, str] = {}
    changed = False
    for run in runs:
        same = run.parts.get(gate) == part if run.parts else run.plan == plan
        if not same or gate not in run.gates:
            own.clear()
            within.clear()
            changed = True
            continue
        own[run.last] = run.gates[gate]
        for back in range(1, min((run.last - run.first).days, _MOST_DAYS) + 1):
            within[run.last - timedelta(days=back)] = run.gates[gate]
    return Kept(within | own, changed)


def with_streaks(
    gates: Iterable[GateResult], runs: Sequence[Run], parts: Mapping[str, str], plan: str, today: date,
    days: BusinessDays,
) -> tuple[GateResult, ...]:  # fmt: skip
    """Each gate with its days in a row. ``parts`` is what each of them reads of the plan, ``today`` the last business
    day of this run."""
    return tuple(
        with_streak(gate, kept(runs, gate.gate, parts.get(gate.gate, ""), plan), today, days) for gate in gates
    )


def with_streak(gate: GateResult, known: Kept, today: date, days: BusinessDays) -> GateResult:
    """The gate with its days in a row, this run included; unknown where it holds and they are too few."""
    verdicts = {day: verdict for day, verdict in known.days.items() if day < today} | {today: gate.verdict}
    gate = replace(gate, alone=gate.verdict, first_red=_first_red(verdicts))
    if gate.verdict != "pass":
        return replace(gate, streak=0)
    green, broken = _row(verdicts, today, days)
    missing = _missing(green, days) if gate.needed >= CUTOVER else ""
    gate = replace(gate, streak=len(green))
    if gate.needed <= 1:
        return gate
    short = len(green) < gate.needed
    reason = broken or ("the plan changed before" if known.changed else "") if short else missing
    if not short and not reason:
        return gate
    note = ", ".join(part for part in (f"{len(green)} of {gate.needed} days", reason) if part)
    return replace(gate, verdict="unknown", note=note)


def _row(verdicts: Mapping[date, str], today: date, days: BusinessDays) -> tuple[Sequence[date], str]:
    """The green business days in a row up to today, newest first, and what stands before them."""
    green: list[date] = []
    first = min(verdicts)
    day: date | None = today if days.is_open(today) else days.before(today)
    while day is not None and day >= first:
        verdict = verdicts.get(day)
        if verdict is None:
            return green, f"no run for {day.isoformat()}"
        if verdict != "pass":
            return green, f"{'red' if verdict == 'fail' else 'unknown'} on {day.isoformat()}"
        green.append(day)
        day = days.before(day)
    return green, ""


def _missing(green: Sequence[date], days: BusinessDays) -> str:
    """What a streak for a cutover has not seen yet; only a plan with a calendar asks for it."""
    if days.calendar is None:
        return ""
    wanted = []
    if not any(map(days.is_month_end, green)):
        wanted.append("no month end")
    if days.calendar.promotions and not any(map(days.is_promotion, green)):
        wanted.append("no promotion day")
    return f"{' and '.join(wanted)} yet" if wanted else ""


def _first_red(verdicts: Mapping[date, str]) -> str:
    """The first day of the red row that today stands in; "" where today is green, or nothing was red."""
    first = ""
    for day in sorted(verdicts, reverse=True):
        if verdicts[day] == "pass":
            break
        if verdicts[day] == "fail":
            first = day.isoformat()
    return first
