"""Schemas nobody should write: every question still gets an answer, soon."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.unit.contracts.inclusion.judging import included, verdict

STRING: dict[str, Any] = {"type": ("string",)}
INTEGER: dict[str, Any] = {"type": ("integer",)}

MALFORMED: list[Any] = [
    {"type": 5},
    {"enum": 5},
    {"minimum": "x"},
    {"minimum": float("nan")},
    {"maximum": float("inf")},
    {"multipleOf": 0},
    {"pattern": 5},
    {"pattern": "["},
    {"minItems": -1},
    {"properties": []},
    {"properties": {1: STRING}},
    {"required": "x"},
    {"items": [1]},
    {"anyOf": {}},
    {"if": 3},
    {"$ref": 5},
    {"format": ["x"]},
    {"discriminator": "x"},
    {"dependentRequired": {"a": 5}},
]
WELL_FORMED: list[Any] = [
    {},
    STRING,
    {"type": ("object",), "properties": {"a": {}}},
    {"type": ("array",)},
    {"minimum": 1},
]


@pytest.mark.parametrize("odd", MALFORMED, ids=str)
def test_malformed_keywords_raise_nothing(odd: Any) -> None:
    assert included(odd, dict(odd)).verdict != "excluded"
    for other in WELL_FORMED:
        for answer in (included(odd, other), included(other, odd)):
            assert bool(answer.reasons) is (answer.verdict != "included")


DEEPER: dict[str, Any] = {
    "required property": lambda inner: {"type": ("object",), "properties": {"x": inner}, "required": ["x"]},
    "items": lambda inner: {"type": ("array",), "items": inner},
    "allOf": lambda inner: {"allOf": [inner, {"description": "d"}]},
    "anyOf": lambda inner: {"anyOf": [inner, {"type": ("null",)}]},
    "not": lambda inner: {"not": inner},
    "if": lambda inner: {"if": inner, "then": inner},
}


@pytest.mark.parametrize("nest", DEEPER.values(), ids=DEEPER)
def test_200_levels_are_no_recursion_error(nest: Any) -> None:
    a, b = STRING, INTEGER
    for _ in range(200):
        a, b = nest(a), nest(b)
    start = time.process_time()
    assert verdict(a, a) == "included"
    assert verdict(a, b) != "included"
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"type": ("string",), "pattern": "(a+)+$"}, {"type": ("string",), "pattern": "(.*a){25}"}),
        ({"enum": ["a" * 40 + "!"]}, {"pattern": "^(a+)+$"}),
        ({"enum": ["a" * 40 + "!"]}, {"pattern": "^(?=a)(a+)+$"}),
        ({"type": ("array",), "minItems": 10**9}, {"type": ("array",), "minItems": 10**9 + 1}),
        ({"type": ("string",), "minLength": 10**12}, {"type": ("string",), "minLength": 10**12 + 1}),
        ({"type": ("integer",), "maximum": 10**4000}, {"type": ("integer",), "maximum": 10**3999}),
        ({"type": ("object",), "minProperties": 10**9}, {"type": ("object",), "minProperties": 10**9 + 1}),
        ({"enum": list(range(20_000))}, {"enum": list(range(1, 20_000))}),
    ],
    ids=range(8),
)
def test_slow_patterns_and_huge_numbers_cost_little(a: Any, b: Any) -> None:
    start = time.process_time()
    assert verdict(a, b) != "included"
    assert time.process_time() - start < 5
