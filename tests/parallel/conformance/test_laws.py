"""Laws of the comparison on random tables, with EXCEPT ALL and a count of rows in Python as slow oracles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.parallel.columns import Column, Shape, Type
from retailctl.parallel.comparison import RowClasses
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.fields import Field
from retailctl.parallel.sql.duckdb import DuckDialect
from tests.parallel.conformance import checks
from tests.parallel.conformance.places import Outcome, outcome

VALUES: dict[str, tuple[Type, st.SearchStrategy[Any]]] = {
    "text": (
        Type(),
        st.sampled_from(["", " ", "a", "A", "a ", "ä", "a\u0308", "0", "00", "日本", "👕", "it's", "a,b"]),
    ),
    "int": (Type("int"), st.sampled_from([0, 1, -1, 100, 2**63 - 1, -(2**63)])),
    "decimal": (Type("decimal", 2), st.decimals(-2, 2, places=2)),
    "float": (Type("float"), st.sampled_from([0.0, -0.0, 0.1, 0.30000000000000004, 1e300, float("nan"), float("inf")])),
    "bool": (Type("bool"), st.booleans()),
    "date": (Type("date"), st.dates(date(2024, 3, 30), date(2024, 4, 1))),
    "timestamp": (Type("timestamp"), st.sampled_from([datetime(2024, 10, 27, hour) for hour in (0, 1, 2)])),  # noqa: DTZ001 - UTC
}
KEYS = (Column("k", Type()), Column("l", Type("decimal", 1)))
# Few keys, so that they meet on both sides, also more than once.
key = st.tuples(
    st.sampled_from(["a", "A", "b", "ß", "", None, "\t"]), st.sampled_from([Decimal("1.0"), Decimal("-1.0")])
)
Rows = list[tuple[Any, ...]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Shape, Rows, Rows]:
    """Columns of random types, and two tables that have many rows in common."""
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3))
    shape = Shape(KEYS, tuple(Column(f"c{number}", VALUES[kind][0]) for number, kind in enumerate(kinds)))
    row = st.builds(lambda k, v: (*k, *v), key, st.tuples(*(st.none() | VALUES[kind][1] for kind in kinds)))
    common, legacy, new = (draw(st.lists(row, max_size=most)) for most in (6, 5, 5))
    return shape, common + legacy, draw(st.permutations(common + new))


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckEngine]:
    with DuckEngine(tmp_path_factory.mktemp("laws"), threads=2) as engine:
        yield engine


def fill(engine: DuckEngine, shape: Shape, name: str, rows: Rows) -> str:
    quoted = DuckDialect().literal
    columns = ", ".join(
        f"{column} {engine.dialect.type_name(of.type)}" for column, of in zip(shape.names, shape.columns, strict=True)
    )
    engine.run(f"create or replace table {name} ({columns})")
    if rows:
        values = (", ".join("null" if value is None else quoted(str(value)) for value in row) for row in rows)
        engine.run(f"insert into {name} values {', '.join(f'({row})' for row in values)}")
    return name


def compared(engine: DuckEngine, shape: Shape, legacy: Rows, new: Rows, bits: int = 5) -> Outcome:
    left, right = fill(engine, shape, "given_l", legacy), fill(engine, shape, "given_n", new)
    return outcome(engine, shape, list(map(Field, shape.values)), left, right, bits=bits)


def valid(row: tuple[Any, ...]) -> bool:
    return row[0] is not None and bool(row[0].strip())


def counted(legacy: Rows, new: Rows) -> RowClasses:
    """The same by counting: equal rows cancel, what is left is paired within its key."""
    # NaN is equal to itself here, and 0.0 to -0.0.
    sides = [
        Counter(
            repr([value + 0.0 if isinstance(value, float) else value for value in row]) for row in rows if valid(row)
        )
        for rows in (legacy, new)
    ]
    keys = [Counter(row[:2] for row in rows if valid(row)) for rows in (legacy, new)]
    of = {
        repr([value + 0.0 if isinstance(value, float) else value for value in row]): row[:2] for row in (*legacy, *new)
    }
    left: list[defaultdict[Any, int]] = [defaultdict(int), defaultdict(int)]
    for at in (0, 1):
        for text, count in (sides[at] - sides[1 - at]).items():
            left[at][of[text]] += count
    found = Counter[str]()
    for one in {*left[0], *left[1]}:
        counts = left[0][one], left[1][one]
        found["changed"] += min(counts)
        for at, name in ((0, "missing"), (1, "extra")):
            found["again" if keys[1 - at][one] else name] += max(counts[at] - counts[1 - at], 0)
    return RowClasses(found["missing"], found["extra"], found["changed"], 0, {("new", "identical"): found["again"]})


@settings(max_examples=25)
@given(tables())
def test_the_classes_are_those_of_counting_rows_and_of_except_all(
    duck: DuckEngine, given: tuple[Shape, Rows, Rows]
) -> None:
    shape, legacy, new = given
    told = compared(duck, shape, legacy, new)
    oracle = counted(legacy, new)
    assert (told.rows.missing, told.rows.extra, told.rows.changed) == (oracle.missing, oracle.extra, oracle.changed)
    assert sum(told.rows.duplicates.values()) == sum(oracle.duplicates.values())
    assert told.rows.invalid == {
        "legacy": sum(not valid(row) for row in legacy),
        "new": sum(not valid(row) for row in new),
    }
    where = "where k0 is not null and trim(k0, ' ' || chr(9)) <> ''"
    left = [
        duck.rows(f"select count(*) from (select * from {one} {where} except all select * from {other} {where})")[0][0]
        for one, other in (("given_l", "given_n"), ("given_n", "given_l"))
    ]
    sided = Counter(row[1] for row in told.classed)
    assert left == [sided[None] + sided["legacy"], sided[None] + sided["new"]]


@settings(max_examples=10)
@given(tables())
def test_a_table_is_equal_to_itself_in_any_order(duck: DuckEngine, given: tuple[Shape, Rows, Rows]) -> None:
    shape, legacy, _ = given
    told = compared(duck, shape, legacy, legacy[::-1])
    assert told.classed == []
    assert told.rows.invalid["legacy"] == told.rows.invalid["new"]


@settings(max_examples=10)
@given(tables(), st.integers(0, 20), st.integers(1, 4))
def test_order_bits_and_threads_change_nothing_and_sides_mirror(
    duck: DuckEngine, given: tuple[Shape, Rows, Rows], bits: int, threads: int
) -> None:
    shape, legacy, new = given
    told = compared(duck, shape, legacy, new)
    duck.run(f"set threads = {threads}")
    again = compared(duck, shape, legacy[::-1], new[::-1], bits)
    back = compared(duck, shape, new, legacy)
    assert repr(again) == repr(told)
    assert back.rows == checks.mirrored(told.rows)
