"""Fields of a message that is on both sides: which of them were added, removed or changed, and whom that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.protobuf.features import json_name, presence
from retailctl.contracts.protobuf.model import Field, Message
from retailctl.contracts.protobuf.ranges import Numbers
from retailctl.contracts.protobuf.readings.facts import BACKWARD, BOTH, FORWARD, NOTHING, Focus, Pair
from retailctl.contracts.protobuf.readings.oneofs import Oneofs
from retailctl.contracts.protobuf.readings.types import HOLDS, type_breaks
from retailctl.contracts.protobuf.rules.fields import default_of, default_shown
from retailctl.contracts.protobuf.wire import CARDINALITIES, cardinality_group, type_shown


class Reserved(NamedTuple):
    """What a message reserves."""

    numbers: Numbers
    names: frozenset[str]


def field_changes(pair: Pair, old: Message, new: Message) -> Iterator[ReadingChange]:
    """The differences between the fields of two forms of a message."""
    before = {one.number: one for one in old.fields}
    after = {one.number: one for one in new.fields}
    named = {one.name: one for one in new.fields if one.number not in before}
    reserved = Reserved(Numbers(new.reserved), frozenset(one.name for one in new.reserved_names))
    oneofs = Oneofs(old, new)
    moved: set[int] = set()
    for number, one in before.items():
        if number in after:
            yield from _type(pair, old, new, one, after[number])
            yield from _names(pair, old, new, one, after[number])
            yield from oneofs.changes(pair, one, after[number])
            yield from _default(pair, old, new, one, after[number])
        elif one.name in named:
            moved.add(named[one.name].number)
            yield _renumbered(pair, old, new, one, named[one.name])
        else:
            yield _removed(pair, old, new, one, reserved)
    for number, one in after.items():
        if number not in before and number not in moved:
            yield _added(pair, old, new, one)


def _focus(old: Message, new: Message, before: Field | None, after: Field | None) -> Focus:
    return Focus(old.full_name, new.full_name, (before.number,) if before else (), (after.number,) if after else ())


def _required(pair: Pair, field: Field, *, old: bool) -> bool:
    tree = pair.old if old else pair.new
    return presence(field, tree.files[field.file]) == "required"


def _added(pair: Pair, old: Message, new: Message, one: Field) -> ReadingChange:
    focus = _focus(old, new, None, one)
    told = (one.name, str(one.number), str(one.number))
    if _required(pair, one, old=False):
        return pair.change("message-same-required-fields", new, new=one, broken=BACKWARD, focus=focus, told=told)
    return pair.change("field-added", new, new=one, focus=focus, told=told)


def _renumbered(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> ReadingChange:
    focus = _focus(old, new, one, other)
    told = (other.full_name, str(one.number), str(other.number))
    return pair.change(
        "field-number-changed", new, old=one, new=other, old_file=old.file, broken=BOTH, focus=focus, told=told
    )


def _removed(pair: Pair, old: Message, new: Message, one: Field, reserved: Reserved) -> ReadingChange:
    number = reserved.numbers.holds(one.number)
    name = one.name in reserved.names
    id_, broken = "field-removed", NOTHING
    if not number:
        id_, broken = "field-no-delete-unless-number-reserved", BACKWARD
    elif not name and pair.view.names:
        id_, broken = "field-no-delete-unless-name-reserved", BACKWARD
    elif one.oneof and pair.view.declared:
        id_, broken = "oneof-field-removed", BACKWARD
    if _required(pair, one, old=True):
        # Who reads with the old version waits for it.
        id_, broken = "message-same-required-fields" if not broken else id_, broken | FORWARD
    focus = _focus(old, new, one, None)
    return pair.change(
        id_, new, old=one, old_file=old.file, told=(one.name, str(one.number), ""), broken=broken, focus=focus
    )


def _change(
    pair: Pair,
    id_: str,
    old: Message,
    new: Message,
    one: Field,
    other: Field,
    before: str,
    after: str,
    broken: frozenset[Reading],
) -> ReadingChange:
    focus = _focus(old, new, one, other)
    told = (other.full_name, before, after)
    return pair.change(id_, new, old=one, new=other, old_file=old.file, broken=broken, focus=focus, told=told)


def _type(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    yield from _cardinality(pair, old, new, one, other)
    if one.is_map and other.is_map:
        yield from _entries(pair, old, new, one, other)
    elif not (one.is_map or other.is_map) and not (one.kind == other.kind and pair.same_type(one, other)):
        same = pair.same_type(one, other)
        types = pair.old.types.get(one.type), pair.new.types.get(other.type)
        found: set[Reading] = set()
        if type_breaks(one, other, pair.view, same=same, named=types):
            found.add("backward")
        if type_breaks(other, one, pair.view, same=same, named=types[::-1]):
            found.add("forward")
        shown = type_shown(one), type_shown(other)
        yield _change(pair, "field-same-type", old, new, one, other, *shown, frozenset(found))


def _entries(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    """The types of keys and values; the change is told at the field, because the entry has no name that one writes."""
    entries = pair.old.types.get(one.type), pair.new.types.get(other.type)
    if isinstance(entries[0], Message) and isinstance(entries[1], Message):
        for part, new_part in zip(entries[0].fields, entries[1].fields, strict=True):
            for found in _type(pair, old, new, part, new_part):
                yield _change(
                    pair,
                    found.id.removeprefix("proto-"),
                    *(old, new, one, other),
                    *(f"map with {part.name} {found.old}", f"map with {part.name} {found.new}", found.broken),
                )


def _cardinality(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    before = presence(one, pair.old.files[one.file])
    after = presence(other, pair.new.files[other.file])
    if before == after:
        return
    shown = CARDINALITIES[before], CARDINALITIES[after]
    if "required" in (before, after) and not {before, after} & {"repeated", "map"}:
        broken = BACKWARD if after == "required" else FORWARD
        focus = _focus(old, new, one, other)
        told = (other.name, str(one.number), shown[1])
        id_ = "message-same-required-fields"
        yield pair.change(id_, new, old=one, new=other, old_file=old.file, broken=broken, focus=focus, told=told)
        return
    same = cardinality_group(before, "json") == cardinality_group(after, "json")
    yield _change(pair, "field-same-cardinality", old, new, one, other, *shown, NOTHING if same else BOTH)


def _names(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    if one.name != other.name:
        broken = BOTH if pair.view.names else NOTHING
        yield _change(pair, "field-same-name", old, new, one, other, one.name, other.name, broken)
    elif json_name(one) != json_name(other):
        broken = BOTH if pair.view.json else NOTHING
        yield _change(pair, "field-same-json-name", old, new, one, other, json_name(one), json_name(other), broken)


def _default(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    if "repeated" in (one.label, other.label) or {one.kind, other.kind} & {"message", "group", ""}:
        return
    if default_of(one, pair.old) != default_of(other, pair.new):
        broken: set[Reading] = set()
        # A required field is always written, so its default is never asked for; with a type that breaks the reading the
        # value changes anyway, and that is told.
        if not _required(pair, one, old=True) and _held(one.kind, other.kind):
            broken.add("backward")
        if not _required(pair, other, old=False) and _held(other.kind, one.kind):
            broken.add("forward")
        shown = default_shown(one), default_shown(other)
        yield _change(pair, "field-same-default", old, new, one, other, *shown, frozenset(broken))


def _held(written: str, read: str) -> bool:
    return written == read or read in HOLDS.get(written, ())
