"""The map: a laid-out picture as inline SVG, a table that says the same, and data for the script."""

from __future__ import annotations

from collections import Counter
from typing import Any

from retailctl.model.picture import Edge, Node, Picture
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.html.markup import Markup, el, join, mark

_HINT = "Point at a system, or reach it with the Tab key, to see what it talks to. Click keeps it; Esc lets go."
_CHAR = 7.4
_BADGE = 34.0
_INTERFACES = 6
_HIGHEST = 99
_LEGEND = (
    ("e error", "error on it"),
    ("e warn", "warning on it"),
    ("e", "mediated"),
    ("e direct", "direct, point to point"),
)


def section(picture: Picture) -> Markup:
    """Heading, drawing in a box that scrolls by itself, legend, detail line and table."""
    facts = f"{count(len(picture.nodes), 'system')}, {count(len(picture.edges), 'connection')}"
    head = el("div", el("h2", "The map"), el("p", f"{facts}. {picture.note}".strip(), class_="dim"), class_="head")
    box = el("div", _svg(picture), class_="sheet", tabindex="0", role="region", aria_label="Map, scrolls sideways")
    detail = el("p", _HINT, id="map-detail", class_="detail", aria_live="polite", hidden=True)
    return el("section", head, box, detail, _legend(), _table(picture), id="map")


def data(picture: Picture) -> dict[str, Any]:
    """What the script needs to tell of a node: labels, and edges by the index of their nodes."""
    index = {node.id: number for number, node in enumerate(picture.nodes)}
    nodes = [[node.label, node.layer, node.owner, node.errors, node.warnings] for node in picture.nodes]
    edges = [
        [index[edge.source], index[edge.target], len(edge.interfaces), ", ".join(edge.domains)]
        for edge in picture.edges
        if edge.source in index and edge.target in index
    ]
    return {"nodes": nodes, "edges": edges}


def _svg(picture: Picture) -> Markup:
    known = {node.id for node in picture.nodes}
    edges = [edge for edge in picture.edges if edge.source in known and edge.target in known]
    # Findings are drawn last so that nothing covers them; the script finds a path by its number.
    order = sorted(enumerate(edges), key=lambda item: _weight(item[1]))
    least = round(max(720.0, picture.width * 0.72))
    return el(
        "svg",
        Markup(
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
            ' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .8 7.5 4 0 7.2z"/></marker></defs>'
        ),
        *_layers(picture),
        el("g", *(_edge(number, edge) for number, edge in order), class_="edges"),
        el("g", *(_node(number, node) for number, node in enumerate(picture.nodes)), class_="nodes"),
        viewBox=f"0 0 {picture.width:g} {picture.height:g}",
        style=f"min-width:{least}px",
        role="group",
        aria_label="Systems in layers with their connections; the table below says the same",
        id="map-svg",
    )


def _weight(edge: Edge) -> int:
    return {"error": 2, "warn": 1}.get(edge.worst, 0)


def _layers(picture: Picture) -> list[Markup]:
    widths: Counter[str] = Counter()
    for node in picture.nodes:
        widths[node.layer] = max(widths[node.layer], round(node.width))
    rows = []
    for name, x in picture.layers:
        wide = widths[name] or 120
        band = el("rect", x=x - 14.0, y=6.0, width=wide + 28.0, height=picture.height - 12.0, rx=14, class_="band")
        rows += [band, el("text", name, x=x, y=30.0, class_="layer")]
    return rows


def _edge(number: int, edge: Edge) -> Markup:
    kind = edge.worst if edge.worst in ("error", "warn") else "plain"
    direct = " direct" if edge.direct else ""
    what = f"{edge.source} → {edge.target}: {count(len(edge.interfaces), 'interface')}"
    title = f"{what} ({', '.join(edge.domains)})" if edge.domains else what
    return el(
        "path",
        el("title", title),
        d=edge.path,
        class_=f"e {kind}{direct}",
        data_e=number,
        marker_end="url(#arrow)",
    )


def _node(number: int, node: Node) -> Markup:
    marks = [("error", node.errors), ("warn", node.warnings)]
    told = ", ".join(count(n, {"error": "error", "warn": "warning"}[kind]) for kind, n in marks if n) or "no findings"
    owner = f"owner {node.owner}" if node.owner else "no owner"
    label = escape.clip(node.label, max(4, int((node.width - 20) / _CHAR)))
    worst = next((kind for kind, n in marks if n), "plain")
    badges, right = [], node.x + node.width + 6
    for kind, n in reversed([pair for pair in marks if pair[1]]):
        right -= _BADGE + 3
        badges.append(_badge(kind, n, right, node.y - 9))
    return el(
        "g",
        el("title", f"{node.label}: {told}; {owner}"),
        el("rect", x=node.x, y=node.y, width=node.width, height=node.height, rx=8),
        el("text", label, x=node.x + 12, y=node.y + node.height / 2 + 4.5),
        *badges,
        class_=f"node {worst}",
        data_n=number,
        tabindex="0",
        role="button",
        aria_label=f"{node.label}, layer {node.layer}, {owner}, {told}",
    )


def _badge(kind: str, number: int, x: float, y: float) -> Markup:
    text = f"{number}" if number <= _HIGHEST else "99+"
    return el(
        "g",
        Markup(f'<rect x="{x:g}" y="{y:g}" width="{_BADGE:g}" height="18" rx="9"/>'),
        Markup(f'<use href="#m-{kind}" x="{x + 4:g}" y="{y + 3.5:g}" width="11" height="11"/>'),
        el("text", text, x=x + 18, y=y + 13),
        class_=f"badge {kind}",
    )


def _legend() -> Markup:
    stroke = '<svg class="line" viewBox="0 0 34 8" aria-hidden="true"><path class="{}" d="M1 4H33"/></svg>'
    lines = [el("li", Markup(stroke.format(css)), word) for css, word in _LEGEND]
    marks = [el("li", mark("error"), "errors of a system"), el("li", mark("warn"), "its warnings")]
    return el("ul", *marks, *lines, class_="legend")


def _table(picture: Picture) -> Markup:
    names = {node.id: node.label for node in picture.nodes}
    head = ("From", "To", "Interfaces", "Domains", "Worst finding", "Path")
    rows = [
        el(
            "tr",
            el("th", names.get(edge.source, edge.source), scope="row"),
            el("td", names.get(edge.target, edge.target)),
            el(
                "td",
                ", ".join(edge.interfaces[:_INTERFACES]) + (" …" if len(edge.interfaces) > _INTERFACES else ""),
            ),
            el("td", ", ".join(edge.domains) or "-"),
            el("td", mark(edge.worst) if edge.worst in ("error", "warn") else None, edge.worst or "-"),
            el("td", "direct" if edge.direct else "mediated"),
        )
        for edge in picture.edges
    ]
    body = join(el("thead", el("tr", *(el("th", name, scope="col") for name in head))), el("tbody", *rows))
    table = el("div", el("table", body), class_="scroll")
    return el("details", el("summary", "The map as a table"), table, class_="plain")
