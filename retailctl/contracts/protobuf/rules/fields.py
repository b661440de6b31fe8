"""What stayed under its number and is another field now: name, type, how often, default, options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from retailctl.contracts.protobuf.features import CPP_STRING, JAVA_UTF8, json_name, presence, said_of
from retailctl.contracts.protobuf.locating import option_mark
from retailctl.contracts.protobuf.model import Enum, Field, ProtoFile
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.rules.hits import Hit, Rule, Sides, at_field
from retailctl.contracts.protobuf.wire import CARDINALITIES, cardinality_group, type_shown, types_fit

_INT64: Final = frozenset({"int64", "uint64", "sint64", "fixed64", "sfixed64"})


def same_name(sides: Sides) -> Iterator[Hit]:
    """Fields with another name."""
    for old, new in sides.fields:
        if _own_name(old) != _own_name(new):
            yield at_field(old, new, new.name_mark, before=_own_name(old), after=_own_name(new))


def _own_name(field: Field) -> str:
    return field.full_name if field.extendee else field.name


def same_json_name(sides: Sides) -> Iterator[Hit]:
    """Fields with another name in JSON."""
    for old, new in sides.fields:
        before, after = json_name(old), json_name(new)
        if before != after and not new.extendee:
            yield at_field(old, new, option_mark(new, "json_name"), before=before, after=after)


def same_oneof(sides: Sides) -> Iterator[Hit]:
    """Fields that moved into a oneof, out of one, or into another."""
    for old, new in sides.fields:
        if old.oneof != new.oneof:
            yield at_field(old, new, before=_oneof(old), after=_oneof(new))


def _oneof(field: Field) -> str:
    return f"oneof {field.oneof}" if field.oneof else "no oneof"


def types(level: str) -> Rule:
    """Fields with another type. ``level`` is "same", "wire" or "json": which types may replace each other."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.fields:
            if not types_fit(old, new, level, sides.old.types, sides.new.types):
                yield at_field(old, new, new.type_mark, before=type_shown(old), after=type_shown(new))

    return find


def cardinalities(level: str) -> Rule:
    """Fields that may be there more or less often."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.fields:
            if in_map(old, sides.old) or in_map(new, sides.new):
                continue
            before, after = presence(old, sides.old.files[old.file]), presence(new, sides.new.files[new.file])
            if cardinality_group(before, level) != cardinality_group(after, level):
                yield at_field(old, new, before=CARDINALITIES[before], after=CARDINALITIES[after])

    return find


def in_map(field: Field, tree: ProtoTree) -> bool:
    """Whether a field is the key or the value of a map."""
    holder = tree.types.get(field.nested_in)
    return not field.extendee and not isinstance(holder, Enum) and holder is not None and holder.is_map_entry


def _option_rule(
    names: tuple[str, ...],
    value: Callable[[Field, ProtoFile], str],
    kinds: frozenset[str],
    fits: frozenset[tuple[str, str]],
    *,
    maps: bool = True,
) -> Rule:
    """A property of fields of some kinds; told at the first of the options that says it, else at the field."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.fields:
            if old.kind not in kinds or new.kind not in kinds:
                continue
            before, after = value(old, sides.old.files[old.file]), value(new, sides.new.files[new.file])
            if before != after and (before, after) not in fits:
                if not maps and in_map(new, sides.new):
                    continue
                marks = [mark for name in names if (mark := option_mark(new, name)) is not None]
                yield at_field(old, new, marks[0] if marks else None, before=before, after=after)

    return find


def _jstype(field: Field, _: ProtoFile) -> str:
    return said_of(field, "jstype") or "JS_NORMAL"


def _cpp_string(field: Field, _: ProtoFile) -> str:
    return said_of(field, "ctype") or field.features[CPP_STRING]


def _utf8(field: Field, _: ProtoFile) -> str:
    return field.features["utf8_validation"]


def _java_utf8(field: Field, file: ProtoFile) -> str:
    if field.features[JAVA_UTF8] == "VERIFY" or said_of(file, "java_string_check_utf8") == "true":
        return "VERIFY"
    return field.features["utf8_validation"]


_TEXT: Final = frozenset({"string"})
same_jstype: Final = _option_rule(("jstype",), _jstype, _INT64, frozenset())
# Nobody has string pieces but Google; buf lets them become strings.
same_cpp_string: Final = _option_rule(
    ("ctype", f"features.{CPP_STRING}"),
    _cpp_string,
    frozenset({"string", "bytes"}),
    frozenset({("STRING_PIECE", "STRING")}),
    maps=False,
)
same_utf8: Final = _option_rule(("features.utf8_validation",), _utf8, _TEXT, frozenset())
same_java_utf8: Final = _option_rule(
    (f"features.{JAVA_UTF8}", "features.utf8_validation"), _java_utf8, _TEXT, frozenset()
)


def same_default(sides: Sides) -> Iterator[Hit]:
    """Fields whose absence means another value; no default is the zero of the type."""
    for old, new in sides.fields:
        if "repeated" in (old.label, new.label) or {old.kind, new.kind} & {"message", "group", ""}:
            continue
        before, after = default_of(old, sides.old), default_of(new, sides.new)
        if before != after:
            mark = option_mark(new, "default")
            yield at_field(old, new, mark, before=default_shown(old), after=default_shown(new))


def default_shown(field: Field) -> str:
    """The default of a field in messages."""
    return said_of(field, "default")[:60] or "none"


def default_of(field: Field, tree: ProtoTree) -> str | Decimal | None:
    """The default as a value that can be compared; None is the zero of any type."""
    option = field.option("default")
    if field.kind == "enum":
        enum = tree.types.get(field.type)
        values = enum.values if isinstance(enum, Enum) else []
        named = next((one for one in values if option and one.name == option.value.text), values[0] if values else None)
        return Decimal(named.number) if named and named.number else None
    if option is None:
        return None
    text = option.value.text
    if field.kind in ("string", "bytes"):
        return text or None
    if field.kind == "bool":
        return Decimal(1) if text == "true" else None
    return _number(text)


def _number(text: str) -> str | Decimal | None:
    try:
        if text.lower().lstrip("-").startswith("0x"):
            return Decimal(int(text, 16)) or None
        return Decimal(text) or None
    except (InvalidOperation, ValueError):
        return text
