"""Schema resolution: which types read which, and the facts of a reading that does not work."""

from __future__ import annotations

from itertools import product

import pytest

from tests.unit.contracts.avro.shorthand import Raw, array, enum, facts, field, fixed, map_of, record, resolved

PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
READS = {
    ("long", "int"), ("float", "int"), ("double", "int"), ("float", "long"), ("double", "long"), ("double", "float"),
    ("bytes", "string"), ("string", "bytes"), *((kind, kind) for kind in PRIMITIVES),
}  # fmt: skip


@pytest.mark.parametrize(("reader", "writer"), list(product(PRIMITIVES, PRIMITIVES)))
def test_a_primitive_reads_itself_and_what_is_promoted_to_it(reader: str, writer: str) -> None:
    assert resolved(reader, writer).readable == ((reader, writer) in READS)
    assert facts({"type": reader}, writer) == ([] if (reader, writer) in READS else [("type_mismatch", "/")])


ID = ("id", "int")
TREE = record("Tree", field("left", ["null", "Tree"]), field("value", "int"))
LONG_TREE = record("Tree", field("left", ["null", "Tree"]), field("value", "long"))


@pytest.mark.parametrize(
    ("reader", "writer"),
    [
        (array("long"), array("int")),
        (map_of("double"), map_of("float")),
        (enum("A", "B"), enum("B", "A")),
        (enum("A", "B"), enum("A")),
        (enum("A", "B", default="B"), enum("A", "C")),
        (fixed(4), fixed(4, namespace="shop")),
        (record("Order"), record("Order", ID)),
        (record("Order", field("id", "int", default=1)), record("Order")),
        (record("Order", field("id", "int", default=None)), record("Order")),
        (record("Order", field("key", "long", aliases=["no", "id"])), record("Order", ID)),
        (record("Sale", ID, aliases=["Order"]), record("Order", ID)),
        (record("shop.Sale", ID, aliases=["Order"]), record("shop.Order", ID)),
        (record("shop.Sale", ID, aliases=["crm.Order"]), record("crm.Order", ID)),
        (record("shop.Order", ID), record("crm.Order", ID)),
        (["null", "long"], "int"),
        (["null", "string"], ["bytes", "null"]),
        ("double", ["int", "long", "float"]),
        ([], []),
        (["int"], []),
        (["null", record("Order")], record("Order", ID)),
        ([record("a.X", ID), record("b.X")], record("b.X")),
        (["null", record("Sale", aliases=["Order"])], ["null", record("Order")]),
        (TREE, TREE),
        (LONG_TREE, TREE),
        (record("Pair", ("one", enum("A")), ("two", "Status")), record("Pair", ("two", enum("A")), ("one", "Status"))),
    ],
)
def test_readable(reader: Raw, writer: Raw) -> None:
    assert facts(reader, writer) == []
    assert resolved(reader, writer).readable
    assert resolved(reader, writer).causes() == []


@pytest.mark.parametrize(
    ("reader", "writer", "expected"),
    [
        (record("Sale"), record("Order"), [("name_mismatch", "/name")]),
        (record("shop.Sale", aliases=["Order"]), record("crm.Order"), [("name_mismatch", "/name")]),
        (enum("A", name="One"), enum("A", name="Two"), [("name_mismatch", "/name")]),
        (fixed(4), fixed(8), [("fixed_size_mismatch", "/size")]),
        (fixed(4, "A"), fixed(8, "B"), [("name_mismatch", "/name"), ("fixed_size_mismatch", "/size")]),
        (enum("A"), enum("A", "B"), [("missing_enum_symbols", "/symbols")]),
        (record("Order", ID), record("Order"), [("reader_field_missing_default_value", "/fields/0")]),
        (
            record("Order", field("a", "int", default=0), field("b", array(fixed(2)))),
            record("Order", ("b", array(fixed(4)))),
            [("fixed_size_mismatch", "/fields/1/type/items/size")],
        ),
        (array("int"), map_of("int"), [("type_mismatch", "/")]),
        (map_of("int"), map_of("long"), [("type_mismatch", "/values")]),
        (["int"], ["int", "string", "null"], [("missing_union_branch", "/1"), ("missing_union_branch", "/2")]),
        (["null", "int"], "string", [("missing_union_branch", "/")]),
        ("int", ["int", "string"], [("type_mismatch", "/")]),
        (["null", record("Order", ID)], ["null", record("Order")], [("missing_union_branch", "/1")]),
        (["null", enum("A", name="X")], record("X"), [("missing_union_branch", "/")]),
        (
            TREE,
            LONG_TREE,
            [("type_mismatch", "/fields/1/type")],
        ),
    ],
)
def test_not_readable(reader: Raw, writer: Raw, expected: list[tuple[str, str]]) -> None:
    assert sorted(facts(reader, writer)) == sorted(expected)
    assert not resolved(reader, writer).readable


def test_the_cause_inside_a_branch_is_found_where_the_list_of_facts_stops_at_the_union() -> None:
    reader, writer = ["null", record("Order", ID)], ["string", "null", record("Order")]
    assert facts(reader, writer) == [("missing_union_branch", "/0"), ("missing_union_branch", "/2")]
    causes = resolved(reader, writer).causes()
    assert [(cause.kind, cause.location) for cause in causes] == [
        ("missing_union_branch", "/0"),
        ("reader_field_missing_default_value", "/1/fields/0"),
    ]
    assert causes[1].steps() == [("branch", 2)]


@pytest.mark.parametrize(
    ("reader", "writer", "detail", "reader_pointer", "writer_pointer"),
    [
        (record("Sale"), record("Order"), "expected: Order", "/name", "/name"),
        (fixed(8), fixed(4), "expected: 4, found: 8", "/size", "/size"),
        (enum("A"), enum("C", "A", "B"), "C, B", "/symbols", "/symbols"),
        (record("Order", ID), record("Order"), "id", "/fields/0", ""),
        (array("int"), array("null"), "reader type: int not compatible with writer type: null", "/items", "/items"),
        (["int"], ["string"], "reader union lacking writer type: STRING", "", "/0"),
    ],
)
def test_a_fact_has_its_details_and_both_places(
    reader: Raw, writer: Raw, detail: str, reader_pointer: str, writer_pointer: str
) -> None:
    (fact,) = resolved(reader, writer).causes()
    assert fact.detail == detail
    assert fact.reader_place == ("reader.avsc", reader_pointer)
    assert fact.writer_place == ("writer.avsc", writer_pointer)


def test_what_is_not_defined_is_not_decided() -> None:
    resolution = resolved(record("Order", ("store", "crm.Store")), record("Order", ("store", "int")))
    assert (resolution.readable, resolution.undecided) == (True, True)


def test_a_pair_of_types_can_be_asked() -> None:
    from retailctl.contracts.avro.reading import read_avro
    from retailctl.contracts.avro.resolution import resolve

    reader, writer = read_avro(["null", fixed(4)]), read_avro(["null", fixed(8)])
    resolution = resolve(reader, writer)
    assert resolution.fails(reader.types["Hash"], writer.types["Hash"])
    assert not resolution.fails(writer.types["Hash"], reader.types["Hash"])
