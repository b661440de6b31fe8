"""Derived facts: what rules read beside declared fields, computed once on the graph.

A fact that cannot be derived is left out, never guessed: the rule that needs it is then *unknown*. Each function
returns id -> {fact: plain value}. Meanings stand in ``policy/facts_schema.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from retailctl.graph.estate_graph import EstateGraph, operations_of
from retailctl.graph.transport import cleartext
from retailctl.model.durations import interval_minutes, minutes
from retailctl.model.estate_nouns import Credential, Domain, Event
from retailctl.model.interface import Interface

Facts = dict[str, dict[str, Any]]

_ADMIN = frozenset({"admin", "administrator", "all", "full", "full_access", "root", "superuser", "base.group_system"})
_SCOPE_OPERATIONS = {
    "read": ("read",),
    "list": ("read",),
    "get": ("read",),
    "create": ("create",),
    "write": ("create", "update"),
    "update": ("update",),
    "delete": ("delete",),
    "unlink": ("delete",),
    "approve": ("approve",),
}


def facts(graph: EstateGraph, as_of: date) -> dict[str, Facts]:
    """All derived facts by kind of noun."""
    return {
        "interface": _interfaces(graph),
        "flow": _flows(graph),
        "credential": _credentials(graph, as_of),
        "domain": _domains(graph),
        "event": _events(graph),
    }


def _set(target: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        target[name] = value


def _interfaces(graph: EstateGraph) -> Facts:
    published = _published(graph)
    owner_status = _owner_status(graph)
    result: Facts = {}
    for id_, entry in graph.interfaces.items():
        interface: Interface = entry.noun
        one: dict[str, Any] = {}
        provider = interface.provider or getattr(interface.key, "provider", None)
        system = graph.system(provider) if provider else None
        if interface.owner:
            _set(one, "owner_status", owner_status(interface.owner))
        if interface.contract:
            fact = graph.estate.contracts.get(interface.contract)
            one["contract_resolves"] = fact is not None
            _set(one, "contract_version", fact.version if fact else None)
        _set(one, "provider_kind", system.kind if system else None)
        _set(one, "provider_layer", system.layer if system else None)
        _set(one, "partner_edge", _partner_edge(graph, interface, provider))
        _set(one, "schedule_minutes", interval_minutes(interface.schedule) if interface.schedule else None)
        if provider and interface.domain:
            _set(one, "event_alternative", _offers(published.get(provider), interface.domain))
        clear = cleartext(interface)
        if clear is not None:
            one["cleartext_urls"], one["insecure"] = list(clear), bool(clear)
        operations = operations_of(interface)
        if operations is not None:
            one["used_operations"] = sorted(operations)
            one["effect"] = "write" if set(operations) - {"read"} else "read"
        result[id_] = one
    return result


def _owner_status(graph: EstateGraph) -> Callable[[str], str | None]:
    teams = graph.estate.of("team")

    def status(owner: str) -> str | None:
        """Absent when no team is declared at all: then nobody can tell."""
        if not teams:
            return None
        if owner not in teams:
            return "missing"
        return "inactive" if teams[owner].noun.active is False else "active"

    return status


def _published(graph: EstateGraph) -> dict[str, set[str | None]]:
    """System -> domains in which it is known to publish events or webhooks; None for an event without domain."""
    published: dict[str, set[str | None]] = defaultdict(set)
    for entry in graph.estate.of("event").values():
        if entry.noun.publisher and entry.noun.publisher != "none":
            published[entry.noun.publisher].add(entry.noun.domain)
    for entry in graph.interfaces.values():
        interface: Interface = entry.noun
        if interface.provider and interface.pattern in ("event", "webhook"):
            published[interface.provider].add(interface.domain)
    return published


def _offers(domains: set[str | None] | None, domain: str) -> bool | None:
    if domains is None:
        return None
    if domain in domains:
        return True
    return None if None in domains else False


def _partner_edge(graph: EstateGraph, interface: Interface, provider: str | None) -> bool | None:
    if provider is None or interface.consumers is None:
        return None
    ends = {provider, *(consumption.system for consumption in interface.consumers)}
    partners = graph.estate.of("partner")
    if any(end in partners for end in ends):
        return True
    return False if all(end in graph.systems for end in ends) else None


def _flows(graph: EstateGraph) -> Facts:
    result: Facts = {}
    for flow in graph.flows:
        interface: Interface = graph.interfaces[flow.interface].noun
        one: dict[str, Any] = {
            "id": flow.id,
            "interface": flow.interface,
            "direction": flow.direction,
            "domain": flow.domain,
        }
        _set(one, "mode", interface.mode)
        _set(one, "idempotency_key", interface.resilience.idempotency_key if interface.resilience else None)
        data = interface.classification.data if interface.classification else None
        _set(one, "data_classes", sorted(data) if data is not None else None)
        if interface.endpoints is not None:
            protocol = interface.key.protocol if interface.key else ""
            one["hops"] = [{"url": endpoint.url, "protocol": protocol} for endpoint in interface.endpoints]
        operations = operations_of(interface)
        if operations is not None:
            one["effect"] = "write" if set(operations) - {"read"} else "read"
        result[flow.id] = one
    return result


def _credentials(graph: EstateGraph, as_of: date) -> Facts:
    result: Facts = {}
    for id_, entry in graph.estate.of("credential").items():
        credential: Credential = entry.noun
        one: dict[str, Any] = {}
        used = sorted({*(credential.used_by or ()), *(i for i, _ in graph.by_identity.get(id_, ()))})
        interfaces = [graph.interfaces[name].noun for name in used if name in graph.interfaces]
        if used:
            one["systems"] = _users(graph, id_, interfaces)
            one["owners"] = sorted({interface.owner for interface in interfaces if interface.owner})
        granted = _granted(credential)
        _set(one, "granted_operations", granted)
        if credential.scopes is not None:
            one["wildcard_scopes"] = sorted(scope for scope in credential.scopes if _is_wildcard(scope))
        operations = [operations_of(interface) for interface in interfaces]
        if used and len(interfaces) == len(used) and all(known is not None for known in operations):
            one["used_operations"] = sorted({name for known in operations for name in known or ()})
            if granted is not None:
                one["excess_operations"] = sorted(set(granted) - set(one["used_operations"]))
        if credential.last_rotated is not None:
            one["rotated_days"] = (as_of - credential.last_rotated).days
        result[id_] = one
    return result


def _users(graph: EstateGraph, credential: str, interfaces: list[Interface]) -> list[str]:
    """Systems that sign in with a credential: consumers that name it; where none does, all consumers."""
    users: set[str] = set()
    for interface in interfaces:
        consumers = interface.consumers or ()
        named = {consumption.system for consumption in consumers if consumption.identity == credential}
        users |= named or {consumption.system for consumption in consumers if consumption.identity is None}
    return sorted(users)


def _granted(credential: Credential) -> list[str] | None:
    if credential.operations is not None:
        return sorted(credential.operations)
    if credential.scopes is None:
        return None
    granted: set[str] = set()
    for scope in credential.scopes:
        operations = _SCOPE_OPERATIONS.get(re.split(r"[:./_]", scope.lower())[-1])
        if operations is None:
            return None
        granted.update(operations)
    return sorted(granted)


def _is_wildcard(scope: str) -> bool:
    lowered = scope.strip().lower()
    last = re.split(r"[:/]", lowered)[-1]
    return lowered in _ADMIN or last in _ADMIN or last in ("*", ".*") or lowered in ("*", ".*", "*:*", "^.*$")


def _domains(graph: EstateGraph) -> Facts:
    sql_writers: dict[str, set[str]] = defaultdict(set)
    for entry in graph.interfaces.values():
        interface: Interface = entry.noun
        if interface.domain and interface.key is not None and interface.key.protocol == "sql":
            if set(operations_of(interface) or ()) - {"read"}:
                sql_writers[interface.domain].update(c.system for c in interface.consumers or ())
    result: Facts = {}
    for id_, entry in graph.estate.of("domain").items():
        domain: Domain = entry.noun
        one: dict[str, Any] = {}
        if domain.writers is not None:
            writers = set(domain.writers) | sql_writers.get(id_, set())
            one["known_writers"] = sorted(writers)
            if domain.system_of_record is not None:
                ruled = {domain.sync.source, *(domain.sync.priority or ())} if domain.sync else set()
                one["second_writers"] = sorted(writers - {domain.system_of_record} - ruled)
        result[id_] = one
    return result


def _events(graph: EstateGraph) -> Facts:
    recovery: dict[str, list[int]] = defaultdict(list)
    for entry in graph.interfaces.values():
        interface: Interface = entry.noun
        rpo = interface.classification.rpo_minutes if interface.classification else None
        if interface.channel and rpo is not None:
            recovery[interface.channel].append(rpo)
    result: Facts = {}
    for id_, entry in graph.estate.of("event").items():
        event: Event = entry.noun
        one: dict[str, Any] = {}
        _set(one, "retention_minutes", minutes(event.retention) if event.retention else None)
        _set(one, "replay_minutes", minutes(event.replay) if event.replay else None)
        if event.channel and recovery.get(event.channel):
            one["rpo_minutes"] = max(recovery[event.channel])
        _set(one, "broker_retention_minutes", _broker_retention(event))
        _set(one, "dead_letter", _dead_letter(event))
        result[id_] = one
    return result


def _broker_retention(event: Event) -> int | None:
    """Retention as the broker has it: ``retention_ms``, ``x-message-ttl`` (ms) or ``retention`` of a sighting."""
    for sighting in event.sightings or ():
        for name, value in sorted((sighting.fields or {}).items()):
            if name in ("retention_ms", "retention.ms", "x-message-ttl", "message_ttl_ms") and str(value).isdigit():
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
