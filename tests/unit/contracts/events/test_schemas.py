"""Stand-alone JSON Schemas: one message, whatever draft it is written in, under every mode."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.events.support import document, judged, told

NAME = "order.schema.json"
DRAFT = "http://json-schema.org/draft-{}/schema#"
ORDER: dict[str, Any] = {
    "$schema": DRAFT.format("07"),
    "title": "Order changed",
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "kind": {"enum": ["new", "void"]},
        "lines": {"$ref": "#/definitions/lines"},
    },
    "definitions": {"lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {"type": "string"}}}}},
}


def order(**changes: Any) -> dict[str, Any]:
    return {**ORDER, **changes}


def properties(**changes: Any) -> dict[str, Any]:
    return order(properties={**ORDER["properties"], **changes})


def test_a_schema_is_one_message_that_is_sent() -> None:
    (channel,) = document(ORDER, NAME).channels.values()
    assert list(channel.exchanges) == ["send"]
    assert list(channel.exchanges["send"].messages) == ["Order changed"]


@pytest.mark.parametrize(
    ("new", "backward", "forward"),
    [
        (ORDER, {}, {}),
        (order(title="Order was changed", description="Words."), {}, {}),
        (properties(kind={"enum": ["new", "void", "paid"]}),
         {"response-property-enum-value-added": "WARN"}, {"response-property-enum-value-added": "ERR"}),
        (properties(kind={"enum": ["new"]}),
         {"request-property-enum-value-removed": "ERR"}, {"request-property-enum-value-removed": "INFO"}),
        (order(required=["id", "kind"]),
         {"request-property-became-required": "ERR"}, {"request-property-became-required": "INFO"}),
        (order(required=[]),
         {"request-property-became-optional": "INFO"}, {"response-property-became-optional": "ERR"}),
        (properties(note={"type": "string"}),
         {"new-optional-request-property": "INFO"}, {"new-optional-request-property": "INFO"}),
        (properties(id={"type": ["string", "null"]}),
         {"request-property-became-nullable": "INFO"}, {"response-property-became-nullable": "ERR"}),
        (order(definitions={"lines": {"type": "array", "items": {}}}),
         {"request-property-items-removed": "INFO"}, {"response-property-items-removed": "ERR"}),
    ],
)  # fmt: skip
def test_a_change_is_judged_by_the_readings_of_the_mode(
    new: dict[str, Any], backward: dict[str, str], forward: dict[str, str]
) -> None:
    assert told(ORDER, new, NAME) == told(ORDER, new, NAME, "BACKWARD") == backward
    assert told(ORDER, new, NAME, "FORWARD") == forward
    assert set(told(ORDER, new, NAME, "NONE").values()) <= {"INFO"}
    worst = {"ERR"} & {*backward.values(), *forward.values()}
    assert ("ERR" in told(ORDER, new, NAME, "FULL_TRANSITIVE").values()) == bool(worst)


BOUNDED = {"type": "object", "properties": {"n": {"type": "number", "minimum": 0, "exclusiveMinimum": True}}}
LISTED = {"type": "object", "properties": {"a": {"items": [{"type": "string"}], "additionalItems": False}}}
DEPENDENT = {"type": "object", "dependencies": {"card": ["cvc"], "gift": {"required": ["to"]}}}
DEFINED = {"definitions": {"n": {"type": "string"}}, "type": "object", "properties": {"n": {"$ref": "#/definitions/n"}}}
MODERN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("04", BOUNDED, {"type": "object", "properties": {"n": {"type": "number", "exclusiveMinimum": 0}}}),
    ("04", {"type": "object", "properties": {"n": {"type": "number", "minimum": 0, "exclusiveMinimum": False}}},
     {"type": "object", "properties": {"n": {"type": "number", "minimum": 0}}}),
    ("04", {"type": "object", "properties": {"n": {"exclusiveMaximum": True}}}, {"type": "object", "properties": {"n": {}}}),
    ("06", LISTED, {"type": "object", "properties": {"a": {"prefixItems": [{"type": "string"}], "items": False}}}),
    ("07", DEPENDENT, {"type": "object", "dependentRequired": {"card": ["cvc"]},
                       "dependentSchemas": {"gift": {"required": ["to"]}}}),
    ("07", DEFINED, {"$defs": {"n": {"type": "string"}}, "type": "object", "properties": {"n": {"$ref": "#/$defs/n"}}}),
    ("07", {**DEFINED, "properties": {"n": {"$ref": "#/definitions/n", "maxLength": 3}}},
     {"$defs": {"n": {"type": "string"}}, "type": "object", "properties": {"n": {"$ref": "#/$defs/n"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("draft", "old", "new"), MODERN)
def test_a_rewrite_in_the_current_draft_changes_nothing(draft: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    before = {"$schema": DRAFT.format(draft), **old}
    after = {"$schema": "https://json-schema.org/draft/2020-12/schema", **new}
    for one, other in ((before, after), (after, before)):
        assert [(found.change.id, found.level) for found in judged(one, other, NAME).changes] == [
            ("document-version-changed", "INFO")
        ]


def test_what_stands_beside_a_reference_counts_in_current_drafts() -> None:
    old = {
        "$defs": {"n": {"type": "string"}},
        "type": "object",
        "properties": {"n": {"$ref": "#/$defs/n", "maxLength": 3}},
    }
    new = {**old, "properties": {"n": {"$ref": "#/$defs/n"}}}
    assert told(old, new, NAME, "FORWARD") == {"response-property-max-length-unset": "ERR"}


def test_a_schema_that_is_a_reference_to_its_definitions() -> None:
    def wrapped(order: dict[str, Any]) -> dict[str, Any]:
        return {"$schema": DRAFT.format("07"), "$ref": "#/definitions/Order", "definitions": {"Order": order}}

    old = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    found = judged(wrapped(old), wrapped({**old, "required": []}), NAME).changes
    assert [(one.change.id, one.change.subject) for one in found] == [
        ("request-property-became-optional", "schema Order")
    ]


def test_a_recursive_schema_is_compared() -> None:
    def tree(kind: str) -> dict[str, Any]:
        children = {"type": "array", "items": {"$recursiveRef": "#"}}
        return {
            "$schema": "https://json-schema.org/draft/2019-09/schema", "type": "object",
            "properties": {"name": {"type": kind}, "children": children},
        }  # fmt: skip

    assert judged(tree("string"), tree("string"), NAME).changes == ()
    assert told(tree("string"), tree("integer"), NAME) == {"request-property-type-changed": "ERR"}


def test_a_property_beside_a_break_is_not_blamed_for_it() -> None:
    new = properties(kind={"enum": ["new"]}, note={"type": "string"})
    assert told(ORDER, new, NAME, "FULL") == {
        "request-property-enum-value-removed": "ERR", "new-optional-request-property": "INFO"
    }  # fmt: skip
    both = order(required=["id", "note"], properties={**ORDER["properties"], "note": {"type": "string"}, "x": {}})
    assert told(ORDER, both, NAME) == {"new-required-request-property": "ERR", "new-optional-request-property": "INFO"}


@pytest.mark.parametrize("needed", [[], ["part"]])
def test_what_is_added_to_a_part_is_optional_there_whatever_the_part_is(needed: list[str]) -> None:
    def order(*names: str) -> dict[str, Any]:
        part = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
        return {"title": "Order", "type": "object", "properties": {"part": part}, "required": needed}

    assert told(order("a"), order("a", "b"), NAME, "BACKWARD") == {"new-optional-request-property": "INFO"}
