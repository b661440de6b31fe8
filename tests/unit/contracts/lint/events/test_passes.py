"""What each pass over an AsyncAPI document finds, and where."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.lint import message
from tests.support.asyncapi import VERSIONS, full
from tests.unit.contracts.lint.documents import change

ORDER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
SCHEMES = {"account": {"type": "userPassword"}}
FLOWS = {"password": {"tokenUrl": "https://example.com/t", "scopes": {"read": ""}}}
MESSAGE = {"payload": ORDER, "headers": {"type": "object", "properties": {"trace": {"type": "string"}}}}
TWO: dict[str, Any] = {
    "asyncapi": "2.6.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "defaultContentType": "application/json",
    "servers": {"live": {"url": "example.com", "protocol": "kafka", "security": [{"account": []}]}},
    "channels": {
        "orders/{id}": {
            "servers": ["live"],
            "parameters": {"id": {"schema": {"type": "string"}}},
            "publish": {"operationId": "take", "message": {**MESSAGE, "name": "Order", "messageId": "order"}},
        },
        "refunds": {"publish": {"message": {"name": "Refund", "payload": {"type": "string"}}}},
    },
    "components": {"securitySchemes": {**SCHEMES, "oauth": {"type": "oauth2", "flows": FLOWS}}},
}
THREE: dict[str, Any] = {
    "asyncapi": "3.0.0",
    "info": {"title": "Orders", "version": "1.0.0"},
    "defaultContentType": "application/json",
    "servers": {"live": {"host": "example.com", "protocol": "kafka"}},
    "channels": {
        "orders": {
            "address": "orders/{id}",
            "servers": [{"$ref": "#/servers/live"}],
            "parameters": {"id": {}},
            "messages": {"Order": MESSAGE},
        },
        "refunds": {"address": "refunds", "messages": {"Refund": {"payload": {"type": "string"}}}},
    },
    "operations": {
        "take": {
            "action": "receive",
            "channel": {"$ref": "#/channels/orders"},
            "messages": [{"$ref": "#/channels/orders/messages/Order"}],
        }
    },
    "components": {"messages": {"Spare": {"payload": {}}}, "channels": {"spare": {}}},
}
ADDRESS = "/channels/orders~1{id}"
MESSAGE2 = f"{ADDRESS}/publish/message"
MESSAGE3 = "/channels/orders/messages/Order"
CHANNEL = "#/channels/refunds"


@pytest.mark.parametrize("document", [TWO, THREE, *map(full, VERSIONS)], ids=["two", "three", *VERSIONS])
def test_valid(lint_document: Any, document: Any) -> None:
    assert lint_document(document) == ()


@pytest.mark.parametrize(
    ("base", "changed", "value", "id", "at"),
    [
        (TWO, "/info/title", None, "structure-missing-key", "/info"),
        (TWO, "/info/tags", [], "structure-unknown-key", "/info/tags"),
        (THREE, "/info/version", 1, "structure-type", "/info/version"),
        (THREE, "/operations/take/action", "publish", "structure-value", "/operations/take/action"),
        (THREE, "/servers/a b", {"host": "a", "protocol": "b"}, "structure-name", "/servers/a b"),
        (THREE, "/channels/orders/adress", "x", "structure-unknown-key", "/channels/orders/adress"),
        (THREE, f"{MESSAGE3}/payload/minLength", -1, "structure-keyword", f"{MESSAGE3}/payload/minLength"),
        (
            TWO, "/components/securitySchemes/oauth/flows/password/tokenUrl", "a b", "structure-keyword",
            "/components/securitySchemes/oauth/flows/password/tokenUrl",
        ),
        (TWO, f"{MESSAGE2}/payload", {"$ref": "#/none"}, "reference-dangling", f"{MESSAGE2}/payload/$ref"),
        (TWO, f"{MESSAGE2}/payload", {"$ref": "http://a/b"}, "reference-network", f"{MESSAGE2}/payload/$ref"),
        (THREE, f"{MESSAGE3}/payload", {"$ref": "../../../x"}, "reference-outside", f"{MESSAGE3}/payload/$ref"),
        (
            THREE, "/components/messages/Spare", {"$ref": "#/components/messages/Spare"}, "reference-cycle",
            "/components/messages/Spare/$ref",
        ),
        (THREE, "/operations/take/channel/$ref", "#/servers/live", "reference-kind", "/operations/take/channel/$ref"),
        (
            THREE, "/operations/take/channel/$ref", "#/components/channels/spare", "operation-channel-unlisted",
            "/operations/take/channel/$ref",
        ),
        (
            THREE, "/operations/take/messages/0/$ref", "#/components/messages/Spare", "operation-message-foreign",
            "/operations/take/messages/0/$ref",
        ),
        (
            THREE, "/operations/take/messages/0/$ref", f"{CHANNEL}/messages/Refund", "operation-message-foreign",
            "/operations/take/messages/0/$ref",
        ),
        (
            THREE, "/operations/take/reply",
            {"channel": {"$ref": CHANNEL}, "messages": [{"$ref": "#/channels/orders/messages/Order"}]},
            "operation-message-foreign", "/operations/take/reply/messages/0/$ref",
        ),
        (
            THREE, "/components/servers/spare", {"host": "a", "protocol": "kafka"}, "", "",
        ),
        (TWO, f"{ADDRESS}/servers/0", "test", "channel-server-unknown", f"{ADDRESS}/servers/0"),
        (TWO, f"{ADDRESS}/parameters/id", None, "channel-parameter-undeclared", ADDRESS),
        (THREE, "/channels/orders/parameters/id", None, "channel-parameter-undeclared", "/channels/orders/address"),
        (THREE, "/channels/orders/parameters/no", {}, "channel-parameter-unused", "/channels/orders/parameters/no"),
        (THREE, "/channels/refunds/address", "a{b", "channel-address-malformed", "/channels/refunds/address"),
        (THREE, "/channels/refunds/address", "a{}", "channel-address-malformed", "/channels/refunds/address"),
        (TWO, "/channels/refunds/publish/operationId", "take", "operation-id-duplicate",
         "/channels/refunds/publish/operationId"),
        (TWO, "/channels/refunds/publish/message/messageId", "order", "message-id-duplicate",
         "/channels/refunds/publish/message/messageId"),
        (TWO, "/channels/refunds/publish/message/payload", None, "message-without-payload",
         "/channels/refunds/publish/message"),
        (TWO, "/channels/refunds/publish/message/name", None, "message-without-name",
         "/channels/refunds/publish/message"),
        (THREE, f"{MESSAGE3}/contentType", "json", "content-type-invalid", f"{MESSAGE3}/contentType"),
        (THREE, "/defaultContentType", "json", "content-type-invalid", "/defaultContentType"),
        (THREE, f"{MESSAGE3}/correlationId", {"location": "$message.header#/no"}, "correlation-location",
         f"{MESSAGE3}/correlationId"),
        (THREE, f"{MESSAGE3}/correlationId", {"location": "$message.payload#/id/x"}, "correlation-location",
         f"{MESSAGE3}/correlationId"),
        (THREE, f"{MESSAGE3}/correlationId", {"location": "$message.header#/trace"}, "", ""),
        (THREE, f"{MESSAGE3}/correlationId", {"location": "$message.payload#/id"}, "", ""),
        (THREE, f"{MESSAGE3}/correlationId", {"location": "payload#/id"}, "structure-keyword",
         f"{MESSAGE3}/correlationId/location"),
        (THREE, "/channels/orders/parameters/id", {"location": "$message.payload#/no"}, "parameter-location",
         "/channels/orders/parameters/id/location"),
        (THREE, "/channels/orders/parameters/id", {"location": "$message.payload#/id"}, "", ""),
        (TWO, f"{ADDRESS}/parameters/id/location", "$message.header#/no", "parameter-location",
         f"{ADDRESS}/parameters/id/location"),
        (TWO, f"{ADDRESS}/parameters/id/location", "$message.header#/trace", "", ""),
        (THREE, "/operations/take/reply", {"address": {"location": "$message.header#/no"}}, "reply-location",
         "/operations/take/reply/address/location"),
        (THREE, "/operations/take/reply", {"address": {"location": "$message.header#/trace"}}, "", ""),
        (TWO, "/servers/live/url", "{node}.com", "server-variable-undeclared", "/servers/live/url"),
        (THREE, "/servers/live/pathname", "/{a}", "server-variable-undeclared", "/servers/live/pathname"),
        (TWO, "/servers/live/variables", {"a": {}}, "server-variable-unused", "/servers/live/variables/a"),
        (THREE, "/channels/orders/parameters/id", {"enum": ["a"], "default": "b"}, "variable-default",
         "/channels/orders/parameters/id/default"),
        (TWO, "/servers/live/security/0", {"none": []}, "security-scheme-unknown", "/servers/live/security/0/none"),
        (TWO, "/servers/live/security/0", {"oauth": ["write"]}, "security-scope-undeclared",
         "/servers/live/security/0/oauth"),
        (TWO, "/servers/live/security/0", {"oauth": ["read"]}, "", ""),
        (THREE, f"{MESSAGE3}/examples", [{"payload": {"id": 1}}], "example-invalid",
         f"{MESSAGE3}/examples/0/payload/id"),
        (THREE, f"{MESSAGE3}/examples", [{"headers": {"trace": 1}}], "example-invalid",
         f"{MESSAGE3}/examples/0/headers/trace"),
        (THREE, f"{MESSAGE3}/examples", [{"payload": {"id": "a"}, "headers": {}}], "", ""),
        (THREE, f"{MESSAGE3}/payload/properties/id/default", 1, "default-invalid",
         f"{MESSAGE3}/payload/properties/id/default"),
        (THREE, f"{MESSAGE3}/payload/properties/id/examples", [1], "example-invalid",
         f"{MESSAGE3}/payload/properties/id/examples/0"),
        (THREE, f"{MESSAGE3}/payload/properties/id/pattern", "(", "pattern-invalid",
         f"{MESSAGE3}/payload/properties/id/pattern"),
        (THREE, f"{MESSAGE3}/payload/required", ["ID"], "required-undeclared", f"{MESSAGE3}/payload/required/0"),
    ],
)  # fmt: skip
def test_one_change(lint_document: Any, base: Any, changed: str, value: Any, id: str, at: str) -> None:
    found = [(one.id, one.pointer) for one in lint_document(change(base, changed, value))]
    assert found == ([(id, at)] if id else [])


def test_addresses_that_are_the_same(lint_document: Any) -> None:
    other = {"address": "orders/{key}", "parameters": {"key": {}}}
    [found] = lint_document(change(THREE, "/channels/again", other))
    assert (found.id, found.pointer) == ("channel-address-duplicate", "/channels/again/address")
    servers = change(THREE, "/servers/test", {"host": "a", "protocol": "kafka"})
    apart = {**other, "servers": [{"$ref": "#/servers/test"}]}
    assert lint_document(change(servers, "/channels/again", apart)) == ()


def test_nothing_says_the_content_type(lint_document: Any) -> None:
    [found] = lint_document(change(THREE, "/defaultContentType", None))
    assert (found.id, found.pointer) == ("content-type-missing", "")
    assert message(found) == "nothing says the content type of Order, Refund, Spare"


def test_a_server_of_a_channel_is_one_of_the_document(lint_document: Any) -> None:
    document = change(THREE, "/components/servers", {"spare": {"host": "a", "protocol": "kafka"}})
    [found] = lint_document(change(document, "/channels/orders/servers/0/$ref", "#/components/servers/spare"))
    assert (found.id, found.pointer) == ("channel-server-unknown", "/channels/orders/servers/0/$ref")


@pytest.mark.parametrize(
    ("base", "wins"), [(TWO, True), (THREE, False)], ids=["a trait of 2 wins", "a trait of 3 does not"]
)
def test_traits(lint_document: Any, base: Any, wins: bool) -> None:
    at = MESSAGE2 if base is TWO else MESSAGE3
    document = change(base, f"{at}/contentType", "application/json")
    found = lint_document(change(document, f"{at}/traits", [{"contentType": "none"}]))
    assert [one.id for one in found] == (["content-type-invalid"] if wins else [])


def test_other_files(lint_document: Any) -> None:
    document = change(THREE, MESSAGE3, {"$ref": "messages.json#/Order"})
    files = {"messages.json": {"Order": {**MESSAGE, "examples": [{"payload": {}}]}}}
    [found] = lint_document(document, files)
    assert (found.path, found.pointer) == ("messages.json", "/Order/examples/0/payload")
    assert message(found) == "the schema does not accept the example: it lacks 'id'"


def test_schemas_in_other_languages_are_left_to_their_engine(lint_document: Any, monkeypatch: Any) -> None:
    from retailctl.contracts.lint.events.languages import LANGUAGES, ForeignSchema
    from retailctl.contracts.lint.facts import fact

    avro = {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"type": "record", "fields": 1}}
    document = change(THREE, f"{MESSAGE3}/payload", avro)
    assert [found.id for found in lint_document(document)] == ["avro-missing-fields", "avro-missing-name"]
    asked: list[ForeignSchema] = []

    def engine(schema: ForeignSchema) -> Any:
        asked.append(schema)
        yield fact("pattern-invalid", (schema.path, schema.pointer), pattern="x")

    monkeypatch.setitem(LANGUAGES, "avro", engine)
    [found] = lint_document(document)
    assert found.pointer == f"{MESSAGE3}/payload/schema"
    assert asked[0].value == avro["schema"]


def test_a_kafka_key_is_in_the_language_of_the_payload(lint_document: Any) -> None:
    key = {"kafka": {"key": {"type": "string", "default": 1}}}
    document = change(THREE, f"{MESSAGE3}/bindings", key)
    assert [one.id for one in lint_document(document)] == ["default-invalid"]
    avro = {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": "string"}
    assert lint_document(change(document, f"{MESSAGE3}/payload", avro)) == ()


@pytest.mark.parametrize(
    ("value", "id", "says"),
    [
        (3.0, "version-not-text", "the number 3.0"),
        ("4.0.0", "version-unknown", "'4.0.0'"),
        ("2.7.0", "version-unknown", "AsyncAPI 2.0 to 2.6, 3.0 and 3.1"),
        ("3.0", "version-unknown", "'3.0'"),
        (None, "version-not-text", "nothing"),
    ],
)
def test_versions(lint_document: Any, value: Any, id: str, says: str) -> None:
    [found] = lint_document({**THREE, "asyncapi": value})
    assert (found.id, found.pointer) == (id, "/asyncapi")
    assert says in message(found)
