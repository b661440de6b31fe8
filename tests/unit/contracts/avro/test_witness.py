"""The datum that a reader refuses: small, at the place of the change, and tried with fastavro."""

from __future__ import annotations

import pytest

from retailctl.contracts.avro.library import Library
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.witness import LENIENT, WitnessBench
from retailctl.contracts.compatibility.change import ReadingWitness
from tests.unit.contracts.avro.shorthand import (
    Raw,
    array,
    changes,
    enum,
    fixed,
    logical,
    map_of,
    record,
    resolved,
)

ID = ("id", "int")


def witnesses(reader: Raw, writer: Raw) -> list[ReadingWitness | str]:
    """One for each cause."""
    resolution = resolved(reader, writer)
    bench = WitnessBench(resolution.reader, resolution.writer)
    return [bench.witness(cause) for cause in resolution.causes()]


@pytest.mark.parametrize(
    ("reader", "writer", "value", "pointer", "error"),
    [
        ("int", "string", "a", "", "the reader expects int, the data is string"),
        (
            record("Order", ID),
            record("Order"),
            {},
            "",
            "the reader's field Order.id is not in the data and has no default",
        ),
        (
            record("Order", ("state", enum("A", "B"))),
            record("Order", ("state", enum("A", "C", "B"))),
            {"state": "C"},
            "/state",
            "the reader's enum Status has no symbol C and no default",
        ),
        (
            record("Order", ("lines", array(record("Line", ("tags", map_of("int")))))),
            record("Order", ID, ("lines", array(record("Line", ("tags", map_of("string")))))),
            {"id": 0, "lines": [{"tags": {"key": "a"}}]},
            "/lines/0/tags/key",
            "the reader expects int, the data is string",
        ),
        (
            record("Order", ("note", ["null", "int"])),
            record("Order", ("note", ["null", "int", "string"])),
            {"note": "a"},
            "/note",
            "no branch of the reader's union reads string",
        ),
        (
            record("Order", ("note", "string")),
            record("Order", ("note", ["null", "string"])),
            {"note": None},
            "/note",
            "the reader expects string, the data is null",
        ),
        (
            record("Node", ("next", ["null", "Node"]), ("value", "int")),
            record("Node", ("next", ["null", "Node"]), ("value", "long")),
            {"next": None, "value": 0},
            "/value",
            "the reader expects int, the data is long",
        ),
        (
            record("Order", ("hash", fixed(2))),
            record("Order", ("hash", fixed(4))),
            {"hash": "\0\0\0\0"},
            "/hash",
            "the reader expects 2 bytes of Hash, the data has 4",
        ),
        (
            record("Sale", ID),
            record("shop.Order", ID),
            {"id": 0},
            "",
            "the reader expects record Sale and knows no alias for shop.Order",
        ),
        (
            record("Order", ("day", "null")),
            record("Order", ("day", logical("int", "date")), ("at", logical("long", "timestamp-millis"))),
            {"day": "1970-01-01", "at": "1970-01-01T00:00:00Z"},
            "/day",
            "the reader expects null, the data is int (date)",
        ),
        (
            record("Order", ("day", "null")),
            record(
                "Order",
                ("day", "int"),
                ("id", logical("string", "uuid")),
                ("sum", logical("bytes", "decimal", precision=9, scale=2)),
            ),
            {"day": 0, "id": "00000000-0000-0000-0000-000000000000", "sum": "0.00"},
            "/day",
            "the reader expects null, the data is int",
        ),
        (
            record("Order", ("total", "null")),
            record("Order", ("total", logical(fixed(2), "decimal", precision=4, scale=2))),
            {"total": "0.00"},
            "/total",
            "the reader expects null, the data is fixed Hash",
        ),
    ],
)
def test_a_witness_leads_to_the_place(reader: Raw, writer: Raw, value: Raw, pointer: str, error: str) -> None:
    (witness,) = witnesses(reader, writer)
    assert witness == ReadingWitness(value, pointer, error)


@pytest.mark.parametrize(
    ("reader", "writer", "reason"),
    [
        ("int", record("R", ("more", "R")), "there is no value of record R: it contains itself without an end"),
        (record("R", ID), record("R", ("s", "crm.Store")), "crm.Store is not defined"),
        ("int", fixed(100_000), "fixed Hash is too large for an example"),
        (record("X"), fixed(2, "X"), f"{LENIENT}: the reader expects record X, the data is fixed X"),
    ],
)
def test_where_there_is_no_witness_it_says_why(reader: Raw, writer: Raw, reason: str) -> None:
    assert witnesses(reader, writer)[0] == reason


def test_a_deep_schema_is_not_given_to_the_library() -> None:
    reader: Raw = "int"
    writer: Raw = "string"
    for _ in range(1_000):
        reader, writer = array(reader), array(writer)
    assert witnesses(reader, writer) == ["the place lies too deep for an example"]
    shallow = [record("R", ("id", kind), ("deep", reader)) for kind in ("int", "string")]
    assert witnesses(*shallow) == ["the schema is nested deeper than 150 levels"]


def test_a_value_that_would_be_endless_in_width_is_not_made() -> None:
    raw: Raw = "int"
    for number in range(40):
        raw = record(f"R{number}", ("a", raw), ("b", f"R{number - 1}" if number else "int"))
    assert witnesses("int", raw) == ["every value of record R14 is too large for an example"]


def test_a_change_makes_its_witness_for_the_reading_that_it_breaks() -> None:
    (change,) = changes(record("Order"), record("Order", ID))
    assert change.witness is not None
    witness = change.witness("backward")
    assert isinstance(witness, ReadingWitness)
    assert witness.value == {}
    assert change.witness("forward") == "this change does not break the reading"


def test_a_change_that_breaks_nothing_has_no_witness() -> None:
    (change,) = changes(record("Order"), record("Order", doc="x"))
    assert change.witness is None


def test_every_added_symbol_has_a_witness_of_its_own() -> None:
    found = [change.witness("forward") for change in changes(enum("A"), enum("A", "B", "C")) if change.witness]
    assert [witness.value for witness in found if isinstance(witness, ReadingWitness)] == ["B", "C"]


def test_a_comparison_tries_so_many_cases_and_no_more() -> None:
    fields = [(f"f{n}", "int") for n in range(1_000)]
    old, new = record("R", *fields), record("R", *[(name, "string") for name, _ in fields])
    found = [change.witness("backward") for change in changes(old, new) if change.witness]
    kinds = [isinstance(witness, ReadingWitness) for witness in found]
    assert (kinds.count(True), found[-1]) == (299, "enough cases were tried for this comparison")


def test_schemas_do_not_see_the_types_of_others() -> None:
    one = Library(read_avro(enum("A")).root, read_avro(enum("A", "B")).root)
    other = Library(read_avro(enum("A", "B")).root, read_avro(enum("A", "B")).root)
    assert one.tried("B") is not None
    assert other.tried("B") is None
    assert one.tried("B") is not None
