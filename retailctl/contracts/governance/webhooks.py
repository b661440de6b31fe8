"""Webhooks of an API document: as events, and what their security schemes send."""

from __future__ import annotations

from retailctl.contracts.api import model as api
from retailctl.contracts.events.model import text
from retailctl.model.contract_facts import OperationFact
from retailctl.model.event_facts import MessageFact


def scheme_headers(document: api.ApiDocument) -> tuple[tuple[str, str], ...]:
    """Name of each security scheme that has its key in a header or parameter, and the name of that."""
    named = ((name, text(one.get("name"))) for name, one in document.security_schemes.items())
    return tuple(sorted((name, header) for name, header in named if header))


def webhook_message(operation: OperationFact) -> MessageFact:
    """A webhook is an event that is called out; its headers are not told apart by whether they are required."""
    return MessageFact(
        name=operation.path,
        place=operation.place,
        language="openapi",
        typed=operation.body == "typed",
        fields=tuple(sorted({*operation.body_fields, *operation.request_headers})),
        required=operation.required_fields,
        protocols=("http",),
    )
