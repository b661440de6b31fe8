"""ARC-13: duplicate connectors are found and retired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.graph.estate_graph import direction_of, provider_of
from retailctl.graph.gaps import missing_end, missing_of
from retailctl.graph.queries import Parallel, parallels
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_NOT_ALIVE = ("retired", "planned")


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per group of live interfaces with equal source, destination, domain and direction.

    A legacy interface and the one that replaces it are a migration, not a duplicate; a retired or planned one is not
    alive. An interface that lacks an end, its domain or its direction is in no group: whether it is somebody's
    duplicate is unknown, if there is anybody between the same systems.
    """
    for group in parallels(context.graph):
        names = _alive(group, context)
        if len(names) > 1:
            yield _judge(group, names, context)
    yield from _ungrouped(context)


def _ungrouped(context: CheckContext) -> Iterator[Outcome]:
    live = [e for e in context.estate.of("interface").values() if e.noun.lifecycle not in _NOT_ALIVE]
    for entry in live:
        missing = missing_of(entry.noun)
        if missing and any(_may_be_parallel(entry, other) for other in live):
            yield Outcome(
                subject=entry.id,
                decision="unknown",
                missing=f"interface.{missing[0]}",
                locations=entry.origins[:1],
                owner=entry.noun.owner,
                domain=entry.noun.domain,
            )


def _may_be_parallel(entry: Entry, other: Entry) -> bool:
    """Whether nothing that both declare tells the two apart, but the connector does not make them one."""
    one, two = entry.noun, other.noun
    if entry.id == other.id or (one.connector is not None and one.connector == two.connector):
        return False
    for value, its in ((one.domain, two.domain), (direction_of(one), direction_of(two))):
        if value is not None and its is not None and value != its and "both" not in (value, its):
            return False
    return _may_meet(one, two)


def _may_meet(one: Interface, two: Interface) -> bool:
    """Whether the two may connect the same pair of systems: all named ends of the poorer one are ends of the other."""
    if missing_end(two) is not None:
        return True
    ends = _ends(two)
    provider, consumers = provider_of(one), one.consumers
    if provider is not None and provider not in ends:
        return False
    return consumers is None or any(consumption.system in ends for consumption in consumers)


def _ends(interface: Interface) -> set[str | None]:
    return {provider_of(interface), *(consumption.system for consumption in interface.consumers or ())}


def _alive(group: Parallel, context: CheckContext) -> list[str]:
    nouns = {link.interface: context.estate.of("interface")[link.interface].noun for link in group.links}
    alive = {name for name, noun in nouns.items() if noun.lifecycle not in _NOT_ALIVE}
    return sorted(name for name in alive if nouns[name].replaced_by not in alive)


def _judge(group: Parallel, names: list[str], context: CheckContext) -> Outcome:
    links = {link.interface: link for link in group.links if link.interface in names}
    known = sorted({link.connector for link in links.values() if link.connector})
    nouns = context.estate.of("interface")
    base: dict[str, Any] = {
        "subject": f"{group.source}>{group.target}:{group.domain}:{group.direction}",
        "domain": group.domain,
        "owner": nouns[names[0]].noun.owner,
    }
    if len(known) > 1:
        return Outcome(
            decision="fail",
            message=(
                f"{group.domain} goes from {group.source} to {group.target} through {len(known)} connectors: "
                f"{', '.join(known)}"
            ),
            locations=tuple(context.place(name) for name in names),
            evidence=tuple(
                Evidence(f"{name} uses {links[name].connector or 'an undeclared connector'}", context.place(name))
                for name in names
            ),
            **base,
        )
    if any(link.connector is None for link in links.values()):
        missing = next(name for name in names if links[name].connector is None)
        return Outcome(decision="unknown", missing="interface.connector", locations=(context.place(missing),), **base)
    return Outcome(decision="pass", **base)
