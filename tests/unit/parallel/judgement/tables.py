"""Small tables in DuckDB, compared: what judgement begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retailctl.model.parallel_plan import Amount, EventTime, PlanField, TablePlan, Totals
from retailctl.model.parallel_source import Source, Sources
from retailctl.parallel.canonical import compared_fields
from retailctl.parallel.columns import LETTER, SIDES
from retailctl.parallel.comparison import compare
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.sql.duckdb import DuckDialect

Row = tuple[object, ...]
"""Order, line, article, pieces, price, currency, time; a time is hours after midnight."""
PLAN = TablePlan(
    entity="order_line",
    key=("order_id", "line_no"),
    sources=Sources(legacy=Source(csv="legacy.csv"), new=Source(csv="new.csv")),
    fields=(
        PlanField(name="order_id", pii="none"),
        PlanField(name="line_no", type="int", pii="none"),
        PlanField(name="sku"),
        PlanField(name="qty", type="int", pii="none"),
        PlanField(name="price", type="decimal", scale=2, pii="none"),
        PlanField(name="currency", pii="none"),
        PlanField(name="ts", type="timestamp", pii="none"),
    ),
    event_time=EventTime(field="ts"),
    amount=Amount(field="price", times="qty", currency="currency"),
    totals=(Totals(measures=("rows", "qty", "net")),),
)


def row(
    order: str, line: int = 1, sku: str = "A", qty: int = 1, price: str | None = "10.00", currency: str = "EUR",
    hour: int = 10,
) -> Row:  # fmt: skip
    """One order line."""
    return order, line, sku, qty, price, currency, f"2026-11-18 {hour:02}:00:00"


@contextmanager
def engine_of(folder: Path, legacy: Sequence[Row], new: Sequence[Row], plan: TablePlan = PLAN) -> Iterator[DuckEngine]:
    """An engine with the views of both sides."""
    names = Names(plan, dialect_of())
    with DuckEngine(folder, memory="256MB", threads=1) as engine:
        for side, rows in zip(SIDES, (legacy, new), strict=True):
            fill(engine, LETTER[side], names, rows)
        yield engine


def fill(engine: DuckEngine, name: str, names: Names, rows: Sequence[Row]) -> None:
    """A table of the canonical form."""
    shape = names.shape
    types = [engine.dialect.type_name(column.type) for column in shape.columns]
    told = ", ".join(f"{column} {type}" for column, type in zip(shape.names, types, strict=True))
    engine.run(f"create or replace temp table {name} ({told})")
    if rows:
        values = ", ".join(f"({', '.join('null' if one is None else repr(one) for one in given)})" for given in rows)
        engine.run(f"insert into {name} values {values}")


def dialect_of() -> DuckDialect:
    """The words of DuckDB, without a connection."""
    return DuckDialect()


def differing(engine: DuckEngine, plan: TablePlan = PLAN) -> tuple[Names, str]:
    """The names of a plan, and the table of classed rows."""
    names = Names(plan, engine.dialect)
    return names, compare(engine, names.shape, compared_fields(plan), bits=6)


def paired(engine: DuckEngine, plan: TablePlan = PLAN) -> tuple[Names, str]:
    """The same for sides without duplicates, where whatever differs is VALUE: one statement in place of thirty."""
    names = Names(plan, engine.dialect)
    shape = names.shape
    alone = "l.k0 is null or n.k0 is null"
    told = [
        f"case when {alone} or l.{name} is not distinct from n.{name} then null else 'VALUE' end as f{number}"
        for number, name in enumerate(shape.value_names)
    ]
    told += [f"{LETTER[side]}.{name} as {LETTER[side]}_{name}" for side in SIDES for name in shape.names]
    on = " and ".join(f"l.{key} = n.{key}" for key in shape.key_names)
    same = " and ".join(f"l.{name} is not distinct from n.{name}" for name in shape.names)
    engine.run(
        f"create or replace temp table classed as select case when n.k0 is null then 'MISSING_IN_NEW' "
        f"when l.k0 is null then 'EXTRA_IN_NEW' else 'FIELD' end as class, case when n.k0 is null then 'legacy' "
        f"when l.k0 is null then 'new' end as side, null::varchar as variety, {', '.join(told)} "
        f"from l full join n on {on} where not ({same})"
    )
    return names, "classed"


def shown(engine: DuckEngine, table: str) -> list[str]:
    """``MISSING_IN_NEW legacy o1/1``, sorted; with the classes of the fields that differ."""
    fields = [f"f{n}" for n in range(5)]
    told = engine.rows(
        f"select class, coalesce(side, ''), coalesce(l_k0, n_k0) || '/' || coalesce(l_k1, n_k1), {', '.join(fields)} "
        f"from {table}"
    )
    return sorted(
        " ".join([part for part in (*given[:3], *(one for one in given[3:] if one)) if part]) for given in told
    )
