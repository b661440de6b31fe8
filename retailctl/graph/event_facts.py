"""Derived facts of events: how long they are kept, how far back they are read, where the dead ones go."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from retailctl.graph.estate_graph import EstateGraph
from retailctl.model.durations import minutes
from retailctl.model.estate import Entry
from retailctl.model.estate_nouns import Event
from retailctl.model.interface import Interface

_BROKER_MILLISECONDS = frozenset({"retention_ms", "retention.ms", "x-message-ttl", "message_ttl_ms"})


def event_facts(graph: EstateGraph) -> dict[str, dict[str, Any]]:
    """Event id -> facts; a fact that cannot be known is left out."""
    addresses = _addresses(graph)
    return {id_: _facts(entry, addresses) for id_, entry in graph.estate.of("event").items()}


def _facts(entry: Entry, addresses: dict[str, list[Interface]]) -> dict[str, Any]:
    event: Event = entry.noun
    found = {
        "retention_minutes": minutes(event.retention) if event.retention else None,
        "replay_minutes": minutes(event.replay) if event.replay else None,
        "rpo_minutes": _recovery_point(event, addresses),
        "broker_retention_minutes": _broker_retention(event),
        "dead_letter": _dead_letter(event),
    }
    return {name: value for name, value in found.items() if value is not None}


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


def _recovery_point(event: Event, addresses: dict[str, list[Interface]]) -> int | None:
    """Longest recovery point of the interfaces that carry the event.

    None while a consumer of the event is on none of them, or one of them does not state its recovery point:
    then a longer one may be missing.
    """
    if event.consumers is None:
        return None
    channel = event.channel or ""
    names = {event.id, channel, channel.rpartition("/")[2], *(c.group or "" for c in event.consumers)}
    carriers = {one.id: one for name in names if name for one in addresses.get(name, ())}
    served = {c.system for interface in carriers.values() for c in interface.consumers or ()}
    points = [one.classification.rpo_minutes if one.classification else None for one in carriers.values()]
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


def _dead_letter(event: Event) -> str | None:
    if event.dlq is not None:
        return "none" if event.dlq.name == "none" else "named"
    for sighting in event.sightings or ():
        if str((sighting.fields or {}).get("dead_letter", "")).lower() in ("none", "false"):
            return "observed-none"
    return None
