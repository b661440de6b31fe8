"""Which segments of paths are values and not names, learned from how many different ones stand in the same place.

A place with more different segments than its limit becomes a parameter, ``/blog/{name}.html``. What is reached by
reading only has a limit of 24; names of resources have one of 200: the first segment, what follows ``api``, a version
or the like, and whatever is also written to. A segment with a twentieth of the traffic of a crowded place keeps its
name. The decision needs counts only, so the order of lines does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from retailctl.inventory.traffic.segments import ending

NAME: Final = "{name}"
_READ, _NAMED, _SHARE = 24, 200, 20
_NAMING: Final = re.compile(
    r"api|rest|json|jsonrpc|xmlrpc|soap|services?|odata|graphql|rpc|call_kw|call|dataset|object|[vV]?\d{1,2}(?:\.\d{1,3}){0,2}",
    re.IGNORECASE,
)

Segments = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """One path of a host that was answered: how often, and whether it was also written to."""

    segments: Segments
    count: int
    written: bool


@dataclass(slots=True)
class _Node:
    below: dict[str, _Node] = field(default_factory=dict)
    count: int = 0
    written: bool = False
    ends: list[Segments] = field(default_factory=list)

    def add(self, served: Served) -> None:
        node = self
        for name in served.segments:
            node.use(served)
            node = node.below.setdefault(name, _Node())
        node.use(served)
        node.ends.append(served.segments)

    def use(self, served: Served) -> None:
        """Calls of a path that leads through here."""
        self.count += served.count
        self.written = self.written or served.written

    def take(self, other: _Node) -> None:
        """Everything that is below another node, as if it had been below this one."""
        self.count += other.count
        self.written = self.written or other.written
        self.ends += other.ends
        for name, node in other.below.items():
            self.below.setdefault(name, _Node()).take(node)


@dataclass(frozen=True, slots=True)
class Learned:
    """``crowded``: template of a place -> the segments that keep their names there. ``become``: path -> template."""

    crowded: Mapping[Segments, frozenset[str]]
    become: Mapping[Segments, Segments]


def learn(paths: Iterable[Served], before: Mapping[Segments, frozenset[str]], *, strict: int = 1) -> Learned:
    """The templates of the paths of one host. ``before`` are crowded places that are known already.

    ``strict`` divides the limits: with a large one nearly every place is crowded.
    """
    root = _Node()
    for path in paths:
        root.add(path)
    crowded: dict[Segments, frozenset[str]] = {}
    become: dict[Segments, Segments] = {}
    work: list[tuple[Segments, _Node]] = [((), root)]
    while work:
        place, node = work.pop()
        become.update((end, place) for end in node.ends)
        kept = _kept(node, place, before.get(place), strict)
        if kept is not None:
            crowded[place] = kept
        below: dict[str, _Node] = {}
        for name, child in node.below.items():
            below.setdefault(name if kept is None else named(name, kept), _Node()).take(child)
        work.extend(((*place, name), child) for name, child in below.items())
    return Learned(crowded, become)


def named(segment: str, kept: frozenset[str]) -> str:
    """What a segment becomes at a crowded place."""
    if segment in kept:
        return segment
    return NAME + ending(segment.encode())[1].decode()


def _kept(node: _Node, place: Segments, before: frozenset[str] | None, strict: int) -> frozenset[str] | None:
    """The segments that keep their names at a place; None when all do."""
    if before is not None:
        return before
    names = {name: child for name, child in node.below.items() if not name.startswith("{")}
    read = {name for name, child in names.items() if not child.written}
    resources = not place or _NAMING.fullmatch(place[-1]) is not None
    if len(names) > max(1, _NAMED // strict):
        return frozenset(name for name, child in names.items() if child.count * _SHARE >= node.count and strict == 1)
    if not resources and len(read) > max(1, _READ // strict):
        return frozenset(names.keys() - read)
    return None
