"""One finding per cause: a schema that is the body here and a property there changed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retailctl.contracts.changes.change import Change

_ROOTS = ("request-body-", "response-body-", "response-mediatype-", "request-parameter-", "response-header-")
_INNER = ("request-property-", "response-property-", "request-parameter-property-", "response-header-property-")

_VALUES = ("enum-value-added", "enum-value-removed", "x-extensible-enum-value-removed")
_MOST = 12


def merged(changes: Iterable[Change]) -> list[Change]:
    """The changes with the same schema fact, direction and meaning put together, named as in most operations."""
    result: list[Change] = []
    groups: dict[tuple[object, ...], int] = {}
    sizes: dict[int, int] = {}
    values: dict[int, list[str]] = {}
    for change in changes:
        if change.schema is None:
            result.append(change)
            continue
        fact = change.schema.fact
        one: object = id(fact)
        if fact.family in _VALUES:  # the values of one enumeration are one change
            one = (id(change.schema.node), fact.old_steps, fact.new_steps)
        key = (one, change.direction, _family(change.id))
        index = groups.get(key)
        if index is None:
            index = groups[key] = len(result)
            sizes[index] = len(change.occurrences)
            result.append(change)
            continue
        known = result[index]
        if fact.family in _VALUES and known.schema is not None and known.schema.fact is not fact:
            values.setdefault(index, [known.schema.fact.name])
            if fact.name not in values[index]:
                values[index].append(fact.name)
        occurrences = tuple(dict.fromkeys((*known.occurrences, *change.occurrences)))
        if len(change.occurrences) > sizes[index]:
            sizes[index] = len(change.occurrences)
            result[index] = replace(change, occurrences=occurrences)
        else:
            result[index] = replace(known, occurrences=occurrences)
    for index, listed in values.items():
        result[index] = _all_values(result[index], listed)
    return _same_places(result)


def _same_places(changes: list[Change]) -> list[Change]:
    """The same change at the same places is one, by whatever pairs of schemas it was reached."""
    found: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.id, change.old_place, change.new_place, change.what, change.direction, change.pointer)
        known = found.get(key)
        if known is None:
            found[key] = change
        else:
            occurrences = tuple(dict.fromkeys((*known.occurrences, *change.occurrences)))
            found[key] = replace(known, occurrences=occurrences)
    return list(found.values())


def _all_values(change: Change, values: list[str]) -> Change:
    shown = ", ".join(values[:_MOST]) + (f" and {len(values) - _MOST} more" if len(values) > _MOST else "")
    gone = change.old is not None
    return replace(change, old=shown if gone else None, new=None if gone else shown)


def _family(id: str) -> str:
    for prefix in (*_INNER, *_ROOTS):
        if id.startswith(prefix):
            return id.removeprefix(prefix)
    return id
