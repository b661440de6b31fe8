"""What only the run of a plan has, as tables that HTML and Markdown share: gates, bridges, causes, control totals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from retailctl.model.parallel_run import Bridge, Cluster, ParallelSummary

_CAUSES = 20


class Table(NamedTuple):
    """A heading, the columns, and the rows; the last ``numbers`` columns are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 0


def tables(told: ParallelSummary) -> Iterator[Table]:
    """In the order in which a morning meeting asks: does it hold, what is it worth, why, where."""
    if told.gates:
        rows = [(gate.verdict, gate.gate, gate.measured, gate.limit, _streak(gate.streak, gate.needed, gate.first_red))
                for gate in told.gates]  # fmt: skip
        yield Table("Gates", ("Verdict", "Gate", "Measured", "Limit", "In a row"), tuple(rows))
    for currency, bridge in told.bridge.items():
        yield Table(f"Money bridge {currency}".strip(), ("Line", "Rows", "Amount"), tuple(_bridge(bridge)), 2)
    if told.clusters:
        causes = tuple(map(_cause, told.clusters[:_CAUSES]))
        yield Table("Causes", ("Signature", "Where", "Rows", "Net", "Gross"), causes, 3)
    for row in told.totals:
        yield _total(row)


def _streak(streak: int, needed: int, first_red: str) -> str:
    return f"{streak} of {needed}" if streak else f"red since {first_red}" if first_red else "0"


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
        both = [f"{group[side][name] or 'none'}" for name in measures for side in ("legacy", "new")]
        rows.append((*values, *both))
    columns = (*by, *(f"{name}, {side}" for name in measures for side in ("legacy", "new")))
    return Table(title, columns, tuple(rows), 2 * len(measures))


def _names(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list | tuple) else ()


def money(amount: str, *, signed: bool = False) -> str:
    """An amount with its thousands apart."""
    return f"{Decimal(amount):+,}" if signed else f"{Decimal(amount):,}"
