"""Markdown about a parallel run: rows by class, fields by class, and a few rows of each finding folded away."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.finding import Finding
from retailctl.model.parallel_run import Masked, ParallelSummary
from retailctl.model.report import Report
from retailctl.report import escape, parallel_counts
from retailctl.report.grouping import count
from retailctl.report.parallel_tables import Table, tables

_CELL = 200
_FIELDS = 60


def totals(report: Report) -> str:
    """The tables of rows and fields; nothing for a report that is not of a parallel run."""
    told = report.summary.parallel
    return "".join(map(_run, tables(told))) + _rows(told) + _fields(told) if told else ""


def samples(report: Report) -> Iterator[str]:
    """One folded table for each finding that has rows to show."""
    having, note = parallel_counts.sampled(report)
    for finding, rows in having:
        yield _samples(finding, rows)
    yield f"\n_{note}_\n" if note else ""


def _run(table: Table) -> str:
    """A table of what only the run of a plan has; one without rows is its heading alone."""
    lines = [f"\n**{escape.markdown(escape.clip(table.title, _CELL))}**\n"]
    if table.rows:
        texts = len(table.columns) - table.numbers
        lines.append(f"\n| {' | '.join(escape.markdown(escape.clip(name, _CELL)) for name in table.columns)} |\n")
        lines.append(f"|{'---|' * texts}{'---:|' * table.numbers}\n")
    lines += [f"| {' | '.join(_cell(text) if text else '' for text in row)} |\n" for row in table.rows]
    return "".join(lines)


def _rows(told: ParallelSummary) -> str:
    lines = ["\n| Rows | |\n|---|---:|\n"]
    lines += [f"| {row.words} | {row.number:,} |\n" for row in parallel_counts.sides(told)]
    for row in parallel_counts.rows(told):
        words = f"**{row.words}**" if row.bad else row.words
        parts = f" ({row.parts})" if row.parts else ""
        lines.append(f"| {words}{parts} | {row.number:,} |\n")
    return "".join(lines)


def _fields(told: ParallelSummary) -> str:
    rows = list(parallel_counts.fields(told))
    if not rows:
        return ""
    lines = ["\n| Field | Rows in which it differs | How |\n|---|---:|---|\n"]
    for row in rows[:_FIELDS]:
        name = escape.markdown_code(escape.clip(row.words, _CELL))
        lines.append(f"| {name} | {row.number:,} | {escape.markdown(row.parts)} |\n")
    if len(rows) > _FIELDS:
        lines.append(f"| … {count(len(rows) - _FIELDS, 'more field')} | | |\n")
    return "".join(lines)


def _samples(finding: Finding, rows: tuple[Masked, ...]) -> str:
    head = f"{finding.name} {escape.clip(finding.subject, _CELL)}: {count(len(rows), 'row')} shown"
    lines = [f"\n<details><summary>{escape.markdown_html(head)}</summary>\n\n"]
    lines.append("| Key | Legacy -> new |\n|---|---|\n" if rows[0].values else "| Key |\n|---|\n")
    for row in rows:
        cells = [_cell(parallel_counts.key_of(row))]
        cells += [_cell(parallel_counts.values_of(row))] if row.values else []
        lines.append(f"| {' | '.join(cells)} |\n")
    return "".join([*lines, "\n</details>\n"])


def _cell(text: str) -> str:
    return escape.markdown_code(escape.clip(text, 2 * _CELL))
