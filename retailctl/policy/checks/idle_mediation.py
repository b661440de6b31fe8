"""ARC-12: mediation that adds nothing, and middleware that overlaps, are removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.graph.estate_graph import MEDIATING_LAYERS, provider_of
from retailctl.graph.gaps import missing_end, missing_of
from retailctl.graph.queries import MediatedPath, overlapping_paths
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
        yield _overlap(path, context)


def _overlap(path: MediatedPath, context: CheckContext) -> Outcome:
    first = path.via[0][1][0]
    names = " and ".join(name for name, _ in path.via)
    return Outcome(
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
    """None for an interface that surely touches no mediator. One that may touch one is unknown, and so is one whose
    domain or direction nobody wrote down: whether its route overlaps another cannot be told."""
    interface = entry.noun
    named = [provider_of(interface), *(consumption.system for consumption in interface.consumers or ())]
    ends = [end for end in named if end]
    mediators = sorted(end for end in ends if context.graph.layer(end) in MEDIATING_LAYERS)
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    if not mediators:
        missing = _open_end(entry, ends, context)
        if missing is None:
            return None
    elif interface.mediation == ():
        return Outcome(
            decision="fail",
            message=f"{entry.id} goes through {', '.join(mediators)}, which adds nothing (mediation is empty)",
            locations=(context.place(entry.id, "mediation"),),
            **base,
        )
    else:
        lacking = missing_of(interface)
        missing = "interface.mediation" if interface.mediation is None else ""
        missing = missing or (f"interface.{lacking[0]}" if lacking else "")
    if missing:
        return Outcome(decision="unknown", missing=missing, locations=entry.origins[:1], **base)
    return Outcome(decision="pass", **base)


def _open_end(entry: Entry, ends: list[str], context: CheckContext) -> str | None:
    """What has to be known before the interface can be said to touch no mediator; None when it surely does not."""
    missing = missing_end(entry.noun)
    if missing:
        return f"interface.{missing}"
    partners = context.estate.of("partner")
    undeclared = next((end for end in ends if context.graph.layer(end) is None and end not in partners), None)
    return f"system.layer of {undeclared}" if undeclared else None
