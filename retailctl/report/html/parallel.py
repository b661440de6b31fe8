"""A parallel run on the page: what its plan says of it, rows and fields by class, and a few rows of each finding."""

from __future__ import annotations

from retailctl.model.finding import Finding
from retailctl.model.parallel_run import Masked, ParallelSummary
from retailctl.model.report import Report
from retailctl.report import escape, parallel_counts
from retailctl.report.grouping import count
from retailctl.report.html import overview, parallel_run
from retailctl.report.html.markup import Child, Markup, el, join, mark

_FIELDS = 200
_CELL = 400


def verdict(report: Report) -> Markup:
    """The verdict of a run by its gates; of everything else by what was found."""
    told = report.summary.parallel
    return parallel_run.verdict(report, told) if told is not None and told.gates else overview.verdict(report)


def section(report: Report) -> Markup:
    """What a run says first, then totals and rows; nothing for a report that is not of a parallel run."""
    told = report.summary.parallel
    if told is None:
        return Markup("")
    having, note = parallel_counts.sampled(report)
    samples = [_samples(finding, rows) for finding, rows in having]
    samples += [el("p", note, class_="dim")] if note else []
    rows = el("section", el("h2", "Rows"), _rows(told), _fields(told), *samples, class_="parallel")
    return join(*parallel_run.sections(told), rows)


def _rows(told: ParallelSummary) -> Markup:
    tiles = [_tile(row) for row in (*parallel_counts.sides(told), *parallel_counts.rows(told))]
    by = el("p", f"Matched by {', '.join(told.key)}. Compared by {told.engine}.", class_="dim")
    return join(el("dl", *tiles, class_="totals"), by)


def _tile(row: parallel_counts.Count) -> Markup:
    words = f"{row.words} ({row.parts})" if row.parts else row.words
    shape = mark("error") if row.bad else None
    return el("div", el("dt", shape, words), el("dd", f"{row.number:,}"), class_=None if row.number else "zero")


def _fields(told: ParallelSummary) -> Markup | None:
    rows = list(parallel_counts.fields(told))
    if not rows:
        return None
    shown = [
        el("tr", el("th", _clip(row.words), scope="row"), el("td", f"{row.number:,}"), el("td", row.parts))
        for row in rows[:_FIELDS]
    ]
    more = len(rows) - len(shown)
    note = el("p", f"… {count(more, 'more field')}", class_="dim") if more else None
    return join(_table(("Field", "Rows in which it differs", "How"), shown), note)


def _samples(finding: Finding, rows: tuple[Masked, ...]) -> Markup:
    head = el("summary", f"{finding.name} {_clip(finding.subject)}: {count(len(rows), 'row')} shown")
    body: list[Markup] = []
    for row in rows:
        values = row.values or (("", "", ""),)
        for at, (name, old, new) in enumerate(values):
            cells: list[Child] = [el("th", _clip(parallel_counts.key_of(row)) if at == 0 else "", scope="row")]
            cells += [el("td", _clip(text)) for text in (name, old, new)] if row.values else []
            body.append(el("tr", *cells))
    columns = ("Key", "Field", "Legacy", "New") if rows[0].values else ("Key",)
    return el("details", head, _table(columns, body), class_="plain")


def _table(columns: tuple[str, ...], rows: list[Markup]) -> Markup:
    head = el("tr", *(el("th", name, scope="col") for name in columns))
    return el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll")


def _clip(text: str) -> str:
    return escape.clip(escape.terminal(text), _CELL)  # on one line: a log that shows the page reads lines
