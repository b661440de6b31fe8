"""How the plans of parallel runs stand, on the page of an audit."""

from __future__ import annotations

from retailctl.model.report import PlanState, Report
from retailctl.report import escape
from retailctl.report.html.markup import Markup, el, mark
from retailctl.report.plan_states import CELL, COLUMNS, MOST, TITLE, cells


def section(report: Report) -> Markup:
    """A section with a table; nothing for a report without plans."""
    if not report.runs:
        return Markup("")
    head = el("tr", *(el("th", name, scope="col") for name in COLUMNS))
    rows = [_row(state) for state in report.runs[:MOST]]
    table = el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")
    intro = el("p", "The newest run of each plan, and business days in a row on which every gate held.", class_="dim")
    return el("section", el("h2", TITLE), intro, table)


def _row(state: PlanState) -> Markup:
    name, *others = (escape.clip(cell, CELL) for cell in cells(state))
    verdict = el("td", mark(state.verdict), state.verdict)
    return el("tr", el("th", name, scope="row"), verdict, *(el("td", cell or "-") for cell in others))
