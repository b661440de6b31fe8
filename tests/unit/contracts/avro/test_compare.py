"""The changes between two schemas: one per cause, and the readings that each one breaks."""

from __future__ import annotations

import pytest

from retailctl.contracts.rules.rules import rule
from tests.unit.contracts.avro.shorthand import (
    Raw,
    array,
    changes,
    enum,
    field,
    fixed,
    logical,
    map_of,
    record,
    told,
)

ID = ("id", "int")
ADDED, REMOVED = "avro-field-added-without-default", "avro-field-removed-without-default"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (record("A", ID), record("A", ID, ("n", "int")), [(ADDED, "A/fields/n", "backward")]),
        (record("A", ID, ("n", "int")), record("A", ID), [(REMOVED, "A/fields/n", "forward")]),
        (record("A"), record("A", field("n", "int", default=1)), [("avro-field-added", "A/fields/n", "")]),
        (record("A", field("n", "int", default=1)), record("A"), [("avro-field-removed", "A/fields/n", "")]),
        (
            record("A", ("old", "int")),
            record("A", field("new", "int", aliases=["old"])),
            [("avro-field-renamed", "A/fields/new", "forward")],
        ),
        (
            record("A", field("old", "int", default=0)),
            record("A", field("new", "int", aliases=["old"], default=0)),
            [("avro-field-renamed", "A/fields/new", "")],
        ),
        (
            record("A", field("old", "int", aliases=["new"])),
            record("A", ("new", "int")),
            [("avro-field-renamed", "A/fields/new", "backward")],
        ),
        (
            record("A", ("old", "int")),
            record("A", ("new", "int")),
            [(ADDED, "A/fields/new", "backward"), (REMOVED, "A/fields/old", "forward")],
        ),
        (enum("X"), enum("X", "Y"), [("avro-enum-symbol-added", "Status/symbols/Y", "forward")]),
        (enum("X", "Y"), enum("X"), [("avro-enum-symbol-removed", "Status/symbols/Y", "backward")]),
        (
            enum("X", default="X"),
            enum("X", "Y", default="X"),
            [("avro-enum-symbol-added", "Status/symbols/Y", "")],
        ),
        (
            enum("X", "Y"),
            enum("X", default="X"),
            [("avro-enum-symbol-removed", "Status/symbols/Y", ""), ("avro-enum-default-added", "Status", "")],
        ),
        (enum("X", "Y"), enum("Y", "X"), [("avro-enum-reordered", "Status", "")]),
        (enum("X", "Y", default="X"), enum("X", "Y", default="Y"), [("avro-enum-default-changed", "Status", "")]),
        (enum("X", default="X"), enum("X"), [("avro-enum-default-removed", "Status", "")]),
        (fixed(4), fixed(8), [("avro-fixed-size-changed", "Hash/size", "backward forward")]),
        ("int", "long", [("avro-type-promoted", "new.avsc", "forward")]),
        ("double", "float", [("avro-type-narrowed", "new.avsc", "backward")]),
        ("bytes", "string", [("avro-type-exchanged", "new.avsc", "")]),
        ("int", "string", [("avro-type-changed", "new.avsc", "backward forward")]),
        (array("int"), map_of("int"), [("avro-type-changed", "new.avsc", "backward forward")]),
        (array("int"), array("long"), [("avro-type-promoted", "new.avsc/items", "forward")]),
        (record("A"), record("B"), [("avro-type-renamed", "B", "backward forward")]),
        (record("A"), record("B", aliases=["A"]), [("avro-type-renamed", "B", "forward")]),
        (record("A"), record("shop.A"), [("avro-namespace-changed", "shop.A", "")]),
        (record("A"), record("A", aliases=["Z"]), [("avro-alias-added", "A/aliases/Z", "")]),
        (record("A", aliases=["Z"]), record("A"), [("avro-alias-removed", "A/aliases/Z", "")]),
        (record("A", aliases=["Z"]), record("shop.A", aliases=["Z"]), [("avro-namespace-changed", "shop.A", "")]),
        ("string", ["null", "string"], [("avro-union-branch-added", "new.avsc/null", "forward")]),
        (["null", "string"], "string", [("avro-union-branch-removed", "new.avsc/null", "backward")]),
        (["int", "long"], ["long"], [("avro-union-branch-removed", "new.avsc/int", "")]),
        (["null", "int"], ["null", "long"], [("avro-type-promoted", "new.avsc/long", "forward")]),
        (["null", "int"], ["int", "null"], [("avro-union-reordered", "new.avsc", "")]),
        (["int"], "int", [("avro-union-wrapped", "new.avsc", "")]),
        (
            ["null", record("A", ID)],
            ["null", record("A", ID, ("n", "int"))],
            [(ADDED, "A/fields/n", "backward")],
        ),
        (
            ["null", record("A", ID)],
            ["null", record("B", ID)],
            [("avro-type-renamed", "B", "backward forward")],
        ),
        (
            ["null", record("A", ID)],
            ["null", record("B", ("other", "int"))],
            [
                ("avro-union-branch-removed", "new.avsc/A", "backward"),
                ("avro-union-branch-added", "new.avsc/B", "forward"),
            ],
        ),
        ("int", logical("int", "date"), [("avro-logical-type-changed", "new.avsc", "")]),
        (
            logical("bytes", "decimal", precision=9, scale=2),
            logical("bytes", "decimal", precision=9, scale=3),
            [("avro-decimal-changed", "new.avsc", "")],
        ),
        (
            record("A", field("n", "int", default=1, order="ignore", doc="x")),
            record("A", field("n", "int", default=2, doc="y", pii=True)),
            [
                ("avro-default-changed", "A/fields/n", ""),
                ("avro-order-changed", "A/fields/n", ""),
                ("avro-doc-changed", "A/fields/n", ""),
                ("avro-attribute-changed", "A/fields/n/pii", ""),
            ],
        ),
        (record("A", ID), record("A", field("id", "int", default=0)), [("avro-default-added", "A/fields/id", "")]),
        (record("A", field("id", "int", default=0)), record("A", ID), [("avro-default-removed", "A/fields/id", "")]),
        (record("A", ID), record("A", field("id", "int", aliases=["no"])), [("avro-alias-added", "A/fields/id/aliases/no", "")]),
        (record("A", ID, ("n", "int")), record("A", ("n", "int"), ID), [("avro-fields-reordered", "A", "")]),
        (record("A", doc="x"), record("A"), [("avro-doc-changed", "A", "")]),
        (record("A", field("n", "int", x=1)), record("A", field("n", "int", x=True)), [("avro-attribute-changed", "A/fields/n/x", "")]),
    ],
)  # fmt: skip
def test_a_change_has_a_name_a_place_and_the_readings_that_it_breaks(
    old: Raw, new: Raw, expected: list[tuple[str, str, str]]
) -> None:
    assert told(old, new) == expected
    assert told(new, new) == []
    for change in changes(old, new):
        row = rule(change.id)
        assert row.area == "avro"
        assert not change.broken or row.level == "ERR"
        assert row.message(change.what, old=str(change.old), new=str(change.new), where=change.location)


