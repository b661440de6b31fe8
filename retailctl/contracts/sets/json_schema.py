"""Fields of JSON Schema in normal form: OpenAPI components, AsyncAPI payloads, stand-alone schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.schemas.store import Schema, SchemaStore
from retailctl.contracts.sets.fields import FieldNode

_MOST: Final = 5000
_FORMATS: Final[Mapping[str, str]] = {
    "date-time": "datetime", "date": "date", "time": "time", "byte": "bytes", "binary": "bytes", "decimal": "decimal",
}  # fmt: skip
_FLOATS: Final = frozenset({"float", "double"})
_UNITS: Final = ("x-unit", "unit")


class Part(NamedTuple):
    """A schema that has a say in a field. ``sure`` is False for one of several branches."""

    schema: Mapping[str, Any]
    place: Place
    sure: bool


class JsonField(FieldNode):
    """A field whose schema is all of these parts."""

    __slots__ = ("_parts", "_store")

    def __init__(
        self, store: SchemaStore, name: str, place: Place, written: Iterable[Part], *, required: bool = False
    ) -> None:
        self._store = store
        self._parts = _expanded(store, written)
        identity = tuple(part.place for part in self._parts if part.schema.keys() - {"$ref"})  # however it was come to
        super().__init__(
            name, _types(self._parts), place, identity or place, required=required, unit=_unit(self._parts)
        )

    def _read_fields(self) -> Mapping[str, FieldNode]:
        found: dict[str, list[Part]] = {}
        for part in self._parts:
            for name, schema in _mapping(part.schema.get("properties")).items():
                place = part.place.at("properties", name)
                found.setdefault(str(name), []).extend(_part(schema, place, sure=part.sure))
        required = self._required()
        return {
            name: JsonField(self._store, name, parts[0].place, parts, required=name in required)
            for name, parts in found.items()
        }

    def _required(self) -> frozenset[str]:
        """What every object of this schema has: named outside of branches, or in every branch that is one."""
        sure = frozenset(name for part in self._parts if part.sure for name in _texts(part.schema.get("required")))
        branches = [
            frozenset(_texts(part.schema.get("required")))
            for part in self._parts
            if not part.sure and ("properties" in part.schema or "required" in part.schema)
        ]
        return sure | (frozenset.intersection(*branches) if branches else frozenset())

    def items(self) -> FieldNode | None:
        """The items, with those of a tuple."""
        parts = [found for part in self._parts for found in self._item_parts(part)]
        return JsonField(self._store, self.name, parts[0].place, parts) if parts else None

    def _item_parts(self, part: Part) -> list[Part]:
        found = _part(part.schema.get("items"), part.place.at("items"), sure=part.sure)
        prefix = part.schema.get("prefixItems")
        for number, schema in enumerate(prefix if isinstance(prefix, list) else ()):
            found += _part(schema, part.place.at("prefixItems", number), sure=False)
        return found

    def values(self) -> FieldNode | None:
        """What stands under names that the schema does not list."""
        parts: list[Part] = []
        for part in self._parts:
            place = part.place.at("additionalProperties")
            parts += _part(part.schema.get("additionalProperties"), place, sure=part.sure)
            for name, schema in _mapping(part.schema.get("patternProperties")).items():
                parts += _part(schema, part.place.at("patternProperties", name), sure=False)
        return JsonField(self._store, self.name, parts[0].place, parts) if parts else None


def json_schema(store: SchemaStore, key: str, name: str) -> JsonField:
    """The schema with this key. Raises KeyError where there is none."""
    place = _place(key)
    return JsonField(store, name, place, _part(store.resolve(key), place, sure=True))


def _part(schema: object, place: Place, *, sure: bool) -> list[Part]:
    if schema is True:
        schema = {}
    return [Part(schema, place, sure)] if isinstance(schema, dict) else []


def _expanded(store: SchemaStore, written: Iterable[Part]) -> tuple[Part, ...]:
    """The parts and what they refer to and consist of, each place once."""
    found: dict[Place, Part] = {}
    waiting = list(written)[::-1]
    while waiting and len(found) < _MOST:
        part = waiting.pop()
        if part.place in found:
            continue
        found[part.place] = part
        waiting += reversed(_behind(store, part))
    return tuple(found.values())


def _behind(store: SchemaStore, part: Part) -> list[Part]:
    schema, place, sure = part
    found: list[Part] = []
    target = schema.get("$ref")
    if isinstance(target, str):
        found += _part(_resolved(store, target), _place(target), sure=sure)
    for word in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(word)
        if isinstance(branches, list):
            certain = sure and (word == "allOf" or len(branches) == 1)
            for number, branch in enumerate(branches):
                found += _part(branch, place.at(word, number), sure=certain)
    for word in ("then", "else"):
        found += _part(schema.get(word), place.at(word), sure=False)
    return found


def _resolved(store: SchemaStore, key: str) -> Schema:
    try:
        return store.resolve(key)
    except KeyError:
        return {}


def _types(parts: Iterable[Part]) -> tuple[str, ...]:
    found: set[str] = set()
    for part in parts:
        found |= _own_types(part.schema)
    if "string" in found and found & set(_FORMATS.values()):
        found.discard("string")  # one part says text, another one which text
    if "number" in found and "float" in found:
        found.discard("number")
    return tuple(sorted(found))


def _own_types(schema: Mapping[str, Any]) -> set[str]:
    kinds = schema.get("type")
    words = {kind for kind in kinds if kind != "null"} if isinstance(kinds, tuple) else _told(schema)
    form = schema.get("format")
    if "string" in words and isinstance(form, str) and form in _FORMATS:
        words = words - {"string"} | {_FORMATS[form]}
    if "number" in words and form in _FLOATS:
        words = words - {"number"} | {"float"}
    return words


def _told(schema: Mapping[str, Any]) -> set[str]:
    """The types of a schema that names none, by its values or by what it says of them."""
    values = schema.get("enum") if isinstance(schema.get("enum"), list) else None
    values = values or ([schema["const"]] if "const" in schema else [])
    found = {_value_type(value) for value in values if value is not None}
    if "properties" in schema:
        found.add("object")
    if "items" in schema or "prefixItems" in schema:
        found.add("array")
    return found


def _value_type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


def _unit(parts: Iterable[Part]) -> str:
    units = (part.schema.get(word) for part in parts for word in _UNITS)
    return next((unit for unit in units if isinstance(unit, str)), "")


def _place(key: str) -> Place:
    path, _, pointer = key.partition("#")
    return Place(path, pointer)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []
