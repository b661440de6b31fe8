"""An Avro schema as a JSON Schema of the values that it describes, for a migration between the two languages.

The values are those that JSON shows: a date as a text of format date, bytes as text, the branch of a union without its
name. What JSON Schema cannot say is listed, because a comparison would not see a change of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import setitem
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from retailctl.contracts.api.model import Place, escape
from retailctl.contracts.avro.model import NAMED, PRIMITIVES, AvroSchema, Field, Node

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_INT: Final = 1 << 31
_PLAIN: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "null": {"type": "null"},
        "boolean": {"type": "boolean"},
        "int": {"type": "integer", "minimum": -_INT, "maximum": _INT - 1},
        "long": {"type": "integer"},
        "float": {"type": "number"},
        "double": {"type": "number"},
        "bytes": {"type": "string"},
        "string": {"type": "string"},
    }
)
_FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date": "date",
        "time-millis": "time",
        "time-micros": "time",
        "timestamp-millis": "date-time",
        "timestamp-micros": "date-time",
        "timestamp-nanos": "date-time",
        "uuid": "uuid",
    }
)
_LOST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "long": "that whole numbers have 64 bits",
        "float": "that numbers have 32 bits",
        "double": "that numbers have 64 bits",
        "bytes": "that a text stands for bytes",
    }
)
Put = Callable[[Any], object]
_Defaults = list[tuple[dict[str, Any], Field]]


class Lost(NamedTuple):
    """Something that the JSON Schema does not say, and where the Avro schema says it."""

    text: str
    place: Place


class AsJsonSchema(NamedTuple):
    """The schema, and what it leaves unsaid; the first of each kind."""

    schema: dict[str, Any]
    lost: tuple[Lost, ...]


def as_json_schema(schema: AvroSchema, reference: Callable[[Node], str] | None = None) -> AsJsonSchema:
    """The JSON Schema of a schema. Named types are definitions under their full names.

    ``reference`` is what leads to one of them, for whoever puts the definitions elsewhere.
    """
    reference = reference or _reference
    made: list[dict[str, Any]] = []
    definitions: dict[str, Any] = {}
    lost: dict[str, Lost] = {}
    defaults: _Defaults = []
    todo: list[tuple[Node, Put]] = [(schema.root, made.append)]
    while todo:
        node, put = todo.pop()
        if node.kind in NAMED:
            put({"$ref": reference(node)})
            if node.name in definitions:
                continue
            put = partial(setitem, definitions, node.name)
            definitions[node.name] = {}
        for text in _unsaid(node):
            lost.setdefault(text, Lost(text, node.place))
        todo += reversed(_parts(node, put, defaults))
    for properties, field in defaults:
        properties[field.name]["default"] = field.default
    whole = {"$schema": DIALECT, **made[0]}
    if definitions:
        whole["$defs"] = definitions
    return AsJsonSchema(whole, tuple(lost.values()))


def _reference(node: Node) -> str:
    return f"#/$defs/{escape(node.name)}"


def _unsaid(node: Node) -> list[str]:
    found = [_LOST[node.kind]] if node.kind in _LOST and node.logical is None else []
    if node.logical is not None and node.logical.name not in ("date", "uuid"):
        found.append(f"the logical type {node.logical}")
    if node.aliases or any(field.aliases for field in node.fields):
        found.append("aliases")
    if node.kind == "enum" and node.default is not None:
        found.append("the default of an enum")
    if node.kind == "unknown":
        found.append(f"the type {node.name or 'that could not be read'}")
    return found


def _parts(node: Node, put: Put, defaults: _Defaults) -> list[tuple[Node, Put]]:
    """Put the schema of one type into its place, and return what is left to fill in."""
    made: dict[str, Any] = {"description": node.doc} if node.doc else {}
    put(made)
    if node.kind == "union":
        branches: list[Any] = [None] * len(node.children)
        made["anyOf"] = branches
        return [(child, partial(setitem, branches, index)) for index, child in enumerate(node.children)]
    if node.kind in ("array", "map"):
        made["type"] = "array" if node.kind == "array" else "object"
        return [(node.children[0], partial(setitem, made, "items" if node.kind == "array" else "additionalProperties"))]
    if node.kind == "record":
        return _properties(node, made, defaults)
    made |= _scalar(node)
    return []


def _properties(node: Node, made: dict[str, Any], defaults: _Defaults) -> list[tuple[Node, Put]]:
    """A field with a default may be missing: its readers fill it in."""
    properties: dict[str, Any] = {}
    made |= {"type": "object", "properties": properties}
    if required := [field.name for field in node.fields if not field.has_default]:
        made["required"] = required
    # The default of a date is a number, and would be no value of what JSON shows.
    defaults += [(properties, field) for field in node.fields if field.has_default and field.type.logical is None]
    return [(field.type, partial(setitem, properties, field.name)) for field in node.fields]


def _scalar(node: Node) -> Mapping[str, Any]:
    name = node.logical.name if node.logical else ""
    if name in _FORMATS:
        return {"type": "string", "format": _FORMATS[name]}
    if name == "decimal":
        return {"type": "number"}
    if node.kind == "enum":
        return {"type": "string", "enum": list(node.symbols)}
    if node.kind == "fixed":
        return {"type": "string", "minLength": node.size, "maxLength": node.size}
    return _PLAIN[node.kind] if node.kind in PRIMITIVES else {}
