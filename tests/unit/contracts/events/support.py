"""Event documents written out, and what a comparison says of two of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.events.compare import compare_events
from retailctl.contracts.events.judging import judge_events
from retailctl.contracts.events.model import EventDocument
from retailctl.contracts.events.reading import read_events
from retailctl.contracts.judging import Judgement, JudgeOptions
from retailctl.contracts.references import Library
from retailctl.contracts.rules.levels import Levels
from retailctl.errors import InputError
from retailctl.model.compatibility import Compatibility
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes

DAY = date(2026, 11, 20)


def read(raw: Any, name: str = "events.json", **others: Any) -> EventDocument | None:
    """The normal form of a document; ``others`` are files beside it, by the stem of their name."""
    files = {name: raw, **{f"{stem}.json": value for stem, value in others.items()}}

    def reader(path: str) -> Document:
        if path not in files:
            raise InputError("INP001", f"{path}: no such file")
        return parse_bytes(path, json.dumps(files[path]).encode(), owned=False)

    return read_events(Library(reader, name))


def document(raw: Any, name: str = "events.json", **others: Any) -> EventDocument:
    """The normal form of what must be an event contract."""
    found = read(raw, name, **others)
    assert found is not None
    return found


def judged(
    old: Any, new: Any, name: str = "events.json", mode: Compatibility | None = None, **others: Any
) -> Judgement:
    """The changes between two documents with their levels."""
    options = CompareOptions(as_of=DAY)
    comparison = compare_events(document(old, name, **others), document(new, name, **others), options, mode)
    return judge_events(comparison, JudgeOptions(Levels()))


def told(old: Any, new: Any, name: str = "events.json", mode: Compatibility | None = None) -> dict[str, str]:
    """Level by id of every change, the version of the document aside."""
    found = judged(old, new, name, mode).changes
    return {one.change.id: one.level for one in found if one.change.id != "document-version-changed"}


PAID = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "sum": {"type": "number"}}}
CANCEL = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


def v3(**changes: Any) -> dict[str, Any]:
    """An application that sends OrderPaid and receives CancelOrder, in AsyncAPI 3.1; ``changes`` replace parts."""
    raw: dict[str, Any] = {
        "asyncapi": "3.1.0",
        "info": {"title": "Orders"},
        "defaultContentType": "application/json",
        "servers": {"main": {"host": "broker.example.com:9092", "protocol": "kafka"}},
        "channels": {
            "paid": {
                "address": "orders.{store}.paid",
                "parameters": {"store": {}},
                "bindings": {"kafka": {"partitions": 3, "replicas": 2, "bindingVersion": "0.5.0"}},
                "messages": {"OrderPaid": {"$ref": "#/components/messages/OrderPaid"}},
            },
            "cancel": {
                "address": "orders.cancel",
                "messages": {"CancelOrder": {"$ref": "#/components/messages/CancelOrder"}},
            },
        },
        "operations": {
            "sendPaid": {"action": "send", "channel": {"$ref": "#/channels/paid"}},
            "onCancel": {
                "action": "receive",
                "channel": {"$ref": "#/channels/cancel"},
                "messages": [{"$ref": "#/channels/cancel/messages/CancelOrder"}],
            },
        },
        "components": {
            "messages": {
                "OrderPaid": {
                    "name": "OrderPaid",
                    "traits": [{"$ref": "#/components/messageTraits/common"}],
                    "correlationId": {"location": "$message.header#/correlation"},
                    "payload": {"$ref": "#/components/schemas/Paid"},
                },
                "CancelOrder": {"name": "CancelOrder", "payload": {"$ref": "#/components/schemas/Cancel"}},
            },
            "schemas": {"Paid": PAID, "Cancel": CANCEL},
            "messageTraits": {
                "common": {"headers": {"type": "object", "properties": {"correlation": {"type": "string"}}}}
            },
        },
    }
    return {**raw, **changes}


def v2() -> dict[str, Any]:
    """The same application in AsyncAPI 2.6."""
    new = v3()
    messages = new["components"]["messages"]
    bindings = new["channels"]["paid"]["bindings"]
    return {
        "asyncapi": "2.6.0",
        "info": new["info"],
        "defaultContentType": "application/json",
        "servers": {"main": {"url": "broker.example.com:9092", "protocol": "kafka"}},
        "channels": {
            "orders.{shop}.paid": {
                "parameters": {"shop": {"schema": {"type": "string"}}},
                "bindings": bindings,
                "subscribe": {"operationId": "sendPaid", "message": {"$ref": "#/components/messages/OrderPaid"}},
            },
            "orders.cancel": {
                "publish": {
                    "operationId": "onCancel",
                    "message": {"oneOf": [{"$ref": "#/components/messages/CancelOrder"}]},
                }
            },
        },
        "components": {**new["components"], "messages": messages},
    }


def edited(raw: Mapping[str, Any], path: str, value: Any = None) -> dict[str, Any]:
    """A copy with one value replaced (taken away for None); ``path`` is a JSON Pointer."""
    copy: dict[str, Any] = json.loads(json.dumps(raw))
    *steps, name = [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    target = copy
    for step in steps:
        target = target.setdefault(step, {})
    if value is None:
        del target[name]
    else:
        target[name] = value
    return copy
