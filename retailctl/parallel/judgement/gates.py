"""Gates: a figure against its limit. What says that a run saw too little makes it unknown; the rest make it fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def judged(measured: Measured, gates: Sequence[PlanGate]) -> Iterator[GateResult]:
    """Each gate, measured."""
    for gate, name in zip(gates, gate_names(gates), strict=True):
        most = limit(gate.metric, gate.limit)
        verdict: RunVerdict = "unknown"
        note = ""
        if gate.metric == "late_p99":
            verdict, shown, note = measured.late.late_gate(most[0] if most else Decimal(0))
        else:
            found = measured.figure(gate)
            shown = _shown(gate, found)
            if found is not None and most is not None:
                part = most[1] == "share" and gate.metric not in AT_LEAST  # those are shares already
                value = found / measured.whole(gate) if part else found
                good = value >= most[0] if gate.metric in AT_LEAST else value <= most[0]
                note = measured.late.doubt(gate) if good else ""
                failed: RunVerdict = "unknown" if gate.metric in SHORT else "fail"
                verdict = "unknown" if note else "pass" if good else failed
        yield GateResult(gate=name, verdict=verdict, measured=shown, limit=gate.limit, needed=gate.streak, note=note)


def gate_names(gates: Sequence[PlanGate]) -> tuple[str, ...]:
    """What each gate is called in reports and in the history; two of the same figure are told apart by their limits."""
    plain = [_name(gate) for gate in gates]
    told = [name if plain.count(name) == 1 else f"{name} limit {gate.limit}, {gate.streak} days"
            for name, gate in zip(plain, gates, strict=True)]  # fmt: skip
    return tuple(name if told.count(name) == 1 else f"{name} #{number}" for number, name in enumerate(told, start=1))


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
