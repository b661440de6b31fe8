"""What the graph cannot show, because an interface does not say it: an end, its domain or its direction.

A rule about what is connected has to ask here before it says "pass": an interface without consumers in the
inventory is no proof that nobody consumes it (rules.md section 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.graph.estate_graph import EstateGraph, direction_of, provider_of
from retailctl.model.interface import Interface


def missing_of(interface: Interface) -> tuple[str, ...]:
    """The fields that a link needs and the interface lacks: provider, consumers, domain, direction."""
    known = {
        "provider": provider_of(interface),
        "consumers": interface.consumers,
        "domain": interface.domain,
        "direction": direction_of(interface),
    }
    return tuple(name for name, value in known.items() if value is None)


def missing_end(interface: Interface) -> str | None:
    """``provider`` or ``consumers``, whichever the interface lacks first; None when both ends are known."""
    return next((name for name in missing_of(interface) if name in ("provider", "consumers")), None)


def may_touch(interface: Interface, system: str) -> bool:
    """Whether the system is an end of the interface, or could be one as far as anybody has written down."""
    provider, consumers = provider_of(interface), interface.consumers
    if provider is None or consumers is None:
        return True
    return provider == system or any(consumption.system == system for consumption in consumers)


def more_partners(graph: EstateGraph) -> dict[str, int]:
    """System -> how many direct partners it may have besides those that the inventory shows, if any.

    An interface with unnamed consumers may add every system of the estate to its provider.
    """
    ends = sorted(end for end in graph.known_ends() if graph.is_integration(end) is not True)
    anywhere = 0  # what is added to every system, so that the cost is not interfaces times systems
    more = dict.fromkeys(ends, 0)
    for provider, consumers in _open(graph):
        if consumers is None:
            anywhere += 1
            if provider in more:
                more[provider] += len(ends) - 2
            continue
        anywhere += len(consumers)  # no provider is named: any system may be it, save a consumer
        for end in consumers:
            more[end] += 1 - len(consumers)
    return {end: min(anywhere + count, len(ends) - 1) for end, count in more.items() if anywhere + count}


def more_pairs(graph: EstateGraph) -> int:
    """How many direct pairs there may be besides those that the inventory shows."""
    ends = sum(1 for end in graph.known_ends() if graph.is_integration(end) is not True)
    return sum(max(ends - 1, 1) if consumers is None else len(consumers) for _, consumers in _open(graph))


def _open(graph: EstateGraph) -> Iterator[tuple[str | None, frozenset[str] | None]]:
    """Provider and consumers of each interface that lacks one of them and may be a direct connection."""
    for entry in graph.interfaces.values():
        provider, consumers = provider_of(entry.noun), entry.noun.consumers
        if provider is not None and (consumers is not None or graph.is_integration(provider) is True):
            continue
        named = None if consumers is None else frozenset(c.system for c in consumers)
        yield provider, named and frozenset(end for end in named if graph.is_integration(end) is not True)
