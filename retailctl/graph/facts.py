"""Derived facts: what rules read beside declared fields, computed once on the graph.

A fact that cannot be derived is left out, never guessed: the rule that needs it is then *unknown*. Each function
returns id -> {fact: plain value}. Meanings stand in ``policy/facts_schema.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Any, Final, NamedTuple

from retailctl.graph.contract_facts import contract_facts, may_have_contract
from retailctl.graph.estate_graph import EstateGraph, operations_of, provider_of
from retailctl.graph.event_facts import event_facts
from retailctl.graph.holders import credential_duties, domain_duties, partner_duties
from retailctl.graph.interface_duties import Duties
from retailctl.graph.odoo_facts import odoo_facts
from retailctl.graph.owners import owner_status
from retailctl.graph.plugins import is_upstream, plugins_of, samples_of
from retailctl.graph.run_facts import run_facts
from retailctl.graph.seen_volume import seen_per_day
from retailctl.graph.transport import cleartext
from retailctl.model.durations import interval_minutes
from retailctl.model.estate_nouns import Credential, Domain
from retailctl.model.interface import Interface

Facts = dict[str, dict[str, Any]]

PLACES_OF_CONTRACTS: Final = "contract places"
PLACES_OF_EVENTS: Final = "event places"
PLACES_OF_INTERFACES: Final = "interface places"

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
    """All derived facts by kind of noun, contracts included.

    ``PLACES_OF_CONTRACTS``, ``PLACES_OF_EVENTS`` and ``PLACES_OF_INTERFACES`` hold where they are written.
    """
    contracts = contract_facts(graph)
    runs = run_facts(graph, as_of)
    events = event_facts(graph, as_of, runs.values)
    odoo = odoo_facts(graph)
    credentials = _credentials(graph, as_of)
    admins = [id_ for id_, one in credentials.items() if one.get("wildcard_scopes")]
    interfaces = _interfaces(graph, as_of, runs.values, Duties(graph, as_of, admins))
    return {
        "interface": _joined(interfaces, odoo["interface"]),
        "flow": _flows(graph),
        "credential": _joined(_joined(credentials, credential_duties(graph, as_of, credentials)), odoo["credential"]),
        "partner": partner_duties(graph, credentials),
        "system": odoo["system"],
        "domain": _joined(_domains(graph), domain_duties(graph)),
        "event": events.values,
        "contract": contracts.values,
        PLACES_OF_CONTRACTS: contracts.places,
        PLACES_OF_EVENTS: events.places,
        PLACES_OF_INTERFACES: runs.places,
    }


def _joined(some: Facts, others: Facts) -> Facts:
    return {id_: {**one, **others[id_]} for id_, one in some.items()}


def _set(target: dict[str, Any], name: str, value: Any) -> None:
    if value is not None:
        target[name] = value


def _interfaces(graph: EstateGraph, as_of: date, runs: Facts, duties: Duties) -> Facts:
    published = _published(graph)
    status_of = owner_status(graph)
    result: Facts = {}
    for id_, entry in graph.interfaces.items():
        interface: Interface = entry.noun
        one: dict[str, Any] = {}
        provider = provider_of(interface)
        system = graph.system(provider) if provider else None
        if interface.owner:
            _set(one, "owner_status", status_of(interface.owner))
        if interface.contract:
            fact = graph.estate.contracts.get(interface.contract)
            if fact is None or fact.readable:
                one["contract_resolves"] = fact is not None
            _set(one, "contract_version", fact.version if fact else None)
        _set(one, "contract_kind", _contract_kind(graph, interface))
        _set(one, "plugins", plugins_of(interface, system))
        _set(one, "upstream", is_upstream(graph, provider))
        one |= duties.of(interface, one.get("plugins"))
        one |= runs[id_]
        sample = samples_of(interface, as_of)
        if sample.get("sampled_days", 0) <= one.get("sampled_days", sample.get("sampled_days", 0)):
            one |= sample  # the newer of what a reader and what a run held against the contract
        _set(one, "seen_per_day", seen_per_day(graph, interface, as_of))
        _set(one, "provider_kind", system.kind if system else None)
        _set(one, "provider_layer", system.layer if system else None)
        _set(one, "partner_edge", _partner_edge(graph, interface, provider))
        _set(one, "schedule_minutes", interval_minutes(interface.schedule) if interface.schedule else None)
        if provider and interface.domain:
            _set(one, "event_alternative", _offers(published, provider, interface.domain))
        clear = cleartext(interface)
        if clear is not None:
            one["cleartext_urls"], one["insecure"] = list(clear), bool(clear)
        operations = operations_of(interface)
        if operations is not None:
            one["used_operations"] = sorted(operations)
            one["effect"] = "write" if set(operations) - {"read"} else "read"
        result[id_] = one
    return result


class _Published(NamedTuple):
    """(publisher, domain) of the events and webhooks that are known, and of what may be one; None = not declared."""

    known: frozenset[tuple[str | None, str | None]]
    perhaps: frozenset[tuple[str | None, str | None]]


def _published(graph: EstateGraph) -> _Published:
    known: set[tuple[str | None, str | None]] = set()
    perhaps: set[tuple[str | None, str | None]] = set()
    for entry in graph.estate.of("event").values():
        if entry.noun.publisher != "none":
            known.add((entry.noun.publisher, entry.noun.domain))
    for entry in graph.interfaces.values():
        interface: Interface = entry.noun
        ends = (provider_of(interface), interface.domain)
        if interface.pattern in ("event", "webhook"):
            known.add(ends)
        elif interface.pattern is None and interface.mode in (None, "async"):
            perhaps.add(ends)
    return _Published(frozenset(known), frozenset(perhaps))


def _offers(published: _Published, provider: str, domain: str) -> bool | None:
    """Known to be offered; False only when something of the provider is known and nothing undeclared could be it."""
    if (provider, domain) in published.known:
        return True
    everything = published.known | published.perhaps
    if any(of in (provider, None) and about in (domain, None) for of, about in everything):
        return None
    return False if any(of == provider for of, _ in published.known) else None


def _contract_kind(graph: EstateGraph, interface: Interface) -> str | None:
    """api, other, or none where there need be none; None while nobody can tell."""
    if not interface.contract:
        return None if may_have_contract(interface) else "none"
    document = graph.estate.documents.get(interface.contract)
    if document is not None:
        return "api" if document.is_api else "other"
    return None if interface.contract not in graph.estate.contracts else "other"


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
        # Who signs in with it is known in full only when somebody lists it and every entry of the list is there.
        complete = credential.used_by is not None and bool(used) and len(interfaces) == len(used)
        _set(one, "systems", _users(id_, interfaces, complete=complete))
        owners = {interface.owner for interface in interfaces}
        _set(one, "owners", _known({name for name in owners if name}, complete=complete and None not in owners))
        granted = _granted(credential)
        _set(one, "granted_operations", granted)
        scopes = _all_scopes(credential)
        if scopes is not None:
            one["wildcard_scopes"] = sorted(scope for scope in scopes if _is_wildcard(scope))
        operations = [operations_of(interface) for interface in interfaces]
        if complete and all(known is not None for known in operations):
            one["used_operations"] = sorted({name for known in operations for name in known or ()})
            if granted is not None:
                one["excess_operations"] = sorted(set(granted) - set(one["used_operations"]))
        if credential.last_rotated is not None and credential.last_rotated <= as_of:  # a day to come proves nothing
            one["rotated_days"] = (as_of - credential.last_rotated).days
        result[id_] = one
    return result


def _users(credential: str, interfaces: list[Interface], *, complete: bool) -> list[str] | None:
    """Systems that sign in with a credential: consumers that name it, or the only one where nobody names any."""
    users: set[str] = set()
    for interface in interfaces:
        consumers = interface.consumers or ()
        named = {consumption.system for consumption in consumers if consumption.identity == credential}
        silent = {consumption.system for consumption in consumers if consumption.identity is None} - named
        users |= named or (silent if len(consumers) == 1 else set())
        complete = complete and interface.consumers is not None and (not silent or len(consumers) == 1)
    return _known(users, complete=complete)


def _known(names: set[str], *, complete: bool) -> list[str] | None:
    """The names, if they are all there are; an incomplete list still proves that there are several."""
    return sorted(names) if complete or len(names) > 1 else None


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


def _all_scopes(credential: Credential) -> set[str] | None:
    """Scopes as declared, and as the system that grants them was seen to give: an administrator is one on paper or
    not."""
    seen = [(one.fields or {}).get("scopes") for one in credential.sightings or ()]
    granted = [str(scope) for some in seen if isinstance(some, list | tuple) for scope in some]
    if credential.scopes is None and not any(isinstance(some, list | tuple) for some in seen):
        return None
    return {*(credential.scopes or ()), *granted}


def _is_wildcard(scope: str) -> bool:
    lowered = scope.strip().lower()
    last = re.split(r"[:/]", lowered)[-1]
    return lowered in _ADMIN or last in _ADMIN or last in ("*", ".*") or lowered in ("*", ".*", "*:*", "^.*$")


def _domains(graph: EstateGraph) -> Facts:
    written, perhaps = _sql_writers(graph)
    result: Facts = {}
    for id_, entry in graph.estate.of("domain").items():
        domain: Domain = entry.noun
        one: dict[str, Any] = {}
        if domain.writers is not None:
            writers = set(domain.writers) | written.get(id_, set())
            one["known_writers"] = sorted(writers)
            if domain.system_of_record is not None:
                ruled = {domain.sync.source, *(domain.sync.priority or ())} if domain.sync else set()
                allowed = {domain.system_of_record, *ruled}
                second = writers - allowed
                # Somebody who may write, as far as anybody has written down, keeps "nobody" from being known.
                if second or not ((perhaps.get(id_, set()) | perhaps.get(None, set())) - allowed):
                    one["second_writers"] = sorted(second)
        result[id_] = one
    return result


_ANYBODY: Final = "?"


def _sql_writers(graph: EstateGraph) -> tuple[dict[str, set[str]], dict[str | None, set[str]]]:
    """Domain -> systems that write its tables directly, and those that may: something is not declared."""
    written: dict[str, set[str]] = defaultdict(set)
    perhaps: dict[str | None, set[str]] = defaultdict(set)
    for entry in graph.interfaces.values():
        interface: Interface = entry.noun
        if interface.key is not None and interface.key.protocol != "sql":
            continue
        operations = operations_of(interface)
        if operations is not None and not set(operations) - {"read"}:
            continue
        systems = {c.system for c in interface.consumers or ()}
        open_ = None in (interface.key, operations, interface.consumers)
        if interface.domain is None or open_:
            perhaps[interface.domain] |= systems or {_ANYBODY}
        else:
            written[interface.domain] |= systems
    return written, perhaps
