"""Fields of a message that is on both sides: which of them were added, removed or changed, and whom that breaks."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.protobuf.features import json_name, presence
from retailctl.contracts.protobuf.model import Field, Message, covers
from retailctl.contracts.protobuf.readings.facts import BACKWARD, BOTH, FORWARD, NOTHING, Focus, Pair
from retailctl.contracts.protobuf.readings.types import type_breaks
from retailctl.contracts.protobuf.rules.fields import default_of, default_shown
from retailctl.contracts.protobuf.wire import CARDINALITIES, cardinality_group, type_shown


def field_changes(pair: Pair, old: Message, new: Message) -> Iterator[ReadingChange]:
    """The differences between the fields of two forms of a message."""
    before = {one.number: one for one in old.fields}
    after = {one.number: one for one in new.fields}
    named = {one.name: one for one in new.fields if one.number not in before}
    moved: set[int] = set()
    for number, one in before.items():
        if number in after:
            yield from _both(pair, old, new, one, after[number])
        elif one.name in named:
            moved.add(named[one.name].number)
            yield _renumbered(pair, old, new, one, named[one.name])
        else:
            yield _removed(pair, old, new, one)
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


def _removed(pair: Pair, old: Message, new: Message, one: Field) -> ReadingChange:
    number = covers(new.reserved, one.number)
    name = one.name in {other.name for other in new.reserved_names}
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


def _both(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    yield from _type(pair, old, new, one, other)
    yield from _names(pair, old, new, one, other)
    yield from _oneof(pair, old, new, one, other)
    yield from _default(pair, old, new, one, other)


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


def _oneof(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    if one.oneof == other.oneof:
        return
    found: set[Reading] = set()
    clashes: dict[Reading, set[int]] = {
        "backward": _clashes(one, other, old, new),
        "forward": _clashes(other, one, new, old),
    }
    found.update(reading for reading, clash in clashes.items() if clash)
    mates = clashes["backward"] | clashes["forward"]
    if not found and {one.oneof, other.oneof} <= _renamed(old, new, one, other):
        return
    numbers = (one.number, *sorted(mates))
    focus = Focus(old.full_name, new.full_name, numbers, numbers)
    told = (other.full_name, _shown(one), _shown(other))
    broken = frozenset(found)
    yield pair.change(
        "field-same-oneof", new, old=one, new=other, old_file=old.file, broken=broken, focus=focus, told=told
    )


def _renamed(old: Message, new: Message, one: Field, other: Field) -> frozenset[str]:
    """The names of a oneof that only changed its name; its name is nowhere in the data."""
    before = {field.number for field in old.fields if one.oneof and field.oneof == one.oneof}
    after = {field.number for field in new.fields if other.oneof and field.oneof == other.oneof}
    return frozenset({one.oneof, other.oneof}) if before and before == after else frozenset()


def _clashes(written: Field, read: Field, holder: Message, reader: Message) -> set[int]:
    """The fields that a writer can set together with this one and a reader cannot."""
    if not read.oneof:
        return set()
    mates = {one.number for one in reader.fields if one.oneof == read.oneof and one.number != read.number}
    return {
        one.number
        for one in holder.fields
        if one.number in mates and not (written.oneof and one.oneof == written.oneof)
    }


def _shown(field: Field) -> str:
    return f"oneof {field.oneof}" if field.oneof else "no oneof"


def _default(pair: Pair, old: Message, new: Message, one: Field, other: Field) -> Iterator[ReadingChange]:
    if "repeated" in (one.label, other.label) or {one.kind, other.kind} & {"message", "group", ""}:
        return
    if default_of(one, pair.old) != default_of(other, pair.new):
        # With another type the value changes anyway, and that is told.
        broken = BOTH if one.kind == other.kind else NOTHING
        shown = default_shown(one), default_shown(other)
        yield _change(pair, "field-same-default", old, new, one, other, *shown, broken)
