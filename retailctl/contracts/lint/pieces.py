"""A document in pieces that are validated one by one.

The validator collects all errors of what it is given, at several kilobytes each: a large document with an error in
each line would cost gigabytes. A piece is a small document that holds one path, one schema or one other component.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

SMALL: Final = 5_000
"""Values in a piece of which all errors are asked for; of a larger one it is the first only."""

_MAPS: Final = (
    "paths",
    "webhooks",
    "definitions",
    "parameters",
    "responses",
    "securityDefinitions",
    "channels",
    "operations",
    "servers",
)


def pieces(root: Mapping[str, object]) -> Iterator[dict[str, object]]:
    """First the document with its large maps emptied, then one document for each of their entries, in order."""
    maps = {key: root[key] for key in _MAPS if isinstance(root.get(key), dict)}
    components = root.get("components")
    parts = components if isinstance(components, dict) else {}
    named = {key: value for key, value in parts.items() if isinstance(value, dict)}
    emptied: dict[str, object] = {key: {} for key in maps}
    if parts:
        emptied["components"] = {**parts, **{key: {} for key in named}}
    yield {**root, **emptied}
    version = {key: root[key] for key in ("openapi", "swagger", "asyncapi") if key in root}
    frame = {**version, "info": {"title": "", "version": ""}, "channels" if "asyncapi" in root else "paths": {}}
    for key, entries in maps.items():
        for name, value in entries.items():  # type: ignore[attr-defined]  # only dicts were kept
            yield {**frame, key: {name: value}}
    for key, entries in named.items():
        for name, value in entries.items():
            yield {**frame, "components": {key: {name: value}}}


def is_small(piece: object) -> bool:
    """True when a piece has at most :data:`SMALL` values."""
    count, stack = 0, [piece]
    while stack and count <= SMALL:
        current = stack.pop()
        count += 1
        if isinstance(current, dict):
            stack.extend(current.values())
        elif isinstance(current, list):
            stack.extend(current)
    return count <= SMALL
