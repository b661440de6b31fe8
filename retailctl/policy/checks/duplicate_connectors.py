"""ARC-13: duplicate connectors are found and retired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.graph.gaps import missing_of
from retailctl.graph.possible_parallels import PossibleParallels
from retailctl.graph.queries import Parallel, parallels
from retailctl.model.finding import Evidence
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
    others = PossibleParallels(entry.noun for entry in live)
    for entry in live:
        missing = missing_of(entry.noun)
        if missing and others.has_match(entry.noun):
            yield Outcome(
                subject=entry.id,
                decision="unknown",
                missing=f"interface.{missing[0]}",
                locations=entry.origins[:1],
                owner=entry.noun.owner,
                domain=entry.noun.domain,
            )


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
