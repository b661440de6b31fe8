"""What only the run of a plan has, as tables: gates, bridges, causes, where and when, trend, control totals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from retailctl.model.parallel_pictures import Heat, TrendDay
from retailctl.model.parallel_run import Bridge, Cluster, ParallelSummary
from retailctl.report.parallel_words import (
    bridges,
    budget,
    gates,
    grouped,
    late_rows,
    money,
    series,
    short,
    since,
    state,
    streak,
)

_CAUSES = 20
_DAYS = 10
_PLACES = 15
_CLASSES = 8


class Table(NamedTuple):
    """A heading, the columns, and the rows; the last ``numbers`` columns are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0


def tables(told: ParallelSummary) -> Iterator[Table]:
    """In the order in which a morning meeting asks: does it hold, what is it worth, why, where, since when."""
    if told.gates:
        rows = [
            (gate.verdict, gate.gate, gate.measured, gate.limit, streak(gate),
             ", ".join(filter(None, (gate.note, since(gate)))) or "-")
            for gate in gates(told)
        ]  # fmt: skip
        yield Table("Gates", ("Verdict", "Gate", "Measured", "Limit", "In a row", "Red since"), tuple(rows))
    shown, more = bridges(told)
    for currency, bridge in shown:
        yield Table(f"Money bridge {currency}".strip(), ("Line", "Rows", "Amount"), tuple(_bridge(bridge)), 2)
    if more:
        yield Table(more, (), ())
    if told.clusters:
        causes = tuple(map(_cause, told.clusters[:_CAUSES]))
        yield Table("Causes", ("Signature", "Where", "Rows", "Net", "Gross"), causes, 3)
    if told.heat is not None and told.heat.rows:
        yield _heat(told.heat)
    if told.trend:
        yield _trend(told.trend)
    if told.late is not None:
        late = [(words, f"{legacy:,}", f"{new:,}") for words, legacy, new in late_rows(told.late)]
        yield Table("Late rows", ("", "legacy", "new"), tuple(late), 2)
    yield from total_tables(told)
    if told.accepted:
        used = [(use.reason, use.owner, budget(use), state(use)) for use in told.accepted]
        yield Table("Accepted differences", ("Reason", "Owner", "Used", "State"), tuple(used))


def total_tables(told: ParallelSummary) -> Iterator[Table]:
    """The control totals, each with the groups that are furthest apart."""
    for row in told.totals:
        yield _total(row)


def _heat(heat: Heat) -> Table:
    """The last days of the places with most rows."""
    rows = [(row.name, *(f"{cell:,}" if cell else "" for cell in row.cells[-_DAYS:]), f"{row.rows:,}")
            for row in heat.rows[:_PLACES]]  # fmt: skip
    days = tuple(short(day) for day in heat.columns[-_DAYS:])
    return Table(f"Differing rows by {heat.down} and day", (heat.down, *days, "all"), tuple(rows), len(days) + 1)


def _trend(days: tuple[TrendDay, ...]) -> Table:
    """The last days: verdict, and parts per million of each class."""
    last = days[-_DAYS:]
    rows = [("Verdict", *(day.verdict for day in last))]
    rows += [(one.name, *(f"{value:,}" for value in one.values)) for one in series(last)[:_CLASSES]]
    return Table("Trend, parts per million", ("Class", *(short(day.day) for day in last)), tuple(rows), len(last))


def _bridge(bridge: Bridge) -> Iterator[tuple[str, ...]]:
    yield "legacy", "", money(bridge.legacy)
    for line in bridge.lines:
        yield line.name, f"{line.rows:,}", money(line.amount, signed=True)
    yield "new", "", money(bridge.new)
    yield "remainder", "", money(bridge.remainder)


def _cause(cluster: Cluster) -> tuple[str, ...]:
    where = f"{cluster.where}: {cluster.covers} %, lift {cluster.lift}" if cluster.where else "everywhere alike"
    rows = f"{cluster.rows:,} ({cluster.share} %)"
    return cluster.signature, where, rows, money(cluster.net, signed=True), money(cluster.gross)


def _total(row: dict[str, object]) -> Table:
    by, measures = _names(row["group_by"]), _names(row["measures"])
    title = f"Control totals by {', '.join(by) or 'all rows'}: {row['tied']:,} of {row['groups']:,} groups tied"
    found = row["worst"]
    rows = []
    for group in found if isinstance(found, list) else []:
        values = [str(group["group"][name]) for name in by]
        both = [grouped(group[side][name]) for name in measures for side in ("legacy", "new")]
        rows.append((*values, *both))
    columns = (*by, *(f"{name}, {side}" for name in measures for side in ("legacy", "new")))
    return Table(title, columns, tuple(rows), 2 * len(measures))


def _names(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list | tuple) else ()
