"""Reading a schema: names, namespaces, references, defaults, and what is wrong with it."""

from __future__ import annotations

import pytest

from retailctl.contracts.avro.model import ABSENT, Logical
from retailctl.contracts.avro.reading import read_avro
from tests.unit.contracts.avro.shorthand import Raw, array, enum, field, fixed, logical, map_of, record


def test_a_record_is_read_with_the_places_of_its_parts() -> None:
    raw = record(
        "Order",
        field("id", {"type": "string", "logicalType": "uuid"}, doc="the number", aliases=["no"], order="ignore"),
        field("lines", array(record("Line", ("sku", "string"))), default=[]),
        field("note", ["null", "string"], default=None, pii="yes"),
        namespace="shop",
        aliases=["Sale", "crm.Sale"],
        doc="an order",
        owner="store team",
    )
    schema = read_avro(raw, "order.avsc")
    order, line = schema.types.values()
    assert schema.problems == ()
    assert (order.name, order.short, order.aliases) == ("shop.Order", "Order", ("shop.Sale", "crm.Sale"))
    assert (order.doc, order.extras) == ("an order", {"owner": "store team"})
    number, lines, note = order.fields
    assert (number.doc, number.aliases, number.order, number.default) == ("the number", ("no",), "ignore", ABSENT)
    assert number.type.logical == Logical("uuid")
    assert (lines.default, note.default, note.has_default, note.extras) == ([], None, True, {"pii": "yes"})
    assert (line.name, line.place) == ("shop.Line", ("order.avsc", "/fields/1/type/items"))
    assert note.type.children[1].place == ("order.avsc", "/fields/2/type/1")


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (record("Order"), ["Order"]),
        (record("shop.Order"), ["shop.Order"]),
        (record("shop.Order", namespace="crm"), ["shop.Order"]),
        (record("Order", ("s", enum("A")), namespace="shop"), ["shop.Order", "shop.Status"]),
        (record("shop.Order", ("s", enum("A", namespace="crm"))), ["shop.Order", "crm.Status"]),
        (record("shop.Order", ("s", enum("A", namespace=""))), ["shop.Order", "Status"]),
        (record("Order", ("s", fixed(2, "crm.Hash")), ("t", fixed(2, "Key"))), ["Order", "crm.Hash", "Key"]),
        ([record("a.X"), array(record("X"))], ["a.X", "X"]),
        (array(map_of(record("a.X", ("y", record("Y"))))), ["a.X", "a.Y"]),
    ],
)
def test_names_are_relative_to_the_namespace_around_them(raw: Raw, names: list[str]) -> None:
    schema = read_avro(raw)
    assert list(schema.types) == names
    assert schema.problems == ()


def test_references_point_to_the_one_definition() -> None:
    raw = record(
        "shop.Order",
        ("next", ["null", "Order"]),
        ("state", enum("A")),
        ("before", "Status"),
        ("after", "shop.Status"),
        ("same", {"type": "Status"}),
    )
    schema = read_avro(raw)
    order, status = schema.types.values()
    assert order.fields[0].type.children[1] is order
    assert [field.type for field in order.fields[1:]] == [status] * 4
    assert schema.problems == ()


def test_a_list_is_a_union_and_a_pointer_may_lie_before_it() -> None:
    schema = read_avro([record("A"), "null"], "asyncapi.yaml", "/components/schemas/A")
    assert schema.root.kind == "union"
    assert schema.root.children[0].place == ("asyncapi.yaml", "/components/schemas/A/0")


def test_types_of_other_schemas_may_be_used() -> None:
    line = read_avro(record("shop.Line", ("sku", "string")), "line.avsc")
    order = read_avro(record("shop.Order", ("lines", array("Line"))), "order.avsc", known=line.types)
    assert order.problems == ()
    assert order.root.fields[0].type.children[0] is line.root
    assert list(order.types) == ["shop.Order"]


