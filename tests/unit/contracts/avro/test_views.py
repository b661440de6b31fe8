"""Flat views of a schema, and the JSON Schema of its values."""

from __future__ import annotations

import pytest

from retailctl.contracts.avro.json_schema import DIALECT, as_json_schema
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.views import avro_fields, avro_problems, type_text
from tests.unit.contracts.avro.shorthand import Raw, array, enum, field, fixed, logical, map_of, record

ORDER = record(
    "shop.Order",
    ("id", logical("string", "uuid")),
    ("lines", array(record("Line", ("sku", "string"), field("amount", "int", default=1)))),
    ("note", ["null", "string"]),
    ("rates", map_of(record("Rate", ("total", logical("bytes", "decimal", precision=9, scale=2))))),
    ("before", ["null", "Order"]),
)


def test_fields_are_listed_where_data_has_them() -> None:
    found = list(avro_fields(read_avro(ORDER, "order.avsc")))
    assert [(one.path, one.type, one.required) for one in found] == [
        ("id", "string uuid", True),
        ("lines", "array<shop.Line>", True),
        ("note", "null | string", False),
        ("rates", "map<shop.Rate>", True),
        ("before", "null | shop.Order", False),
        ("lines[].sku", "string", True),
        ("lines[].amount", "int", False),
        ("rates{}.total", "bytes decimal(9,2)", True),
    ]
    assert found[-1].place == ("order.avsc", "/fields/3/type/values/fields/0")


def test_a_type_is_told_in_few_words() -> None:
    raw: Raw = "int"
    for _ in range(10_000):
        raw = array(raw)
    assert type_text(read_avro(raw).root) == "array<array<array<array<…>>>>"
    assert type_text(read_avro([]).root) == "nothing"
    assert type_text(read_avro([fixed(1, f"F{n}") for n in range(9)]).root).endswith("F7 | …")


def test_problems_are_those_of_the_reading() -> None:
    schema = read_avro(fixed(-1))
    assert [problem.code for problem in avro_problems(schema)] == ["bad-size"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("null", {"type": "null"}),
        ("boolean", {"type": "boolean"}),
        ("int", {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}),
        ("long", {"type": "integer"}),
        ("double", {"type": "number"}),
        (logical("int", "date"), {"type": "string", "format": "date"}),
        (logical("long", "timestamp-micros"), {"type": "string", "format": "date-time"}),
        (array("string"), {"type": "array", "items": {"type": "string"}}),
        (map_of("boolean"), {"type": "object", "additionalProperties": {"type": "boolean"}}),
        (["null", "string"], {"anyOf": [{"type": "null"}, {"type": "string"}]}),
        (
            enum("A", "B", doc="state"),
            {
                "$ref": "#/$defs/Status",
                "$defs": {"Status": {"description": "state", "type": "string", "enum": ["A", "B"]}},
            },
        ),
        (
            fixed(2, "shop.Hash"),
            {"$ref": "#/$defs/shop.Hash", "$defs": {"shop.Hash": {"type": "string", "minLength": 2, "maxLength": 2}}},
        ),
        (
            record("R", ("id", "long"), field("next", ["null", "R"], default=None)),
            {
                "$ref": "#/$defs/R",
                "$defs": {
                    "R": {
                        "type": "object",
                        "properties": {
                            "id": {"type": "integer"},
                            "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/R"}], "default": None},
                        },
                        "required": ["id"],
                    }
                },
            },
        ),
    ],
)
def test_a_schema_as_json_schema(raw: Raw, expected: Raw) -> None:
    assert as_json_schema(read_avro(raw)).schema == {"$schema": DIALECT, **expected}


def test_what_json_schema_cannot_say_is_listed() -> None:
    lost = as_json_schema(read_avro(ORDER, "order.avsc")).lost
    assert [(one.text, one.place.pointer) for one in lost] == [
        ("the logical type decimal(9,2)", "/fields/3/type/values/fields/0/type")
    ]
    assert as_json_schema(read_avro(["null", "string", "boolean", "int"])).lost == ()
    more = as_json_schema(read_avro(record("R", ("a", "Missing"), ("b", enum("A", default="A")), aliases=["S"]))).lost
    assert [one.text for one in more] == ["aliases", "the type Missing", "the default of an enum"]
