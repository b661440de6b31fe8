"""Documents to the normal form: what a version writes in its own way reads the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.contracts.events.model import JSON_SCHEMA, Message
from retailctl.contracts.events.reading import event_family
from retailctl.contracts.rules.rules import all_rules
from tests.unit.contracts.events.support import CANCEL, document, edited, read, told, v2, v3


def message(raw: Any, key: str, role: str, name: str, **others: Any) -> Message:
    return document(raw, **others).channels[key].exchanges[role].messages[name]  # type: ignore[index]


def outline(raw: Any) -> list[tuple[object, ...]]:
    return [
        (key, role, one.name, one.content_type, one.correlation_id, one.payload and one.payload.format)
        for key, channel in document(raw).channels.items()
        for role, exchange in channel.exchanges.items()
        for one in exchange.messages.values()
    ]


def test_both_versions_read_the_same() -> None:
    expected = [
        ("orders.cancel", "receive", "CancelOrder", "application/json", "", JSON_SCHEMA),
        ("orders.{}.paid", "send", "OrderPaid", "application/json", "$message.header#/correlation", JSON_SCHEMA),
    ]
    assert outline(v2()) == outline(v3()) == expected


@pytest.mark.parametrize(
    ("raw", "path", "family"),
    [
        ({"asyncapi": "2.0.0"}, "a.yaml", "asyncapi-2"),
        ({"asyncapi": "2.6.0"}, "a.yaml", "asyncapi-2"),
        ({"asyncapi": "3.0.0"}, "a.yaml", "asyncapi-3"),
        ({"asyncapi": "3.1.0"}, "a.yaml", "asyncapi-3"),
        ({"asyncapi": "2.7.0"}, "a.yaml", None),
        ({"asyncapi": "1.2.0"}, "a.yaml", None),
        ({"asyncapi": 3.1}, "a.yaml", None),
        ({"asyncapi": "3.1.0", "openapi": "3.1.0"}, "a.yaml", None),
        ({"openapi": "3.1.0", "type": "object"}, "a.yaml", None),
        ({}, "order.schema.json", "json-schema"),
        ({"$schema": "http://json-schema.org/draft-04/schema#"}, "order.json", "json-schema"),
        ({"$schema": "https://example.com/settings.json"}, "settings.json", None),
        ({"type": "object", "properties": {}}, "order.json", "json-schema"),
        ({"type": ["string", "null"], "enum": ["a", None]}, "order.json", "json-schema"),
        ({"$defs": {}}, "order.json", "json-schema"),
        ({"type": "record", "fields": [], "items": 1}, "order.json", None),
        ({"type": "object"}, "order.json", None),
        ({"name": "order"}, "order.json", None),
        ([], "order.json", None),
    ],
)
def test_the_family_of_a_document(raw: Any, path: str, family: str | None) -> None:
    assert event_family(raw, path) == family


def test_a_trait_of_version_2_patches_the_message_and_one_of_version_3_does_not() -> None:
    trait = {"contentType": "application/xml", "correlationId": {"location": "$message.header#/trait"}}
    for raw, expected in ((v2(), "application/xml"), (v3(), "application/json")):
        both = edited(raw, "/components/messageTraits/common", trait)
        both = edited(both, "/components/messages/OrderPaid/contentType", "application/json")
        assert message(both, "orders.{}.paid", "send", "OrderPaid").content_type == expected


@pytest.mark.parametrize(("raw", "kind"), [(v2(), "string"), (v3(), "integer")], ids=["2", "3"])
def test_headers_of_message_and_traits_are_laid_over_each_other(raw: dict[str, Any], kind: str) -> None:
    own = {"type": "object", "properties": {"correlation": {"type": "integer"}, "own": {"type": "string"}}}
    both = edited(raw, "/components/messages/OrderPaid/headers", own)
    found = message(both, "orders.{}.paid", "send", "OrderPaid").headers
    assert found is not None
    schema: Any = document(both).schemas.resolve(found.key)
    assert schema["properties"] == {"correlation": {"type": (kind,)}, "own": {"type": ("string",)}}


def test_headers_that_are_references_hold_together() -> None:
    raw = edited(v3(), "/components/schemas/Own", {"type": "object", "properties": {"own": {"type": "string"}}})
    raw = edited(raw, "/components/messages/OrderPaid/headers", {"$ref": "#/components/schemas/Own"})
    found = message(raw, "orders.{}.paid", "send", "OrderPaid").headers
    assert found is not None
    schema: Any = document(raw).schemas.resolve(found.key)
    assert [part["$ref"] for part in schema["allOf"]] == [
        "#/components/messageTraits/common/headers", "#/components/messages/OrderPaid/headers"
    ]  # fmt: skip


def test_bindings_of_traits_are_merged() -> None:
    raw = edited(v3(), "/components/operationTraits/k", {"bindings": {"kafka": {"groupId": "g", "clientId": "c"}}})
    raw = edited(raw, "/operations/sendPaid/traits", [{"$ref": "#/components/operationTraits/k"}])
    raw = edited(raw, "/operations/sendPaid/bindings", {"kafka": {"groupId": "own"}})
    found = document(raw).channels["orders.{}.paid"].exchanges["send"].bindings
    assert {one.path: one.value for one in found} == {("groupId",): "own", ("clientId",): "c"}


def test_a_reply_goes_where_the_request_says_whatever_the_address_of_its_channel() -> None:
    reply = {"address": {"location": "$message.header#/replyTo"}, "channel": {"$ref": "#/channels/paid"}}
    for address in ("orders.{store}.paid", None):
        raw = edited(edited(v3(), "/operations/onCancel/reply", reply), "/channels/paid/address", address or "x")
        if address is None:
            raw = edited(raw, "/channels/paid/address")
        assert list(document(raw).channels) == ["$message.header#/replyTo of orders.cancel", "orders.cancel"]


def test_a_reply_on_a_channel_is_a_message_of_the_other_role() -> None:
    raw = edited(v3(), "/channels/done", {"address": "orders.done", "messages": {"Done": {"payload": CANCEL}}})
    raw = edited(raw, "/operations/onCancel/reply", {"channel": {"$ref": "#/channels/done"}})
    found = document(raw)
    assert list(found.channels["orders.done"].exchanges["send"].messages) == ["Done"]
    reply = found.channels["orders.cancel"].exchanges["receive"].reply
    assert reply is not None and reply.address == "orders.done"


@pytest.mark.parametrize(
    ("server", "host", "pathname"),
    [
        ({"url": "broker.example.com:9092"}, "broker.example.com:9092", ""),
        ({"url": "amqp://Broker.example.com/shop/"}, "broker.example.com", "/shop"),
        ({"host": "broker.example.com", "pathname": "/shop"}, "broker.example.com", "/shop"),
    ],
)
def test_servers_are_split(server: dict[str, Any], host: str, pathname: str) -> None:
    raw = edited(v3(), "/servers", {"main": {**server, "protocol": "AMQP"}})
    (found,) = document(raw).event_servers
    assert (found.host, found.pathname, found.protocol) == (host, pathname, "amqp")


def test_references_lead_into_other_files_of_the_workspace() -> None:
    raw = edited(v3(), "/components/messages/OrderPaid/payload", {"$ref": "paid.json#/Paid"})
    found = document(raw, paid={"Paid": {"$ref": "#/Real"}, "Real": {"type": "string"}})
    key = found.channels["orders.{}.paid"].exchanges["send"].messages["OrderPaid"].payload
    assert key is not None
    assert found.schemas.resolve(key.key) == {"$ref": "paid.json#/Paid"}
    assert found.schemas.resolve("paid.json#/Paid") == {"$ref": "paid.json#/Real"}


def test_a_reference_that_leads_nowhere_or_in_a_circle_is_left_out() -> None:
    for value in ({"$ref": "#/nowhere"}, {"$ref": "#/channels/paid"}):
        assert list(document(edited(v3(), "/channels/paid", value)).channels) == ["orders.cancel"]


PLACES = [
    "/channels", "/channels/paid", "/channels/paid/messages", "/channels/paid/bindings", "/channels/paid/bindings/kafka",
    "/channels/paid/address", "/operations", "/operations/sendPaid", "/operations/sendPaid/channel", "/servers",
    "/operations/onCancel/messages", "/operations/onCancel/reply", "/operations/sendPaid/traits", "/servers/main",
    "/servers/main/host", "/components", "/components/schemas", "/components/messages/OrderPaid", "/info",
    "/components/messages/OrderPaid/payload", "/components/messages/OrderPaid/traits", "/defaultContentType",
    "/components/messages/OrderPaid/correlationId", "/components/messages/OrderPaid/bindings",
]  # fmt: skip
WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [1, 1.5, True, "text", [], {}, [1], ["a"], [[]], {"a": 1}, {"a": None}, {"$ref": 1}, {"$ref": "#"}, {"x-a": {}}]
)


@given(st.sampled_from([v2(), v3()]), st.sampled_from(PLACES), WRONG)
def test_what_has_the_wrong_type_is_passed_over(raw: dict[str, Any], path: str, value: Any) -> None:
    steps = path.split("/")
    if not all(isinstance(_at(raw, "/".join(steps[:end])), dict) for end in range(1, len(steps))):
        return
    wrong = edited(raw, path, value)
    assert read(wrong) is not None
    assert told(wrong, wrong) == {}
    assert told(raw, wrong).keys() | told(wrong, raw).keys() <= all_rules().keys()


def _at(raw: Any, path: str) -> Any:
    for step in path.split("/")[1:]:
        raw = raw.get(step) if isinstance(raw, dict) else None
    return raw


def test_many_channels_and_long_chains_of_references_are_read() -> None:
    chain: dict[str, Any] = {f"m{index}": {"$ref": f"#/components/messages/m{index + 1}"} for index in range(3000)}
    chain["m3000"] = {"name": "End", "payload": CANCEL}
    raw = edited(v3(), "/components/messages", chain)
    raw = edited(raw, "/channels", {"one": {"address": "a", "messages": {"x": {"$ref": "#/components/messages/m0"}}}})
    raw = edited(raw, "/operations", {"o": {"action": "send", "channel": {"$ref": "#/channels/one"}}})
    assert list(document(raw).channels["a"].exchanges["send"].messages) == ["End"]
