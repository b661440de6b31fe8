"""CON-13: what every channel asks for is offered by one stable system API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from retailctl.errors import Location
from retailctl.graph.estate_graph import operations_of, provider_of
from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.context import CheckContext

_ENDING = frozenset({"deprecated", "retiring", "retired", "planned"})


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per capability of the list whose first domain the estate has, or may have.

    Params: ``capabilities``: name -> ``domains``, ``operation`` and ``names`` (pattern that the id, the name or the
    address of the interface holds).
    """
    estate = context.estate
    domains = {*estate.of("domain"), *(entry.noun.domain for entry in estate.of("interface").values())}
    for name, wanted in sorted(context.params["capabilities"].items()):
        if wanted["domains"][0] in domains or None in domains or context.unread("domain"):
            yield _judge(name, wanted, context)


def _judge(name: str, wanted: Mapping[str, Any], context: CheckContext) -> Outcome:
    missing, nearest = "", None
    for entry in context.estate.of("interface").values():
        verdict = _offers(entry, wanted, context)
        if verdict == "":
            return Outcome(subject=name, decision="pass", domain=wanted["domains"][0])
        if verdict is not None and not missing:
            missing, nearest = verdict, entry
    if not missing:
        missing = context.unread("interface")
    if missing:
        where = nearest.origins[:1] if nearest else context.somewhere("interface")
        return Outcome(subject=name, decision="unknown", missing=missing, locations=where, domain=wanted["domains"][0])
    return Outcome(
        subject=name,
        decision="fail",
        message=f"no stable system API for {name}: no interface in {' or '.join(wanted['domains'])} offers it under a "
        "versioned contract that stays",
        locations=_place(wanted["domains"], context),
        domain=wanted["domains"][0],
    )


def _place(domains: Sequence[str], context: CheckContext) -> tuple[Location, ...]:
    """The first of the domains that the inventory lists, else a file of it."""
    known = context.estate.of("domain")
    return next((known[id_].origins[:1] for id_ in domains if id_ in known), context.somewhere("interface"))


def _offers(entry: Entry, wanted: Mapping[str, Any], context: CheckContext) -> str | None:
    """Empty when the interface offers it, None when it surely does not; else the field that would tell."""
    interface: Interface = entry.noun
    key = interface.key
    names = " ".join(filter(None, (entry.id, interface.name, getattr(key, "address", None))))
    if not re.search(wanted["names"], names, re.IGNORECASE):
        return None
    if key is not None and key.protocol not in ("http", "soap", "ws", "rpc"):
        return None
    if provider_of(interface) in context.estate.of("partner"):
        return None
    operations = operations_of(interface)
    open_ = [
        field
        for field, value in {
            "key": key,
            "domain": interface.domain,
            "operations": operations,
            "contract": interface.contract,
        }.items()
        if value is None
    ]
    if interface.domain is not None and interface.domain not in wanted["domains"]:
        return None
    if operations is not None and wanted["operation"] not in operations:
        return None
    if interface.lifecycle in _ENDING:
        return None
    if open_:
        return f"interface.{open_[0]}"
    return _stable(interface.contract or "", context)


def _stable(path: str, context: CheckContext) -> str | None:
    """Empty for a contract of a first or later major version that stays, None for another; else what is not known."""
    document = context.estate.documents.get(path)
    if document is None:
        fact = context.estate.contracts.get(path)
        return None if fact is None or fact.readable else "the contract document"
    if document.problem:
        return "the contract document"
    version = document.version or document.declared_version
    return "" if version and not version.lstrip("vV").startswith("0") and document.lifecycle not in _ENDING else None
