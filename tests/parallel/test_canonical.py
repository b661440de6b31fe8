from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from retailctl.errors import UsageError
from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import canonical_view, column_names, column_problems, compared_fields, shape
from retailctl.parallel.columns import LETTER, Column, Side, Type
from retailctl.parallel.comparison import compare, row_classes
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.fields import Field
from retailctl.parallel.plans.describing import described
from tests.parallel.orders import LEGACY, NEW, PLAN, csv, plan_of, typed


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckEngine]:
    with DuckEngine(tmp_path, threads=1) as engine:
        yield engine


def views(engine: DuckEngine, plan: TablePlan, relations: dict[Side, str]) -> None:
    for side, relation in relations.items():
        query = canonical_view(plan, side, described(engine, relation), relation, engine.dialect)
        engine.view(LETTER[side], query)


def both(tmp_path: Path, legacy: str = LEGACY, new: str = NEW) -> dict[Side, str]:
    return {"legacy": csv(tmp_path / "l.csv", legacy), "new": typed(tmp_path / "n.csv", new)}


def test_an_old_export_has_the_row_hashes_of_the_new_side(engine: DuckEngine, tmp_path: Path) -> None:
    plan = plan_of()
    views(engine, plan, both(tmp_path))
    names = ", ".join(shape(plan).names)
    hashes = [engine.rows(f"select hash({names}), rejected from {view} order by 1") for view in "ln"]
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == 4
    table = compare(engine, shape(plan), compared_fields(plan), bits=14)
    assert row_classes(engine, table).differing == 0


def test_both_sides_have_the_same_names_and_types(engine: DuckEngine, tmp_path: Path) -> None:
    views(engine, plan_of(), both(tmp_path))
    one, other = ([row[:2] for row in engine.rows(f"describe {view}")] for view in "ln")
    assert one == other
    assert one[0] == ("k0", "VARCHAR")
    assert one[-1] == ("rejected", "VARCHAR")


@pytest.mark.parametrize(
    ("before", "after", "rejected"),
    [
        ("203,04", "203.04", "price:NOT_A_NUMBER"),
        ("203,04", "203,045", "price:TOO_PRECISE"),
        ("eur;80", "usd;80", "currency:UNMAPPED_CODE"),
        ("0;1;0030", "0;1;S30", "store:NOT_A_NUMBER"),
        ("01.09.2024 02:00:22", "31.03.2024 02:00:22", "ts:NONEXISTENT_LOCAL_TIME"),
        ("01.09.2024 02:00:22", "27.10.2024 02:00:22", "ts:AMBIGUOUS_LOCAL_TIME"),
        ("01.09.2024 02:00:22", "2024-09-01", "ts:NOT_A_TIME"),
        ("5;203,04;eur", "x;203,04;usd", "qty:NOT_A_NUMBER"),
        ("5;203,04;eur", ";;", None),
        ("80;01.09.2024 02:00:22", ";", None),
    ],
)
def test_the_first_field_that_is_rejected_is_told(
    before: str, after: str, rejected: str | None, engine: DuckEngine, tmp_path: Path
) -> None:
    views(engine, plan_of(), both(tmp_path, LEGACY.replace(before, after)))
    assert engine.rows("select rejected from l where k0 = 'SO000000000'") == [(rejected,)]
    assert engine.rows("select count(rejected) from l where k0 <> 'SO000000000'") == [(0,)]


def test_nothing_empty_and_zero_stay_apart(engine: DuckEngine) -> None:
    text = """
entity: e
key: [id]
sources: {legacy: {csv: a.csv}, new: {csv: b.csv}}
fields: [{name: id}, {name: a}, {name: b, type: int}]
"""
    relation = "(select * from (values ('1', '', '0'), ('2', null, null), ('3', '0', '')) as rows (id, a, b))"
    query = canonical_view(plan_of(text), "legacy", described(engine, relation), relation, engine.dialect)
    made = engine.rows(f"select v0, v1, rejected from ({query}) order by k0")
    assert made == [("", 0, None), (None, None, None), ("0", None, "b:NOT_A_NUMBER")]