PROBLEMS: list[tuple[Raw, list[tuple[str, str]]]] = [
    (7, [("not-a-schema", "")]),
    (None, [("not-a-schema", "")]),
    ({}, [("missing-type", "")]),
    ({"type": 3}, [("missing-type", "")]),
    ("integer", [("unknown-type", "")]),
    ({"type": "strin"}, [("unknown-type", "/type")]),
    ({"type": {"type": "string"}}, [("nested-type", "")]),
    ({"type": "array"}, [("missing-items", "")]),
    ({"type": "map"}, [("missing-values", "")]),
    ({"type": "enum", "name": "E"}, [("missing-symbols", "")]),
    ({"type": "fixed", "name": "F"}, [("missing-size", "")]),
    ({"type": "record", "name": "R"}, [("missing-fields", "")]),
    ({"type": "record", "fields": []}, [("missing-name", "")]),
    ({"type": "record", "name": "R", "fields": [{"type": "int"}, {"name": "a"}, 3]}, [
        ("bad-field", "/fields/0"), ("missing-type", "/fields/1"), ("bad-field", "/fields/2"),
    ]),
    (record("0rder"), [("bad-name", "/name")]),
    (record("a..b"), [("bad-name", "/name")]),
    (record("Order", namespace="my-shop"), [("bad-name", "/namespace")]),
    (record("Order", namespace=3), [("bad-name", "/namespace")]),
    (record("string"), [("bad-name", "/name")]),
    (record("R", ("first-name", "int")), [("bad-name", "/fields/0/name")]),
    (record("R", ("a", "int"), ("a", "int")), [("duplicate-field", "/fields/1/name")]),
    (record("R", ("a", fixed(2, "R"))), [("duplicate-name", "/fields/0/type/name")]),
    (record("R", ("a", "Later"), ("b", fixed(2, "Later"))), [("used-before-definition", "/fields/0/type")]),
    (record("R", field("a", "int", order="up")), [("bad-order", "/fields/0/order")]),
    (record("R", aliases="S"), [("bad-aliases", "/aliases")]),
    (record("R", field("a", "int", aliases=["b c"])), [("bad-aliases", "/fields/0/aliases")]),
    (record("R", field("a", "int", aliases=["b"]), ("b", "int")), [("duplicate-field-alias", "/fields/0/aliases")]),
    (enum("A", "A"), [("duplicate-symbol", "/symbols/1")]),
    (enum("A", "no-go"), [("bad-symbol", "/symbols/1")]),
    ({"type": "enum", "name": "E", "symbols": [1]}, [("bad-symbol", "/symbols/0")]),
    (enum("A", default="B"), [("bad-enum-default", "/default")]),
    (fixed(-1), [("bad-size", "/size")]),
    ({"type": "fixed", "name": "F", "size": "16"}, [("bad-size", "/size")]),
    ({"type": "fixed", "name": "F", "size": True}, [("bad-size", "/size")]),
    (["int", ["null"]], [("nested-union", "/1")]),
    (["int", {"type": "int"}], [("duplicate-branch", "/1")]),
    ([array("int"), array("long")], [("duplicate-branch", "/1")]),
    ([fixed(2), "Hash"], [("duplicate-branch", "/1")]),
    (record("R", ("a", "R")), [("endless-record", "")]),
    (record("R", ("a", record("S", ("b", "R")))), [("endless-record", ""), ("endless-record", "/fields/0/type")]),
    (logical("bytes", "decimal"), [("bad-logical-type", "")]),
    (logical("bytes", "decimal", precision=0), [("bad-logical-type", "/precision")]),
    (logical("bytes", "decimal", precision="9"), [("bad-logical-type", "/precision")]),
    (logical("bytes", "decimal", precision=4, scale=5), [("bad-logical-type", "/scale")]),
    (logical("bytes", "decimal", precision=4, scale=-1), [("bad-logical-type", "/scale")]),
    (logical(fixed(4), "decimal", precision=10), [("bad-logical-type", "/precision")]),
    (logical("string", "decimal", precision=4), [("bad-logical-type", "/logicalType")]),
    (logical("string", "date"), [("bad-logical-type", "/logicalType")]),
    (logical(fixed(8), "uuid"), [("bad-logical-type", "/logicalType")]),
    (logical("int", 3), [("bad-logical-type", "/logicalType")]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "expected"), PROBLEMS)
