"""Every difference of two trees with the readings that it breaks: the registry view of Protobuf (contracts.md 5.4).

A reading is judged by the value: what the writer meant must be what the reader gets. That is stricter than "can be
parsed" (an int64 read as an int32 is cut off), and laxer than buf where buf protects generated code.
"""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.protobuf.breaking import BreakingConfig, ProtoFinding, breaking
from retailctl.contracts.protobuf.model import Enum, Message
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.readings.declared import (
    came_and_went,
    package_changes,
    packages,
    service_changes,
)
from retailctl.contracts.protobuf.readings.enums import enum_changes, reserved_changes
from retailctl.contracts.protobuf.readings.facts import BOTH, Pair
from retailctl.contracts.protobuf.readings.fields import field_changes
from retailctl.contracts.protobuf.readings.views import DEFAULT, VIEWS
from retailctl.contracts.protobuf.witness import Workshop
from retailctl.model.compatibility import Category

_CODE = "generated code breaks, not a datum: what compiled against the old version no longer does"


def compare_proto(
    old: ProtoTree, new: ProtoTree, *, category: Category = DEFAULT, grown: frozenset[str] | None = None
) -> list[ReadingChange]:
    """The differences, one per cause, in the order of types and places.

    ``category`` says what the contract promises; see :data:`~retailctl.contracts.protobuf.readings.views.VIEWS`. FILE
    and PACKAGE promise generated code as well: what only breaks code has a reason instead of a witness. ``grown`` are
    the types in which the new tree says more, where it is known that no other differs
    (:mod:`retailctl.contracts.protobuf.outline`).
    """
    workshop = Workshop(old, new, json=VIEWS[category].json)
    pair = Pair(old, new, VIEWS[category], workshop.witness, packages(old, new))
    found = list(_changes(pair, grown))
    if category in ("FILE", "PACKAGE"):
        found = _with_code(found, breaking(old, new, BreakingConfig(use=(category,))))
    return sorted(found, key=lambda one: (one.subject, one.pointer, one.id, str(one.what)))


def _changes(pair: Pair, grown: frozenset[str] | None) -> Iterator[ReadingChange]:
    yield from package_changes(pair.old, pair.new, pair)
    before = {pair.named(name): one for name, one in pair.old.types.items()}
    after = dict(pair.new.types)
    yield from came_and_went(pair, before, after)
    both = before.keys() & after.keys()
    for name in sorted(both if grown is None else both & grown):
        old, new = before[name], after[name]
        if isinstance(old, Message) and isinstance(new, Message):
            if not (old.is_map_entry or new.is_map_entry):
                yield from field_changes(pair, old, new)
                yield from reserved_changes(pair, old, new)
        elif isinstance(old, Enum) and isinstance(new, Enum):
            yield from enum_changes(pair, old, new)
            yield from reserved_changes(pair, old, new)
    yield from service_changes(pair, pair.moves)


def _with_code(found: list[ReadingChange], code: list[ProtoFinding]) -> list[ReadingChange]:
    """The readings and, at places where none of them breaks, what breaks generated code."""
    told = {place for one in found if one.broken for place in (one.old_place, one.new_place) if place}
    more = [
        ReadingChange(
            id=one.rule,
            subject=one.file or one.old.path,
            pointer=one.place.pointer or one.old.pointer,
            what=one.what,
            old=one.before,
            new=one.after,
            location=one.where,
            broken=BOTH,
            old_place=one.old,
            new_place=one.place if one.file else None,
            witness=lambda _: _CODE,
        )
        for one in code
        if one.old not in told and (not one.file or one.place not in told)
    ]
    places = {place for one in more for place in (one.old_place, one.new_place) if place}
    kept = [one for one in found if one.broken or not places & {one.old_place, one.new_place}]
    return [*kept, *more]
