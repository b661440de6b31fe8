"""Derived facts of events: what inventory, contract and broker say together, and how the event is carried.

A fact that cannot be known is left out. Meanings stand in ``policy/facts_schema.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from retailctl.errors import Location
from retailctl.graph.contract_facts import is_new_major
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.event_contracts import EventContract, event_contracts
from retailctl.graph.owners import owner_status
from retailctl.model.durations import minutes
from retailctl.model.estate_nouns import Event
from retailctl.model.event_facts import Attribute
from retailctl.model.event_words import fields_named, kept_minutes
from retailctl.model.interface import Interface

_BROKER_MILLISECONDS = frozenset({"retention_ms", "retention.ms", "x-message-ttl", "message_ttl_ms"})
_PARTITIONED: Final = frozenset({"kafka", "kafka-secure", "kinesis", "pulsar", "eventhub", "eventhubs"})
_KNOWN: Final[Mapping[Attribute, str]] = {
    "owner": "known_owner",
    "kind": "known_kind",
    "idempotency": "known_idempotency",
    "ordering": "known_ordering",
    "partition_key": "partition_key",
    "replay": "known_replay",
}
_OTHER_FORMATS: Final = (".xsd", ".edi", ".csv", ".avdl", ".wsdl")


class EventFacts(NamedTuple):
    """Facts by event, and the places of those that somebody wrote."""

    values: dict[str, dict[str, Any]]
    places: dict[str, dict[str, tuple[Location, ...]]]


def event_facts(graph: EstateGraph, as_of: date) -> EventFacts:
    """Facts of every event by id; a fact that cannot be known is left out."""
    addresses, status_of = _addresses(graph), owner_status(graph)
    found = EventFacts({}, {})
    for id_, contract in event_contracts(graph.estate).items():
        known = {fact: said for name, fact in _KNOWN.items() if (said := contract.known(name)) is not None}
        values: dict[str, Any] = {fact: said.value for fact, said in known.items()}
        if values.get("known_owner"):
            values["owner_status"] = status_of(values["known_owner"])
        values |= _carried(contract.event, addresses)
        values |= _kept(contract)
        values |= _schema(contract, graph)
        values |= _keys(contract, values)
        values |= _drill(contract.event, as_of)
        found.values[id_] = {name: value for name, value in values.items() if value is not None}
        found.places[id_] = {fact: (said.location,) for fact, said in known.items()}
    return found


def _carried(event: Event, addresses: dict[str, list[Interface]]) -> dict[str, Any]:
    """Who reads it, how, and how much hangs on it."""
    carriers = _carriers(event, addresses)
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
        "replay_minutes": minutes(replay.value) if replay else None,
        "broker_retention_minutes": _broker_retention(contract.event),
        "dead_letter": _dead_letter(contract),
    }


def _schema(contract: EventContract, graph: EstateGraph) -> dict[str, Any]:
    """Whether the contract is there and describes the event, and how its versions are governed."""
    path, document = contract.event.contract, contract.document
    if not path:
        return {}
    fact = graph.estate.contracts.get(path)
    found: dict[str, Any] = {"contract_resolves": fact is not None} if fact is None or fact.readable else {}
    if document is None:
        if fact is not None and path.endswith(_OTHER_FORMATS):
            found |= {"described": True, "typed": True}
        return found
    if not document.problem and document.format != "unknown":
        if contract.messages or not document.unresolved:
            found["described"] = bool(contract.messages)
        if contract.messages:
            found["typed"] = all(message.typed for message in contract.messages)
            found["schema_language"] = contract.messages[0].language
    found["compatibility"] = document.compatibility
    step = graph.estate.steps.get(path)
    found["successor"] = step is not None
    if step is not None:
        found |= {"new_major": is_new_major(step), "schema_breaking": step.breaking, "previous": step.from_version}
        found["first_breaking"] = step.first_breaking or None
    return found


def _keys(contract: EventContract, values: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the fields that tell repeats apart and keep the order are in the message."""
    found: dict[str, Any] = {}
    idempotency, ordering = (
        fields_named(values.get("known_idempotency", "")),
        fields_named(values.get("known_ordering", "")),
    )
    required, present = _in_all(contract, "required"), _in_all(contract, "fields")
    if idempotency and required is not None:
        found["idempotency_missing"] = sorted(set(idempotency) - required)
    if ordering is not None and values.get("known_ordering"):
        found["ordering_fields"] = list(ordering)
        if not ordering or present is not None:
            found["ordering_missing"] = sorted(set(ordering) - (present or frozenset()))
        partition = fields_named(values.get("partition_key", ""))
        if partition:
            found["partition_outside"] = sorted(set(partition) - set(ordering))
    found["partitioned"] = _partitioned(contract)
    return found


def _in_all(contract: EventContract, which: str) -> frozenset[str] | None:
    """Names that every message of the event has; None while one is not looked into, or a part of it is not there."""
    names = [getattr(message, which) for message in contract.messages]
    if not names or None in names or (contract.document is not None and contract.document.unresolved):
        return None
    return frozenset.intersection(*map(frozenset, names))


def _partitioned(contract: EventContract) -> bool | None:
    """Whether the broker keeps the order within a partition only; None while nothing says what broker it is."""
    scheme, found, _ = (contract.event.channel or "").partition("://")
    protocols = {scheme.lower()} if found else {name for one in contract.messages for name in one.protocols}
    return bool(protocols & _PARTITIONED) if protocols else None


def _addresses(graph: EstateGraph) -> dict[str, list[Interface]]:
    """Channel, topic, routing key or queue -> interfaces that carry messages there."""
    found: dict[str, list[Interface]] = defaultdict(list)
    for entry in graph.interfaces.values():
        interface: Interface = entry.noun
        names = {interface.channel, interface.queue}
        names |= {getattr(interface.key, name, None) for name in ("topic", "routing_key", "queue")}
        for name in sorted(filter(None, names)):
            found[name].append(interface)
    return found


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
