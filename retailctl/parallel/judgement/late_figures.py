"""What late rows mean for gates: expired ones count as missing or extra, unknown ones as doubt, latencies as p99."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from retailctl.model.parallel_plan import PlanGate
from retailctl.model.parallel_run import Late, RunVerdict
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.judgement.lateness import Horizon
from retailctl.parallel.judgement.ledger import Entry, Latency, Ledger, Resolved, percentile

_SIDE_OF: Final[Mapping[str, Side]] = {"missing": "legacy", "extra": "new"}
_UNITS: Final = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


@dataclass(frozen=True, slots=True)
class LateFigures:
    """Counts by the side that has the row. ``outside`` are expired rows that are not among those of this run,
    ``unknown`` those that nobody can look up. ``p99`` is of late rows in this and earlier runs; None for none.

    ``lag`` is whether the plan has one: without it nothing is ever late.
    """

    arrived: Mapping[Side, int] = field(default_factory=dict)
    expired: Mapping[Side, int] = field(default_factory=dict)
    outside: Mapping[Side, int] = field(default_factory=dict)
    unknown: Mapping[Side, int] = field(default_factory=dict)
    pending: Mapping[Side, int] = field(default_factory=dict)
    oldest: int | None = None
    p99: Latency | None = None
    lag: bool = False

    @classmethod
    def of(cls, found: Resolved, left: Ledger, earlier: Iterable[Ledger], late: Horizon, *, lag: bool) -> LateFigures:
        """What a run and those before it (``earlier``) know of late rows."""
        marks = [mark for mark in late.watermarks.values() if mark is not None]
        times = [entry.at for entry in left.pending] + [one.oldest for one in left.more.values()]
        latencies = [latency for one in (*earlier, left) for latency in one.arrived]
        unknown = {side: _of(found.unknown, side) + found.lost.get(side, 0) for side in SIDES}
        return cls(
            arrived={side: _of((entry for entry, _ in found.arrived), side) for side in SIDES},
            expired={side: _of((entry for entry, _ in found.expired), side) for side in SIDES},
            outside=found.outside, unknown=unknown,
            pending={
                side: _of(left.pending, side) + (left.more[side].count if side in left.more else 0) for side in SIDES
            },
            oldest=max(int((max(marks) - min(times)).total_seconds()), 0) if marks and times else None,
            p99=percentile(latencies), lag=lag,
        )  # fmt: skip

    def told(self) -> Late:
        """The same for reports."""
        known = self.p99
        return Late(
            pending=_sides(self.pending), arrived=_sides(self.arrived), expired=_sides(self.expired),
            unknown=_sides(self.unknown), oldest_seconds=self.oldest,
            p99_least=known.least if known else None, p99_most=known.most if known else None,
            p99_rows=known.count if known else 0,
        )  # fmt: skip

    def classes(self) -> dict[str, int]:
        """Rows of earlier runs by what became of them; classes that do not occur are left out."""
        counts = {"LATE_ARRIVED": self.arrived, "LATE_EXPIRED": self.expired, "LATE_UNKNOWN": self.unknown}
        return {name: sum(by_side.values()) for name, by_side in counts.items() if sum(by_side.values())}

    def counted(self, gate: PlanGate) -> int:
        """Expired rows of earlier windows that a gate counts beside those of this run."""
        if gate.metric == "unexplained":
            return sum(self.outside.values())
        side = _SIDE_OF.get(gate.metric)
        return 0 if side is None or gate.scope else self.outside.get(side, 0)

    def doubt(self, gate: PlanGate) -> str:
        """Why a gate that holds is not known to hold; "" where it is."""
        side = _SIDE_OF.get(gate.metric)
        if side is None and gate.metric != "unexplained":
            return ""
        unknown = self.unknown.get(side, 0) if side else sum(self.unknown.values())
        if unknown:
            return f"{_rows(unknown)} pending in earlier runs cannot be looked up any more"
        outside = self.outside.get(side, 0) if side and gate.scope else 0
        return f"{_rows(outside)} of earlier windows never came: of what scope is not known" if outside else ""

    def late_gate(self, limit: Decimal) -> tuple[RunVerdict, str, str]:
        """Verdict, measured, note of ``late_p99`` against a limit in seconds.

        A run knows of a late row that it came between two watermarks. So the percentile is between two values, and a
        limit between them is neither kept nor broken.
        """
        known = self.p99
        if not self.lag:
            return "unknown", "not known", "the plan has no lag: nothing is ever late"
        if known is None:
            waiting = sum(self.pending.values())
            if waiting or sum(self.unknown.values()):
                return "unknown", "not known", f"{_rows(waiting)} pending, and none came late so far"
            return "pass", "none late", ""
        shown = f"{duration(known.least)} to {duration(known.most)}" if known.most is not None else (
            f"{duration(known.least)} or more")  # fmt: skip
        if known.most is not None and known.most <= limit:
            return "pass", shown, ""
        if known.least > limit:
            return "fail", shown, ""
        return "unknown", shown, "runs that are closer together would tell when late rows came"


def duration(seconds: int) -> str:
    """``15m``, ``1h 30m``: the two largest units."""
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"


def _of(entries: Iterable[Entry], side: Side) -> int:
    return sum(1 for entry in entries if entry.side == side)


def _sides(counts: Mapping[Side, int]) -> dict[str, int]:
    return {side: counts.get(side, 0) for side in SIDES}


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
