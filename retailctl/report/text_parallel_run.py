"""What only the run of a plan has, for the terminal: gates, bridges, causes, where and when, trend, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from retailctl.model.parallel_pictures import Heat, TrendDay
from retailctl.model.parallel_run import Bridge, Cluster, GateResult, Late, ParallelSummary
from retailctl.report import escape
from retailctl.report.grouping import count
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions
from retailctl.report.parallel_words import (
    bridges,
    budget,
    gates,
    grouped,
    headline,
    late_rows,
    lateness,
    money,
    not_compared,
    red_since,
    series,
    short,
    since,
    state,
    streak,
)

_LONGEST_NAME = 60
_NAME = 36
_WORST = 5
_CLUSTERS = 10
_LINES = 24
_PLACES, _DAYS, _CELL = 8, 7, 8
_CLASSES = 6
_STYLES = {"pass": "", "fail": "error", "unknown": "unknown"}


def lines(told: ParallelSummary, options: RenderOptions) -> Iterator[Line]:
    """In the order in which a morning meeting asks."""
    yield from _gates(told, options)
    shown, more = bridges(told)
    for currency, bridge in shown:
        yield from _bridge(currency, bridge)
    yield from (Line(more, "dim"), Line()) if more else ()
    yield from _clusters(told.clusters, options)
    if told.heat is not None and told.heat.rows:
        yield from _heat(told.heat)
    if len(told.trend) > 1:
        yield from _trend(told.trend)
    if told.late is not None:
        yield from _late(told.late, options)
    yield from _totals(told, options)
    yield from _left_out(told, options)


def _gates(told: ParallelSummary, options: RenderOptions) -> Iterator[Line]:
    if not told.gates:
        return
    yield Line("Gates", "heading")
    red = red_since(told)
    yield from wrap(
        f"{headline(told)}{f'; red since {red}' if red else ''}", options.width, "  ", "strong", foreign=True
    )
    width = min(max(len(gate.gate) for gate in told.gates), _LONGEST_NAME)
    for gate in gates(told):
        tail = _tail(gate)
        text = f"  {gate.verdict:<8}{gate.gate:<{width}}  {gate.measured:>12}  limit {gate.limit}  {tail}"
        yield Line(escape.clip(escape.terminal(text), LONGEST), _STYLES[gate.verdict])
    yield Line()


def _tail(gate: GateResult) -> str:
    if gate.verdict == "pass":
        return f"{streak(gate)} in a row"
    red = since(gate)
    return ", ".join(filter(None, (gate.note, f"red since {red}" if red else "")))


def _bridge(currency: str, bridge: Bridge) -> Iterator[Line]:
    yield Line(f"Money bridge {_name(currency)}".rstrip(), "heading")
    rows = [("legacy", "", money(bridge.legacy))]
    rows += [(line.name, f"{line.rows:,}", money(line.amount, signed=True)) for line in bridge.lines[:_LINES]]
    rest = bridge.lines[_LINES:]
    if rest:
        total = sum((Decimal(line.amount) for line in rest), Decimal(0))
        rows.append((f"{len(rest)} more kinds", f"{sum(line.rows for line in rest):,}", money(total, signed=True)))
    rows += [("new", "", money(bridge.new)), ("remainder", "", money(bridge.remainder))]
    width = max(_NAME, *(len(_name(name)) for name, _, _ in rows))
    for name, number, amount in rows:
        wrong = name == "remainder" and Decimal(bridge.remainder) != 0
        style = "error" if wrong else "strong" if name in ("legacy", "new") else ""
        yield Line(f"  {_name(name):<{width}}{number:>10}{amount:>22}", style)
    yield Line()


def _clusters(clusters: Sequence[Cluster], options: RenderOptions) -> Iterator[Line]:
    if not clusters:
        return
    yield Line("Causes: what explains the differences", "heading")
    for cluster in clusters[:_CLUSTERS]:
        where = (
            f"{cluster.where} holds {cluster.covers} %, lift {cluster.lift}" if cluster.where else "everywhere alike"
        )
        worth = f", {money(cluster.net, signed=True)} (gross {money(cluster.gross)})" if Decimal(cluster.gross) else ""
        text = f"{count(cluster.rows, 'row')} ({cluster.share} %){worth}: {cluster.signature}; {where}"
        yield from wrap(text, options.width, "  ", "", foreign=True)
    more = len(clusters) - _CLUSTERS
    if more > 0:
        yield Line(f"  … {more} more (use -f json)", "dim")
    yield Line()


def _heat(heat: Heat) -> Iterator[Line]:
    """The newest days of the places with most rows."""
    shown = heat.rows[:_PLACES]
    days = heat.columns[-_DAYS:]
    names = [escape.clip(escape.terminal(text), _NAME) for text in (heat.down, *(row.name for row in shown))]
    width = max(map(len, names))
    yield Line(f"Where and when: differing rows by {names[0]} and business day", "heading")
    cells = [[short(day) for day in days] + ["all"]]
    cells += [[*(f"{cell:,}" if cell else "." for cell in row.cells[-_DAYS:]), f"{row.rows:,}"] for row in shown]
    for at, (name, row) in enumerate(zip(names, cells, strict=True)):
        yield Line(f"  {name:<{width}}{''.join(f'{cell:>{_CELL}}' for cell in row)}", "" if at else "dim")
    more = len(heat.rows) - len(shown) + heat.more_rows
    if more:
        yield Line(f"  … {more:,} more places (use -f html or -f json)", "dim")
    yield Line()


def _trend(days: Sequence[TrendDay]) -> Iterator[Line]:
    """The last days: verdicts, then parts per million of the largest classes."""
    last = days[-_DAYS:]
    found = series(last)[:_CLASSES]
    width = max(7, *(len(_name(one.name)) for one in found)) if found else 7
    yield Line("Trend: parts per million of the rows read", "heading")
    rows = [("", [short(day.day) for day in last]), ("verdict", [_word(day) for day in last])]
    rows += [(_name(one.name), [f"{value:,}" for value in one.values]) for one in found]
    for at, (name, cells) in enumerate(rows):
        yield Line(f"  {name:<{width}}{''.join(f'{cell:>9}' for cell in cells)}", "" if at else "dim")
    if not all(day.same_plan for day in last):
        yield Line("  the plan has changed in these days: what a change touches counts anew", "dim")
    yield Line()


def _word(day: TrendDay) -> str:
    return day.verdict if day.verdict in _STYLES else "unknown"


def _late(late: Late, options: RenderOptions) -> Iterator[Line]:
    yield Line("Late rows", "heading")
    for words, legacy, new in late_rows(late):
        yield Line(f"  {words:<30}{legacy:>12,} legacy{new:>12,} new")
    told = lateness(late)
    yield from wrap(told, options.width, "  ", "dim") if told else ()
    yield Line()


def _totals(told: ParallelSummary, options: RenderOptions) -> Iterator[Line]:
    for row in told.totals:
        by = ", ".join(row["group_by"]) or "all rows"
        head = f"Control totals by {by}: {row['tied']:,} of {row['groups']:,} groups tied"
        yield Line(escape.clip(escape.terminal(head), LONGEST), "heading")
        for group in row["worst"][:_WORST]:
            place = ", ".join(f"{name} {value}" for name, value in group["group"].items())
            parts = [f"{name} {grouped(group['legacy'][name])} against {grouped(group['new'][name])}"
                     for name in row["measures"] if group["legacy"][name] != group["new"][name]]  # fmt: skip
            yield from wrap(f"{place}: {'; '.join(parts)}", options.width, "  ", "", foreign=True)
        yield Line()


def _left_out(told: ParallelSummary, options: RenderOptions) -> Iterator[Line]:
    """What the verdict says nothing about; the use of what was accepted is always told."""
    if not told.gates:
        return
    texts = list(not_compared(told))
    if texts:
        yield Line("Not compared", "heading")
        for text in texts:
            yield from wrap(text, options.width, "  ", "", foreign=True)
        yield Line()
    if told.accepted:
        yield Line("Accepted differences", "heading")
        for use in told.accepted:
            text = f"{use.reason} ({use.owner}): {budget(use)}; {state(use)}"
            yield from wrap(text, options.width, "  ", "warn" if use.void else "", foreign=True)
        yield Line()


def _name(text: str) -> str:
    return escape.clip(escape.terminal(text), _LONGEST_NAME)
