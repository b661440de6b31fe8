"""A scan on the page: its sources as a table, and what was seen of whom."""

from __future__ import annotations

from retailctl.model.report import Report
from retailctl.report.html.markup import Markup, el
from retailctl.report.scan_rows import told

_HEADS = ("Source", "Files", "Sightings", "Declared interfaces", "New interfaces")


def section(report: Report) -> Markup:
    """Nothing for a report that is not of a scan."""
    scan = report.summary.scan
    if scan is None:
        return Markup("")
    head = el("tr", *(el("th", name, scope="col", class_="n" if name != _HEADS[0] else None) for name in _HEADS))
    rows = [
        el(
            "tr",
            el("th", one.source, scope="row"),
            *(el("td", f"{n:,}", class_="n") for n in (one.files, one.sightings, one.declared, one.observed)),
        )
        for one in scan.sources
    ]
    table = el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")
    return el("section", el("h2", "Scanned"), *(el("p", f"{line[0].upper()}{line[1:]}.") for line in told(scan)), table)
