"""What a document says, whatever version of the language it is written in."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.api.model import ApiDocument, Operation
from retailctl.contracts.api.reading import family_of
from tests.unit.contracts.comparing import JSON, Raw, ids, openapi, operation, read, verdicts

TEXT = {"type": "string"}

SWAGGER: Raw = {
    "swagger": "2.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "host": "api.example",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": [JSON],
    "produces": [JSON],
    "security": [{"key": []}],
    "securityDefinitions": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "user": {"type": "basic"},
        "sign": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a.example/a",
                 "tokenUrl": "https://a.example/t", "scopes": {"read": "r"}},
    },
    "paths": {
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer", "format": "int64"}],
            "get": {
                "operationId": "read", "tags": ["orders"],
                "parameters": [
                    {"name": "part", "in": "query", "type": "array", "items": TEXT, "collectionFormat": "multi"},
                    {"name": "state", "in": "query", "type": "array", "items": TEXT},
                    {"name": "X-Store", "in": "header", "type": "string", "enum": ["a", "b"]},
                ],
                "responses": {
                    "200": {"description": "ok", "schema": {"$ref": "#/definitions/Order"},
                            "headers": {"X-Page": {"type": "integer"}}},
                    "404": {"description": "no"},
                },
            },
            "put": {
                "parameters": [
                    {"name": "order", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Order"}}],
                "responses": {"204": {"description": "ok"}},
            },
        },
        "/files": {
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [{"name": "file", "in": "formData", "type": "file", "required": True},
                               {"name": "note", "in": "formData", "type": "string"}],
                "responses": {"200": {"description": "ok"}},
            }
        },
    },
    "definitions": {
        "Order": {"type": "object", "required": ["id"],
                  "properties": {"id": {"type": "integer", "exclusiveMinimum": True, "minimum": 0}, "note": TEXT}}},
}  # fmt: skip

_ORDER = {"$ref": "#/components/schemas/Order"}
MODERN: Raw = {
    "openapi": "3.0.3",
    "info": {"title": "Orders", "version": "1.0.0"},
    "servers": [{"url": "https://api.example/v1"}],
    "security": [{"key": []}],
    "paths": {
        "/orders/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "format": "int64"}}],
            "get": {
                "operationId": "read", "tags": ["orders"],
                "parameters": [
                    {"name": "part", "in": "query", "schema": {"type": "array", "items": TEXT}},
                    {"name": "state", "in": "query", "explode": False, "schema": {"type": "array", "items": TEXT}},
                    {"name": "X-Store", "in": "header", "schema": {"type": "string", "enum": ["a", "b"]}},
                ],
                "responses": {
                    "200": {"description": "ok", "content": {JSON: {"schema": _ORDER}},
                            "headers": {"X-Page": {"schema": {"type": "integer"}}}},
                    "404": {"description": "no"},
                },
            },
            "put": {"requestBody": {"required": True, "content": {JSON: {"schema": _ORDER}}},
                    "responses": {"204": {"description": "ok"}}},
        },
        "/files": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": {
                        "type": "object", "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}, "note": TEXT}}}},
                },
                "responses": {"200": {"description": "ok"}},
            }
        },
    },
    "components": {
        "schemas": {"Order": SWAGGER["definitions"]["Order"]},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "user": {"type": "http", "scheme": "basic"},
            "sign": {"type": "oauth2", "flows": {"authorizationCode": {
                "authorizationUrl": "https://a.example/a", "tokenUrl": "https://a.example/t", "scopes": {"read": "r"}}}},
        },
    },
}  # fmt: skip


def plain(api: ApiDocument, one: Operation) -> Any:
    """An operation without places and keys."""

    def schema(key: str | None) -> Any:
        return None if key is None else api.schemas.resolve(key)

    def content(media: Any) -> Any:
        return {name: _named(schema(kind.schema)) for name, kind in media.items()}

    return {
        "label": one.label,
        "urls": one.urls,
        "parameters": sorted(
            (each.location, each.name, each.required, each.style, each.explode, repr(schema(each.schema)))
            for each in one.parameters
        ),
        "body": (one.body.required, content(one.body.content)) if one.body else None,
        "responses": {
            status: (content(each.content), {name: schema(head.schema) for name, head in each.headers.items()})
            for status, each in one.responses.items()
        },
        "security": one.security,
        "rest": (one.operation_id, one.tags, one.deprecated),
    }


def _named(found: Any) -> Any:
    if isinstance(found, dict) and "$ref" in found:
        return found["$ref"].rpartition("/")[2]
    return found


def test_swagger_reads_as_its_mechanical_openapi_3_form() -> None:
    old, new = read(SWAGGER), read(MODERN)
    assert [plain(old, one) for one in old.operations] == [plain(new, one) for one in new.operations]
    assert dict(old.security_schemes) == dict(new.security_schemes)
    assert [server.url for server in old.servers] == [server.url for server in new.servers]
    assert old.schemas.resolve("#/definitions/Order") == new.schemas.resolve("#/components/schemas/Order")


def test_the_step_from_one_to_the_other_is_one_remark() -> None:
    assert ids(SWAGGER, MODERN) == ["document-version-changed"]
    assert ids(MODERN, SWAGGER) == ["document-version-changed"]


@pytest.mark.parametrize(
    ("raw", "family"),
    [
        ({"swagger": "2.0"}, "swagger-2.0"),
        ({"openapi": "3.0.3"}, "openapi-3.0"),
        ({"openapi": "3.1.0"}, "openapi-3.1"),
        ({"openapi": "3.2.0"}, "openapi-3.2"),
        ({"openapi": "3.3.0"}, None),
        ({"openapi": 3.1}, None),
        ({"swagger": "1.2"}, None),
        ({"swagger": "2.0", "openapi": "3.0.0"}, None),
        ({"asyncapi": "3.0.0"}, None),
        ([], None),
    ],
)
def test_the_family_is_what_the_document_declares(raw: object, family: str | None) -> None:
    assert family_of(raw) == family


@pytest.mark.parametrize(
    ("servers", "urls"),
    [
        (None, ["/orders/{}"]),
        ([{"url": "https://a.example/v1/"}], ["/v1/orders/{}"]),
        ([{"url": "/v1"}], ["/v1/orders/{}"]),
        ([{"url": "v1"}], ["/v1/orders/{}"]),
        ([{"url": "//a.example/v1"}], ["/v1/orders/{}"]),
        ([{"url": "https://a.example/v1?x=1#y"}], ["/v1/orders/{}"]),
        ([{"url": "https://a.example/v1"}, {"url": "https://b.example/v2"}], ["/v1/orders/{}", "/v2/orders/{}"]),
        ([{"url": "https://a.example"}, {"url": "https://b.example/"}], ["/orders/{}"]),
        ([{"url": "https://{env}.example/{base}", "variables": {"env": {"default": "a"},
          "base": {"default": "v1", "enum": ["v1", "v2"]}}}], ["/v1/orders/{}", "/v2/orders/{}"]),
        ([{"url": "https://a.example/{base}"}], ["/{}/orders/{}"]),
        ([{"url": 7}, "x"], ["/orders/{}"]),
    ],
)  # fmt: skip
def test_what_a_client_calls_is_server_base_and_path(servers: object, urls: list[str]) -> None:
    top = {} if servers is None else {"servers": servers}
    assert list(read(operation("get", "/orders/{id}", top=top)).operations[0].urls) == urls


def test_the_servers_of_an_operation_win_over_those_of_its_path_and_those_over_the_document() -> None:
    item = operation()["paths"]["/orders"]
    document = openapi(
        {
            "/a": item,
            "/b": {**item, "servers": [{"url": "/path"}]},
            "/c": {"get": {**item["get"], "servers": [{"url": "/own"}]}, "servers": [{"url": "/path"}]},
        },
        servers=[{"url": "/all"}],
    )
    assert [one.urls for one in read(document).operations] == [("/all/a",), ("/path/b",), ("/own/c",)]


def test_a_path_item_may_stand_elsewhere() -> None:
    item = operation()["paths"]["/orders"]
    direct = openapi({"/orders": item})
    shared = openapi({"/orders": {"$ref": "#/components/pathItems/Orders"}}, components={"pathItems": {"Orders": item}})
    assert [one.label for one in read(shared).operations] == ["GET /orders"]
    assert ids(direct, shared) == []
    outside = openapi({"/orders": {"$ref": "items.json#/orders"}})
    assert [one.label for one in read(outside, items__json={"orders": item}).operations] == ["GET /orders"]


def test_a_document_may_have_webhooks_only() -> None:
    hooks = operation("post")["paths"]["/orders"]
    api = read({"openapi": "3.1.0", "info": {"title": "E", "version": "1"}, "webhooks": {"order.created": hooks}})
    (hook,) = api.webhooks
    assert (api.operations, hook.label, hook.provider_sends) == ((), "webhook order.created POST", True)


def test_callbacks_are_operations_that_the_provider_sends() -> None:
    inner = operation("post")["paths"]["/orders"]
    (one,) = read(operation("post", callbacks={"paid": {"{$request.body#/url}": inner}})).operations
    (callback,) = one.callbacks["paid"]
    assert (callback.kind, callback.method, callback.provider_sends) == ("callback", "POST", True)


def test_callbacks_of_callbacks_end() -> None:
    loop: Raw = {"openapi": "3.1.0", "info": {"title": "L", "version": "1"},
                 "paths": {"/a": {"$ref": "#/components/pathItems/Loop"}},
                 "components": {"pathItems": {"Loop": {"post": {"responses": {}, "callbacks": {
                     "again": {"{$url}": {"$ref": "#/components/pathItems/Loop"}}}}}}}}  # fmt: skip
    assert len(read(loop).operations) == 1
    assert ids(loop, loop) == []


def test_a_parameter_may_be_described_by_content() -> None:
    one = {"name": "filter", "in": "query", "content": {JSON: {"schema": TEXT}}}
    (parameter,) = read(operation(parameters=[one])).operations[0].parameters
    assert (parameter.schema, list(parameter.content)) == (None, [JSON])


def test_openapi_3_2_has_more_methods_and_places() -> None:
    item = {
        "query": {"responses": {}},
        "additionalOperations": {"COPY": {"responses": {}}},
    }
    api = read(openapi({"/orders": item}, "3.2.0"))
    assert [one.label for one in api.operations] == ["QUERY /orders", "COPY /orders"]
    whole = {"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": {}}}}
    (parameter,) = read(operation(version="3.2.0", parameters=[whole])).operations[0].parameters
    assert parameter.location == "querystring"


def test_streamed_bodies_have_a_schema_for_their_items() -> None:
    def stream(schema: Raw) -> Raw:
        answered = {"200": {"description": "x", "content": {"application/jsonl": {"itemSchema": schema}}}}
        return operation(version="3.2.0", responses=answered)

    found = verdicts(stream({"type": "object", "required": ["a"]}), stream({"type": "object"}))
    assert "ERR" in found.values()


def test_dynamic_references_lead_somewhere() -> None:
    def tree(kind: str) -> Raw:
        node = {"$dynamicAnchor": "node", "type": "object", "properties": {
            "value": {"type": kind}, "child": {"$dynamicRef": "#node"}}}  # fmt: skip
        answered = {"200": {"description": "x", "content": {JSON: {"schema": {"$ref": "#/components/schemas/Tree"}}}}}
        return operation(responses=answered, top={"components": {"schemas": {"Tree": node}}})

    assert ids(tree("integer"), tree("integer")) == []
    assert len(ids(tree("integer"), tree("string"))) == 1


def test_header_names_are_compared_without_regard_to_case() -> None:
    def shown(name: str, sent: str) -> Raw:
        answered = {"200": {"description": "x", "headers": {name: {"schema": TEXT}}}}
        return operation(responses=answered, parameters=[{"name": sent, "in": "header", "schema": TEXT}])

    assert ids(shown("X-Page", "X-Store"), shown("x-page", "x-store")) == []


def test_the_content_type_is_no_header_of_its_own() -> None:
    answered = {"200": {"description": "x", "headers": {"Content-Type": {"schema": TEXT}}}}
    assert ids(operation(), operation(responses=answered)) in ([], ["response-success-status-added"])
    assert read(operation(responses=answered)).operations[0].responses["200"].headers == {}


@pytest.mark.parametrize(
    ("version", "schema"),
    [
        ("3.0.3", {"type": "string", "nullable": True}),
        ("3.1.0", {"type": ["string", "null"]}),
        ("3.1.0", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("3.1.0", {"oneOf": [{"type": "null"}, {"type": "string"}]}),
    ],
)
def test_every_way_to_say_that_null_is_allowed_is_the_same(version: str, schema: Raw) -> None:
    old = operation(
        "post", version="3.0.3", requestBody={"content": {JSON: {"schema": {"type": "string", "nullable": True}}}}
    )
    new = operation("post", version=version, requestBody={"content": {JSON: {"schema": schema}}})
    assert set(ids(old, new)) <= {"document-version-changed"}


def test_siblings_of_a_reference_count_from_3_1_on() -> None:
    def sent(version: str) -> Raw:
        schema = {"$ref": "#/components/schemas/Name", "maxLength": 3}
        body = {"content": {JSON: {"schema": schema}}}
        return operation("post", version=version, requestBody=body, top={"components": {"schemas": {"Name": TEXT}}})

    key = "#/paths/~1orders/post/requestBody/content/application~1json/schema"
    assert "maxLength" not in read(sent("3.0.3")).schemas.resolve(key)  # type: ignore[operator]
    assert "maxLength" in read(sent("3.1.0")).schemas.resolve(key)  # type: ignore[operator]


@pytest.mark.parametrize(
    "paths",
    [
        None, [], {"/a": None}, {"/a": []}, {"/a": {"get": None}}, {"/a": {"get": {"responses": None}}},
        {"/a": {"get": {"responses": {"200": None}}}}, {"/a": {"get": {"parameters": {"name": "x"}}}},
        {"/a": {"get": {"parameters": [None, 1, {"in": "query"}]}}}, {"/a": {"post": {"requestBody": []}}},
        {"/a": {"post": {"requestBody": {"content": {"x": None}}}}}, {"/a": {"get": {"security": {"key": []}}}},
        {"/a": {"get": {"callbacks": {"x": None}}}}, {"/a": {"$ref": "#/nowhere"}}, {"/a": {"$ref": "#/paths/~1a"}},
        {"x-internal": {"get": {}}}, {"/a": {"get": {"tags": "x", "operationId": ["y"]}}},
    ],
)  # fmt: skip
def test_what_has_the_wrong_type_is_left_out(paths: object) -> None:
    document = {"openapi": "3.1.0", "info": None, "paths": paths, "servers": "x", "components": {"schemas": {"A": 1}}}
    assert ids(document, document) == []
