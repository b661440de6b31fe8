"""ARC-12: mediation that adds nothing, and middleware that overlaps, are removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.graph.estate_graph import MEDIATING_LAYERS
from retailctl.graph.queries import overlapping_paths
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per hop through a mediator, and one per (source, destination, domain) with overlapping paths."""
    for entry in context.estate.of("interface").values():
        outcome = _hop(entry, context)
        if outcome is not None:
            yield outcome
    for path in overlapping_paths(context.graph):
        first = path.via[0][1][0]
        names = " and ".join(name for name, _ in path.via)
        yield Outcome(
            subject=f"{path.source}>{path.target}:{path.domain}",
            decision="fail",
            message=f"{path.domain} goes from {path.source} to {path.target} through {names} side by side",
            locations=(context.place(first),),
            evidence=tuple(
                Evidence(f"via {name}: {interface}", context.place(interface))
                for name, interfaces in path.via
                for interface in interfaces
            ),
            domain=path.domain,
            owner=context.estate.of("interface")[first].noun.owner,
        )


def _hop(entry: Entry, context: CheckContext) -> Outcome | None:
    interface = entry.noun
    ends = [interface.provider, *(consumption.system for consumption in interface.consumers or ())]
    layers = {end: context.graph.layer(end) for end in ends if end}
    mediators = sorted(end for end, layer in layers.items() if layer in MEDIATING_LAYERS)
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    if not mediators:
        undeclared = [end for end, layer in layers.items() if layer is None and end in context.graph.systems]
        if undeclared and interface.mediation == ():
            return Outcome(decision="unknown", missing="system.layer", locations=entry.origins[:1], **base)
        return None
    if interface.mediation is None:
        return Outcome(decision="unknown", missing="interface.mediation", locations=entry.origins[:1], **base)
    if interface.mediation:
        return Outcome(decision="pass", **base)
    return Outcome(
        decision="fail",
        message=f"{entry.id} goes through {', '.join(mediators)}, which adds nothing (mediation is empty)",
        locations=(context.place(entry.id, "mediation"),),
        **base,
    )
