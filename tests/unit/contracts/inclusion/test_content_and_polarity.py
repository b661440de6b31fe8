"""Undeclared properties, and properties that do not travel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.inclusion.judging import verdict

STRING: dict[str, Any] = {"type": ("string",)}
INTEGER: dict[str, Any] = {"type": ("integer",)}
READ: dict[str, Any] = {**STRING, "readOnly": True}
WRITE: dict[str, Any] = {**STRING, "writeOnly": True}


def obj(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": ("object",), "properties": properties, "required": list(required)}


@pytest.mark.parametrize(
    ("a", "b", "declared", "everything"),
    [
        (obj(), obj(p=STRING), "included", "excluded"),
        (obj(), obj(p={}), "included", "included"),
        ({**obj(), "additionalProperties": False}, obj(p=STRING), "included", "included"),
        ({**obj(), "additionalProperties": {}}, obj(p=STRING), "included", "excluded"),
        ({**obj(), "additionalProperties": INTEGER}, obj(p=STRING), "excluded", "excluded"),
        (obj(q=STRING), {**obj(q=STRING), "additionalProperties": False}, "included", "excluded"),
        (obj(q=STRING), {**obj(q=STRING), "maxProperties": 1}, "included", "excluded"),
        (obj(q=STRING), {**obj(), "additionalProperties": False}, "excluded", "excluded"),
        (
            {"allOf": [obj(p=STRING), obj(q=STRING)]},
            {**obj(p=STRING, q=STRING), "additionalProperties": False},
            "included",
            "excluded",
        ),
        (obj("p"), obj(p=STRING), "excluded", "excluded"),
        ({}, obj(p=STRING), "excluded", "excluded"),
        (obj(n=obj()), obj(n=obj(p=STRING)), "included", "excluded"),
    ],
    ids=str,
)
def test_extra_properties_count_only_under_all(a: Any, b: Any, declared: str, everything: str) -> None:
    assert verdict(a, b, content="declared") == declared
    assert verdict(a, b, content="all") == everything


@pytest.mark.parametrize(
    ("a", "b", "polarity", "expected"),
    [
        (obj(), obj("p", p=READ), "in", "included"),
        (obj(), obj("p", p=READ), "out", "excluded"),
        (obj(), obj("p", p=READ), None, "excluded"),
        (obj(), obj("p", p=WRITE), "out", "included"),
        (obj(), obj("p", p=WRITE), "in", "excluded"),
        (obj(p=INTEGER), obj(p=READ), "in", "included"),
        (obj("p", p=READ), obj("p", p=STRING), "in", "excluded"),  # nobody sent it, now it is asked for
        (obj(p=READ), {**obj(), "additionalProperties": False}, "in", "included"),
        (obj(), obj("p", p={"$ref": "K"}), "in", "included"),
        (obj(), {"allOf": [{"required": ["p"]}, obj(p=READ)]}, "in", "included"),
        (obj(), {"allOf": [obj(p=READ), {"anyOf": [{"required": ["p"]}, {"required": ["p", "p"]}]}]}, "in", "included"),
    ],
    ids=str,
)
def test_a_property_that_does_not_travel_is_neither_required_nor_constrained(
    a: Any, b: Any, polarity: Any, expected: str
) -> None:
    assert verdict(a, b, polarity=polarity, b_store={"K": READ}) == expected
