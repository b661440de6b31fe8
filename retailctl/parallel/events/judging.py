"""Figures of a stream as gates, and as the values that a gate of a cutover may require."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal

from retailctl.model.events_plan import STREAM_METRICS, EventGate, EventPlan
from retailctl.model.parallel_run import GateResult, RunVerdict
from retailctl.parallel.events.checking import stream_limit
from retailctl.parallel.events.plan import digest_of, table_plan
from retailctl.parallel.events.streams import StreamFigures


def stream_gates(plan: EventPlan) -> tuple[EventGate, ...]:
    """Those of the plan; a plan without gates is held to its order and its lag."""
    if plan.gates:
        return tuple(gate for gate in plan.gates if gate.metric in STREAM_METRICS)
    found = [EventGate(metric="order", limit="0")] if plan.grouped_by else []
    return tuple([*found, EventGate(metric="late", limit="0")] if plan.lag is not None else found)


def figure(figures: StreamFigures, gate: EventGate) -> Decimal | None:
    """What a gate measures; None where it cannot be told."""
    if gate.metric == "order":
        return None if figures.reordered is None else Decimal(figures.reordered)
    if gate.metric == "redelivered":
        return Decimal(figures.copies.get(("new", "redelivered"), 0))
    if gate.metric == "late":
        return None if figures.late is None else Decimal(figures.late)
    return figures.lag.get(gate.metric)


def judged_stream(figures: StreamFigures, gates: tuple[EventGate, ...]) -> Iterator[GateResult]:
    """Each gate, measured; what cannot be known is unknown and never a pass."""
    for gate in gates:
        found, most = figure(figures, gate), stream_limit(gate)
        verdict: RunVerdict = "unknown"
        if found is not None and most is not None and figures.matched:
            value = found / figures.matched if most[1] else found
            verdict = "pass" if value <= most[0] else "fail"
        yield GateResult(
            gate=gate.metric, verdict=verdict, measured="not known" if found is None else shown(gate.metric, found),
            limit=gate.limit, needed=gate.streak,
        )  # fmt: skip


def shown(name: str, value: Decimal) -> str:
    """A count as it is, a lag in seconds."""
    return f"{value:f}s" if name.startswith("lag") or name == "late_p99" else f"{value:f}"


def stream_values(figures: StreamFigures) -> dict[str, str]:
    """All figures by name; "" for what is not known."""
    lags = {
        name: shown(name, figures.lag[name]) if name in figures.lag else ""
        for name in ("lag_p50", "lag_p95", "late_p99")
    }
    return {
        "order": "" if figures.reordered is None else str(figures.reordered),
        "redelivered": str(figures.copies.get(("new", "redelivered"), 0)),
        "late": "" if figures.late is None else str(figures.late),
        **lags,
    }


def stream_parts(plan: EventPlan) -> dict[str, str]:
    """Digests of what the gates that only streams have read of the plan: a change begins their row of days anew."""
    table = table_plan(plan)
    read = {
        "sources": asdict(table.sources),
        "identity": [plan.key, plan.order_by, plan.within, plan.lag],
        "fields": [asdict(field) for field in plan.fields if field.name in plan.identity],
        "time": [plan.event_time and asdict(plan.event_time), asdict(plan.window)],
    }
    return {gate.metric: digest_of([gate.metric, gate.limit, read]) for gate in stream_gates(plan)}
