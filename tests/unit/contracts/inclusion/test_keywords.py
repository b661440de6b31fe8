"""Each keyword in each relation: one row per case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.inclusion.judging import included, validator, verdict

I, X, U = "included", "excluded", "undecided"  # noqa: E741


def t(*types: str, **more: Any) -> dict[str, Any]:
    return {"type": types, **more}


def obj(required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    return {"type": ("object",), "properties": properties, **({"required": list(required)} if required else {})}


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "additionalProperties": False}


STRING, INTEGER, NUMBER, NULL = t("string"), t("integer"), t("number"), t("null")
UUID = t("string", format="uuid")

SCALARS: list[tuple[Any, Any, str]] = [
    (INTEGER, NUMBER, I),
    (NUMBER, INTEGER, X),
    (STRING, t("null", "string"), I),
    (t("null", "string"), STRING, X),
    ({"const": 1.0}, INTEGER, I),
    ({"const": 1.5}, INTEGER, X),
    ({"const": True}, {"enum": [1]}, X),
    ({"const": 1}, {"enum": [1.0]}, I),
    ({"enum": ["a", "b"]}, {"enum": ["b", "a", "c"]}, I),
    ({"enum": ["a", "b"]}, {"enum": ["a"]}, X),
    ({"enum": ["a", None]}, STRING, X),
    ({"enum": ["a", "bb"]}, t("string", maxLength=2, pattern="^[ab]+$"), I),
    ({"enum": ["a"]}, t("string", format="made-up"), U),
    ({"enum": [{"a": 1}]}, obj(("a",), a=INTEGER), I),
    (t("boolean"), {"enum": [True, False]}, I),
    (t("boolean"), {"const": True}, X),
    (t("integer", minimum=1, maximum=3), {"enum": [1, 2, 3]}, I),
    (t("integer", minimum=1), t("integer", exclusiveMinimum=0), I),
    (t("integer", exclusiveMinimum=0), t("integer", minimum=1), I),
    (t("number", exclusiveMinimum=0), t("number", minimum=1), X),
    (t("number", minimum=0), t("number", exclusiveMinimum=0), X),
    (t("number", exclusiveMinimum=0), t("number", minimum=0), I),
    (t("integer", minimum=0.5), t("integer", minimum=1), I),
    (t("integer", minimum=1, multipleOf=5), t("integer", minimum=5), I),
    (INTEGER, t("integer", minimum=0), X),
    (t("integer", maximum=9), t("integer", maximum=10, exclusiveMaximum=12), I),
    (t("number", multipleOf=0.01), t("number", multipleOf=0.001), I),
    (t("number", multipleOf=0.001), t("number", multipleOf=0.01), X),
    (t("integer", multipleOf=6), t("integer", multipleOf=4), X),
    ({"allOf": [t("integer", multipleOf=6), {"multipleOf": 4}]}, t("integer", multipleOf=12), I),
    (t("string", maxLength=3), t("string", maxLength=4), I),
    (t("string", maxLength=4), t("string", maxLength=3), X),
    (STRING, t("string", minLength=1), X),
    (t("string", pattern="^a"), STRING, I),
    (t("string", pattern="^a"), t("string", pattern="^a"), I),
    (t("string", pattern="^[a-z]+$"), t("string", pattern="^[a-z0-9]+$"), I),
    (t("string", pattern="^(?=a)[a-z]+$"), t("string", pattern="^[a-z0-9]+$"), U),
    (t("string", pattern="^(a|b)$"), {"enum": ["a", "b", "c"]}, I),
    (t("string", pattern="^(?:a|b|c)$"), t("string", pattern="^(a|b)$"), X),
    (STRING, t("string", pattern="^(a|b)$"), X),
    (t("string", pattern="^[A-Z]{3}$", maxLength=9), t("string", pattern="^[A-Z]{3}$", maxLength=2), X),
    (t("string", pattern="["), t("string", pattern="[", maxLength=2), U),
    (UUID, STRING, I),
    (STRING, UUID, U),
    (UUID, t("string", format="date"), U),
    (UUID, t("string", format="uuid", maxLength=10), X),
    (t("integer", format="int32"), t("integer", format="int64"), I),
    (t("integer", format="int64"), t("integer", format="int32"), U),
    (t("integer", minimum=0, maximum=99), t("integer", format="int32"), I),
    (t("string", contentEncoding="base64"), STRING, I),
    (STRING, t("string", contentEncoding="base64"), U),
]

OBJECTS: list[tuple[Any, Any, str]] = [
    (obj(), obj(("p",)), X),
    (obj(("p",)), obj(), I),
    (obj(("p",), p=STRING), obj(("p",), p=t("null", "string")), I),
    (obj(p=STRING), obj(p=INTEGER), X),
    (obj(p=False), obj(p=INTEGER), I),
    (obj(p=STRING, q=STRING), closed(obj(p=STRING)), X),
    (closed(obj(p=STRING)), closed(obj(p=STRING, q=STRING)), I),
    (obj(p=STRING), {"type": ("object",), "additionalProperties": t("string", "null")}, I),
    ({"type": ("object",), "additionalProperties": STRING}, {"type": ("object",), "additionalProperties": INTEGER}, X),
    ({"type": ("object",), "additionalProperties": STRING}, obj(p=INTEGER), X),
    (obj(p1=STRING), {"patternProperties": {"^p": INTEGER}}, X),
    (obj(p1=STRING), {"patternProperties": {"^p": STRING}, "additionalProperties": False}, I),
    ({"patternProperties": {"^p": STRING}}, {"patternProperties": {"^p": t("string", "null")}}, I),
    (t("object", patternProperties={"^p": STRING}), t("object", patternProperties={"^p": INTEGER}), X),
    (t("object", patternProperties={"^p": STRING}), closed(obj()), X),
    (obj(pp=STRING), t("object", propertyNames={"maxLength": 1}), X),
    (closed(obj(p=STRING)), t("object", propertyNames={"maxLength": 1}), I),
    (obj(("p", "q")), t("object", minProperties=2), I),
    (obj(p=STRING), t("object", minProperties=1), X),
    (closed(obj(p=STRING)), t("object", maxProperties=1), I),
    (closed(obj(p=STRING, q=STRING)), t("object", maxProperties=1), X),
    (obj(p=STRING, q=STRING), {"dependentRequired": {"p": ["q"]}}, X),
    (obj(("q",), p=STRING, q=STRING), {"dependentRequired": {"p": ["q"]}}, I),
    ({**obj(p=STRING), "dependentRequired": {"p": ["q", "r"]}}, {"dependentRequired": {"p": ["q"]}}, I),
    (closed(obj(q=STRING)), {"dependentRequired": {"p": ["q"]}}, I),
    (obj(p=STRING, q=STRING), {"dependentSchemas": {"p": obj(q=INTEGER)}}, X),
    (obj(p=STRING, q=INTEGER), {"dependentSchemas": {"p": obj(q=INTEGER)}}, I),
    ({**obj(("p",), p=STRING), "dependentSchemas": {"p": obj(("q",))}}, obj(("q",)), I),
    (obj(p=STRING), {"allOf": [obj(p=STRING)], "unevaluatedProperties": False}, I),
    (obj(p=STRING, q=STRING), {"allOf": [obj(p=STRING)], "unevaluatedProperties": False}, X),
    ({"allOf": [obj(p=STRING)], "unevaluatedProperties": False}, closed(obj(p=STRING, q=NULL)), I),
]

ARRAYS: list[tuple[Any, Any, str]] = [
    (t("array", items=STRING), t("array", items=t("string", "null")), I),
    (t("array", items=t("string", "null")), t("array", items=STRING), X),
    (t("array", items=STRING, maxItems=0), t("array", items=INTEGER), I),
    (t("array", prefixItems=[STRING], items=False), t("array", prefixItems=[STRING, INTEGER]), I),
    (t("array", prefixItems=[STRING, STRING]), t("array", prefixItems=[STRING, INTEGER]), X),
    (t("array", prefixItems=[STRING], items=INTEGER), t("array", items=t("string", "integer")), I),
    (t("array", prefixItems=[STRING], items=False), t("array", maxItems=1), I),
    (t("array", minItems=1), t("array", minItems=2), X),
    (t("array", maxItems=3), t("array", maxItems=2), X),
    (t("array", maxItems=2), t("array", maxItems=3, uniqueItems=False), I),
    (t("array", items=STRING), t("array", uniqueItems=True), X),
    (t("array", maxItems=1), t("array", uniqueItems=True), I),
    (t("array", minItems=1, items=STRING), t("array", contains=STRING), I),
    (t("array", items=STRING), t("array", contains=STRING), X),
    (t("array", contains={"const": 1}), t("array", contains=INTEGER), I),
    (t("array", contains=INTEGER), t("array", contains={"const": 1}), X),
    (t("array", items=STRING), t("array", contains=INTEGER, minContains=0, maxContains=1), I),
    (t("array", items=INTEGER), t("array", contains=INTEGER, minContains=0, maxContains=1), X),
    (t("array", prefixItems=[STRING]), t("array", prefixItems=[STRING], unevaluatedItems=False), X),
    (t("array", prefixItems=[STRING], unevaluatedItems=False), t("array", prefixItems=[STRING], items=False), I),
]

COMBINED: list[tuple[Any, Any, str]] = [
    ({"anyOf": [STRING, INTEGER]}, t("string", "number"), I),
    (t("string", "integer"), {"anyOf": [STRING, INTEGER]}, I),
    (t("string", "integer"), {"oneOf": [STRING, INTEGER]}, I),
    (NUMBER, {"oneOf": [INTEGER, NUMBER]}, X),
    (STRING, {"oneOf": [STRING, STRING]}, X),
    (STRING, {"anyOf": [STRING, STRING]}, I),
    ({"oneOf": [STRING, NULL]}, {"oneOf": [STRING, NULL, INTEGER]}, I),
    ({"oneOf": [STRING, NULL, INTEGER]}, {"oneOf": [STRING, NULL]}, X),
    (STRING, {"anyOf": [t("string", maxLength=3), t("string", minLength=4)]}, U),
    (STRING, {"not": INTEGER}, I),
    (STRING, {"not": STRING}, X),
    ({"not": NUMBER}, {"not": INTEGER}, I),
    ({"not": INTEGER}, {"not": NUMBER}, X),
    (t("string", minLength=3), {"not": t("string", maxLength=2)}, I),
    ({"if": STRING, "then": {"maxLength": 3}}, {"if": STRING, "then": {"maxLength": 4}}, I),
    ({"if": STRING, "then": {"maxLength": 4}}, {"if": STRING, "then": {"maxLength": 3}}, X),
    ({"if": STRING, "then": {"maxLength": 3}}, True, I),
    (t("string", maxLength=3), {"if": STRING, "then": {"maxLength": 3}, "else": False}, I),
    ({"nullable": True, "enum": ["a"]}, {"enum": ["a", None]}, I),
    ({"enum": ["a"]}, {"nullable": True, "enum": ["a"]}, I),
    ({"nullable": True, "allOf": [STRING]}, STRING, X),
    ({"nullable": True, "allOf": [STRING]}, t("null", "string"), I),
    ({"nullable": True, "allOf": [STRING]}, {"anyOf": [STRING, NULL]}, I),
]

EMPTY: list[Any] = [
    False,
    {"enum": []},
    {"allOf": [STRING, INTEGER]},
    {"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
    t("integer", minimum=2, maximum=1),
    t("integer", exclusiveMinimum=1, exclusiveMaximum=2),
    t("string", minLength=2, maxLength=1),
    t("array", minItems=1, items=False),
    t("array", minItems=2, maxItems=1),
    obj(("p",), p=False),
    obj(("p",), p=obj(("q",), q={"allOf": [STRING, INTEGER]})),
    {"anyOf": [False, obj(("p",), p=False)]},
    {"anyOf": []},
    {"not": {}},
    {"allOf": [STRING, {"not": STRING}]},
]


@pytest.mark.parametrize(("a", "b", "expected"), [*SCALARS, *ARRAYS, *COMBINED], ids=str)
@pytest.mark.parametrize("content", ["declared", "all"])
def test_values_arrays_and_combinators_under_either_content_model(a: Any, b: Any, expected: str, content: Any) -> None:
    assert verdict(a, b, content=content) == expected


@pytest.mark.parametrize(("a", "b", "expected"), OBJECTS, ids=str)
def test_objects_with_declared_content(a: Any, b: Any, expected: str) -> None:
    assert verdict(a, b) == expected


@pytest.mark.parametrize("a", EMPTY, ids=str)
def test_what_accepts_nothing_lies_within_everything(a: Any) -> None:
    assert verdict(a, False) == I
    assert verdict(a, {"const": "no such value"}) == I


@pytest.mark.parametrize(("a", "b", "expected"), [*SCALARS, *ARRAYS, *COMBINED, *OBJECTS], ids=str)
def test_an_exclusion_comes_with_a_value_that_shows_it(a: Any, b: Any, expected: str) -> None:
    answer = included(a, b)
    assert bool(answer.witness) is (expected == X)
    for witness in answer.witness:
        assert validator(a, {}).is_valid(witness)
        assert not validator(b, {}).is_valid(witness)
    assert bool(answer.reasons) is (expected != I)
    assert any(reason.verdict == expected for reason in answer.reasons) is (expected != I)


@pytest.mark.parametrize(
    "more",
    [
        {"description": "d"},
        {"x-a": 1},
        {"title": "t", "default": "d", "example": "e", "examples": []},
        {"deprecated": True},
    ],
)
def test_annotations_change_nothing(more: dict[str, Any]) -> None:
    for schema in (STRING, obj(p=STRING), {"allOf": [STRING]}):
        assert verdict(schema, {**schema, **more}) == verdict({**schema, **more}, schema) == I
