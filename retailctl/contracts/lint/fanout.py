"""How often a tool without memory visits the schemas of a document when it follows references in place.

With two references to the next schema in each, n schemas are visited 2^n times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.outline import mapping

MOST: Final = 100_000
"""Visits that are worth waiting for."""

_IN_PLACE: Final = ("allOf", "anyOf", "oneOf", "items", "not")

_Place = tuple[str, str]


def is_too_large(context: Context) -> bool:
    """True when the schemas below an allOf are visited more often than :data:`MOST` times, or without an end."""
    visits: dict[_Place, int] = {}
    total = 0
    for place in context.schemas:
        if "allOf" in place.schema:
            count = _visits(context, (place.path, place.pointer), visits)
            total += MOST + 1 if count is None else count
            if total > MOST:
                return True
    return False


def _visits(context: Context, start: _Place, visits: dict[_Place, int]) -> int | None:
    """Visits below one schema, counted from the leaves up; None when there is a cycle. Iterative."""
    open_places: set[_Place] = set()
    stack: list[tuple[_Place, list[_Place] | None]] = [(start, None)]
    while stack:
        place, children = stack.pop()
        if children is not None:
            visits[place] = min(1 + sum(visits[child] for child in children), MOST + 1)
            open_places.discard(place)
            continue
        if place in visits:
            continue
        if place in open_places:
            return None
        open_places.add(place)
        below = list(_children(context, place))
        stack.append((place, below))
        stack.extend((child, None) for child in below)
    return visits[start]


def _children(context: Context, place: _Place) -> Iterator[_Place]:
    path, pointer = place
    schema = context.library.target("#" + pointer.replace("%", "%25"), path).value
    for keyword in _IN_PLACE:
        value = mapping(schema).get(keyword)
        parts = enumerate(value) if isinstance(value, list) else [("", value)]
        for index, part in parts:
            if isinstance(part, Mapping):
                at = f"{pointer}/{keyword}/{index}" if index != "" else f"{pointer}/{keyword}"
                found_path, found_pointer, found = context.outline.resolve(part, path, at)
                if isinstance(found, Mapping):
                    yield found_path, found_pointer
