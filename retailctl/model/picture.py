"""Picture: a graph that has been laid out. Coordinates are SVG user units, y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box. ``layer`` is the column it stands in; ``marks`` the number of failed findings by severity."""

    id: str
    label: str
    kind: str
    layer: str
    x: float
    y: float
    width: float
    height: float
    owner: str = ""
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """All interfaces between two systems in one direction of data, drawn as one line.

    ``path`` is an SVG path; ``interfaces`` their ids; ``worst`` the worst severity of a failed finding on them.
    """

    source: str
    target: str
    path: str
    interfaces: tuple[str, ...]
    domains: tuple[str, ...] = ()
    worst: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Nodes and edges with the size of the sheet and the names of the layers, left to right with their x."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    layers: tuple[tuple[str, float], ...] = ()
    note: str = ""
