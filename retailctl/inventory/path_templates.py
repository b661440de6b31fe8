"""Path templates that are known before a log is read: from contracts and from the keys of the inventory.

``/api/orders/{id}`` fits ``/api/orders/4711``. A literal segment beats a parameter, as routers decide, so
``/orders/search`` is never taken for ``/orders/{id}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_ANY: Final = "{}"


@dataclass(slots=True)
class _Node:
    below: dict[str, _Node] = field(default_factory=dict)
    template: str | None = None


class PathTemplates:
    """Templates by system or host name (any case); those under ``*`` hold for every system."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self._roots: dict[str, _Node] = {}
        for system, template in known:
            self.add(system, template)

    def add(self, system: str, template: str) -> None:
        """Make a template known. The first of two that differ in the names of parameters only is kept."""
        node = self._roots.setdefault(system.lower(), _Node())
        for segment in _segments(template):
            node = node.below.setdefault(_ANY if "{" in segment else segment, _Node())
        if node.template is None:
            node.template = template

    def of(self, system: str, path: str) -> str | None:
        """The template of a path without query, or None."""
        segments = _segments(path)
        for name in (system.lower(), "*"):
            root = self._roots.get(name)
            if root is not None and (found := _match(root, segments, 0)) is not None:
                return found
        return None

    def literals(self) -> frozenset[str]:
        """All segments of all templates that are no parameters."""
        found: set[str] = set()
        nodes = list(self._roots.values())
        while nodes:
            below = nodes.pop().below
            found.update(below)
            nodes.extend(below.values())
        return frozenset(found - {_ANY})

    def __bool__(self) -> bool:
        return bool(self._roots)


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _match(node: _Node, segments: list[str], at: int) -> str | None:
    # Two ways at most per segment, and templates are finite: the walk is bounded by what was added.
    if at == len(segments):
        return node.template
    literal = node.below.get(segments[at])
    if literal is not None and (found := _match(literal, segments, at + 1)) is not None:
        return found
    parameter = node.below.get(_ANY)
    return _match(parameter, segments, at + 1) if parameter is not None else None