LINE = record("Line", ("sku", "string"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            record("A", ("one", LINE), ("two", array("Line"))),
            record("A", field("one", "Line"), ("two", array(LINE))),
        ),
        ({"type": "int"}, "int"),
        (record("A", field("n", "double", default=1)), record("A", field("n", "double", default=1.0))),
        (record("A", ID, namespace="shop"), record("shop.A", ID)),
        (record("A", namespace="shop", aliases=["B"]), record("shop.A", aliases=["shop.B"])),
    ],
)
def test_what_says_the_same_is_no_change(old: Raw, new: Raw) -> None:
    assert told(old, new) == []


def test_a_type_that_is_used_often_is_one_cause() -> None:
    old = record("A", *((f"f{n}", LINE if n == 0 else "Line") for n in range(9)))
    new = record("A", *((f"f{n}", record("Line", ("sku", "long")) if n == 0 else "Line") for n in range(9)))
    assert told(old, new) == [("avro-type-changed", "Line/fields/sku", "backward forward")]


def test_a_recursive_type_is_compared_once() -> None:
    def tree(kind: str) -> Raw:
        return record("Tree", ("left", ["null", "Tree"]), ("right", ["null", "Tree"]), ("value", kind))

    assert told(tree("int"), tree("long")) == [("avro-type-promoted", "Tree/fields/value", "forward")]
    assert told(tree("int"), tree("int")) == []


def test_places_are_those_of_both_documents() -> None:
    (change,) = changes(record("A", ("lines", array("int"))), record("A", ("n", "int"), ("lines", array("string"))))[1:]
    assert (change.id, change.what) == ("avro-type-changed", "A.lines[]")
    assert change.old_place == ("old.avsc", "/fields/0/type/items")
    assert change.new_place == ("new.avsc", "/fields/1/type/items")


def test_a_break_that_no_difference_explains_is_told_all_the_same() -> None:
    """Both versions have the field id; the new one also reads it as key, and cannot."""
    old = record("A", ("id", "string"))
    new = record("A", ("id", "string"), field("key", "int", aliases=["id"], default=0))
    assert told(old, new) == [
        ("avro-field-added", "A/fields/key", ""),
        ("avro-type-changed", "A/fields/1/type", "backward"),
    ]


def test_what_is_not_defined_is_undecided() -> None:
    old, new = record("A", ("s", "crm.Store")), record("A", ("s", "int"))
    (change,) = changes(old, new)
    assert (change.id, change.what, sorted(change.undecided)) == (
        "avro-reading-undecided",
        "crm.Store",
        ["backward", "forward"],
    )
