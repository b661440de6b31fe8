"""CON-15: one identifier goes with a message through source, middleware and ERP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from retailctl.errors import Location
from retailctl.graph.estate_graph import MEDIATING_LAYERS, provider_of
from retailctl.graph.gaps import missing_end
from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.estate import Entry
from retailctl.model.interface import Interface
from retailctl.model.outcome import Outcome
from retailctl.policy.checks.contract_outcomes import at, named, title
from retailctl.policy.context import CheckContext


def check(context: CheckContext) -> Iterator[Outcome]:
    """One outcome per hop of a middleware that runs under an API contract, or may do so.

    A message keeps its identifier when each hop has a place for it; of what a wave moves it is measured how many do.
    Params: ``headers`` and ``fields`` (names that hold it, any spelling), ``join_rate`` and ``max_age_days``.
    """
    names = frozenset(map(_plain, (*context.params["headers"], *context.params["fields"])))
    facts = {subject.id: subject.fields for subject in context.of("interface")}
    for entry in context.estate.of("interface").values():
        missing = _hop(entry, context)
        of_entry = facts.get(entry.id, {})
        if missing is not None and of_entry.get("contract_kind") not in ("other", "none"):
            promised = _judge(entry, missing, names, context)
            yield _measured(promised, entry, of_entry, context) if promised.decision == "pass" else promised


def _measured(promised: Outcome, entry: Entry, facts: Mapping[str, Any], context: CheckContext) -> Outcome:
    """What the contract promises, held against what was measured of an interface that moves."""
    if facts.get("moving") is False:
        return promised
    rate, days, wanted = facts.get("trace_join_rate"), facts.get("trace_days"), context.params["join_rate"]
    if rate is None or days is None or days > context.params["max_age_days"]:
        lacking = "interface.moving" if "moving" not in facts else "interface.trace_join_rate"
        return replace(promised, decision="unknown", missing=lacking, locations=entry.origins[:1])
    if rate < wanted:
        return replace(
            promised,
            decision="fail",
            message=f"{entry.id} loses the correlation id: {rate:g} of the messages kept it over every hop, "
            f"{wanted:g} are asked for",
            locations=_place_of_rate(entry, context),
        )
    return promised


def _place_of_rate(entry: Entry, context: CheckContext) -> tuple[Location, ...]:
    subject = next((one for one in context.of("interface") if one.id == entry.id), None)
    return (subject.places.get("trace_join_rate", ()) if subject else ()) or entry.origins[:1]


def _hop(entry: Entry, context: CheckContext) -> str | None:
    """Empty for an interface with a middleware at one end, None for one that surely has none; else what to ask."""
    interface: Interface = entry.noun
    ends = [provider_of(interface), *(consumption.system for consumption in interface.consumers or ())]
    layers = {end: context.graph.layer(end) for end in ends if end}
    if MEDIATING_LAYERS & {layer for layer in layers.values() if layer}:
        return ""
    end = missing_end(interface)
    if end is not None:
        return f"interface.{end}"
    partners = context.estate.of("partner")
    undeclared = next((name for name, layer in layers.items() if layer is None and name not in partners), None)
    return f"system.layer of {undeclared}" if undeclared else None


def _judge(entry: Entry, missing: str, names: frozenset[str], context: CheckContext) -> Outcome:
    interface: Interface = entry.noun
    base: dict[str, Any] = {"subject": entry.id, "owner": interface.owner, "domain": interface.domain}
    document = context.estate.documents.get(interface.contract or "")
    if document is None:
        lacking = "interface.contract" if not interface.contract else "the contract document"
        return Outcome(decision="unknown", missing=missing or lacking, locations=entry.origins[:1], **base)
    own = _own_operations(document, interface)
    operations = own or document.operations
    silent = [operation for operation in operations if not _carries(operation, names)]
    if not own and silent and len(silent) < len(operations):
        missing = missing or "interface.key: which operation it is"
    if silent and not missing and not document.unresolved:
        return Outcome(
            decision="fail",
            message=f"{entry.id} loses the correlation id: {title(document)} has no place for it in "
            + named([operation.name for operation in silent]),
            locations=(context.place(entry.id, "contract"), *(at(operation.place) for operation in silent[:5])),
            **base,
        )
    if silent or document.problem or document.unresolved:
        open_ = missing or document.problem or document.unresolved[0].reason
        return Outcome(decision="unknown", missing=open_, locations=(context.place(entry.id, "contract"),), **base)
    return Outcome(decision="pass", **base)


def _own_operations(document: ContractDocument, interface: Interface) -> list[OperationFact]:
    """The operation that the key of the interface names; empty when it names none of the document."""
    method, address = getattr(interface.key, "method", None), getattr(interface.key, "address", None)
    return [
        operation
        for operation in document.operations
        if method and address and operation.method == method.upper() and address.endswith(operation.path)
    ]


def _carries(operation: OperationFact, names: frozenset[str]) -> bool:
    return any(_plain(name) in names for name in (*operation.request_headers, *operation.body_fields))


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
