"""One change to a valid document, the facts it causes and where."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.contracts.lint.documents import OK, change, openapi, swagger, with_schema

ITEM = "/paths/~1orders~1{id}"
GET = f"{ITEM}/get"
SCHEMA = "/components/schemas/Order"
BODY = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}
PARAMETER = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
OAUTH = {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://a.example/o", "scopes": {"read": "r"}}}}


def query(name: str, location: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": {"type": "string"}, **more}


def on_get(suffix: str, value: Any, minor: int = 0) -> dict[str, Any]:
    return change(openapi(minor), f"{GET}/{suffix}", value)


def secured(requirement: Any) -> dict[str, Any]:
    return change(on_get("security", [requirement]), "/components/securitySchemes", {"o": OAUTH})


def branches(*required: list[str]) -> dict[str, Any]:
    parts = [{"type": "object", "properties": {"kind": {}, "a": {}}, "required": names} for names in required]
    return with_schema({"oneOf": parts, "discriminator": {"propertyName": "kind"}})


CASES: list[tuple[Any, list[tuple[str, str]]]] = [
    # structure
    (change(openapi(), "/info/title", None), [("structure-missing-key", "/info")]),
    (change(openapi(), "/inf", {}), [("structure-unknown-key", "/inf")]),
    (change(openapi(1), "/inf", {}), [("structure-unknown-key", "/inf")]),
    (on_get("responses/200/descripton", "x"), [("structure-unknown-key", f"{GET}/responses/200/descripton")]),
    (on_get("deprecated", "yes"), [("structure-type", f"{GET}/deprecated")]),
    (on_get("parameters/1", query("a", "qery")), [("structure-value", f"{GET}/parameters/1/in")]),
    (with_schema({"type": "strin"}), [("structure-value", f"{SCHEMA}/type")]),
    (with_schema({"type": "strin"}, 1), [("structure-value", f"{SCHEMA}/type")]),
    (with_schema({"minLength": "x"}, 1), [("structure-type", f"{SCHEMA}/minLength")]),
    (with_schema({"minLength": -1}, 1), [("structure-keyword", f"{SCHEMA}/minLength")]),
    (change(swagger(), "/host", 1), [("structure-type", "/host")]),
    # references
    (with_schema({"allOf": [{"$ref": "#/none"}]}), [("reference-dangling", f"{SCHEMA}/allOf/0/$ref")]),
    (with_schema({"items": {"$ref": "#/info/title"}, "type": "array"}), [
        ("reference-not-an-object", f"{SCHEMA}/items/$ref")]),
    (with_schema({"allOf": [{"$ref": "#/info/~2"}]}), [("reference-bad-pointer", f"{SCHEMA}/allOf/0/$ref")]),
    (with_schema({"allOf": [{"$ref": "http://127.0.0.1:9/x"}]}), [("reference-network", f"{SCHEMA}/allOf/0/$ref")]),
    (with_schema({"allOf": [{"$ref": "file:///etc/passwd"}]}), [("reference-outside", f"{SCHEMA}/allOf/0/$ref")]),
    (with_schema({"allOf": [{"$ref": "ftp://h/x"}]}), [("reference-scheme", f"{SCHEMA}/allOf/0/$ref")]),
    (with_schema({"allOf": [{"$ref": "none.json"}]}), [("reference-unreadable", f"{SCHEMA}/allOf/0/$ref")]),
    (with_schema({"$ref": "#/components/schemas/Order"}), [
        ("reference-cycle", f"{SCHEMA}/$ref"),
        ("reference-cycle", f"{GET}/responses/200/content/application~1json/schema/$ref")]),
    (with_schema({"example": {"$ref": "http://h/x"}}), [("reference-in-example", f"{SCHEMA}/example/$ref")]),
    (with_schema({"discriminator": {"propertyName": "k", "mapping": {"a": "None"}}, "required": ["k"],
                  "properties": {"k": {}}}), [("reference-dangling", f"{SCHEMA}/discriminator/mapping/a")]),
    # operations and paths
    (change(openapi(), f"{ITEM}/put", {"operationId": "order", "parameters": [PARAMETER], "responses": OK}), [
        ("operation-id-duplicate", f"{ITEM}/put/operationId")]),
    (change(openapi(), "/paths/orders", {"get": {"responses": OK}}), [
        ("path-no-slash", "/paths/orders")]),
    (change(openapi(), "/paths/~1a~1{}", {}), [("path-template-malformed", "/paths/~1a~1{}")]),
    (change(openapi(), "/paths/~1a~1{b", {}), [("path-template-malformed", "/paths/~1a~1{b")]),
    (change(openapi(), "/paths/~1a?b=c", {}), [("path-with-query", "/paths/~1a?b=c")]),
    (change(openapi(), "/paths/~1{id}{id}", {"get": {"parameters": [PARAMETER], "responses": OK}}), [
        ("path-parameter-repeated", "/paths/~1{id}{id}")]),
    (change(openapi(), "/paths/~1orders~1{x}", {}), [("path-template-duplicate", "/paths/~1orders~1{x}")]),
    (on_get("parameters/0", None), [("path-parameter-undefined", GET)]),
    (on_get("parameters/1", {**PARAMETER, "name": "other"}), [("path-parameter-unused", f"{GET}/parameters/1")]),
    (on_get("requestBody", BODY), [("body-not-expected", GET)]),
    (on_get("requestBody", BODY, 1), [("body-not-expected", GET)]),
    (on_get("responses", {}, 1), [("responses-empty", f"{GET}/responses"), ("component-unused", SCHEMA)]),
    (on_get("responses", None, 1), [("responses-missing", GET), ("component-unused", SCHEMA)]),
    (on_get("responses/20", {"description": "d"}), [
        ("response-code-invalid", f"{GET}/responses/20")]),
    (change(swagger(), f"{GET}/responses/2XX", {"description": "d"}), [
        ("response-code-invalid", f"{GET}/responses/2XX")]),
    ({"openapi": "3.0.0", "info": {"title": "t", "version": "1"}, "paths": {}}, [("nothing-described", "")]),
    # parameters
    (on_get("parameters/0", {"name": "id", "in": "path", "schema": {}}), [
        ("path-parameter-optional", f"{GET}/parameters/0"), ("parameter-duplicate", f"{GET}/parameters/1")]),
    (change(on_get("parameters/1", query("X-A", "header")), f"{GET}/parameters/2", query("x-a", "header")), [
        ("parameter-duplicate", f"{GET}/parameters/2")]),
    (change(openapi(2), f"{GET}/parameters/1", {"name": "q", "in": "querystring", "content": {
        "application/json": {}}}), []),
    (change(change(openapi(2), f"{GET}/parameters/1", {"name": "q", "in": "querystring", "content": {
        "application/json": {}}}), f"{ITEM}/parameters", [query("a")]), [("querystring-and-query", GET)]),
    (change(swagger(), f"{ITEM}/put", {"parameters": [{**PARAMETER, "type": "string"}],
                                       "responses": OK}), [("structure-unknown-key", f"{ITEM}/put/parameters/0/schema")]),
    # security
    (secured({"none": []}), [("security-scheme-unknown", f"{GET}/security/0/none")]),
    (secured({"o": ["write"]}), [("security-scope-undeclared", f"{GET}/security/0/o")]),
    (secured({"o": ["read"]}), []),
    # schemas
    (with_schema({"minimum": 3, "maximum": 2}), [("bounds-crossed", f"{SCHEMA}/minimum")]),
    (with_schema({"minLength": 3, "maxLength": 2}), [("bounds-crossed", f"{SCHEMA}/minLength")]),
    (with_schema({"exclusiveMinimum": 2, "maximum": 2}, 1), [("bounds-crossed", f"{SCHEMA}/exclusiveMinimum")]),
    (with_schema({"type": "integer", "enum": [1, "a"]}), [("enum-type", f"{SCHEMA}/enum/1")]),
    (with_schema({"type": "string", "enum": [True]}, 1), [("enum-type", f"{SCHEMA}/enum/0")]),
    (with_schema({"properties": {"a": {}}, "required": ["b"]}), [("required-undeclared", f"{SCHEMA}/required/0")]),
    (with_schema({"additionalProperties": False, "required": ["b"]}), [
        ("required-undeclared", f"{SCHEMA}/required/0")]),
    (with_schema({"readOnly": True, "writeOnly": True}), [("read-and-write-only", SCHEMA)]),
    (with_schema({"nullable": True}), [("nullable-without-type", SCHEMA)]),
    (with_schema({"type": "array"}), [("array-without-items", SCHEMA)]),
    (with_schema({"type": "array"}, 1), []),
    (with_schema({"pattern": "["}), [("pattern-invalid", f"{SCHEMA}/pattern")]),
    (with_schema({"pattern": "(?<=a)b"}), [("pattern-unsupported", f"{SCHEMA}/pattern")]),
    (with_schema({"pattern": r"^[\w-./:]+$"}), [("pattern-unsupported", f"{SCHEMA}/pattern")]),
    (with_schema({"pattern": r"^[\d-]+\/\-\_(?<name>a)\u0041$"}), []),
    (with_schema({"patternProperties": {"[": {}}}, 1), [("pattern-invalid", f"{SCHEMA}/patternProperties/[")]),
    (branches(["kind"], ["kind"]), []),
    (branches(["kind"], ["a"]), [("discriminator-not-required", f"{SCHEMA}/oneOf/1")]),
    (change(openapi(), "/components/schemas/Other", {}), [("component-unused", "/components/schemas/Other")]),
    (change(openapi(), "/components/schemas/Other", {"items": {"$ref": "#/components/schemas/Other"}, "type": "array"}), [
        ("component-unused", "/components/schemas/Other")]),
    (change(swagger(), "/definitions/Other", {}), [("component-unused", "/definitions/Other")]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "expected"), CASES)
def test_facts(lint_document: Any, document: Any, expected: list[tuple[str, str]]) -> None:
    assert sorted((found.id, found.pointer) for found in lint_document(document)) == sorted(expected)
