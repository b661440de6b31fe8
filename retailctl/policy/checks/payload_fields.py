"""The names of the fields that go over an interface, as its contract has them."""

from __future__ import annotations

import re

from retailctl.model.contract_facts import ContractDocument, OperationFact
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface

_PARAMETER = re.compile(r"\{[^{}]*\}")


def fields_of(interface: Interface, estate: Estate) -> tuple[str, ...] | None:
    """Names in requests, answers and parameters of its operation, or in the messages under its contract.

    Of an API whose operation the key does not name only what every operation of the document carries; None while the
    contract is not there or cannot be read.
    """
    document = estate.documents.get(interface.contract or "")
    if document is None or document.problem:
        return None
    if document.is_events:
        return tuple(sorted({name for message in document.messages for name in message.fields or ()}))
    own = operations_of_interface(document, interface)
    if own:
        return tuple(sorted({name for operation in own for name in _names(operation)}))
    shared = [set(_names(operation)) for operation in document.operations]
    return tuple(sorted(set.intersection(*shared))) if shared else ()


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
