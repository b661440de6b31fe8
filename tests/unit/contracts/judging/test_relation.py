"""The level after the relation has spoken: harmless rewritings are INFO, real breaks keep their case, doubt is said."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.rules.levels import Levels
from tests.unit.contracts.comparing import (
    Raw,
    body,
    judged,
    only,
    openapi,
    operation,
    parameter,
    request,
    response,
    schemas,
    thing,
    verdicts,
)

TEXT: Raw = {"type": "string"}
INT: Raw = {"type": "integer"}
NUMBER: Raw = {"type": "number"}
A, B = thing(a=TEXT), thing(b=INT)
BOTH = {**thing(a=TEXT, b=INT), "required": ["a"]}
PLACES = {"request": request, "response": response}

# What a schema accepts is the same on both sides, however it is written.
SAME: dict[str, tuple[Any, Any]] = {
    "wrapped in allOf": (BOTH, {"allOf": [BOTH]}),
    "wrapped in anyOf": (BOTH, {"anyOf": [BOTH]}),
    "wrapped in oneOf": (BOTH, {"oneOf": [BOTH]}),
    "a constraint moved into allOf": ({**TEXT, "maxLength": 4}, {**TEXT, "allOf": [{"maxLength": 4}]}),
    "required moved into allOf": (BOTH, {**thing(a=TEXT, b=INT), "allOf": [{"required": ["a"]}]}),
    "properties split over allOf": (BOTH, {"allOf": [{**A, "required": ["a"]}, B]}),
    "branches in another order": ({"anyOf": [TEXT, INT]}, {"anyOf": [INT, TEXT]}),
    "an enumeration of one is a constant": ({**TEXT, "enum": ["x"]}, {**TEXT, "const": "x"}),
    "types as a list and as branches": ({"type": ["string", "integer"]}, {"anyOf": [TEXT, INT]}),
    "null as a type and as a branch": ({"type": ["string", "null"]}, {"anyOf": [TEXT, {"type": "null"}]}),
    "values in another order": ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "required in another order": (
        {**thing(a=TEXT, b=INT), "required": ["a", "b"]}, {**thing(a=TEXT, b=INT), "required": ["b", "a"]}),
    "a bound that another one implies": ({**NUMBER, "minimum": 3}, {**NUMBER, "minimum": 3, "exclusiveMinimum": 1}),
    "a branch that another one covers": ({"anyOf": [NUMBER]}, {"anyOf": [NUMBER, INT]}),
    "annotations": ({**TEXT, "description": "a"}, {**TEXT, "description": "b", "examples": ["x"], "title": "T"}),
    "an extension": ({**TEXT, "x-owner": "a"}, {**TEXT, "x-owner": "b"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("place", PLACES)
def test_another_way_of_writing_breaks_nobody(name: str, place: str) -> None:
    old, new = (PLACES[place](schema) for schema in SAME[name])
    for found in (verdicts(old, new), verdicts(new, old)):
        assert set(found.values()) <= {"INFO"}, found


@pytest.mark.parametrize("place", PLACES)
def test_a_component_may_be_named_otherwise_or_written_inline(place: str) -> None:
    named = PLACES[place]({"$ref": "#/components/schemas/One"}, **schemas(One=BOTH))
    other = PLACES[place]({"$ref": "#/components/schemas/Two"}, **schemas(Two=BOTH))
    inline = PLACES[place](BOTH)
    for old, new in ((named, other), (named, inline), (inline, named)):
        assert set(verdicts(old, new).values()) <= {"INFO"}


# A narrower schema in a request, a wider one in a response: what used to work does not.
BREAKS: dict[str, tuple[Any, Any]] = {
    "type": ({"type": ["string", "integer"]}, TEXT),
    "number to integer": (NUMBER, INT),
    "null": ({"type": ["string", "null"]}, TEXT),
    "enum value": ({"enum": ["a", "b"]}, {"enum": ["a"]}),
    "enum": (TEXT, {**TEXT, "enum": ["a"]}),
    "const": (TEXT, {**TEXT, "const": "a"}),
    "maximum": ({**NUMBER, "maximum": 9}, {**NUMBER, "maximum": 5}),
    "minimum": ({**NUMBER, "minimum": 1}, {**NUMBER, "minimum": 5}),
    "exclusive maximum": ({**NUMBER, "exclusiveMaximum": 9}, {**NUMBER, "exclusiveMaximum": 5}),
    "length": ({**TEXT, "maxLength": 9}, {**TEXT, "maxLength": 5}),
    "items": ({"type": "array", "maxItems": 9}, {"type": "array", "maxItems": 2}),
    "required": (thing(a=TEXT), {**thing(a=TEXT), "required": ["a"]}),
    "the type of a property": (thing(a={"type": ["string", "integer"]}), thing(a=TEXT)),
    "the type of the items": ({"type": "array", "items": NUMBER}, {"type": "array", "items": INT}),
    "a branch of anyOf": ({"anyOf": [TEXT, INT]}, {"anyOf": [TEXT]}),
    "a branch of oneOf": ({"oneOf": [TEXT, INT]}, {"oneOf": [TEXT]}),
    "a part of allOf": ({"allOf": [A]}, {"allOf": [A, {"required": ["b"]}]}),
    "minProperties": ({**A, "minProperties": 1}, {**A, "minProperties": 2}),
    "more is excluded by not": ({**TEXT, "not": {"enum": ["a"]}}, {**TEXT, "not": {"enum": ["a", "b"]}}),
    "not": (TEXT, {**TEXT, "not": {"enum": ["a"]}}),
    "then": ({"if": {"required": ["a"]}}, {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "type": "object"}),
    "unique items": ({"type": "array"}, {"type": "array", "uniqueItems": True}),
    "a schema that refuses": ({}, False),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_narrower_request_is_a_break_with_a_case(name: str) -> None:
    old, new = BREAKS[name]
    result = judged(request(old), request(new))
    broken = [one for one in result.changes if one.level == "ERR" and one.change.schema is not None]
    assert broken, verdicts(request(old), request(new))
    assert result.compatible is False
    assert result.required_bump == "major"
    assert [one.witness.accepted_by for one in broken if one.witness] == ["old"] * len(broken)


@pytest.mark.parametrize("name", BREAKS)
def test_a_wider_request_is_none(name: str) -> None:
    old, new = BREAKS[name]
    assert set(verdicts(request(new), request(old)).values()) <= {"INFO"}


@pytest.mark.parametrize("name", [name for name in BREAKS if name != "a schema that refuses"])
def test_a_wider_response_is_not_called_harmless(name: str) -> None:
    narrow, wide = BREAKS[name][1], BREAKS[name][0]
    result = judged(response(narrow), response(wide))
    assert any(one.level in ("ERR", "WARN") for one in result.changes), verdicts(response(narrow), response(wide))


@pytest.mark.parametrize("name", BREAKS)
def test_a_narrower_response_is_no_break(name: str) -> None:
    old, new = BREAKS[name]
    assert "ERR" not in verdicts(response(old), response(new)).values()


def test_a_part_that_the_other_parts_imply_is_info() -> None:
    old = {"allOf": [{**TEXT, "maxLength": 5}]}
    new = {"allOf": [{**TEXT, "maxLength": 5}, {"maxLength": 9}]}
    assert verdicts(request(old), request(new)) == {"request-body-all-of-added": "INFO"}


def test_an_object_around_that_refuses_makes_the_removal_of_a_property_a_break() -> None:
    old = {**thing(a=TEXT, b=TEXT), "additionalProperties": False}
    new = {**thing(b=TEXT), "additionalProperties": False}
    assert verdicts(request(old), request(new)) == {"request-property-removed": "ERR"}
    assert verdicts(request(thing(a=TEXT, b=TEXT)), request(thing(b=TEXT))) == {"request-property-removed": "WARN"}


def test_the_removal_of_a_property_of_a_closed_response_refuses_nothing() -> None:
    old = {**thing(a=TEXT, b=TEXT), "additionalProperties": False}
    new = {**thing(b=TEXT, c=TEXT), "additionalProperties": False}
    found = verdicts(response(old), response(new))
    assert found["response-optional-property-removed"] == "WARN"


def test_a_property_that_moved_into_a_part_is_not_removed() -> None:
    old, new = thing(a=TEXT, b=INT), {**B, "allOf": [A]}
    assert set(verdicts(response(old), response(new)).values()) <= {"INFO"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({**TEXT, "pattern": "^(a|b)+c$"}, {**TEXT, "pattern": "^a*b*c$"}),
        ({**TEXT, "pattern": r"^\d{3}$"}, {**TEXT, "pattern": r"^[0-9]+$"}),
    ],
)
def test_two_patterns_are_never_a_proven_break_without_a_case(old: Raw, new: Raw) -> None:
    for one in judged(request(old), request(new)).changes:
        assert one.level != "ERR" or one.witness is not None


def test_a_team_may_say_how_grave_a_change_is() -> None:
    levels = Levels(overrides={"request-property-became-required": "WARN", "new-optional-request-property": "none"})
    old, new = request(thing(a=TEXT)), request({**thing(a=TEXT, b=TEXT), "required": ["a"]})
    result = judged(old, new, levels=levels)
    assert [(one.change.id, one.level) for one in result.changes] == [("request-property-became-required", "WARN")]
    assert result.compatible is True


@pytest.mark.parametrize(
    ("stability", "level"), [("draft", "INFO"), ("alpha", "INFO"), ("beta", "INFO"), ("stable", "ERR")]
)
def test_what_is_not_stable_may_break(stability: str, level: str) -> None:
    def sent(schema: Raw) -> Raw:
        return operation("post", **body(schema), **_marked(stability))

    found = verdicts(sent(thing(a=TEXT)), sent({**thing(a=TEXT), "required": ["a"]}))
    assert found == {"request-property-became-required": level}


def _marked(stability: str) -> Raw:
    return {"x-stability-level": stability}


def test_what_flows_nowhere_breaks_nobody() -> None:
    old = thing(a={**TEXT, "readOnly": True})
    new = thing(a={**INT, "readOnly": True})
    assert "ERR" not in verdicts(request(old), request(new)).values()
    assert "ERR" in verdicts(response(old), response(new)).values()


def test_the_content_model_decides_about_undeclared_properties() -> None:
    old, new = request(thing(a=TEXT)), request(thing(a=TEXT, b=TEXT))
    assert verdicts(old, new) == {"new-optional-request-property": "INFO"}
    assert judged(old, new, content="all").compatible is False


def test_values_of_parameters_are_text() -> None:
    """Whoever sends a number sends its text: a parameter that takes both refuses nobody."""
    assert "ERR" not in verdicts(parameter(INT), parameter({"type": ["integer", "string"]})).values()
    assert "ERR" not in verdicts(parameter(TEXT), parameter({"type": ["integer", "string"]})).values()
    assert "ERR" in verdicts(parameter(TEXT), parameter(INT)).values()


def test_one_cause_is_one_finding_with_every_operation() -> None:
    def shop(schema: Raw) -> Raw:
        item = operation("post", **body({"$ref": "#/components/schemas/Order"}))["paths"]["/orders"]
        return openapi({f"/orders/{number}": item for number in range(50)}, "3.1.0", **schemas(Order=schema))

    result = judged(shop(thing(a=TEXT)), shop({**thing(a=TEXT), "required": ["a"]}))
    (one,) = (one for one in result.changes if one.change.schema is not None)
    assert len(one.change.occurrences) == len(one.change.operations) == 50
    assert one.change.subject == "schema Order"


def test_a_schema_at_the_root_here_and_nested_there_is_one_cause() -> None:
    def shop(schema: Raw) -> Raw:
        ref = {"$ref": "#/components/schemas/Money"}
        paths = {"/root": operation("post", "/root", **body(ref))["paths"]["/root"]}
        paths["/deep"] = operation("post", "/deep", **body(thing(price=ref)))["paths"]["/deep"]
        return openapi(paths, "3.1.0", **schemas(Money=schema))

    found = verdicts(shop({**NUMBER, "maximum": 9}), shop({**NUMBER, "maximum": 5}))
    result = judged(shop({**NUMBER, "maximum": 9}), shop({**NUMBER, "maximum": 5}))
    (one,) = (one for one in result.changes if one.change.schema is not None)
    assert one.change.operations == ("POST /root", "POST /deep")
    assert only(found, "ERR") == {one.change.id}


def test_the_values_of_one_enumeration_are_one_finding() -> None:
    result = judged(request({"enum": ["a", "b", "c", "d"]}), request({"enum": ["a"]}))
    (one,) = (one for one in result.changes if one.change.schema is not None)
    assert (one.change.id, one.change.old) == ("request-body-enum-value-removed", "b, c, d")
