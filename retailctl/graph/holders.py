"""Derived facts of credentials, partners and domains about duties: who may write, who shares, what is measured."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

from retailctl.graph.estate_graph import EstateGraph, operations_of
from retailctl.model.estate_nouns import Credential
from retailctl.model.interface import Interface

Facts = dict[str, dict[str, Any]]

_MANAGED: Final = frozenset(
    {
        *("service", "service_principal", "service_account", "managed_identity", "workload_identity", "workload"),
        *("ai_agent", "public_key", "certificate", "oauth_client", "client_credentials", "app", "machine", "bot"),
    }
)
_PERSONAL: Final = frozenset(
    {"user", "person", "personal", "human", "employee", "admin", "administrator", "root", "shared", "anonymous"}
)


def credential_duties(graph: EstateGraph, as_of: date, derived: Facts) -> Facts:
    """What is added to the facts of each credential; ``derived`` are those that are known already."""
    approved = _approved(graph)
    result: Facts = {}
    for id_, entry in graph.estate.of("credential").items():
        credential: Credential = entry.noun
        seen = {interface for interface, _ in graph.by_identity.get(id_, ())}
        one: dict[str, Any] = {}
        if credential.used_by is not None or seen:
            one["used_interfaces"] = sorted({*(credential.used_by or ()), *seen})
            one["in_use"] = bool(one["used_interfaces"])
        word = (credential.kind or "").strip().lower().replace("-", "_").replace(" ", "_")
        if word in _MANAGED or word in _PERSONAL:
            one["managed"] = word in _MANAGED
        if credential.kind == "ai_agent":
            granted = derived.get(id_, {}).get("granted_operations")
            if granted is not None:
                one["writes"] = sorted(set(granted) - {"read"})
            covered = [name in approved or _only_reads(graph, name) for name in one.get("used_interfaces", ())]
            if covered and (False in covered or None not in covered):
                one["approved"] = False not in covered
        if credential.last_used is not None and credential.last_used <= as_of:
            one["unused_days"] = (as_of - credential.last_used).days
        _lifetime(credential, as_of, one)
        result[id_] = one
    return result


def _lifetime(credential: Credential, as_of: date, one: dict[str, Any]) -> None:
    """How long it lives once it was issued, and whether it was used when it should have been dead."""
    if credential.expires is not None:
        since = min(credential.last_rotated or as_of, as_of)
        one["lifetime_days"] = max((credential.expires - since).days, 0)
        if credential.last_used is not None:
            one["used_after_expiry"] = credential.last_used > credential.expires
    elif credential.rotate_days is not None:
        one["lifetime_days"] = credential.rotate_days


def _approved(graph: EstateGraph) -> set[str]:
    """Interfaces that are a step of a process with an approval."""
    return {
        step.interface
        for entry in graph.estate.of("process").values()
        if entry.noun.approvals
        for step in entry.noun.steps or ()
        if step.interface
    }


def _only_reads(graph: EstateGraph, name: str) -> bool | None:
    entry = graph.interfaces.get(name)
    operations = operations_of(entry.noun) if entry else None
    return None if operations is None else not set(operations) - {"read"}


def partner_duties(graph: EstateGraph, credentials: Facts) -> Facts:
    """Who shares the credential of a partner, and which of its scopes allow everything."""
    partners = graph.estate.of("partner")
    holders: dict[str, list[str]] = defaultdict(list)
    for id_, entry in partners.items():
        if entry.noun.credential:
            holders[entry.noun.credential].append(id_)
    result: Facts = {}
    for id_, entry in partners.items():
        one: dict[str, Any] = {}
        name = entry.noun.credential
        if name and (len(holders[name]) > 1 or not graph.estate.unread_of("partner")):
            one["same_credential"] = sorted(set(holders[name]) - {id_})
        if name and "wildcard_scopes" in credentials.get(name, {}):
            one["credential_wildcards"] = credentials[name]["wildcard_scopes"]
        result[id_] = one
    return result


def _class_of(interface: Interface) -> str | None:
    return interface.classification.criticality if interface.classification else None


def domain_duties(graph: EstateGraph) -> Facts:
    """Which classes of interface carry a domain, and which business indicators are kept of it."""
    carried: dict[str, list[Interface]] = defaultdict(list)
    perhaps: list[Interface] = []  # those that are kept by hand and do not say what they carry
    for entry in graph.interfaces.values():
        if entry.noun.domain is not None:
            carried[entry.noun.domain].append(entry.noun)
        elif entry.hand_kept:
            perhaps.append(entry.noun)
    open_ = any(_class_of(one) in (None, "A") for one in perhaps)
    result: Facts = {}
    for id_ in graph.estate.of("domain"):
        interfaces = carried.get(id_, [])
        classes = {_class_of(one) for one in interfaces}
        kept = [one.kpi for one in interfaces]
        indicators = sorted({name for kpi in kept for name in kpi or ()})
        one: dict[str, Any] = {}
        if "A" in classes or not (None in classes or open_):
            one["classes"] = sorted(name for name in classes if name)
        if indicators or None not in kept:  # one interface that does not say may keep one
            one["indicators"] = indicators
        result[id_] = one
    return result
