"""A parallel run for the terminal: rows by class, fields by class, a few rows of each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from retailctl.model.finding import Finding
from retailctl.model.parallel_run import Masked, ParallelSummary
from retailctl.model.report import Report
from retailctl.report import escape, parallel_counts
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions

_WIDE = 22
_LONGEST_NAME = 60
_WORST = 5
_CLUSTERS = 10
_STYLES = {"pass": "", "fail": "error", "unknown": "unknown"}


def lines(report: Report, options: RenderOptions) -> Iterator[Line]:
    """Nothing for a report that is not of a parallel run."""
    told = report.summary.parallel
    if told is None:
        return
    yield from _gates(told)
    yield from _bridges(told)
    yield from _clusters(told, options)
    yield from _totals(told, options)
    yield from _rows(told)
    yield from _fields(told)
    having, note = parallel_counts.sampled(report)
    for finding, samples in having:
        yield from _samples(finding, samples, options)
    if note:
        yield Line(note, "dim")
        yield Line()


def _gates(told: ParallelSummary) -> Iterator[Line]:
    if not told.gates:
        return
    yield Line("Gates", "heading")
    width = min(max(len(gate.gate) for gate in told.gates), _LONGEST_NAME)
    for gate in told.gates:
        since = f", red since {gate.first_red}" if gate.first_red else ""
        waits = f", {gate.note}{since}" if gate.note else since
        streak = f"  {gate.streak}/{gate.needed} in a row" if gate.verdict == "pass" else waits
        text = f"  {gate.verdict:<8}{gate.gate:<{width}}  {gate.measured:>12}  limit {gate.limit}{streak}"
        yield Line(escape.clip(escape.terminal(text), LONGEST), _STYLES[gate.verdict])
    yield Line()


def _bridges(told: ParallelSummary) -> Iterator[Line]:
    for currency, bridge in told.bridge.items():
        yield Line(f"Money bridge {_name(currency)}".rstrip(), "heading")
        rows = [("legacy", "", bridge.legacy), *((line.name, f"{line.rows:,}", line.amount) for line in bridge.lines)]
        rows += [("new", "", bridge.new), ("remainder", "", bridge.remainder)]
        for name, count, amount in rows:
            wrong = name == "remainder" and Decimal(amount) != 0
            style = "error" if wrong else "strong" if name in ("legacy", "new") else ""
            yield Line(f"  {_name(name):<36}{count:>10}{_money(amount, signed=bool(count)):>22}", style)
        yield Line()


def _money(amount: str, *, signed: bool) -> str:
    return f"{Decimal(amount):+,}" if signed else f"{Decimal(amount):,}"


def _clusters(told: ParallelSummary, options: RenderOptions) -> Iterator[Line]:
    if not told.clusters:
        return
    yield Line("Causes: what explains the differences", "heading")
    for cluster in told.clusters[:_CLUSTERS]:
        where = (
            f"{cluster.where} holds {cluster.covers} %, lift {cluster.lift}" if cluster.where else "everywhere alike"
        )
        money = (
            ""
            if not Decimal(cluster.gross)
            else f", {_money(cluster.net, signed=True)} (gross {_money(cluster.gross, signed=False)})"
        )
        text = f"{cluster.rows:,} rows ({cluster.share} %){money}: {cluster.signature}; {where}"
        yield from wrap(text, options.width, "  ", "", foreign=True)
    more = len(told.clusters) - _CLUSTERS
    if more > 0:
        yield Line(f"  … {more} more (use -f json)", "dim")
    yield Line()


def _totals(told: ParallelSummary, options: RenderOptions) -> Iterator[Line]:
    for row in told.totals:
        by = ", ".join(row["group_by"]) or "all rows"
        head = f"Control totals by {by}: {row['tied']:,} of {row['groups']:,} groups tied"
        yield Line(escape.clip(escape.terminal(head), LONGEST), "heading")
        for group in row["worst"][:_WORST]:
            place = ", ".join(f"{name} {value}" for name, value in group["group"].items())
            parts = [f"{name} {group['legacy'][name] or 'none'} against {group['new'][name] or 'none'}"
                     for name in row["measures"] if group["legacy"][name] != group["new"][name]]  # fmt: skip
            yield from wrap(f"{place}: {'; '.join(parts)}", options.width, "  ", "", foreign=True)
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