def test_a_problem_is_located_and_says_what_to_do(raw: Raw, expected: list[tuple[str, str]]) -> None:
    problems = read_avro(raw, "a.avsc").problems
    assert [(problem.code, problem.place.pointer) for problem in problems] == expected
    assert all(problem.message and problem.hint and problem.place.path == "a.avsc" for problem in problems)


@pytest.mark.parametrize(
    "raw",
    [
        [],
        record("R"),
        record("R", ("next", ["null", "R"]), ("more", array("R")), ("by_name", map_of("R"))),
        [fixed(2, "a.Hash"), fixed(2, "b.Hash"), array("int"), map_of("int"), "int", "long"],
        logical("bytes", "decimal", precision=9, scale=2),
        logical(fixed(4), "decimal", precision=9),
        logical(fixed(12), "duration"),
        logical("long", "our-own-meaning"),
        enum("A", "B", default="B"),
        {"type": "error", "name": "Refused", "fields": []},
    ],
)
def test_a_valid_schema_has_no_problem(raw: Raw) -> None:
    schema = read_avro(raw)
    assert schema.problems == ()
    assert schema.is_valid


def test_problems_that_implementations_pass_over_leave_a_schema_valid() -> None:
    schema = read_avro(logical("string", "date"))
    assert len(schema.problems) == 1
    assert schema.is_valid


DEFAULTS: list[tuple[Raw, list[Raw], list[Raw]]] = [
    ("null", [None], [0, "null", False]),
    ("boolean", [True, False], [0, "true", None]),
    ("int", [0, -(2**31), 2**31 - 1], [2**31, True, 1.5, "1", None]),
    ("long", [2**63 - 1], [2**63, "1"]),
    ("float", [1, 1.5], ["1.5", True]),
    ("double", [1, 1e300], ["NaN", None]),
    ("string", ["", "é"], [1, None]),
    ("bytes", ["", "\u00ff"], ["\u0100", 1]),
    (fixed(2), ["ab"], ["a", "abc", 2]),
    (enum("A", "B"), ["A"], ["C", 0]),
    (array("int"), [[], [1]], [{}, ["a"], None]),
    (map_of("int"), [{}, {"a": 1}], [[], {"a": "b"}]),
    (["null", "int"], [None, 1], ["a", 1.5]),
    (record("S", ("a", "int"), field("b", "int", default=2)), [{"a": 1}, {"a": 1, "b": 3}], [{}, {"a": "x"}, []]),
]


@pytest.mark.parametrize(("type_", "right", "wrong"), DEFAULTS)
def test_a_default_is_a_value_of_its_type(type_: Raw, right: list[Raw], wrong: list[Raw]) -> None:
    def codes(default: Raw) -> list[tuple[str, str]]:
        schema = read_avro(record("R", field("a", type_, default=default)))
        return [(problem.code, problem.place.pointer) for problem in schema.problems]

    assert [codes(default) for default in right] == [[]] * len(right)
    assert [codes(default) for default in wrong] == [[("bad-default", "/fields/0/default")]] * len(wrong)


def test_what_could_not_be_read_leaves_the_rest_usable() -> None:
    schema = read_avro(record("R", ("a", "Missing"), ("b", array(enum("A")))))
    assert schema.undefined == {"Missing"}
    assert [field.type.kind for field in schema.root.fields] == ["unknown", "array"]
    assert list(schema.types) == ["R", "Status"]
