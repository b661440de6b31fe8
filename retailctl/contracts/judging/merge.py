"""One finding per cause (contracts.md section 4.6): what one edit did is said once, with everything it reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retailctl.contracts.changes.change import Change, Occurrence

_ROOTS = ("request-body-", "response-body-", "response-mediatype-", "request-parameter-", "response-header-")
_INNER = ("request-property-", "response-property-", "request-parameter-property-", "response-header-property-")

# Changes of lists: the values of one enumeration, the optional properties of one object.
_VALUES = ("enum-value-added", "enum-value-removed", "x-extensible-enum-value-removed")
_PROPERTIES = (
    "response-optional-property-added",
    "response-optional-property-removed",
    "new-optional-request-property",
)
_MOST = 12


def merged(changes: Iterable[Change]) -> list[Change]:
    """The changes put together that have one cause: in several positions, of several values, by several ways."""
    return _same_places(_lists(_positions(changes)))


def _positions(changes: Iterable[Change]) -> list[Change]:
    """A schema that is the body here and a property there changed once; it is named as in most operations."""
    result: list[Change] = []
    groups: dict[tuple[object, ...], int] = {}
    sizes: dict[int, int] = {}
    for change in changes:
        key = (id(change.schema.fact) if change.schema else id(change), change.direction, _family(change.id))
        index = groups.get(key)
        if index is None:
            index = groups[key] = len(result)
            sizes[index] = len(change.occurrences)
            result.append(change)
            continue
        known = result[index]
        named = known
        if len(change.occurrences) > sizes[index]:
            sizes[index], named = len(change.occurrences), change
        result[index] = replace(named, occurrences=_together(known, change))
    return result


def _lists(changes: list[Change]) -> list[Change]:
    groups: dict[tuple[object, ...], list[Change]] = {}
    for number, change in enumerate(changes):
        key: tuple[object, ...] = (number,)
        if change.schema is not None and (change.schema.fact.family in _VALUES or change.id in _PROPERTIES):
            fact = change.schema.fact
            key = (id(change.schema.node), fact.old_steps, fact.new_steps, change.direction, change.id)
        groups.setdefault(key, []).append(change)
    return [group[0] if len(group) == 1 else _list(group) for group in groups.values()]


def _list(group: list[Change]) -> Change:
    return as_list(group[0], (change.schema.fact.name for change in group if change.schema is not None))


def as_list(first: Change, members: Iterable[str]) -> Change:
    """One change for all members of a list, from that of the first; who is in it is part of its identity."""
    names = sorted(set(members))
    shown = ", ".join(names[:_MOST]) + (f" and {len(names) - _MOST} more" if len(names) > _MOST else "")
    one = replace(first, pointer=f"{first.pointer.rpartition('/')[0]}/{','.join(names)}")
    if first.id in _PROPERTIES:
        around = first.what.rpartition("/")[0]
        return replace(one, what=f"{around}/{{{shown}}}" if around else shown)
    gone = first.old is not None
    return replace(one, old=shown if gone else None, new=None if gone else shown)


def _same_places(changes: list[Change]) -> list[Change]:
    """The same change at the same places is one, by whatever pairs of schemas it was reached."""
    found: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.id, change.old_place, change.new_place, change.what, change.direction, change.pointer)
        known = found.get(key)
        found[key] = change if known is None else replace(known, occurrences=_together(known, change))
    return list(found.values())


def _together(one: Change, other: Change) -> tuple[Occurrence, ...]:
    return tuple(dict.fromkeys((*one.occurrences, *other.occurrences)))


def _family(id: str) -> str:
    for prefix in (*_INNER, *_ROOTS):
        if id.startswith(prefix):
            return id.removeprefix(prefix)
    return id
