"""Layered layout of the system graph: columns by layer, rows by barycentre, curved edges. Pure, deterministic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from retailctl.graph.estate_graph import INTEGRATION_LAYERS, EstateGraph
from retailctl.model.picture import Edge, Node, Picture

# Left to right as data usually travels: from where customers are to where numbers are read. What stands between
# systems shares one column, so that the sheet fits a screen.
COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Channels", ("channel",)),
    ("Integration", ("orchestration", "integration", "event_distribution", "system_api")),
    ("Business systems", ("business",)),
    ("Partners", ("partner",)),
    ("Analytics", ("analytics",)),
    ("Layer not declared", ("",)),
)
_TITLE = {layer: title for title, layers in COLUMNS for layer in layers}
_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _TOP, _MARGIN = 176.0, 40.0, 150.0, 20.0, 64.0, 24.0
_SWEEPS = 6


def layout(graph: EstateGraph, marks: Mapping[str, tuple[int, int]], worst: Mapping[str, str]) -> Picture:
    """Lay out all systems and partners.

    ``marks``: system -> (errors, warnings) of failed findings; ``worst``: interface -> worst severity. O(E x sweeps).
    """
    columns = _columns(graph)
    neighbours = _neighbours(graph)
    ordered = _order(columns, neighbours)
    height = _TOP + max((len(c) for c in ordered), default=0) * (_HEIGHT + _GAP_Y) + _MARGIN
    nodes: dict[str, Node] = {}
    titles: list[tuple[str, float]] = []
    x = _MARGIN
    for title, column in zip(_used(columns), ordered, strict=True):
        titles.append((title, x))
        y = _TOP + (height - _TOP - _MARGIN - len(column) * (_HEIGHT + _GAP_Y) + _GAP_Y) / 2
        for system in column:
            nodes[system] = _node(graph, system, title, x, y, marks.get(system, (0, 0)))
            y += _HEIGHT + _GAP_Y
        x += _WIDTH + _GAP_X
    edges = _edges(graph, nodes, worst)
    width = max(x - _GAP_X + _MARGIN, 2 * _MARGIN)
    ordered_nodes = tuple(nodes[id_] for id_ in sorted(nodes))
    return Picture(width=width, height=height, nodes=ordered_nodes, edges=edges, layers=tuple(titles))


def _columns(graph: EstateGraph) -> dict[str, list[str]]:
    partners = graph.estate.of("partner")
    columns: dict[str, list[str]] = defaultdict(list)
    for end in sorted(graph.known_ends()):
        layer = graph.layer(end) or ("partner" if end in partners else "")
        columns[_TITLE[layer]].append(end)
    return columns


def _used(columns: Mapping[str, list[str]]) -> list[str]:
    return [title for title, _ in COLUMNS if columns.get(title)]


def _neighbours(graph: EstateGraph) -> dict[str, set[str]]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in graph.links:
        neighbours[link.source].add(link.target)
        neighbours[link.target].add(link.source)
    return neighbours


def _order(columns: Mapping[str, list[str]], neighbours: Mapping[str, set[str]]) -> list[list[str]]:
    """Barycentre sweeps: a system stands at the mean height of its neighbours in all other columns."""
    ordered = [list(columns[title]) for title in _used(columns)]
    place = {system: (row + 0.5) / len(column) for column in ordered for row, system in enumerate(column)}
    for _ in range(_SWEEPS):
        for column in ordered:
            own = set(column)

            def height(system: str, own: set[str] = own) -> tuple[float, str]:
                near = [place[n] for n in neighbours.get(system, ()) if n not in own]
                return (sum(near) / len(near) if near else place[system], system)

            column.sort(key=height)
            place.update({system: (row + 0.5) / len(column) for row, system in enumerate(column)})
    return ordered


def _node(graph: EstateGraph, system: str, layer: str, x: float, y: float, marks: tuple[int, int]) -> Node:
    noun = graph.system(system)
    partner = graph.estate.of("partner").get(system)
    label = (noun.name if noun else partner.noun.name if partner else None) or system
    return Node(
        id=system,
        label=label,
        kind=(noun.kind if noun else None) or ("partner" if partner else "not declared"),
        layer=layer,
        x=x,
        y=round(y, 1),
        width=_WIDTH,
        height=_HEIGHT,
        owner=(noun.owner if noun else None) or "",
        errors=marks[0],
        warnings=marks[1],
    )


def _edges(graph: EstateGraph, nodes: Mapping[str, Node], worst: Mapping[str, str]) -> tuple[Edge, ...]:
    groups: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for link in graph.links:
        if link.source != link.target:
            interfaces, domains = groups[link.source, link.target]
            interfaces.add(link.interface)
            domains.update([link.domain] if link.domain else [])
    rank = {"error": 0, "warn": 1, "info": 2, "hint": 3}
    edges = []
    for (source, target), (interfaces, domains) in sorted(groups.items()):
        found = sorted((worst[name] for name in interfaces if name in worst), key=lambda s: rank.get(s, 9))
        mediated = graph.layer(source) in INTEGRATION_LAYERS or graph.layer(target) in INTEGRATION_LAYERS
        edges.append(
            Edge(
                source=source,
                target=target,
                path=_curve(nodes[source], nodes[target]),
                interfaces=tuple(sorted(interfaces)),
                domains=tuple(sorted(domains)),
                worst=found[0] if found else "",
                direct=not mediated,
            )
        )
    return tuple(edges)


def _curve(source: Node, target: Node) -> str:
    """Cubic curve from side to side; between rows of one column it bows out to the right."""
    y1, y2 = source.y + source.height / 2, target.y + target.height / 2
    if source.x == target.x:
        right, bow = source.x + source.width, 24 + abs(y2 - y1) / 6
        return f"M{right:.1f},{y1:.1f}C{right + bow:.1f},{y1:.1f} {right + bow:.1f},{y2:.1f} {right:.1f},{y2:.1f}"
    forward = source.x < target.x
    x1 = source.x + (source.width if forward else 0)
    x2 = target.x + (0 if forward else target.width)
    reach = abs(x2 - x1) * 0.45
    a, b = (x1 + reach, x2 - reach) if forward else (x1 - reach, x2 + reach)
    return f"M{x1:.1f},{y1:.1f}C{a:.1f},{y1:.1f} {b:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
