"""Small documents with one business object in every schema language that is read."""

from __future__ import annotations

import json
from typing import Any

from retailctl.contracts.references import Library
from retailctl.contracts.sets.fields import FieldNode
from retailctl.contracts.sets.languages import open_schema
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes


def library(path: str, content: object) -> Library:
    """A library of one document."""

    def read(name: str) -> Document:
        if isinstance(content, str):
            return parse_bytes(name, content.encode(), owned=False, require_mapping=False)
        document = parse_bytes("x.json", json.dumps(content).encode(), owned=False, require_mapping=False)
        document.path = name
        return document

    return Library(read, path)


def root(path: str, content: object, at: str = "", entity: str = "Order") -> FieldNode:
    """The schema in a document."""
    return open_schema(library(path, content), at, entity).root


def openapi(**schemas: object) -> dict[str, Any]:
    """An API with these components."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": "1.0.0"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def asyncapi(payload: object, form: str | None = None) -> dict[str, Any]:
    """An application that sends one message."""
    told = payload if form is None else {"schemaFormat": form, "schema": payload}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Events", "version": "1.0.0"},
        "channels": {"confirmed": {"address": "order.confirmed", "messages": {"OrderConfirmed": {"payload": told}}}},
        "operations": {"send": {"action": "send", "channel": {"$ref": "#/channels/confirmed"}}},
    }


LINE = {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}, "qty": {"type": "integer"}}}
ORDER = {
    "type": "object",
    "required": ["order_ref", "lines"],
    "properties": {
        "order_ref": {"type": "string"},
        "placed_at": {"type": ["string", "null"], "format": "date-time"},
        "total": {"type": "number", "x-unit": "EUR"},
        "lines": {"type": "array", "items": LINE},
        "tags": {"type": "object", "additionalProperties": {"type": "boolean"}},
    },
}
AVRO = {
    "type": "record",
    "name": "Order",
    "namespace": "shop.order",
    "fields": [
        {"name": "order_ref", "type": "string"},
        {"name": "placed_at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}], "default": None},
        {
            "name": "total",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
            "unit": "EUR",
        },
        {
            "name": "lines",
            "type": {
                "type": "array",
                "items": {
                    "type": "record",
                    "name": "Line",
                    "fields": [
                        {"name": "sku", "type": "string"},
                        {"name": "qty", "type": "int"},
                        {"name": "parts", "type": {"type": "array", "items": "Line"}},
                    ],
                },
            },
        },
        {"name": "tags", "type": {"type": "map", "values": "boolean"}},
        {"name": "price", "type": "double"},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["a", "b"]}},
        {"name": "mixed", "type": ["null", "int", "string"]},
    ],
}
PROTO = """\
syntax = "proto3";
package shop.order;
import "google/protobuf/timestamp.proto";

message Order {
  string order_ref = 1;
  google.protobuf.Timestamp placed_at = 2;
  int64 total = 3 [(unit) = "EUR"];
  repeated Line lines = 4;
  map<string, bool> tags = 5;
  double price = 6;
  State state = 7;
  oneof way { string email = 8; Line line = 9; }
  message Line { string sku = 1; int32 qty = 2; repeated Line parts = 3; }
}
message Other { required string a = 1; Nobody b = 2; }
enum State { NEW = 0; }
"""
