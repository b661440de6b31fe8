"""Fields of a Protobuf message (language guide, "Scalar Value Types", "Maps" and "Well-Known Types")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.protobuf.model import Field, Message
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.sets.fields import FieldNode

_SCALARS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "sint32", "sint64"), "integer"),
    **dict.fromkeys(("fixed32", "fixed64", "sfixed32", "sfixed64"), "integer"),
    "float": "float", "double": "float", "bool": "boolean", "string": "string", "bytes": "bytes",
    "enum": "string", "message": "object", "group": "object",
}  # fmt: skip
_KNOWN: Final[Mapping[str, str]] = {
    "google.protobuf.Timestamp": "datetime", "google.protobuf.StringValue": "string",
    "google.protobuf.BytesValue": "bytes", "google.protobuf.BoolValue": "boolean",
    "google.protobuf.DoubleValue": "float", "google.protobuf.FloatValue": "float",
    "google.protobuf.Int64Value": "integer", "google.protobuf.UInt64Value": "integer",
    "google.protobuf.Int32Value": "integer", "google.protobuf.UInt32Value": "integer",
    "google.type.Date": "date", "google.type.Decimal": "decimal",
}  # fmt: skip
_UNIT: Final = ("(unit)", ".unit)", "(x_unit)")


class ProtoField(FieldNode):
    """A field of a message. ``single`` is one of the values of a repeated field."""

    __slots__ = ("_field", "_single", "_tree")

    def __init__(self, tree: ProtoTree, field: Field, *, single: bool = False) -> None:
        self._tree, self._field = tree, field
        self._single = single or (field.label != "repeated" and not field.is_map)
        kind = _KNOWN.get(field.type) or _SCALARS.get(field.kind, "")
        if not self._single:
            kind = "object" if field.is_map else "array"
        super().__init__(
            field.name,
            (kind,) if kind else (),
            Place(field.file, field.pointer),
            (field.type or field.pointer, self._single),
            required=True if field.label == "required" else None,
            unit=_unit(field),
        )

    def _read_fields(self) -> Mapping[str, FieldNode]:
        found = self._tree.types.get(self._field.type) if self._single and not self._field.is_map else None
        return _fields(self._tree, found) if isinstance(found, Message) else {}

    def items(self) -> FieldNode | None:
        """One of the values of a repeated field."""
        if self._single or self._field.is_map:
            return None
        return ProtoField(self._tree, self._field, single=True)

    def values(self) -> FieldNode | None:
        """The values of a map."""
        entry = self._tree.types.get(self._field.type) if self._field.is_map else None
        fields = entry.fields if isinstance(entry, Message) else []
        return next((ProtoField(self._tree, field) for field in fields if field.name == "value"), None)


class ProtoMessage(FieldNode):
    """A whole message."""

    __slots__ = ("_message", "_tree")

    def __init__(self, tree: ProtoTree, message: Message) -> None:
        self._tree, self._message = tree, message
        place = Place(message.file, message.pointer)
        super().__init__(message.name, ("object",), place, (message.full_name, True), required=None, unit="")

    def _read_fields(self) -> Mapping[str, FieldNode]:
        return _fields(self._tree, self._message)

    def items(self) -> FieldNode | None:
        """A message is no list."""
        return None

    def values(self) -> FieldNode | None:
        """A message is no map."""
        return None


def proto_message(tree: ProtoTree, at: str, entity: str) -> ProtoMessage | None:
    """The message with this name, full or short; without one that of the entity, or the only one of the file."""
    messages = {message.full_name: message for message in messages_of(tree)}
    found = messages.get(at or entity) or next((one for one in messages.values() if one.name == (at or entity)), None)
    if found is None and not at and len(messages) == 1:
        found = next(iter(messages.values()))
    return ProtoMessage(tree, found) if found is not None else None


def messages_of(tree: ProtoTree) -> list[Message]:
    """The messages of the root file."""
    return [message for message in tree.files[tree.root].all_messages() if not message.is_map_entry]


def _fields(tree: ProtoTree, message: Message) -> dict[str, FieldNode]:
    return {field.name: ProtoField(tree, field) for field in message.fields}


def _unit(field: Field) -> str:
    return next((one.value.text for one in field.options if one.name.endswith(_UNIT)), "")
