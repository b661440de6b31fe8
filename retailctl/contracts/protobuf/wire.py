"""Which types and which numbers of occurrences may replace each other, on the wire and in JSON.

https://protobuf.dev/programming-guides/proto3/#updating and https://protobuf.dev/programming-guides/json/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retailctl.contracts.protobuf.features import Presence
from retailctl.contracts.protobuf.model import Enum, Field, Message

Named = Message | Enum
# Types of one row are written alike.
_WIRE: Final = (
    ("int32", "int64", "uint32", "uint64", "bool"),
    ("sint32", "sint64"),
    ("fixed32", "sfixed32"),
    ("fixed64", "sfixed64"),
)
_JSON: Final = (("int32", "uint32"), ("int64", "uint64"), ("fixed32", "sfixed32"), ("fixed64", "sfixed64"))
_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "same": {},
    "wire": {kind: row[0] for row in _WIRE for kind in row},
    "json": {kind: row[0] for row in _JSON for kind in row},
}
CARDINALITIES: Final[Mapping[Presence, str]] = {
    "explicit": "optional with presence",
    "implicit": "optional without presence",
    "required": "required",
    "repeated": "repeated",
    "map": "map",
}
"""The words for how often a field may be there."""


def cardinality_group(presence: Presence, level: str) -> str:
    """What stays the same where a field may be there more or less often: one value, several, or pairs."""
    if level == "same":
        return presence
    if presence in ("repeated", "map"):
        # A map is written as its entries, one after the other; in JSON it is an object and no array.
        return "many" if level == "wire" else presence
    # What is written without a required field cannot be read with it.
    return "required" if presence == "required" else "one"


def types_fit(old: Field, new: Field, level: str, before: Mapping[str, Named], after: Mapping[str, Named]) -> bool:
    """Whether the type of a field may replace the old one. ``level`` is "same", "wire" or "json"."""
    if old.kind != new.kind:
        return kinds_fit(old.kind, new.kind, level)
    if old.kind == "enum" and level != "same":
        return old.type == new.type or _holds(before.get(old.type), after.get(new.type))
    return old.type == new.type


def kinds_fit(old: str, new: str, level: str) -> bool:
    """Whether one kind of type may replace another."""
    # Text is bytes; bytes need not be text.
    if old == new or (level == "wire" and (old, new) == ("string", "bytes")):
        return True
    groups = _GROUPS[level]
    return bool(old and new) and groups.get(old, old) == groups.get(new, new)


def _holds(old: Named | None, new: Named | None) -> bool:
    """Whether an enum with the same short name has all values of the old one, name by name."""
    if not isinstance(old, Enum) or not isinstance(new, Enum) or old.name != new.name:
        return False
    known = {(one.name, one.number) for one in new.values}
    return all((one.name, one.number) in known for one in old.values)


def type_shown(field: Field) -> str:
    """The type of a field in messages."""
    if field.is_map:
        return "map"
    if field.kind in ("message", "group", "enum", ""):
        return f"{'delimited ' if field.kind == 'group' else ''}{field.type}"
    return field.kind
