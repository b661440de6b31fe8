"""Derived facts of the schema of an event: is it described, is it governed, are its keys in it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retailctl.graph.contract_facts import is_new_major
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.event_contracts import EventContract
from retailctl.model.event_words import fields_named

_PARTITIONED: Final = frozenset({"kafka", "kafka-secure", "kinesis", "pulsar", "eventhub", "eventhubs"})
_OTHER_FORMATS: Final = (".xsd", ".edi", ".csv", ".avdl", ".wsdl")


def schema_facts(contract: EventContract, graph: EstateGraph) -> dict[str, Any]:
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
        # "Not in the contract" is known only of an event whose address is: it may be there under that.
        if contract.messages or (not document.unresolved and contract.event.channel):
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


def key_facts(contract: EventContract, values: Mapping[str, Any]) -> dict[str, Any]:
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
    """Whether the broker keeps the order within one of several partitions only; None while nothing says what it is."""
    scheme, found, _ = (contract.event.channel or "").partition("://")
    counted = next((one.values[0] for one in contract.statements if one.attribute == "partitions"), "")
    if counted == "1":
        return False
    protocols = {scheme.lower()} if found else {name for one in contract.messages for name in one.protocols}
    return bool(protocols & _PARTITIONED) if protocols else None
