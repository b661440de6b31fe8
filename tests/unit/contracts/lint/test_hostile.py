"""Documents that want to exhaust us: CPU time, memory and recursion stay bounded, and nothing is a traceback."""

from __future__ import annotations

import resource
import time
from typing import Any

import pytest

from tests.support.effort import THOROUGH
from tests.unit.contracts.lint.documents import OK, openapi, with_schema

MINORS = pytest.mark.parametrize("minor", [0, 1])


def ref(number: int) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/S{number}"}


def schemas(named: dict[str, Any], minor: int) -> dict[str, Any]:
    return openapi(minor, components={"schemas": {"Order": ref(0), **named}})


def chain(size: int, link: Any, end: Any) -> dict[str, Any]:
    return {**{f"S{number}": link(number + 1) for number in range(size)}, f"S{size}": end}


@pytest.mark.parametrize("minor", [0, 1] if THOROUGH else [1])
@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param(chain(12, lambda n: {"allOf": [ref(n), ref(n)]}, {"default": 1}), set(), id="fan-out 2^12"),
        pytest.param(chain(400, lambda n: {"allOf": [ref(n), ref(n)], "default": 1}, {}), {"value-not-checked", "values-not-checked"},
                     id="fan-out 2^400"),
        pytest.param(chain(999, ref, ref(0)), {"reference-cycle"}, id="ring of references"),
        pytest.param(chain(5_000, ref, {"type": "string"}), set(), id="chain of references"),
        pytest.param(chain(5_000, lambda n: {"type": "object", "properties": {"a": ref(n)}}, {}), set(),
                     id="chain through properties"),
        pytest.param(chain(2_000, lambda n: {"allOf": [ref(n)], "example": 1}, {"type": "string"}),
                     {"value-not-checked", "values-not-checked"}, id="chain through allOf with examples"),
        pytest.param({"S0": {"oneOf": [ref(n) for n in range(1, 1_000)]}, **{f"S{n}": {
            "type": "object", "properties": {"x": ref(0)}, "example": {"x": {"x": 1}}} for n in range(1, 1_000)}},
                     {"value-not-checked", "values-not-checked"}, id="all refer to all"),
    ],
)  # fmt: skip
def test_references(lint_document: Any, named: dict[str, Any], expected: set[str], minor: int) -> None:
    began = time.process_time()
    found = {one.id for one in lint_document(schemas(named, minor))}
    assert time.process_time() - began < 5
    assert found == expected


@MINORS
def test_a_moderate_fan_out_is_still_checked(lint_document: Any, minor: int) -> None:
    named = chain(12, lambda n: {"allOf": [ref(n), ref(n)]}, {"type": "object"})
    named["S0"]["default"] = "text"
    assert [one.id for one in lint_document(schemas(named, minor))] == ["default-invalid"]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*a){25}", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a{0,200}){0,200}"])
def test_slow_patterns(lint_document: Any, pattern: str) -> None:
    began = time.process_time()
    values = {"default": "a" * 30_000 + "!", "example": "a" * 27 + "!"}
    lint_document(with_schema({"type": "string", "pattern": pattern, **values}), strict=True)
    assert time.process_time() - began < 5


def test_ten_thousand_paths(lint_document: Any) -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {f"/a{n}/{{id}}": {"get": {"parameters": [parameter], "responses": OK}} for n in range(10_000)}
    began = time.process_time()
    assert lint_document(openapi(paths=paths, components={}), strict=False) == ()
    assert time.process_time() - began < 5


def test_a_hundred_levels(lint_document: Any) -> None:
    schema: Any = {"type": "string"}
    for _ in range(90):
        schema = {"not": schema}
    assert lint_document(with_schema(schema)) == ()


@pytest.mark.parametrize("minor", [0, 1, 2])
def test_errors_everywhere_cost_no_memory(lint_document: Any, minor: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    document = schemas({f"S{n}": {"type": "strin", "minLength": "x"} for n in range(5_000)}, minor)
    began = time.process_time()
    found = [one for one in lint_document(document) if one.id.startswith("structure")]
    assert time.process_time() - began < 5
    assert len(found) == 101
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # kilobytes on Linux


WEIRD: list[object] = [
    None,
    True,
    0,
    -1.5,
    "",
    "x",
    "$ref",
    [],
    [[]],
    {},
    {"": {}},
    {"$ref": 1},
    {"$ref": "#"},
    ["a", {}],
    "~2",
    "#/",
]
PLACES = ["/info", "/paths", "/components", "/components/schemas", "/components/schemas/Order", "/security", "/webhooks",
          "/paths/~1orders~1{id}", "/paths/~1orders~1{id}/get", "/paths/~1orders~1{id}/get/parameters",
          "/paths/~1orders~1{id}/get/responses", "/paths/~1orders~1{id}/get/responses/200",
          "/paths/~1orders~1{id}/get/callbacks", "/paths/~1orders~1{id}/get/requestBody",
          *(f"/components/schemas/Order/{key}" for key in (
              "type", "enum", "default", "required", "properties", "items", "allOf", "pattern", "discriminator", "$id",
              "$anchor", "minimum", "maximum", "patternProperties", "examples", "not", "$dynamicRef"))]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("minor", [0, 1, 2])
def test_any_value_anywhere(lint_document: Any, place: str, minor: int) -> None:
    for value in WEIRD:
        document = openapi(minor)
        holder: Any = document
        steps = [step.replace("~1", "/") for step in place.split("/")[1:]]
        for step in steps[:-1]:
            holder = holder[step]
        holder[steps[-1]] = value
        assert isinstance(lint_document(document, strict=value == ""), tuple)
