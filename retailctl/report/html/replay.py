"""A replay on the page: what its requests came to, and each route with its latencies."""

from __future__ import annotations

from retailctl.model.replay_run import RouteRun
from retailctl.model.report import Report
from retailctl.report.html.markup import Markup, el, mark
from retailctl.report.text_replay import classes, sure, told_gate


def section(report: Report) -> Markup:
    """Nothing for a report that is not of a replay."""
    run = report.summary.replay
    if run is None:
        return Markup("")
    told = el("p", f"{run.compared:,} of {run.requests:,} requests compared: {classes(run.classes)}.")
    gates = [el("li", mark(gate.verdict), f" {told_gate(gate)}") for gate in run.gates]
    heads = ("Route", "Requests", "ms p50 legacy", "new", "ms p95 legacy", "new")
    head = el("tr", *(el("th", name, scope="col", class_="n" if name != heads[0] else None) for name in heads))
    rows = [_row(route) for route in run.routes[:500]]
    table = el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")
    return el(
        "section",
        el("h2", "Replayed"),
        told,
        el("p", f"{sure(run).capitalize()}.", class_="dim"),
        el("ul", *gates),
        table,
    )


def _row(route: RouteRun) -> Markup:
    times = (route.legacy.p50, route.new.p50, route.legacy.p95, route.new.p95)
    name = el("th", mark(route.verdict), f" {route.route}", scope="row")
    return el("tr", name, el("td", classes(route.classes)), *(el("td", f"{time:g}", class_="n") for time in times))
