"""SEC-07: environments are isolated; no credential, host or edge spans production and non-production."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.graph.estate_graph import provider_of
from retailctl.graph.gaps import missing_end
from retailctl.graph.transport import host_of
from retailctl.model.estate import Entry
from retailctl.model.finding import Evidence
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per credential, per host of an endpoint, and per interface. Params: ``production`` (names)."""
    production = frozenset(name.lower() for name in context.params["production"])
    for entry in context.estate.of("credential").values():
        yield _credential(entry, production, context)
    yield from _hosts(production, context)
    for entry in context.estate.of("interface").values():
        yield from _edge(entry, production, context)


def _spans(environments: set[str], production: frozenset[str]) -> bool:
    inside = {name for name in environments if name.lower() in production}
    return bool(inside) and bool(environments - inside)


def _credential(entry: Entry, production: frozenset[str], context: CheckContext) -> Outcome:
    credential = entry.noun
    if credential.environments is None:
        where = entry.origins[:1]
        return Outcome(subject=entry.id, decision="unknown", missing="credential.environments", locations=where)
    if not _spans(set(credential.environments), production):
        return Outcome(subject=entry.id, decision="pass")
    return Outcome(
        subject=entry.id,
        decision="fail",
        message=f"{entry.id} is used in {', '.join(credential.environments)}",
        locations=(context.place(entry.id, "environments", kind="credential"),),
        owner=credential.owner,
    )


def _hosts(production: frozenset[str], context: CheckContext) -> Iterator[Outcome]:
    seen: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    unplaced: dict[str, Location] = {}
    for entry in context.estate.of("interface").values():
        for number, endpoint in enumerate(entry.noun.endpoints or ()):
            host = host_of(endpoint.url)
            if host and endpoint.environment:
                seen[host][endpoint.environment].append((entry.id, number))
            elif host and host not in unplaced:
                unplaced[host] = context.place(entry.id, f"endpoints/{number}")
    for host in sorted({*seen, *unplaced}):
        environments = seen[host]
        if not _spans(set(environments), production):
            if host in unplaced:
                missing, where = "interface.endpoints[].environment", (unplaced[host],)
                yield Outcome(subject=f"host:{host}", decision="unknown", missing=missing, locations=where)
            else:
                yield Outcome(subject=f"host:{host}", decision="pass")
            continue
        uses = [
            (name, interface, context.place(interface, f"endpoints/{number}"))
            for name, found in sorted(environments.items())
            for interface, number in found[:3]
        ]
        yield Outcome(
            subject=f"host:{host}",
            decision="fail",
            message=f"{host} serves {', '.join(sorted(environments))}",
            locations=tuple(place for _, _, place in uses[:1]),
            evidence=tuple(Evidence(f"{name}: {interface}", place) for name, interface, place in uses),
            owner=context.estate.of("interface")[uses[0][1]].noun.owner,
        )


def _edge(entry: Entry, production: frozenset[str], context: CheckContext) -> Iterator[Outcome]:
    interface = entry.noun
    ends = [provider_of(interface), *(consumption.system for consumption in interface.consumers or ())]
    systems = [system for end in ends if end and (system := context.graph.system(end)) is not None]
    open_end = _open_end(entry, [end for end in ends if end], context)
    if len(systems) < 2 and open_end is None:
        return  # with a partner at the other end there is no second environment of ours
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    named = {system.environment for system in systems if system.environment is not None}
    if _spans(named, production):
        ends_text = ", ".join(f"{system.id} ({system.environment or 'not declared'})" for system in systems)
        yield Outcome(
            decision="fail",
            message=f"{entry.id} connects production with another environment: {ends_text}",
            locations=(context.place(entry.id, "consumers"),),
            **base,
        )
    elif any(system.environment is None for system in systems):
        missing = next(system.id for system in systems if system.environment is None)
        where = (context.place(missing, kind="system"),)
        yield Outcome(decision="unknown", missing="system.environment", locations=where, **base)
    elif open_end is not None:
        yield Outcome(decision="unknown", missing=open_end, locations=entry.origins[:1], **base)
    else:
        yield Outcome(decision="pass", **base)


def _open_end(entry: Entry, ends: list[str], context: CheckContext) -> str | None:
    """What is not known of the ends: one is not named, or is neither a system nor a partner of the inventory."""
    if (missing := missing_end(entry.noun)) is not None:
        return f"interface.{missing}"
    systems, partners = context.graph.systems, context.estate.of("partner")
    unknown = (end for end in ends if end not in systems and end not in partners)
    return next((f"system.environment of {end}" for end in unknown), None)
