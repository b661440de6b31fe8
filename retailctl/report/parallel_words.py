"""A run of a plan in words and figures that several formats share: its headline, the steps of a bridge, its trend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from retailctl.model.parallel_pictures import AcceptedUse, TrendDay
from retailctl.model.parallel_run import Bridge, BridgeLine, GateResult, Late, ParallelSummary
from retailctl.report import escape
from retailctl.report.grouping import count

STEPS: Final = 16
"""The lines of a bridge that are shown one by one."""
_NAMED: Final = 6
_SHORT: Final = 8
_CURRENCIES: Final = 12
_NUMBER: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_RANK: Final = {"fail": 0, "unknown": 1, "pass": 2}


def gates(told: ParallelSummary) -> list[GateResult]:
    """Those that fail first, then those that are not known; otherwise in the order of the plan."""
    return sorted(told.gates, key=lambda gate: _RANK[gate.verdict])


def _waits(gate: GateResult) -> bool:
    """Whether a gate is not known only because it has not held for long enough."""
    return gate.verdict == "unknown" and gate.alone == "pass"


_GROUPS: Final[tuple[tuple[Callable[[GateResult], bool], str, str], ...]] = (
    (lambda gate: gate.verdict == "fail", "fails", "fail"),
    (lambda gate: gate.verdict == "unknown" and not _waits(gate), "is not known", "are not known"),
    (_waits, "waits for more days", "wait for more days"),
)


def headline(told: ParallelSummary) -> str:
    """``2 of 10 gates fail: missing, extra; 1 is not known: coverage``; ``all 10 gates hold``."""
    whole = len(told.gates)
    parts: list[str] = []
    for belongs, one, many in _GROUPS:
        names = [gate.gate for gate in told.gates if belongs(gate)]
        if names:
            of = "" if parts else f" of {count(whole, 'gate')}"
            more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
            words = one if len(names) == 1 else many
            parts.append(f"{len(names)}{of} {words}: {', '.join([*names[:_NAMED], *more])}")
    return "; ".join(parts) or f"all {count(whole, 'gate')} hold"


def red_since(told: ParallelSummary) -> str:
    """The first day of the red row that the run stands in: that of the gate that has been red longest."""
    return min((gate.first_red for gate in told.gates if gate.first_red), default="")


def since(gate: GateResult) -> str:
    """The first day of the red row that a gate is in; empty for one that holds."""
    return "" if gate.verdict == "pass" else gate.first_red or ("this run" if gate.verdict == "fail" else "")


def streak(gate: GateResult) -> str:
    """``7/10``: days in a row that it passed, of those that the plan asks for."""
    return f"{gate.streak}/{gate.needed}" if gate.needed > 1 else f"{gate.streak}"


def money(amount: str | Decimal, *, signed: bool = False) -> str:
    """An amount with its thousands apart; nothing has no sign."""
    value = Decimal(amount)
    return f"{value:+,}" if signed and value else f"{value or abs(value):,}"


def grouped(measure: object) -> str:
    """A sum of control totals with its thousands apart; what is no number stays as it is, nothing is ``none``."""
    text = "" if measure is None else str(measure)
    return money(text) if _NUMBER.fullmatch(text) else text or "none"


def percent(share: str) -> str:
    """A share of 1 in percent: ``99.12 %``; empty for none."""
    return f"{(Decimal(share) * 100).quantize(Decimal('0.01')):f} %" if share else ""


def bridges(told: ParallelSummary) -> tuple[list[tuple[str, Bridge]], str]:
    """The bridges that are shown, and how many more there are in words: those with a remainder first, then in order."""
    ranked = sorted(told.bridge.items(), key=lambda pair: Decimal(pair[1].remainder) == 0)
    more = len(ranked) - _CURRENCIES
    return ranked[:_CURRENCIES], f"… {count(more, 'more currency', 'more currencies')}: use -f json" if more > 0 else ""


class Step(NamedTuple):
    """One step of a bridge: from where to where it leads, both as distances from the legacy total."""

    name: str
    rows: int
    amount: Decimal
    start: Decimal
    end: Decimal


def steps(bridge: Bridge) -> list[Step]:
    """The lines of a bridge that are worth anything. The smallest of many become one, so that it still adds up."""
    worth = [line for line in bridge.lines if Decimal(line.amount)]
    order = sorted(range(len(worth)), key=lambda at: -abs(Decimal(worth[at].amount)))
    kept = set(order[: STEPS - 1 if len(worth) > STEPS else STEPS])  # by place: two lines may say the same
    shown = [line for at, line in enumerate(worth) if at in kept]
    rest = [line for at, line in enumerate(worth) if at not in kept]
    if rest:
        total = sum((Decimal(line.amount) for line in rest), Decimal(0))
        shown.append(
            BridgeLine(name=f"{len(rest)} more kinds", rows=sum(line.rows for line in rest), amount=f"{total:f}")
        )
    made, at = [], Decimal(0)
    for line in shown:
        made.append(Step(line.name, line.rows, Decimal(line.amount), at, at + Decimal(line.amount)))
        at = made[-1].end
    return made


def worthless(bridge: Bridge) -> str:
    """The kinds of differences that move no money, in one line; empty for none."""
    lines = [line for line in bridge.lines if not Decimal(line.amount) and line.rows]
    named = [f"{line.name} ({line.rows:,})" for line in lines[:_NAMED]]
    return ", ".join([*named, *([f"{len(lines) - _NAMED} more"] if len(lines) > _NAMED else [])])


def difference(bridge: Bridge) -> str:
    """What both sides differ by, net and gross."""
    gross = sum((abs(Decimal(line.amount)) for line in bridge.lines), Decimal(0))
    net = Decimal(bridge.new) - Decimal(bridge.legacy)
    return f"net {money(net, signed=True)}, gross {money(gross)}, remainder {money(bridge.remainder)}"


def short(day: str) -> str:
    """A day without its year, for the head of a column; what is no day is cut short."""
    return escape.clip(escape.terminal(day[5:]), _SHORT)


class Series(NamedTuple):
    """A class of rows over the days, in parts per million."""

    name: str
    values: tuple[int, ...]

    @property
    def change(self) -> str:
        """Against the day before: ``+12``, ``-3``, ``same``; empty where there is none."""
        if len(self.values) < 2:
            return ""
        apart = self.values[-1] - self.values[-2]
        return f"{apart:+,}" if apart else "same"


def series(days: Sequence[TrendDay]) -> list[Series]:
    """Every class that occurred on any of the days, the largest first."""
    names = sorted({name for day in days for name, ppm in day.ppm.items() if ppm})
    found = [Series(name, tuple(day.ppm.get(name, 0) for day in days)) for name in names]
    return sorted(found, key=lambda one: (-max(one.values), one.name))


def budget(use: AcceptedUse) -> str:
    """``12 of 50 rows, 3.40 of 100.00``: what is used of an accepted difference."""
    rows = f"{use.rows:,}" + (f" of {use.max_rows:,}" if use.max_rows is not None else "") + " rows"
    amount = f", {money(use.amount)} of {money(use.max_amount)}" if use.max_amount else ""
    return rows + amount


def state(use: AcceptedUse) -> str:
    """Whether an accepted difference holds, and until when."""
    return f"counts again: {use.void}" if use.void else f"until {use.expires}"


def not_compared(told: ParallelSummary) -> Iterator[str]:
    """What the verdict says nothing about."""
    for name, words in (("REJECTED", "that cannot be read"), ("KEY_INVALID", "without a key")):
        if told.classes.get(name):
            yield f"{told.classes[name]:,} rows {words}"
    for side, names in told.not_compared.items():
        yield f"only the {side} side has {', '.join(names)}"
    if told.values.get("coverage") and Decimal(told.values["coverage"]) < 1:
        yield f"rows on both sides in {percent(told.values['coverage'])} of the places"


def lasting(seconds: int) -> str:
    """``2 d 3 h``, ``20 min``, ``45 s``: the two largest units."""
    parts, rest = [], seconds
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        number, rest = divmod(rest, size)
        if number:
            parts.append(f"{number} {unit}")
    return " ".join(parts[:2]) or "0 s"


def late_rows(late: Late) -> list[tuple[str, int, int]]:
    """What became of rows that were young: in words, of the legacy side, of the new side; what did not occur is left
    out, but for those that are pending now."""
    rows = (("pending now", late.pending), ("came late", late.arrived), ("did not come in time", late.expired),
            ("cannot be looked up any more", late.unknown))  # fmt: skip
    told = [(words, by_side.get("legacy", 0), by_side.get("new", 0)) for words, by_side in rows]
    return [row for at, row in enumerate(told) if not at or row[1] or row[2]]


def lateness(late: Late) -> str:
    """How late rows come: ``the oldest waits for 3 h; 99 of 100 came within 2 min to 5 min (120 rows)``."""
    oldest = f"the oldest waits for {lasting(late.oldest_seconds)}" if late.oldest_seconds is not None else ""
    ends = [lasting(end) for end in (late.p99_least, late.p99_most) if end is not None]
    open_end = "more than " if late.p99_most is None else ""
    p99 = (
        f"99 of 100 came within {open_end}{' to '.join(dict.fromkeys(ends))} ({count(late.p99_rows, 'row')})"
        if ends
        else ""
    )
    return "; ".join(filter(None, (oldest, p99)))
