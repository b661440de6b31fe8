"""What every engine has to meet: the same checks wherever there are rows to compare."""

from __future__ import annotations

from datetime import datetime

from retailctl.parallel.columns import Shape, Side
from retailctl.parallel.comparison import RowClasses
from tests.parallel.conformance import scenarios, semantics
from tests.parallel.conformance.orders import FIELDS, SHAPE, Orders
from tests.parallel.conformance.places import Outcome, Place, outcome
from tests.parallel.vectors import cases


def words(place: Place) -> None:
    """The dialect's words mean what the table of semantics says."""
    source = place.load("semantics", semantics.INPUTS)
    with place.engine() as engine:
        said = semantics.said(engine, source)
    assert {name: text for name, text in said.items() if text != semantics.EXPECTED[name]} == {}


def vectors(place: Place) -> None:
    """Each normaliser makes of each row what its table says. One query: on Spark each takes a while."""
    with place.engine() as engine:
        queries = [
            f"select {number} as t, made.* from ({cases.query(table, engine.dialect, as_text=True)}) as made (n, value, reason)"
            for number, table in enumerate(cases.TABLES)
        ]
        rows = engine.rows(" union all ".join(queries))
    said = {(table, number): reason.removeprefix("c:") if reason else value for table, number, value, reason in rows}
    wanted = {
        (at, number): _text(value)
        for at, table in enumerate(cases.TABLES)
        for number, (_, value) in enumerate(table.rows)
    }
    wrong = {
        (cases.TABLES[table].name, cases.TABLES[table].rows[number]): said.get((table, number))
        for (table, number), value in wanted.items()
        if said.get((table, number)) != value
    }
    assert (wrong, len(said)) == ({}, len(wanted))


def _text(value: object) -> str | None:
    match value:
        case cases.Rejected(reason):
            return reason
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(" ", "microseconds")
    return None if value is None else str(value)


def classes(place: Place) -> Outcome:
    """Each scenario gets its classes."""
    legacy, new = place.load("scenarios_l", scenarios.LEGACY), place.load("scenarios_n", scenarios.NEW)
    with place.engine() as engine:
        told = outcome(engine, scenarios.SHAPE, scenarios.FIELDS, legacy, new)
    assert scenarios.found(told.classed) == scenarios.expected()
    assert told.rows.invalid == {"legacy": len(scenarios.INVALID), "new": len(scenarios.INVALID) - 1}
    return told


def planted(place: Place, given: Orders) -> Outcome:
    """What was planted among many rows is found, and nothing else."""
    legacy, new = place.load("orders_l", given.legacy), place.load("orders_n", given.new)
    with place.engine() as engine:
        told = outcome(engine, SHAPE, FIELDS, legacy, new)
    fates = given.fates
    assert told.rows == RowClasses(
        missing=fates["missing"],
        extra=fates["extra"],
        changed=sum(fates[fate] for fate in ("qty", "status", "sku", "rounding", "zone")),
        duplicates={
            ("new", "identical"): fates["twice"],
            ("new", "conflicting"): fates["conflict"],
            ("legacy", "identical"): fates["legacy twice"],
        },
        invalid={"legacy": 0, "new": 0},
    )
    assert told.fields == {
        "sku": {"TRUNCATION": fates["sku"]},
        "qty": {"VALUE": fates["qty"]},
        "price": {"ROUNDING": fates["rounding"]},
        "status": {"VALUE": fates["status"]},
        "ts": {"TZ_SHIFT": fates["zone"]},
    }
    return told


def mirrored(rows: RowClasses) -> RowClasses:
    """What the comparison says with the sides exchanged."""
    other: dict[Side, Side] = {"legacy": "new", "new": "legacy"}
    return RowClasses(
        missing=rows.extra,
        extra=rows.missing,
        changed=rows.changed,
        tolerated=rows.tolerated,
        duplicates={(other[side], variety): count for (side, variety), count in rows.duplicates.items()},
        invalid={other[side]: count for side, count in rows.invalid.items()},
    )


def with_sides_exchanged(shape: Shape, told: Outcome) -> list[tuple[object, ...]]:
    """The rows of a comparison as they are with the sides exchanged, apart from the classes of fields."""
    names = {"MISSING_IN_NEW": "EXTRA_IN_NEW", "EXTRA_IN_NEW": "MISSING_IN_NEW"}
    sides = {"legacy": "new", "new": "legacy", None: None}
    width = len(shape.names)
    rows = [
        (names.get(name, name), sides[side], variety, *values[width : 2 * width], *values[:width])
        for name, side, variety, *values in told.classed
    ]
    return sorted(rows, key=repr)
