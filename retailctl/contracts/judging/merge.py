"""One finding per cause: a schema that is the body here and a property there changed once (contracts.md section 4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retailctl.contracts.changes.change import Change

_ROOTS = ("request-body-", "response-body-", "response-mediatype-", "request-parameter-", "response-header-")
_INNER = ("request-property-", "response-property-", "request-parameter-property-", "response-header-property-")


def merged(changes: Iterable[Change]) -> list[Change]:
    """The changes with the same schema fact, direction and meaning put together; the name is that of most operations."""
    result: list[Change] = []
    groups: dict[tuple[object, ...], int] = {}
    sizes: dict[int, int] = {}
    for change in changes:
        if change.schema is None:
            result.append(change)
            continue
        key = (id(change.schema.fact), change.direction, _family(change.id))
        index = groups.get(key)
        if index is None:
            index = groups[key] = len(result)
            sizes[index] = len(change.occurrences)
            result.append(change)
            continue
        known = result[index]
        occurrences = tuple(dict.fromkeys((*known.occurrences, *change.occurrences)))
        if len(change.occurrences) > sizes[index]:
            sizes[index] = len(change.occurrences)
            result[index] = replace(change, occurrences=occurrences)
        else:
            result[index] = replace(known, occurrences=occurrences)
    return result


def _family(id: str) -> str:
    for prefix in (*_INNER, *_ROOTS):
        if id.startswith(prefix):
            return id.removeprefix(prefix)
    return id
