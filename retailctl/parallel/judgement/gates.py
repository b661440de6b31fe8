"""Gates: a figure against its limit. What says that a run saw too little makes it unknown; the rest make it fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from retailctl.model.parallel_plan import Metric, PlanGate, TablePlan
from retailctl.model.parallel_run import GateResult, RunVerdict
from retailctl.parallel.columns import Side
from retailctl.parallel.judgement.figures import Measured
from retailctl.parallel.plans.names import AT_LEAST, limit

SHORT: Final = frozenset({"coverage", "rejected"})
"""A run that saw too little of the estate proves nothing: below these limits it is unknown, never pass."""


def default_gates(plan: TablePlan) -> tuple[PlanGate, ...]:
    """What a plan without gates is held to."""
    told: list[tuple[Metric, str]] = [("missing", "0"), ("extra", "0"), ("duplicate", "0"), ("key_invalid", "0")]
    if plan.amount is not None:
        told.append(("bridge_remainder", "0"))
    if plan.totals:
        told.append(("totals_tied", "100%"))
    told += [("unexplained", "0"), ("rejected", "0.01%")]
    if any(field.name == "store" for field in plan.fields):
        told.append(("coverage", "100%"))
    return tuple(PlanGate(metric=metric, limit=most) for metric, most in told)


def gates_of(plan: TablePlan) -> tuple[PlanGate, ...]:
    """The gates of a plan. What makes a run worth anything is asked of each: that it saw enough, and that its bridge
    leaves no remainder."""
    if not plan.gates:
        return default_gates(plan)
    given = {gate.metric for gate in plan.gates}
    needed = (*SHORT, "bridge_remainder")
    return (*plan.gates, *(gate for gate in default_gates(plan) if gate.metric in needed and gate.metric not in given))


def seen(rows: Mapping[Side, int]) -> GateResult:
    """Whether both sides have rows at all: nothing against nothing proves nothing."""
    least = min(rows.values())
    return GateResult(
        gate="rows", verdict="pass" if least else "unknown", measured=str(least), limit="1 on either side", needed=1
    )


def judged(measured: Measured, gates: Iterable[PlanGate]) -> Iterator[GateResult]:
    """Each gate, measured."""
    for gate in gates:
        found = measured.figure(gate)
        most = limit(gate.metric, gate.limit)
        verdict: RunVerdict = "unknown"
        if found is not None and most is not None:
            part = most[1] == "share" and gate.metric not in AT_LEAST  # those are shares already
            value = found / measured.whole(gate) if part else found
            good = value >= most[0] if gate.metric in AT_LEAST else value <= most[0]
            verdict = "pass" if good else "unknown" if gate.metric in SHORT else "fail"
        yield GateResult(
            gate=_name(gate), verdict=verdict, measured=_shown(gate, found), limit=gate.limit, needed=gate.streak
        )


def _name(gate: PlanGate) -> str:
    scope = ", ".join(f"{name} {value}" for name, value in (gate.scope or {}).items())
    return f"{gate.metric} ({scope})" if scope else gate.metric


def _shown(gate: PlanGate, found: Decimal | None) -> str:
    if found is None:
        return "not known"
    if gate.metric in AT_LEAST:
        return f"{(found * 100).quantize(Decimal('0.0001')).normalize():f}%"
    return f"{found:f}"


def verdict_of(gates: Sequence[GateResult]) -> RunVerdict:
    """fail before unknown before pass."""
    verdicts = {gate.verdict for gate in gates}
    return "fail" if "fail" in verdicts else "unknown" if "unknown" in verdicts else "pass"


def with_streaks(
    gates: Sequence[GateResult], history: Sequence[dict[str, str]], days: Sequence[str]
) -> tuple[GateResult, ...]:
    """Each gate with the number of runs in a row that it passed, this one included, and the first day of a red row.

    ``history`` has the verdict of each gate in earlier runs of the same plan, oldest first; ``days`` are the last
    business days of those runs.
    """
    return tuple(_with_streak(gate, history, days) for gate in gates)


def _with_streak(gate: GateResult, history: Sequence[dict[str, str]], days: Sequence[str]) -> GateResult:
    verdicts = [row.get(gate.gate, "unknown") for row in history]
    if gate.verdict == "pass":
        streak = next((at for at, verdict in enumerate(reversed(verdicts)) if verdict != "pass"), len(verdicts)) + 1
        return replace(gate, streak=streak)
    red = next((at for at, verdict in enumerate(reversed(verdicts)) if verdict == "pass"), len(verdicts))
    first = list(days)[len(verdicts) - red :]
    return replace(gate, streak=0, first_red=first[0] if first else "")
