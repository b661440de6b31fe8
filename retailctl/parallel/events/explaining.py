"""A plan over events in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.model.events_plan import EventGate, EventPlan, EventSource
from retailctl.parallel.events.plan import table_plan
from retailctl.parallel.plans.explaining import explained, gate_words


def explained_events(plan: EventPlan) -> dict[str, Any]:
    """The plan as a page: short texts, in the order of the file."""
    page = explained(table_plan(plan))
    return {
        **page,
        "sources": {"legacy": _source(plan, plan.legacy), "new": _source(plan, plan.new)},
        "time": [*page["time"], *_order(plan)],
        "gates": [_gate(gate) for gate in plan.gates],
    }


def _source(plan: EventPlan, source: EventSource) -> str:
    envelope = source.envelope or plan.envelope
    said = [source.kind, source.where]
    said += [f"exchange {source.exchange}, keys {' '.join(source.routing_keys or ('#',))}"] if source.exchange else []
    said += [f"topic {source.topic} from {source.start or 'latest'}"] if source.topic else []
    if source.live:
        said.append(f"for {source.seconds}, at most {source.count:,} events, until {source.idle} without one")
    if envelope.format == "cloudevents":
        said.append("as CloudEvents")
    return ", ".join([" ".join(said[:2]), *said[2:]])


def _order(plan: EventPlan) -> Iterator[str]:
    if plan.grouped_by:
        by = ", ".join(plan.order_by) or "arrival on the legacy side"
        yield f"events of one {', '.join(plan.grouped_by)} come in the order of {by}"
    if plan.lag is not None:
        yield f"an event is late when it arrives more than {plan.lag} after that of the legacy side"
    if plan.types:
        yield f"only events of type {', '.join(plan.types)}"


def _gate(gate: EventGate) -> str:
    row = gate.of_table()
    if row is not None:
        return gate_words(row)
    days = f", {gate.streak} business days in a row" if gate.streak > 1 else ""
    return f"{gate.metric}: at most {gate.limit}{days}"
