"""Fields of payloads: every property once, with its types, its marks and the sides it is used on."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.unit.contracts.facts.documents import answering, asking, facts, openapi

TEXT = {"type": "string"}


def names(data: Any) -> list[str]:
    return sorted(field.name for field in facts(data).fields)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"properties": {"a": TEXT}}, ["a"]),
        ({"properties": {"a": {"properties": {"b": TEXT}}}}, ["a", "b"]),
        ({"type": "array", "items": {"properties": {"a": TEXT}}}, ["a"]),
        ({"prefixItems": [{"properties": {"a": TEXT}}]}, ["a"]),
        ({"additionalProperties": {"properties": {"a": TEXT}}}, ["a"]),
        ({"patternProperties": {"^x": {"properties": {"a": TEXT}}}}, ["a"]),
        ({"allOf": [{"properties": {"a": TEXT}}, {"anyOf": [{"properties": {"b": TEXT}}]}]}, ["a", "b"]),
        ({"oneOf": [{"properties": {"a": TEXT}}, {"properties": {"a": TEXT}}]}, ["a", "a"]),
        ({"properties": {"properties": {"properties": {"a": TEXT}}}}, ["a", "properties"]),
        ({"if": {"properties": {"a": TEXT}}, "then": {"properties": {"b": TEXT}}}, ["a", "b"]),
        (True, []),
        ({}, []),
    ],
)
def test_every_property_is_found(schema: Any, expected: list[str]) -> None:
    assert names(answering(schema)) == expected


def test_a_shared_schema_is_one_field_with_both_sides() -> None:
    data = answering({"$ref": "#/components/schemas/Order"})
    data["paths"]["/orders"]["put"] = asking({"$ref": "#/components/schemas/Order"})["paths"]["/orders"]["post"]
    data["components"] = {"schemas": {"Order": {"properties": {"sku": TEXT}}}}
    (field,) = facts(data).fields
    assert (field.place.pointer, field.sides) == ("/components/schemas/Order/properties/sku", ("request", "response"))


def test_the_payload_of_an_error_is_left_out() -> None:
    data = answering({"properties": {"sku": TEXT}})
    error = {"description": "Wrong.", "content": {"application/json": {"schema": {"properties": {"detail": TEXT}}}}}
    data["paths"]["/orders"]["get"]["responses"] |= {"400": error, "5XX": error, "default": error}
    assert names(data) == ["sku"]


@pytest.mark.parametrize(
    ("schema", "types", "items"),
    [
        ({"type": "integer"}, ("integer",), ()),
        ({"type": ["null", "string"]}, ("null", "string"), ()),
        ({"type": "array", "items": {"type": "integer"}}, ("array",), ("integer",)),
        ({"type": "array", "prefixItems": [{"type": "integer"}, TEXT]}, ("array",), ("integer", "string")),
        ({"$ref": "#/components/schemas/Number"}, ("integer",), ()),
        ({}, (), ()),
    ],
)
def test_types_are_those_behind_a_reference_too(schema: Any, types: tuple[str, ...], items: tuple[str, ...]) -> None:
    number = {"schemas": {"Number": {"type": "integer"}}}
    (field,) = facts(answering({"properties": {"a": schema}}, components=number)).fields
    assert (field.types, field.item_types) == (types, items)


@pytest.mark.parametrize(
    ("schema", "sensitive", "purpose"),
    [
        ({"x-pii": True}, "pii", False),
        ({"x-pii": {"class": "Contact", "purpose": "delivery"}}, "contact", True),
        ({"x-classification": "public", "x-purpose": "invoice"}, "public", True),
        ({"x-sensitive": False}, "false", False),
        ({"$ref": "#/components/schemas/Mail"}, "pii", True),
        ({"description": "Only a word."}, None, False),
    ],
)
def test_marks_and_purposes(schema: Any, sensitive: str | None, purpose: bool) -> None:
    mail = {"schemas": {"Mail": {"type": "string", "x-pii": True, "x-purpose": "invoice"}}}
    (field,) = facts(answering({"properties": {"a": schema}}, components=mail)).fields
    assert (field.sensitive, field.purpose) == (sensitive, purpose)


def test_a_purpose_holds_for_the_object_around_it_and_for_the_document() -> None:
    assert facts(answering({"x-purpose": "delivery", "properties": {"phone": TEXT}})).fields[0].purpose
    data = answering({"properties": {"phone": TEXT}})
    data["info"]["x-purpose"] = "delivery"
    assert facts(data).fields[0].purpose


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        ({"required": ["a"], "properties": {"a": TEXT, "b": TEXT}}, ["a"]),
        ({"required": ["a"], "properties": {"a": {"required": ["b"], "properties": {"b": TEXT}}}}, ["a", "b"]),
        ({"properties": {"a": {"required": ["b"], "properties": {"b": TEXT}}}}, []),
        ({"type": "array", "items": {"required": ["a"]}}, ["a"]),
        ({"allOf": [{"required": ["a"]}, {"required": ["b"]}]}, ["a", "b"]),
        ({"oneOf": [{"required": ["a", "b"]}, {"required": ["a"]}]}, ["a"]),
        ({"$ref": "#/components/schemas/Self"}, ["self"]),
    ],
)
def test_required_is_what_no_body_lacks(schema: Any, required: list[str]) -> None:
    loop = {"required": ["self"], "properties": {"self": {"$ref": "#/components/schemas/Self"}}}
    (operation,) = facts(asking(schema, components={"schemas": {"Self": loop}})).operations
    assert list(operation.required_fields) == required


def test_fields_are_in_order_of_place() -> None:
    first = facts(answering({"properties": {"b": TEXT, "a": TEXT}}))
    second = facts(answering({"properties": {"a": TEXT, "b": TEXT}}))
    assert first.fields == second.fields


def ladder(levels: int) -> dict[str, Any]:
    """Each level refers twice to the next: 2^levels ways to the end."""
    schemas: dict[str, Any] = {
        f"L{level}": {
            "allOf": [{"$ref": f"#/components/schemas/L{level + 1}"}, {"$ref": f"#/components/schemas/L{level + 1}"}],
            "properties": {f"f{level}": {"$ref": f"#/components/schemas/L{level + 1}"}},
            "required": [f"f{level}"],
        }
        for level in range(levels)
    }
    schemas[f"L{levels}"] = {"properties": {"end": TEXT}, "required": ["end"]}
    return {"schemas": schemas}


def test_a_ladder_of_references_costs_what_it_is_long() -> None:
    start = time.process_time()
    found = facts(asking({"$ref": "#/components/schemas/L0"}, components=ladder(400)))
    assert len(found.fields) == 401
    assert time.process_time() - start < 5


def test_a_chain_of_references_ends() -> None:
    chain = {f"C{n}": {"$ref": f"#/components/schemas/C{n + 1}"} for n in range(3000)}
    chain["C3000"] = {"$ref": "#/components/schemas/C0"}
    found = facts(asking({"$ref": "#/components/schemas/C0"}, components={"schemas": chain}))
    assert found.fields == ()


def test_operations_that_share_a_large_schema_do_not_multiply_it() -> None:
    schemas = {
        f"S{n}": {"properties": {f"a{n}": {"$ref": f"#/components/schemas/S{(n * 7 + 1) % 500}"}, f"b{n}": TEXT}}
        for n in range(500)
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}
    answer = {"responses": {"200": {"description": "Done.", "content": content}}}
    paths = {f"/p{n}": {"get": answer} for n in range(500)}
    start = time.process_time()
    found = facts(openapi(paths, components={"schemas": schemas}))
    assert len(found.operations) == 500
    assert time.process_time() - start < 5
