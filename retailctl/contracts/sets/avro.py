"""Fields of an Avro schema (Avro specification, "Schema Declaration" and "Logical Types")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.avro import AvroSchema, Node, read_avro
from retailctl.contracts.avro.model import branches
from retailctl.contracts.sets.fields import FieldNode

_KINDS: Final[Mapping[str, str]] = {
    "boolean": "boolean", "int": "integer", "long": "integer", "float": "float", "double": "float", "bytes": "bytes",
    "string": "string", "enum": "string", "fixed": "bytes", "record": "object", "array": "array", "map": "object",
}  # fmt: skip
_LOGICAL: Final[Mapping[str, str]] = {"decimal": "decimal", "date": "date", "uuid": "string"}


class AvroField(FieldNode):
    """A field of a record; of a union, the branches that are not null."""

    __slots__ = ("_nodes",)

    def __init__(self, name: str, place: Place, node: Node, extras: Mapping[str, Any] | None = None) -> None:
        known = [branch for branch in branches(node) if branch.kind != "unknown"]
        self._nodes = [branch for branch in known if branch.kind != "null"]
        super().__init__(
            name,
            tuple(sorted({_type(branch) for branch in self._nodes})),
            place,
            tuple(map(id, self._nodes)),  # a named type is one node, however often it is used
            required=len(self._nodes) == len(known),
            unit=_unit(extras, *(branch.extras for branch in self._nodes)),
        )

    def _read_fields(self) -> Mapping[str, FieldNode]:
        found: dict[str, FieldNode] = {}
        for node in self._nodes:
            for field in node.fields:
                found.setdefault(field.name, AvroField(field.name, field.spot.place, field.type, field.extras))
        return found

    def items(self) -> FieldNode | None:
        """The items of an array."""
        return self._inner("array")

    def values(self) -> FieldNode | None:
        """The values of a map."""
        return self._inner("map")

    def _inner(self, kind: str) -> FieldNode | None:
        for node in self._nodes:
            if node.kind == kind and node.children:
                return AvroField(self.name, node.children[0].place, node.children[0])
        return None


def avro_schema(schema: AvroSchema, at: str = "") -> AvroField | None:
    """The type with this name, full or short; without a name, the schema as a whole. None where there is none."""
    if not at:
        return AvroField("", schema.root.place, schema.root)
    found = schema.types.get(at) or next((node for node in schema.types.values() if node.short == at), None)
    return AvroField(at, found.place, found) if found is not None else None


def avro_at(raw: Any, place: Place) -> AvroSchema:
    """The schema in a raw value."""
    return read_avro(raw, place.path, place.pointer)


def _type(node: Node) -> str:
    logical = node.logical.name if node.logical is not None else ""
    if logical.startswith(("timestamp-", "local-timestamp-")):
        return "datetime"
    if logical.startswith("time-"):
        return "time"
    return _LOGICAL.get(logical) or _KINDS[node.kind]


def _unit(*all_extras: Mapping[str, Any] | None) -> str:
    units: Iterable[Any] = (extras.get(word) for extras in all_extras if extras for word in ("x-unit", "unit"))
    return next((unit for unit in units if isinstance(unit, str)), "")
