"""The fields of a schema, whatever language it is written in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retailctl.contracts.sets.fields import every_field, find, find_like
from retailctl.contracts.sets.languages import NotThereError, UnreadError, open_schema
from retailctl.contracts.sets.paths import parse, shown
from tests.unit.contracts.sets.schemas import AVRO, ORDER, PROTO, asyncapi, library, openapi, root

Seen = tuple[tuple[str, ...], bool | None, str]


def seen(path: str, content: object, field: str, at: str = "") -> Seen | None:
    node, _ = find(root(path, content, at), parse(field))
    return (node.types, node.required, node.unit) if node is not None else None


JSON_FIELDS: list[tuple[str, Seen | None]] = [
    ("order_ref", (("string",), True, "")),
    ("placed_at", (("datetime",), False, "")),
    ("total", (("number",), False, "EUR")),
    ("lines", (("array",), True, "")),
    ("lines[].sku", (("string",), True, "")),
    ("lines[].qty", (("integer",), False, "")),
    ("tags{}", (("boolean",), False, "")),
    ("lines.sku", None),
    ("orderRef", None),
]


@pytest.mark.parametrize(("field", "expected"), JSON_FIELDS)
@pytest.mark.parametrize(
    ("path", "content", "at"),
    [
        ("a.yaml", openapi(Order=ORDER), ""),
        ("a.json", openapi(order=ORDER, Other={}), "Order"),
        ("a.json", openapi(X={"allOf": [{"$ref": "#/components/schemas/Y"}]}, Y=ORDER), "X"),
        ("a.json", openapi(X=ORDER), "#/components/schemas/X"),
        ("a.json", asyncapi(ORDER), ""),
        ("a.json", asyncapi(ORDER), "order_confirmed"),
        ("order.schema.json", ORDER, ""),
        ("order.schema.json", {"$defs": {"Order": ORDER}}, "Order"),
    ],
)
def test_json_schema_is_the_same_wherever_it_stands(
    path: str, content: object, at: str, field: str, expected: Seen | None
) -> None:
    assert seen(path, content, field, at) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("order_ref", (("string",), True, "")),
        ("placed_at", (("datetime",), False, "")),
        ("total", (("decimal",), True, "EUR")),
        ("lines[].sku", (("string",), True, "")),
        ("lines[].parts[].parts[].qty", (("integer",), True, "")),
        ("tags{}", (("boolean",), True, "")),
        ("price", (("float",), True, "")),
        ("state", (("string",), True, "")),
        ("mixed", (("integer", "string"), False, "")),
        ("gone", None),
    ],
)
@pytest.mark.parametrize(
    ("path", "content", "at"),
    [
        ("order.avsc", AVRO, ""),
        ("order.avsc", AVRO, "shop.order.Order"),
        ("orders.avsc", [AVRO["fields"][3]["type"]["items"], AVRO], "Order"),  # type: ignore[index]
        ("a.json", asyncapi(AVRO, "application/vnd.apache.avro;version=1.9.0"), ""),
    ],
)
def test_avro_is_the_same_wherever_it_stands(
    path: str, content: object, at: str, field: str, expected: Seen | None
) -> None:
    assert seen(path, content, field, at) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("order_ref", (("string",), None, "")),
        ("placed_at", (("datetime",), None, "")),
        ("total", (("integer",), None, "EUR")),
        ("lines", (("array",), None, "")),
        ("lines[].sku", (("string",), None, "")),
        ("lines[].parts[].parts[].qty", (("integer",), None, "")),
        ("lines.sku", None),
        ("tags", (("object",), None, "")),
        ("tags{}", (("boolean",), None, "")),
        ("price", (("float",), None, "")),
        ("state", (("string",), None, "")),
        ("email", (("string",), None, "")),
        ("line.sku", (("string",), None, "")),
        ("order_ref[]", None),
    ],
)
@pytest.mark.parametrize(
    ("path", "content", "at"),
    [
        ("order.proto", PROTO, ""),
        ("order.proto", PROTO, "shop.order.Order"),
        ("a.json", asyncapi(PROTO.replace("message Other", "message Another"), "application/vnd.google.protobuf"), ""),
    ],
)
def test_protobuf_is_the_same_wherever_it_stands(
    path: str, content: object, at: str, field: str, expected: Seen | None
) -> None:
    if path == "a.json":  # a message of AsyncAPI has a name of its own
        content = json.loads(json.dumps(content).replace("message Order ", "message OrderConfirmed "))
    assert seen(path, content, field, at) == expected


def test_protobuf_says_what_is_required_and_where_a_field_stands() -> None:
    opened = open_schema(library("order.proto", PROTO), "Other", "Order")
    fields = opened.root.fields()
    assert (fields["a"].required, fields["b"].types) == (True, ())
    place = opened.locate(fields["a"].place)
    assert (place.path, place.line) == ("order.proto", 16)


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({"enum": ["a", None]}, ("string",)),
        ({"const": 3}, ("integer",)),
        ({"const": True}, ("boolean",)),
        ({"type": "number", "format": "double"}, ("float",)),
        ({"type": "string", "format": "email"}, ("string",)),
        ({"type": "string", "format": "date"}, ("date",)),
        ({"allOf": [{"type": "string"}, {"type": "string", "format": "date"}]}, ("date",)),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, ("integer", "string")),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, ("integer",)),
        ({"properties": {"a": {}}}, ("object",)),
        ({"prefixItems": [{}]}, ("array",)),
        ({}, ()),
        (True, ()),
    ],
)
def test_types_are_read_off_what_the_schema_says(schema: object, types: tuple[str, ...]) -> None:
    node, _ = find(root("a.schema.json", {"type": "object", "properties": {"f": schema}}), ("f",))
    assert node is not None
    assert node.types == types


@pytest.mark.parametrize(
    ("branches", "required"),
    [
        ([{"required": ["a"], "properties": {"a": {}}}, {"required": ["a"], "properties": {"a": {}}}], True),
        ([{"required": ["a"], "properties": {"a": {}}}, {"properties": {"a": {}}}], False),
    ],
)
def test_a_field_is_required_if_every_branch_requires_it(branches: object, required: bool) -> None:
    node, _ = find(root("a.schema.json", {"type": "object", "oneOf": branches}), ("a",))
    assert node is not None
    assert node.required is required


def test_names_are_found_in_any_spelling_and_the_exact_one_wins() -> None:
    schema = {"type": "object", "properties": {"orderRef": {"type": "string"}, "order_ref": {"type": "integer"}}}
    node = root("a.schema.json", schema)
    for name, types in (("orderRef", ("string",)), ("order_ref", ("integer",)), ("OrderRef", ("string",))):
        found, _ = find_like(node, (name,))
        assert found is not None
        assert found.types == types


@pytest.mark.parametrize(
    ("path", "content", "at", "known"),
    [
        ("a.json", openapi(Order=ORDER), "Invoice", ("Order",)),
        ("a.json", openapi(Order=ORDER), "#/components/schemas/Invoice", ()),
        ("a.json", asyncapi(ORDER), "Invoice", ("OrderConfirmed",)),
        ("a.proto", PROTO, "Invoice", ("shop.order.Order", "shop.order.Order.Line", "shop.order.Other")),
        ("a.avsc", AVRO, "Invoice", ("shop.order.Order", "shop.order.Line", "shop.order.State")),
    ],
)
def test_a_schema_that_is_not_there_names_those_that_are(
    path: str, content: object, at: str, known: tuple[str, ...]
) -> None:
    with pytest.raises(NotThereError) as caught:
        open_schema(library(path, content), at, "Order")
    assert set(caught.value.known) == set(known)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.xsd", {}),
        ("a.proto", "message Order {"),
        ("a.json", {"hello": "world"}),
        ("a.json", asyncapi("<xsd/>", "application/xml")),
    ],
)
def test_a_language_that_is_not_read_is_said_to_be_so(path: str, content: object) -> None:
    with pytest.raises(UnreadError):
        open_schema(library(path, content), "", "Order")


def test_every_field_is_listed_once_and_a_recursion_ends() -> None:
    tree: dict[str, Any] = {"type": "object", "properties": {"name": {}, "children": {"items": {"$ref": "#"}}}}
    found = [shown(path) for path, _ in every_field(root("a.schema.json", tree))]
    assert found == ["name", "children"]
