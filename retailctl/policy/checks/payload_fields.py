"""The names of the fields that go over an interface, as its contract has them."""

from __future__ import annotations

import re
from typing import NamedTuple

from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.estate import Estate
from retailctl.model.event_facts import MessageFact
from retailctl.model.interface import Interface

_VERSION = re.compile(r"[.\-_]v[0-9]+$")
_PARAMETER = re.compile(r"\{[^{}]*\}")


class Payload(NamedTuple):
    """Names of fields that surely go over an interface, and those that may: the key does not say which operation."""

    sure: frozenset[str]
    perhaps: frozenset[str] = frozenset()


def payload_of(interface: Interface, estate: Estate) -> Payload | None:
    """Names in requests, answers and parameters of its operation, or in the messages under its contract.

    Where the key names none of them only what all carry is sure; None while the contract is not there or unreadable.
    """
    document = estate.documents.get(interface.contract or "")
    if document is None or document.problem:
        return None
    if document.is_events:
        mine = [set(message.fields or ()) for message in _messages(document, interface)]
        every = [set(message.fields or ()) for message in document.messages]
    else:
        mine = [set(_names(operation)) for operation in operations_of_interface(document, interface)]
        every = [set(_names(operation)) for operation in document.operations]
    if mine or not every:
        return Payload(frozenset().union(*mine))
    shared = frozenset(set.intersection(*every))
    return Payload(shared, frozenset().union(*every) - shared)


def _messages(document: ContractDocument, interface: Interface) -> list[MessageFact]:
    """The messages that the key of the interface names: its routing key, topic, type or address."""
    key = interface.key
    words = {_bare(getattr(key, name, None) or "") for name in ("routing_key", "topic", "type", "address")} - {""}
    return [one for one in document.messages if _bare(one.name) in words or _bare(one.address) in words]


def _bare(name: str) -> str:
    """A name without its version: ``order.confirmed`` for ``order.confirmed.v1``."""
    return _VERSION.sub("", name.strip().strip("/").lower())


def operations_of_interface(document: ContractDocument, interface: Interface) -> list[OperationFact]:
    """The operations that the key of the interface names; empty when it names none of the document."""
    method, address = getattr(interface.key, "method", None), getattr(interface.key, "address", None)
    if not method or not address:
        return []
    wanted = _plain(address)
    return [
        operation
        for operation in document.operations
        if operation.method == method.upper()
        and (wanted.endswith(_plain(operation.path)) or wanted in map(_plain, operation.urls))
    ]


def _plain(path: str) -> str:
    return _PARAMETER.sub("{}", path).rstrip("/")


def _names(operation: OperationFact) -> tuple[str, ...]:
    return (*operation.body_fields, *operation.parameters)