def test_what_is_ignored_is_there_but_not_compared() -> None:
    plan = plan_of(PLAN.replace("{name: sku,", "{name: sku, compare: ignore,"))
    assert column_names(plan)["sku"] == "e0"
    assert "sku" not in [column.name for column in shape(plan).columns]
    assert column_names(plan)["order_id"] == "k0"
    assert [field.column.name for field in compared_fields(plan)] == [column.name for column in shape(plan).values]


def test_tolerances_reach_the_comparison() -> None:
    plan = plan_of(
        PLAN.replace("compare: minor_units", "compare: abs, tolerance: 0.05, packs: [6]").replace(
            "name: ts, type: timestamp,", "name: ts, type: timestamp, compare: abs, tolerance: 2m,"
        )
    )
    found = {field.column.name: field for field in compared_fields(plan)}
    assert found["price"] == Field(Column("price", Type("decimal", 2)), "abs", Decimal("0.05"), packs=(6,))
    assert (found["ts"].mode, found["ts"].tolerance) == ("abs", Decimal(120))
    assert found["sku"] == Field(Column("sku", Type("text")))


def test_a_column_that_is_not_there_is_told_with_the_closest(engine: DuckEngine, tmp_path: Path) -> None:
    relation = csv(tmp_path / "l.csv", LEGACY.replace("PREIS", "PREISE"))
    columns = described(engine, relation)
    (problem,) = column_problems(plan_of(), "legacy", columns, engine.dialect)
    assert problem.message == "price: the legacy source has no column PREIS"
    assert problem.hint == "Did you mean PREISE?"
    assert problem.path == ("fields", 5, "legacy", "col")
    with pytest.raises(UsageError, match="no column PREIS"):
        canonical_view(plan_of(), "legacy", columns, relation, engine.dialect)


@pytest.mark.parametrize(
    ("type", "message"),
    [
        ("integer[]", "customer: the column of the new source has no plain values"),
        ("blob", "customer: the column of the new source has no plain values"),
        ("double", "customer: a float does not become a text without loss (new)"),
    ],
)
def test_a_column_that_does_not_become_the_field_is_told(type: str, message: str, engine: DuckEngine) -> None:
    names = [field.name for field in plan_of().fields if field.name != "customer"]
    columns = ", ".join(f"null::varchar as {name}" for name in names)
    found = described(engine, f"(select {columns}, null::{type} as customer)")
    assert [one.message for one in column_problems(plan_of(), "new", found, engine.dialect)] == [message]


@pytest.mark.parametrize(
    ("type", "value", "made"),
    [
        ("timestamp_ns", "timestamp_ns '2024-01-01 00:00:00.123456789'", "2024-01-01 00:00:00.123456"),
        ("timestamp_ns", "timestamp_ns '1969-12-31 23:59:59.123456789'", "1969-12-31 23:59:59.123456"),
        ("timestamptz", "timestamptz '2024-01-01 02:00:00+02'", "2024-01-01 00:00:00"),
        ("timestamp_s", "timestamp_s '2024-01-01 02:00:00'", "2024-01-01 02:00:00"),
        ("date", "date '2024-01-01'", "2024-01-01 00:00:00"),
    ],
)
def test_every_kind_of_time_becomes_microseconds_of_utc(type: str, value: str, made: str, engine: DuckEngine) -> None:
    text = "entity: e\nkey: [id]\nsources: {legacy: {csv: a}, new: {csv: b}}\nfields: [{name: id}, {name: t, type: timestamp}]\n"
    relation = f"(select '1' as id, {value} as t)"
    query = canonical_view(plan_of(text), "new", described(engine, relation), relation, engine.dialect)
    assert engine.rows(f"select v0::varchar, typeof(v0) from ({query})") == [(made, "TIMESTAMP")]


def test_odd_names_of_columns_and_fields_stay_names(engine: DuckEngine, tmp_path: Path) -> None:
    odd = 'a "b"; drop table x --'
    text = f"""
entity: e
key: [id]
sources: {{legacy: {{csv: a.csv}}, new: {{csv: b.csv}}}}
fields: [{{name: id}}, {{name: "it's", type: int, legacy: '{odd}'}}]
"""
    relation = f"(select '1' as id, 'x' as {engine.dialect.identifier(odd)})"
    query = canonical_view(plan_of(text), "legacy", described(engine, relation), relation, engine.dialect)
    assert engine.rows(query) == [("1", None, "it's:NOT_A_NUMBER")]
