"""Derived facts of events: what inventory, contract and broker say together, and how the event is carried.

A fact that cannot be known is left out. Meanings stand in ``policy/facts_schema.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.event_contracts import EventContract, event_contracts
from retailctl.graph.event_schema_facts import key_facts, schema_facts
from retailctl.graph.owners import owner_status
from retailctl.model.durations import minutes
from retailctl.model.estate_nouns import Event
from retailctl.model.event_facts import Attribute
from retailctl.model.event_words import kept_minutes
from retailctl.model.interface import Interface

_BROKER_MILLISECONDS = frozenset({"retention_ms", "retention.ms", "x-message-ttl", "message_ttl_ms"})
_MESSAGING: Final = ("amqp", "kafka", "mqtt", "jms", "ws")
_KNOWN: Final[Mapping[Attribute, str]] = {
    "owner": "known_owner",
    "kind": "known_kind",
    "idempotency": "known_idempotency",
    "ordering": "known_ordering",
    "partition_key": "partition_key",
    "replay": "known_replay",
}


class EventFacts(NamedTuple):
    """Facts by event, and the places of those that somebody wrote."""

    values: dict[str, dict[str, Any]]
    places: dict[str, dict[str, tuple[Location, ...]]]


def event_facts(graph: EstateGraph, as_of: date, runs: Mapping[str, Mapping[str, Any]]) -> EventFacts:
    """Facts of every event by id; a fact that cannot be known is left out. ``runs`` are those of interfaces."""
    addresses, status_of = _addresses(graph), owner_status(graph)
    hidden = any(runs[id_].get("moving") is not False and _may_carry(one.noun) for id_, one in graph.interfaces.items())
    found = EventFacts({}, {})
    for id_, contract in event_contracts(graph.estate).items():
        known = {fact: said for name, fact in _KNOWN.items() if (said := contract.known(name)) is not None}
        values: dict[str, Any] = {fact: said.value for fact, said in known.items()}
        if values.get("known_owner"):
            values["owner_status"] = status_of(values["known_owner"])
        carriers = _carriers(contract.event, addresses)
        values |= _carried(contract.event, carriers)
        values |= _tested([runs[one.id] for one in carriers], hidden=hidden)
        values |= _kept(contract)
        values |= schema_facts(contract, graph)
        values |= key_facts(contract, values)
        values |= _drill(contract.event, as_of)
        found.values[id_] = {name: value for name, value in values.items() if value is not None}
        found.places[id_] = {fact: (said.location,) for fact, said in known.items()} | _places(contract)
    return found


def _places(contract: EventContract) -> dict[str, tuple[Location, ...]]:
    """Where the facts are written that are made of what is said there."""
    made = {
        "retention_minutes": contract.known("retention"),
        "replay_minutes": contract.known("replay"),
        "dead_letter": contract.known("dead_letter") or next(contract.contracted("dead_letter_exchange"), None),
    }
    places: dict[str, tuple[Location, ...]]
    places = {fact: (said.location,) for fact, said in made.items() if said is not None}
    document = contract.document
    if document is not None and document.compatibility is not None:
        places["compatibility"] = (Location(document.promise, pointer="/compatibility"),)
    return places


def _may_carry(interface: Interface) -> bool:
    """Whether it may carry messages of which nobody has declared the address."""
    protocol = interface.key.protocol if interface.key else None
    carries = interface.pattern in (None, "event", "command") and protocol in (None, *_MESSAGING)
    return carries and not _names(interface)


def _tested(carriers: list[Mapping[str, Any]], *, hidden: bool) -> dict[str, Any]:
    """Whether a wave moves what carries the event, and what repeated messages did there: the worst of those moved.

    ``hidden``: a wave moves an interface that may carry it as well, for all that was written down.
    """
    moved = [one for one in carriers if one.get("moving")]
    if not moved and (hidden or not all("moving" in one for one in carriers)):
        return {}
    told: dict[str, Any] = {"moving": bool(moved)}
    tests = {name: [one[name] for one in moved if name in one] for name in ("duplicates_found", "duplicate_test_days")}
    return told | {name: max(known) for name, known in tests.items() if known and len(known) == len(moved)}


def _carried(event: Event, carriers: list[Interface]) -> dict[str, Any]:
    """Who reads it, how, and how much hangs on it."""
    classes = [one.classification.criticality if one.classification else None for one in carriers]
    certain = "A" in classes or (bool(classes) and None not in classes)
    return {
        "rpo_minutes": _recovery_point(event, carriers),
        "criticality": min(one for one in classes if one) if certain else None,
        "consumer_count": None if event.consumers is None else len({one.system for one in event.consumers}),
        "subscriptions": sorted(_subscriptions(event)) if event.consumers is not None else None,
    }


def _subscriptions(event: Event) -> Iterator[str]:
    """``crm: own_queue`` for each consumer."""
    readers: dict[str, set[str]] = defaultdict(set)
    for one in event.consumers or ():
        readers[one.group or ""].add(one.system)
    called = (event.channel or "").startswith(("http://", "https://"))
    for group, systems in readers.items():
        kind = "webhook" if called else "unknown" if not group else "own_queue" if len(systems) == 1 else "shared_group"
        yield from (f"{system}: {kind}" for system in systems)


def _kept(contract: EventContract) -> dict[str, Any]:
    """How long messages are kept, how far back they are read, where the dead ones go."""
    retention, replay = contract.known("retention"), contract.known("replay")
    return {
        "retention_minutes": kept_minutes(retention.value) if retention else None,
        "replay_minutes": _horizon(replay.value) if replay else None,
        "broker_retention_minutes": _broker_retention(contract.event),
        "dead_letter": _dead_letter(contract),
    }


def _horizon(replay: str) -> int | None:
    """How far back a replay reaches; whoever does not replay needs nothing kept for it (EVT-04 is about that)."""
    return 0 if replay.strip().lower() == "none" else minutes(replay)


def _addresses(graph: EstateGraph) -> dict[str, list[Interface]]:
    """Channel, topic, routing key or queue -> interfaces that carry messages there."""
    found: dict[str, list[Interface]] = defaultdict(list)
    for entry in graph.interfaces.values():
        for name in _names(entry.noun):
            found[name].append(entry.noun)
    return found


def _names(interface: Interface) -> list[str]:
    """The addresses of messages that it carries."""
    names = {interface.channel, interface.queue}
    names |= {getattr(interface.key, name, None) for name in ("topic", "routing_key", "queue")}
    return sorted(filter(None, names))


def _carriers(event: Event, addresses: dict[str, list[Interface]]) -> list[Interface]:
    """The interfaces that carry the event."""
    channel = event.channel or ""
    groups = (one.group or "" for one in event.consumers or ())
    names = {event.id, channel, channel.rpartition("/")[2], *groups}
    return list({one.id: one for name in sorted(names) if name for one in addresses.get(name, ())}.values())


def _recovery_point(event: Event, carriers: list[Interface]) -> int | None:
    """Longest recovery point of the interfaces that carry the event.

    None while a consumer of the event is on none of them, or one of them does not state its recovery point:
    then a longer one may be missing.
    """
    if event.consumers is None:
        return None
    served = {c.system for interface in carriers for c in interface.consumers or ()}
    points = [one.classification.rpo_minutes if one.classification else None for one in carriers]
    if not points or not {c.system for c in event.consumers} <= served:
        return None
    known = [point for point in points if point is not None]
    return max(known) if len(known) == len(points) else None


def _broker_retention(event: Event) -> int | None:
    """Retention as a sighting of the broker has it: ``retention_ms``, ``x-message-ttl`` (ms), ``retention``."""
    for sighting in event.sightings or ():
        for name, value in sorted((sighting.fields or {}).items()):
            if name in _BROKER_MILLISECONDS and str(value).isdigit():
                return int(value) // 60_000
            if name == "retention" and minutes(str(value)) is not None:
                return minutes(str(value))
    return None


def _dead_letter(contract: EventContract) -> str | None:
    declared = contract.known("dead_letter") or next(contract.contracted("dead_letter_exchange"), None)
    if declared is not None:
        return "none" if declared.value == "none" else "named"
    for sighting in contract.event.sightings or ():
        if str((sighting.fields or {}).get("dead_letter", "")).lower() in ("none", "false"):
            return "observed-none"
    return None


def _drill(event: Event, as_of: date) -> dict[str, Any]:
    """The last rehearsal of a replay: a dated sighting with ``replay_drill: passed`` or ``failed``."""
    dated = [
        (day, str((sighting.fields or {})["replay_drill"]))
        for sighting in event.sightings or ()
        if (sighting.fields or {}).get("replay_drill") in ("passed", "failed")
        and (day := _day(sighting.at)) is not None
        and day <= as_of
    ]
    if not dated:
        return {}
    day, result = max(dated)
    return {"replay_drill": result, "replay_drill_days": (as_of - day).days}


def _day(at: date | datetime | None) -> date | None:
    return at.date() if isinstance(at, datetime) else at
