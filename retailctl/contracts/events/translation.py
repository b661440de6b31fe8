"""An Avro payload as the JSON Schema of its data, for a comparison with a payload in JSON Schema.

What counts is the data as JSON shows it, not the bytes: those are told of by the content type.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from retailctl.contracts.api.model import escape
from retailctl.contracts.avro import Node, as_json_schema
from retailctl.contracts.avro.json_schema import Lost
from retailctl.contracts.compatibility.languages import read_avro_schema, within
from retailctl.contracts.events.model import JSON_SCHEMA, Payload
from retailctl.contracts.schemas.document_store import DocumentStore

_AVRO: Final = frozenset({"application/vnd.apache.avro", "application/avro"})
TRANSLATED: Final = _AVRO | {JSON_SCHEMA}
"""The languages whose schemas are compared with each other."""


class Translated(NamedTuple):
    """A payload in JSON Schema, and what its own schema says beyond that."""

    payload: Payload
    lost: tuple[Lost, ...] = ()


def translated(payload: Payload, store: DocumentStore, names: dict[str, str]) -> Translated | None:
    """The payload as JSON Schema, its schemas put into the store; None for an Avro schema that is not valid.

    ``names`` gets the names of its types by their keys.
    """
    if payload.is_json_schema:
        return Translated(payload)
    schema = payload.form(read_avro_schema)
    if not schema.is_valid:
        return None

    def pointer(node: Node) -> str:
        if node is schema.root:
            return payload.place.pointer
        # Below the place of the type, so that a report leads to its line; with its name, as deep places are cut short.
        return f"{within(payload.place, node.place).pointer}/$defs/{escape(node.name)}"

    made = as_json_schema(schema, lambda node: f"#{pointer(node)}")
    definitions = made.schema.pop("$defs", {})
    if schema.root.name not in definitions:
        store.make(payload.place.key, made.schema)
    for name, definition in definitions.items():
        key = f"{payload.place.path}#{pointer(schema.types[name])}"
        store.make(key, definition)
        if schema.types[name] is not schema.root:
            names[key] = name
    return Translated(replace(payload, format=JSON_SCHEMA), made.lost)
