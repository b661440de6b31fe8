"""A change deep inside is judged by what it does to the whole: below ``not`` and ``if`` the direction is the other one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.contracts.comparing import Raw, judged, request, response, thing
from tests.unit.contracts.judging.test_relation import BREAKS

AROUND: dict[str, Callable[[Any], Raw]] = {
    "a property": lambda schema: thing(p=schema),
    "items": lambda schema: {"type": "array", "items": schema},
    "prefixItems": lambda schema: {"type": "array", "prefixItems": [schema]},
    "additionalProperties": lambda schema: {"type": "object", "additionalProperties": schema},
    "patternProperties": lambda schema: {"type": "object", "patternProperties": {"^x": schema}},
    "allOf": lambda schema: {"allOf": [schema, {"description": "d", "minProperties": 0}]},
    "anyOf": lambda schema: {"anyOf": [schema, {"title": "flag", "type": "boolean"}]},
    "then": lambda schema: {"if": {"required": ["k"]}, "then": {"properties": {"k": schema}}},
    "contains": lambda schema: {"type": "array", "contains": schema},
}
INSIDE_OUT: dict[str, Callable[[Any], Raw]] = {
    "not": lambda schema: {"not": schema},
    "if": lambda schema: {
        **thing(k={}, z={}),
        "if": {"properties": {"k": schema}, "required": ["k"]},
        "then": {"required": ["z"]},
    },
}
# A branch beside the flag may refuse what the relation cannot see through; a rule of the table says WARN.
NARROW = [name for name in BREAKS if name not in ("then", "more is excluded by not")]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("name", NARROW)
def test_a_break_inside_is_not_lost(around: str, name: str) -> None:
    if (around, name) == ("additionalProperties", "a schema that refuses"):
        return  # nobody sends what the contract does not declare
    old, new = (AROUND[around](schema) for schema in BREAKS[name])
    assert judged(request(old), request(new), witnesses=False).compatible is not True
    assert judged(request(new), request(old), witnesses=False).compatible is not False


TURNED = ["enum value", "maximum", "length", "the type of a property", "null"]


@pytest.mark.parametrize("around", INSIDE_OUT)
@pytest.mark.parametrize("name", TURNED)
def test_a_wider_condition_or_exclusion_is_not_called_harmless(around: str, name: str) -> None:
    wide, narrow = (INSIDE_OUT[around](schema) for schema in BREAKS[name])
    assert judged(request(narrow), request(wide), witnesses=False).compatible is not True


@pytest.mark.parametrize("name", TURNED)
def test_a_narrower_exclusion_refuses_nobody(name: str) -> None:
    wide, narrow = (INSIDE_OUT["not"](schema) for schema in BREAKS[name])
    assert judged(request(wide), request(narrow), witnesses=False).compatible is not False


@pytest.mark.parametrize("name", TURNED)
def test_a_narrower_condition_refuses_nobody(name: str) -> None:
    wide, narrow = (INSIDE_OUT["if"](schema) for schema in BREAKS[name])
    assert judged(request(wide), request(narrow), witnesses=False).compatible is not False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "number", "maximum": 4}, {"type": "number", "maximum": 8}),
        ({"type": "number", "maximum": 4}, {"type": "number"}),
    ],
)
def test_a_branch_that_grows_into_another_refuses_what_both_take(old: Raw, new: Raw) -> None:
    other = {"type": "number", "minimum": 6, "title": "other"}
    before, after = ({"oneOf": [{"title": "one", **schema}, other]} for schema in (old, new))
    assert judged(request(before), request(after), witnesses=False).compatible is not True
    assert judged(response(before), response(after), witnesses=False).compatible is not True
