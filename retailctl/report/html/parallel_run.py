"""What only the run of a plan has on the page: verdict with gates, causes, control totals, what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.parallel_run import Cluster, GateResult, Late, ParallelSummary
from retailctl.model.report import Report
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.html import parallel_bridge, parallel_days
from retailctl.report.html.markup import Child, Markup, el, join, mark
from retailctl.report.parallel_tables import total_tables
from retailctl.report.parallel_words import (
    bridges,
    budget,
    gates,
    headline,
    late_rows,
    lateness,
    money,
    not_compared,
    percent,
    red_since,
    since,
    state,
    streak,
)

_TITLE = {"pass": "Pass", "fail": "Fail", "unknown": "Unknown"}
_CAUSES = 20
_MOST_PIPS = 20
_CELL = 300


def verdict(report: Report, told: ParallelSummary) -> Markup:
    """The verdict in one word and one sentence, the figures that matter, and every gate."""
    summary = report.summary
    red = red_since(told)
    lede = f"{headline(told)}{f'; red since {red}' if red else ''}."
    lede = lede[:1].upper() + lede[1:]
    sides = f"{told.legacy} against {told.new}, matched by {', '.join(told.key)}; exit {summary.exit_code}."
    words = el(
        "div",
        el("h1", mark(summary.verdict), _TITLE[summary.verdict]),
        el("p", _clip(lede), class_="lede"),
        el("p", _clip(sides), class_="dim"),
    )
    return el("section", words, _figures(told), _gates(told), class_=f"verdict is-{summary.verdict} run")


def _figures(told: ParallelSummary) -> Markup:
    rows = [(percent(told.values.get("matched_ratio", "")), "equal")]
    rows += [(f"{told.rows.get(side, 0):,}", f"{side} rows") for side in ("legacy", "new")]
    rows += [(_grouped(told.values.get("unexplained", "")), "unexplained"), (_least(told), "days in a row")]
    tiles = [el("div", el("dt", words), el("dd", figure)) for figure, words in rows if figure]
    return el("dl", *tiles, class_="totals")


def _grouped(number: str) -> str:
    return f"{int(number):,}" if number.isascii() and number.isdigit() else number


def _least(told: ParallelSummary) -> str:
    """The streak of the gate that has the longest way to go."""
    asked = [gate for gate in told.gates if gate.needed]
    return streak(min(asked, key=lambda gate: (gate.streak - gate.needed, gate.gate))) if asked else ""


def _gates(told: ParallelSummary) -> Markup:
    heads = ("Gate", "Measured", "Limit", "In a row", "Red since")
    rows = [_gate(gate) for gate in gates(told)]
    return stacked("gates", heads, rows)


def _gate(gate: GateResult) -> Markup:
    word = el("span", gate.verdict, class_=f"k {gate.verdict}")
    note = el("span", _clip(gate.note), class_="dim") if gate.note else None
    name = el("th", mark(gate.verdict), word, " ", _clip(gate.gate), " ", note, scope="row")
    cells = (
        el("td", _clip(_grouped(gate.measured)), class_="n", data_label="measured"),
        el("td", _clip(gate.limit), class_="n", data_label="limit"),
        el("td", _pips(gate), streak(gate), class_="n", data_label="in a row"),
        _number(since(gate), "red since"),
    )
    return el("tr", name, *cells)


def _number(text: str, label: str) -> Markup:
    """A cell that is left out of a narrow page where it says nothing."""
    return el("td", text or "-", class_="n" if text else "n none", data_label=label)


def _pips(gate: GateResult) -> Markup | None:
    """One mark a day that is asked for; filled for those passed in a row."""
    if not 1 < gate.needed <= _MOST_PIPS:
        return None
    marks = [
        el("rect", x=9 * at + 0.5, y=0.5, width=6, height=11, class_="on" if at < gate.streak else "off")
        for at in range(gate.needed)
    ]
    wide = 9 * gate.needed
    return el("svg", *marks, viewBox=f"0 0 {wide} 12", width=wide, height=12, class_="pips", aria_hidden="true")


def sections(told: ParallelSummary) -> Iterator[Markup]:
    """What it is worth, why, where and when, since when, and what nobody compared."""
    shown, more = bridges(told)
    for currency, bridge in shown:
        yield el("section", parallel_bridge.section(currency, bridge), class_="parallel")
    if more:
        yield el("p", more, class_="dim")
    if told.clusters:
        yield el("section", _causes(told), class_="parallel")
    if told.heat is not None and told.heat.rows:
        yield el("section", parallel_days.heat(told.heat), class_="parallel")
    if told.trend:
        yield el("section", parallel_days.trend(told.trend), class_="parallel")
    if told.late is not None:
        yield el("section", _late(told.late), class_="parallel")
    if told.totals:
        yield el("section", *_totals(told), class_="parallel")
    left_out = _left_out(told)
    if left_out:
        yield el("section", *left_out, class_="parallel")


def _causes(told: ParallelSummary) -> Markup:
    heads = ("What differs", "Where", "Covers", "Lift", "Rows", "Net", "Gross")
    rows = [_cause(cluster) for cluster in told.clusters[:_CAUSES]]
    more = len(told.clusters) - _CAUSES
    note = el("p", f"… {count(more, 'more cause')}: use -f json", class_="dim") if more > 0 else None
    words = "A slice is named where it covers half of the rows and has twice its share; else a cause is systemic."
    return join(el("h2", "Causes"), el("p", words, class_="dim"), stacked("causes", heads, rows), note)


def _cause(cluster: Cluster) -> Markup:
    local = bool(cluster.where)
    cells: list[Child] = [el("td", _clip(cluster.where) if local else "everywhere", data_label="where")]
    numbers = (
        (f"{cluster.covers} %" if local else "", "covers"),
        (cluster.lift if local else "", "lift"),
        (f"{cluster.rows:,} ({cluster.share} %)", "rows"),
        (money(cluster.net, signed=True), "net"),
        (money(cluster.gross), "gross"),
    )
    cells += [_number(text, label) for text, label in numbers]
    id_ = el("code", _clip(cluster.id))
    return el("tr", el("th", _clip(cluster.signature), " ", id_, scope="row"), *cells)


def _late(late: Late) -> Markup:
    rows = [
        el("tr", el("th", words, scope="row"), _number(f"{legacy:,}", "legacy"), _number(f"{new:,}", "new"))
        for words, legacy, new in late_rows(late)
    ]
    told = lateness(late)
    words = f"Rows of one side only that were younger than the lag{f'; {told}' if told else ''}."
    return join(el("h2", "Late rows"), el("p", words, class_="dim"), stacked("late", ("", "Legacy", "New"), rows))


def _totals(told: ParallelSummary) -> Iterator[Markup]:
    for table in total_tables(told):
        yield el("h2", _clip(table.title))
        if table.rows:
            texts = len(table.columns) - table.numbers
            head = [el("th", _clip(name), scope="col", class_="n" if at >= texts else None)
                    for at, name in enumerate(table.columns)]  # fmt: skip
            body = [
                el("tr", *(el("td", _clip(text), class_="n" if at >= texts else None) for at, text in enumerate(row)))
                for row in table.rows
            ]
            yield el("p", "The groups that are furthest apart.", class_="dim")
            yield el("div", el("table", el("thead", el("tr", *head)), el("tbody", *body)), class_="scroll")


def _left_out(told: ParallelSummary) -> list[Markup]:
    rows = [el("li", _clip(text)) for text in not_compared(told)]
    shown = [el("h2", "Not compared"), el("ul", *rows, class_="notes")] if rows else []
    if told.accepted:
        heads = ("Accepted difference", "Owner", "Used", "State")
        body = [
            el(
                "tr",
                el("th", _clip(use.reason), scope="row"),
                el("td", _clip(use.owner), data_label="owner"),
                el("td", budget(use), data_label="used"),
                el("td", el("span", mark("warn") if use.void else None, _clip(state(use))), data_label="state"),
            )
            for use in told.accepted
        ]
        shown += [el("h2", "Accepted differences"), stacked("accepted", heads, body)]
    return shown


def stacked(name: str, heads: tuple[str, ...], rows: list[Markup]) -> Markup:
    """A table whose rows become blocks where the page is narrow; a cell says what it is by its label."""
    numbers = {"Measured", "Limit", "In a row", "Red since", "Covers", "Lift", "Rows", "Net", "Gross", "Legacy", "New"}
    head = el("tr", *(el("th", text, scope="col", class_="n" if text in numbers else None) for text in heads))
    return el("table", el("thead", head), el("tbody", *rows), class_=f"stacked {name}")


def _clip(text: str) -> str:
    return escape.clip(escape.terminal(text), _CELL)
