"""DuckDB and PostgreSQL say the same of the same rows, down to each row and each word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retailctl.parallel.columns import Column, Shape, Type
from retailctl.parallel.fields import Field
from tests.parallel.conformance import checks, scenarios
from tests.parallel.conformance.orders import FIELDS, SHAPE, Orders
from tests.parallel.conformance.places import DuckPlace, Place, PostgresPlace, Table, outcome

PLACES: dict[str, Callable[[pytest.FixtureRequest], Place]] = {
    "duckdb": lambda request: DuckPlace(request.getfixturevalue("tmp_path")),
    "postgres": lambda request: PostgresPlace(request.getfixturevalue("postgres_dsn")),
}


@pytest.fixture(params=list(PLACES))
def place(request: pytest.FixtureRequest) -> Place:
    return PLACES[request.param](request)


def test_words_mean_what_the_table_of_semantics_says(place: Place) -> None:
    checks.words(place)


def test_normalisers_make_what_their_tables_say(place: Place) -> None:
    checks.vectors(place)


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> DuckPlace:
    return DuckPlace(tmp_path_factory.mktemp("duck"))


def test_each_scenario_gets_its_classes_the_same_rows_on_both(duck: DuckPlace, postgres_dsn: str) -> None:
    assert repr(checks.classes(PostgresPlace(postgres_dsn))) == repr(checks.classes(duck))


def test_what_was_planted_is_found_in_the_same_rows_and_mirrored(
    duck: DuckPlace, postgres_dsn: str, planted_orders: Orders
) -> None:
    there = checks.planted(duck, planted_orders)
    assert repr(there) == repr(checks.planted(PostgresPlace(postgres_dsn), planted_orders))
    legacy, new = duck.load("mirror_l", planted_orders.legacy), duck.load("mirror_n", planted_orders.new)
    with duck.engine() as engine:
        back = outcome(engine, SHAPE, FIELDS, new, legacy)
    assert back.rows == checks.mirrored(there.rows)
    without_fields = sorted((row[: 3 + 2 * len(SHAPE.names)] for row in back.classed), key=repr)
    assert without_fields == checks.with_sides_exchanged(SHAPE, there)


@pytest.mark.parametrize("bits", [1, 20])
def test_the_number_of_buckets_changes_nothing(duck: DuckPlace, bits: int) -> None:
    legacy, new = duck.load("bits_l", scenarios.LEGACY), duck.load("bits_n", scenarios.NEW)
    with duck.engine() as engine:
        told = outcome(engine, scenarios.SHAPE, scenarios.FIELDS, legacy, new, bits=bits)
    assert scenarios.found(told.classed) == scenarios.expected()


def test_one_engine_compares_again_and_again_with_other_columns(place: Place) -> None:
    shape = Shape((Column("id", Type("int")),), (Column("flag", Type("bool")),))
    table = Table({"k0": Type("int"), "v0": Type("bool")}, [(number, number % 2 == 0) for number in range(9)])
    legacy, new = place.load("again_l", table), place.load("again_n", Table(table.columns, table.rows[1:]))
    orders, emptied = (
        place.load("again_ol", scenarios.LEGACY),
        place.load("again_on", Table(scenarios.LEGACY.columns, [])),
    )
    with place.engine() as engine:
        for _ in range(2):
            assert outcome(engine, shape, [Field(shape.values[0])], legacy, new).rows.missing == 1
            told = outcome(engine, scenarios.SHAPE, scenarios.FIELDS, orders, emptied)
            assert told.rows.missing == len(scenarios.LEGACY.rows) - len(scenarios.INVALID)
            assert outcome(engine, shape, [Field(shape.values[0])], legacy, legacy).classed == []
