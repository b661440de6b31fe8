"""A parallel run for the terminal: rows by class, fields by class, a few rows of each."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.finding import Finding
from retailctl.model.parallel_run import Masked, ParallelSummary
from retailctl.model.report import Report
from retailctl.report import escape, parallel_counts, text_parallel_run
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions

_WIDE = 22
_LONGEST_NAME = 60


def lines(report: Report, options: RenderOptions) -> Iterator[Line]:
    """Nothing for a report that is not of a parallel run."""
    told = report.summary.parallel
    if told is None:
        return
    yield from text_parallel_run.lines(told, options)
    yield from _rows(told)
    yield from _fields(told)
    having, note = parallel_counts.sampled(report)
    for finding, samples in having:
        yield from _samples(finding, samples, options)
    if note:
        yield Line(note, "dim")
        yield Line()


def _rows(told: ParallelSummary) -> Iterator[Line]:
    yield Line("Rows", "heading")
    for row in parallel_counts.sides(told):
        yield Line(f"  {row.words:<{_WIDE}}{row.number:>15,}", "dim")
    for row in parallel_counts.rows(told):
        tail = f"  {row.parts}" if row.parts else ""
        yield Line(f"  {row.words:<{_WIDE}}{row.number:>15,}{tail}", "error" if row.bad else "")
    yield Line()


def _fields(told: ParallelSummary) -> Iterator[Line]:
    rows = [(_name(row.words), row.parts) for row in parallel_counts.fields(told)]
    if not rows:
        return
    yield Line("Fields of changed rows", "heading")
    width = max(len(name) for name, _ in rows)
    for name, parts in rows:
        yield Line(f"  {name:<{width}}  {parts}")
    yield Line()


def _samples(finding: Finding, samples: tuple[Masked, ...], options: RenderOptions) -> Iterator[Line]:
    yield Line(f"{finding.name}  {escape.clip(escape.terminal(finding.subject), LONGEST)}", "heading")
    for row in samples:
        key, values = parallel_counts.key_of(row), parallel_counts.values_of(row)
        yield from wrap(f"{key}  {values}" if values else key, options.width, "  ", "dim", foreign=True)
    yield Line()


def _name(text: str) -> str:
    return escape.clip(escape.terminal(text), _LONGEST_NAME)
