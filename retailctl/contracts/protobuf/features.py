"""The features in force on every element: the defaults of the syntax or edition, and what the scopes around say.

https://protobuf.dev/editions/features/ . proto2 and proto3 are read as editions with other defaults, as protoc does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from retailctl.contracts.protobuf.model import Element, Enum, Field, Message, Option, ProtoFile

_PREFIX: Final = "features."
CPP_STRING: Final = "(pb.cpp).string_type"
JAVA_UTF8: Final = "(pb.java).utf8_validation"
_2023: Final[Mapping[str, str]] = {
    "field_presence": "EXPLICIT",
    "enum_type": "OPEN",
    "repeated_field_encoding": "PACKED",
    "utf8_validation": "VERIFY",
    "message_encoding": "LENGTH_PREFIXED",
    "json_format": "ALLOW",
    CPP_STRING: "STRING",
    JAVA_UTF8: "DEFAULT",
}
DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "proto2": {
        **_2023,
        "enum_type": "CLOSED",
        "repeated_field_encoding": "EXPANDED",
        "utf8_validation": "NONE",
        "json_format": "LEGACY_BEST_EFFORT",
    },
    "proto3": {**_2023, "field_presence": "IMPLICIT"},
    "2023": _2023,
    "2024": {**_2023, CPP_STRING: "VIEW"},
}
"""What holds where nothing is said, by syntax or edition."""

Presence = Literal["explicit", "implicit", "required", "repeated", "map"]
PACKABLE: Final = frozenset(
    {"int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64"}
    | {"bool", "float", "double", "enum"}
)
SCALARS: Final = PACKABLE - {"enum"} | {"string", "bytes"}


def spread(file: ProtoFile) -> None:
    """Set the features of everything in a file."""
    base = DEFAULTS.get(file.edition or file.syntax, _2023)
    file.features = _with(base, file.options)
    for message in file.messages:
        _message(message, file.features)
    for enum in file.enums:
        _enum(enum, file.features)
    for field in file.extends:
        field.features = _with(file.features, field.options)
    for service in file.services:
        service.features = _with(file.features, service.options)


def _message(message: Message, outer: Mapping[str, str]) -> None:
    message.features = own = _with(outer, message.options)
    oneofs = {oneof.name: _with(own, oneof.options) for oneof in message.oneofs}
    for field in (*message.fields, *message.extends):
        field.features = _with(oneofs.get(field.oneof, own), field.options)
    entries = {field.type: field for field in message.fields if field.is_map}
    for enum in message.enums:
        _enum(enum, own)
    for nested in message.messages:
        # The entry of a map has what its field says: utf8_validation of a map field is about keys and values.
        _message(nested, entries[nested.full_name].features if nested.is_map_entry else own)


def _enum(enum: Enum, outer: Mapping[str, str]) -> None:
    enum.features = own = _with(outer, enum.options)
    for value in enum.values:
        value.features = own


def _with(outer: Mapping[str, str], options: list[Option]) -> Mapping[str, str]:
    said = {
        option.name[len(_PREFIX) :]: option.value.text
        for option in options
        if option.name.startswith(_PREFIX) and option.value.kind != "message"
    }
    return {**outer, **said} if said else outer


def presence(field: Field, file: ProtoFile) -> Presence:
    """How often a field may be there, and whether its absence can be told from its default."""
    if field.is_map:
        return "map"
    if field.label == "repeated":
        return "repeated"
    if field.label == "required":
        return "required"
    said = field.features.get("field_presence")
    if said == "LEGACY_REQUIRED" and not field.extendee and not field.oneof:
        return "required"
    explicit = field.extendee or field.oneof or field.label == "optional" or field.kind in ("message", "group")
    return "explicit" if explicit or said != "IMPLICIT" or file.syntax == "proto2" else "implicit"


def is_packed(field: Field) -> bool:
    """Whether the writer puts repeated values into one record."""
    if field.label != "repeated" or field.kind not in PACKABLE:
        return False
    said = said_of(field, "packed")
    return said == "true" if said else field.features.get("repeated_field_encoding") == "PACKED"


def is_closed(enum: Enum) -> bool:
    """Whether a number that the enum does not name is no value of it."""
    return enum.features.get("enum_type") == "CLOSED"


def json_name(field: Field) -> str:
    """The name of a field in JSON."""
    option = field.option("json_name")
    return option.value.text if option else camel(field.name)


def camel(name: str) -> str:
    """``order_id`` as ``orderId``, the way protoc does it."""
    if "_" not in name:
        return name
    letters, upper = [], False
    for letter in name:
        if letter == "_":
            upper = True
            continue
        letters.append(letter.upper() if upper and letter.islower() else letter)
        upper = False
    return "".join(letters)


def said_of(element: Element | ProtoFile, name: str) -> str:
    """The text of an option, "" where it is not said."""
    option = element.option(name)
    return option.value.text if option else ""
