"""Fields of an Avro schema as it is written (Avro 1.11 specification, "Schema Declaration" and "Logical Types")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.sets.fields import FieldNode

_PRIMITIVES: Final[Mapping[str, str]] = {
    "boolean": "boolean", "int": "integer", "long": "integer", "float": "float", "double": "float", "bytes": "bytes",
    "string": "string", "enum": "string", "fixed": "bytes", "record": "object", "error": "object", "array": "array",
    "map": "object",
}  # fmt: skip
_LOGICAL: Final[Mapping[str, str]] = {"decimal": "decimal", "date": "date", "uuid": "string"}
_NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
_MOST: Final = 5000


class Written(NamedTuple):
    """A schema, where it stands, and the namespace around it."""

    schema: Any
    place: Place
    space: str


Names = Mapping[str, Written]


class AvroField(FieldNode):
    """A field of a record; of a union, the branches that are not null."""

    __slots__ = ("_branches", "_names")

    def __init__(self, names: Names, name: str, place: Place, written: Written, unit: str = "") -> None:
        self._names = names
        branches, nullable = _branches(names, written)
        self._branches = branches
        types = tuple(sorted({found for branch in branches if (found := _type(branch.schema))}))
        own = next((found for branch in branches if (found := _unit(branch.schema))), "")
        identity = tuple(branch.place for branch in branches)
        super().__init__(name, types, place, identity or place, required=not nullable, unit=unit or own)

    def _read_fields(self) -> Mapping[str, FieldNode]:
        found: dict[str, FieldNode] = {}
        for schema, place, space in self._branches:
            fields = schema.get("fields") if isinstance(schema, dict) else None
            inner = _space(schema, space)
            for number, field in enumerate(fields if isinstance(fields, list) else ()):
                if isinstance(field, dict) and isinstance(field.get("name"), str):
                    at = place.at("fields", number)
                    written = Written(field.get("type"), at.at("type"), inner)
                    found.setdefault(
                        field["name"], AvroField(self._names, field["name"], at, written, _unit(field))
                    )  # fmt: skip
        return found

    def items(self) -> FieldNode | None:
        """The items of an array."""
        return self._inner("items")

    def values(self) -> FieldNode | None:
        """The values of a map."""
        return self._inner("values")

    def _inner(self, word: str) -> FieldNode | None:
        for schema, place, space in self._branches:
            if isinstance(schema, dict) and word in schema:
                at = place.at(word)
                return AvroField(self._names, self.name, at, Written(schema[word], at, space))
        return None


def avro_schema(raw: Any, place: Place, at: str = "") -> AvroField | None:
    """The record with this name, full or short; without a name, the schema as a whole. None where there is none."""
    names = _named_types(raw, place)
    if not at:
        return AvroField(names, "", place, Written(raw, place, ""))
    found = names.get(at) or next((one for name, one in names.items() if name.rpartition(".")[2] == at), None)
    return AvroField(names, at, found.place, found) if found else None


def avro_names(raw: Any, place: Place) -> list[str]:
    """The full names of the types in a schema."""
    return list(_named_types(raw, place))


def _named_types(raw: Any, place: Place) -> Names:
    found: dict[str, Written] = {}
    waiting = [Written(raw, place, "")]
    while waiting:
        schema, at, space = waiting.pop()
        if isinstance(schema, list):
            waiting += [Written(one, at.at(number), space) for number, one in enumerate(schema)][::-1]
        if not isinstance(schema, dict):
            continue
        inner = _space(schema, space)
        kind, name = schema.get("type"), schema.get("name")
        if isinstance(kind, str) and kind in _NAMED and isinstance(name, str):
            full = name if "." in name or not inner else f"{inner}.{name}"
            found.setdefault(full, Written(schema, at, space))
        fields = schema.get("fields")
        for number, field in enumerate(fields if isinstance(fields, list) else ()):
            if isinstance(field, dict):
                waiting.append(Written(field.get("type"), at.at("fields", number, "type"), inner))
        waiting += [
            Written(schema[word], at.at(word), inner)
            for word in ("items", "values", "type")
            if isinstance(schema.get(word), dict | list)
        ]
    return found


def _branches(names: Names, written: Written) -> tuple[list[Written], bool]:
    """What a value may be, names followed; and whether it may be null."""
    found: dict[Place, Written] = {}
    nullable, waiting = False, [written]
    while waiting and len(found) < _MOST:
        schema, place, space = waiting.pop()
        if place in found:
            continue
        if isinstance(schema, list):
            waiting += [Written(one, place.at(number), space) for number, one in enumerate(schema)][::-1]
        elif isinstance(schema, dict) and isinstance(schema.get("type"), dict | list):
            waiting.append(Written(schema["type"], place.at("type"), space))
        elif schema == "null" or (isinstance(schema, dict) and schema.get("type") == "null"):
            nullable = True
        elif isinstance(schema, str) and schema not in _PRIMITIVES:
            target = names.get(schema) or names.get(f"{space}.{schema}")
            found.update({target.place: target} if target else {place: Written({}, place, space)})
        else:
            found[place] = Written(schema, place, space)
    return list(found.values()), nullable


def _type(schema: Any) -> str:
    if isinstance(schema, str):
        return _PRIMITIVES.get(schema, "")
    if not isinstance(schema, dict) or not isinstance(schema.get("type"), str):
        return ""
    logical = schema.get("logicalType")
    if isinstance(logical, str):
        if logical.startswith(("timestamp-", "local-timestamp-")):
            return "datetime"
        if logical.startswith("time-"):
            return "time"
        if logical in _LOGICAL:
            return _LOGICAL[logical]
    return _PRIMITIVES.get(schema["type"], "")


def _unit(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    return next((schema[word] for word in ("x-unit", "unit") if isinstance(schema.get(word), str)), "")


def _space(schema: Any, around: str) -> str:
    if not isinstance(schema, dict):
        return around
    name = schema.get("name")
    if isinstance(name, str) and "." in name:
        return name.rpartition(".")[0]
    space = schema.get("namespace")
    return space if isinstance(space, str) else around
