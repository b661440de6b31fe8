"""Data of a message class: small instances with a field set, and what another class makes of their bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from google.protobuf.message import Message as Datum

# The stubs know two classes of this name that are not related; both have what is used here.
FieldDescriptor = Any

_DEPTH: Final = 6
_MOST: Final = 40
# C++ type of a field (FieldDescriptor.CPPTYPE_*) -> values that show what a reader cannot hold.
_VALUES: Final[Mapping[int, tuple[Any, ...]]] = {
    1: (1, -1, 2**31 - 1, -(2**31)),
    2: (1, 2**40, -1, 2**63 - 1),
    3: (1, 2**32 - 1),
    4: (1, 2**40, 2**64 - 1),
    5: (1.5, 1e300),
    6: (1.5,),
    7: (True,),
}
_ENUM, _STRING, _MESSAGE = 8, 9, 10
_BYTES_TYPE: Final = 12


class Difference(NamedTuple):
    """The field that the reader got wrong: its number at the top, the pointer to it, and why."""

    number: int
    pointer: str
    error: str


def is_list(field: FieldDescriptor) -> bool:
    """Whether a field is a list or a map."""
    return bool(field.is_repeated)


def is_map(field: FieldDescriptor) -> bool:
    """Whether a field is a map."""
    kind = field.message_type
    return kind is not None and bool(kind.GetOptions().map_entry)


def filled(kind: type[Datum], depth: int = 0) -> Datum:
    """An instance with nothing but its required fields, which a writer must set."""
    datum = kind()
    for field in kind.DESCRIPTOR.fields:
        if field.is_required and depth < _DEPTH:
            value = next(iter(values(field, depth + 1)), None)
            if value is not None:
                put(datum, field, value)
    return datum


def values(field: FieldDescriptor, depth: int = 0) -> Iterator[Any]:
    """Single values that a field can hold, ordinary ones first."""
    if field.cpp_type == _MESSAGE:
        from google.protobuf import message_factory

        kind = message_factory.GetMessageClass(field.message_type)
        yield filled(kind, depth + 1)
        for inner in list(field.message_type.fields)[:_MOST] if depth < _DEPTH and not is_map(field) else ():
            for value in list(values(inner, depth + 2))[:1]:
                datum = filled(kind, depth + 1)
                put(datum, inner, value)
                yield datum
    elif field.cpp_type == _ENUM:
        numbers = [one.number for one in field.enum_type.values]
        yield from sorted(numbers[:_MOST], key=lambda number: (number == 0, number))
        if not field.enum_type.is_closed:
            # Whoever has a later version writes numbers that this one does not name.
            yield max(numbers) % (2**31 - 1) + 1
    elif field.cpp_type == _STRING:
        yield from (b"\xff\xfe", b"text") if field.type == _BYTES_TYPE else ("text", "7")
    else:
        yield from _VALUES[field.cpp_type]


def put(datum: Datum, field: FieldDescriptor, value: Any) -> None:
    """Set a field to a value, a list to that one value, a map to one entry with it."""
    target = getattr(datum, field.name)
    if is_map(field):
        key_field, value_field = field.message_type.fields
        key = next(iter(values(key_field)))
        if value_field.cpp_type == _MESSAGE:
            target[key].SetInParent()
        else:
            target[key] = next(iter(values(value_field)))
    elif is_list(field):
        target.extend([value])
    elif field.cpp_type == _MESSAGE:
        target.CopyFrom(value)
        target.SetInParent()
    else:
        setattr(datum, field.name, value)


def cases(field: FieldDescriptor, kind: type[Datum], chosen: tuple[int, ...] = ()) -> Iterator[Datum]:
    """Instances with a field set; ``chosen`` are the numbers of an enum to take."""
    if is_map(field):
        yield from _maps(field, kind, chosen)
        return
    several = list(chosen) or list(values(field))
    for value in several:
        datum = filled(kind)
        try:
            put(datum, field, value)
        except (ValueError, TypeError):
            continue
        yield datum
    if is_list(field) and several:
        datum = filled(kind)
        for value in several[:2] * 2:
            put(datum, field, value)
        yield datum


def _maps(field: FieldDescriptor, kind: type[Datum], chosen: tuple[int, ...]) -> Iterator[Datum]:
    key_field, value_field = field.message_type.fields
    first_key, first = next(iter(values(key_field))), next(iter(values(value_field)))
    pairs = [(first_key, value) for value in (chosen or tuple(values(value_field)))]
    pairs += [(key, first) for key in values(key_field)]
    for key, value in pairs:
        datum = filled(kind)
        target = getattr(datum, field.name)
        try:
            if value_field.cpp_type == _MESSAGE:
                target[key].CopyFrom(value)
            else:
                target[key] = value
        except (ValueError, TypeError):
            continue
        yield datum


def difference(written: Datum, read: Datum, *, names: bool, unknown: bool = True) -> Difference | None:
    """The first field whose value the reader does not have as it was written.

    ``names``: the name of an enum value counts, not only its number. ``unknown``: a field that the reader does not
    declare counts.
    """
    after = read.DESCRIPTOR.fields_by_number
    for field in written.DESCRIPTOR.fields:
        other = after.get(field.number)
        if other is None:
            if unknown and is_set(written, field):
                why = "the reader does not know the number: the value ends up among the unknown fields"
                return Difference(field.number, f"/{field.json_name}", why)
            continue
        wrong = _values_differ(written, read, field, other, names=names, unknown=unknown)
        if wrong:
            return Difference(field.number, f"/{field.json_name}", wrong)
    return None


def is_set(datum: Datum, field: FieldDescriptor) -> bool:
    """Whether a field is written."""
    return any(one.number == field.number for one, _ in datum.ListFields())


def _values_differ(
    written: Datum, read: Datum, field: FieldDescriptor, other: FieldDescriptor, *, names: bool, unknown: bool
) -> str:
    if (is_list(field), is_map(field)) != (is_list(other), is_map(other)):
        if is_set(written, field):
            shown = "a map" if is_map(other) else "a list" if is_list(other) else "one value"
            return f"the reader has {shown} in its place"
        return ""
    if field.has_presence and other.has_presence and is_set(written, field) and not is_set(read, other):
        return "the reader finds nothing there"
    if field.cpp_type == _MESSAGE and not is_list(field) and not is_set(written, field):
        return ""
    if _held(field) != _held(other) and is_set(written, field):
        return "the reader has a value where a message is written, or a message where a value is"
    mine, theirs = getattr(written, field.name), getattr(read, other.name)
    if _held(field) and _held(other):
        return _messages_differ(field, other, mine, theirs, names=names, unknown=unknown)
    left, right = (plain(*one, names=names) for one in ((field, mine, other), (other, theirs, field)))
    if left == right and (type(left) is type(right) or (isinstance(left, int) and isinstance(right, int))):
        return ""
    return f"the reader gets {_short(right)} and not {_short(left)}"


def _held(field: FieldDescriptor) -> bool:
    """Whether a field, a list or a map holds messages."""
    held = field.message_type.fields_by_number[2] if is_map(field) else field
    return bool(held.cpp_type == _MESSAGE)


def _messages_differ(
    field: FieldDescriptor, other: FieldDescriptor, mine: Any, theirs: Any, *, names: bool, unknown: bool
) -> str:
    if is_map(field):
        keys = [field.message_type.fields_by_number[1], other.message_type.fields_by_number[1]]
        held = dict(theirs.items())
        if {*mine} != {*held} or (keys[0].cpp_type == _STRING) != (keys[1].cpp_type == _STRING):
            return "the reader gets other keys"
        pairs = [(value, held[key]) for key, value in mine.items()]
    elif is_list(field):
        if len(mine) != len(theirs):
            return f"the reader gets {len(theirs)} and not {len(mine)}"
        pairs = list(zip(mine, theirs, strict=True))
    else:
        pairs = [(mine, theirs)]
    for left, right in pairs:
        inner = difference(left, right, names=names, unknown=unknown)
        if inner:
            return f"{inner.pointer[1:]}: {inner.error}"
    return ""


def plain(field: FieldDescriptor, value: Any, other: FieldDescriptor, *, names: bool) -> Any:
    """A value that can be compared with that of another class."""
    if is_map(field):
        held, theirs = field.message_type.fields_by_number[2], other.message_type.fields_by_number[2]
        return {key: _one(held, one, theirs, names=names) for key, one in value.items()}
    if is_list(field):
        return [_one(field, one, other, names=names) for one in value]
    return _one(field, value, other, names=names)


def _one(field: FieldDescriptor, value: Any, other: FieldDescriptor, *, names: bool) -> Any:
    if field.cpp_type == _MESSAGE:
        return str(value)
    if field.cpp_type == _ENUM:
        named = field.enum_type.values_by_number.get(value)
        return (value, named.name if named else None) if names else value
    if field.cpp_type == _STRING and field.type != _BYTES_TYPE:
        if isinstance(value, bytes):
            # The library hands out what is no UTF-8 as it is, where the schema does not ask for a check.
            return f"{value!r}, which is not UTF-8"
        return value.encode() if other.type == _BYTES_TYPE else value
    return value


def _short(value: Any) -> str:
    if isinstance(value, tuple) and len(value) == 2:
        number, name = value
        return f"{number} ({name or 'without a name'})"
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
