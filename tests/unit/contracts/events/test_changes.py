"""What changes between two event contracts mean: by role, by channel, by protocol."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.events.reading import event_family
from tests.unit.contracts.events.support import CANCEL, PAID, edited, judged, told, v2, v3

PAYLOAD_SENT = "/components/schemas/Paid"
PAYLOAD_TAKEN = "/components/schemas/Cancel"
SENT = "/components/messages/OrderPaid"
TAKEN = "/components/messages/CancelOrder"


def with_property(schema: dict[str, Any], name: str, value: Any, *, required: bool = False) -> dict[str, Any]:
    found = {**schema, "properties": {**schema["properties"], name: value}}
    return {**found, "required": [*schema["required"], name]} if required else found


def test_a_document_against_itself_has_no_changes() -> None:
    for raw in (v2(), v3()):
        assert judged(raw, raw).changes == ()
        assert judged(raw, raw).compatible is True
        assert judged(raw, raw).required_bump == "none"


@pytest.mark.parametrize(("old", "new"), [(v2(), v3()), (v3(), v2())], ids=["up", "down"])
def test_a_rewrite_in_another_version_is_one_remark(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = judged(old, new)
    assert [(one.change.id, one.level) for one in found.changes] == [("document-version-changed", "INFO")]
    assert (found.compatible, found.required_bump) == (True, "patch")


CASES: list[tuple[str, str, Any, dict[str, str]]] = [
    # what changes, where, the new value, what is said
    ("a sent property goes", PAYLOAD_SENT, {**PAID, "required": [], "properties": {"sum": {"type": "number"}}},
     {"response-required-property-removed": "ERR"}),
    ("a sent property may be missing", PAYLOAD_SENT, {**PAID, "required": []},
     {"response-property-became-optional": "ERR"}),
    ("a sent property is new", PAYLOAD_SENT, with_property(PAID, "tax", {"type": "number"}),
     {"response-optional-property-added": "INFO"}),
    ("a received property is required", PAYLOAD_TAKEN, with_property(CANCEL, "why", {"type": "string"}, required=True),
     {"new-required-request-property": "ERR"}),
    ("a received property is optional", PAYLOAD_TAKEN, with_property(CANCEL, "why", {"type": "string"}),
     {"new-optional-request-property": "INFO"}),
    ("a header is of another type", "/components/messageTraits/common/headers/properties/correlation",
     {"type": "integer"}, {"response-property-type-changed": "ERR"}),
    ("a header must be there", f"{TAKEN}/headers",
     {"type": "object", "required": ["who"], "properties": {"who": {"type": "string"}}},
     {"new-required-request-property": "ERR"}),
    ("the content type", f"{SENT}/contentType", "application/avro", {"message-content-type-changed": "ERR"}),
    ("the spelling of the content type", f"{SENT}/contentType", "application/JSON; charset=utf-8", {}),
    ("the language of the schema", f"{SENT}/payload",
     {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"type": "string"}},
     {"message-schema-format-changed": "ERR"}),
    ("the schema said to be JSON Schema", f"{SENT}/payload",
     {"schemaFormat": "application/schema+json;version=draft-07", "schema": {"$ref": "#/components/schemas/Paid"}}, {}),
    ("a payload without a schema", f"{SENT}/payload", None, {"message-payload-removed": "WARN"}),
    ("the correlation id moves", f"{SENT}/correlationId/location", "$message.header#/trace",
     {"correlation-id-changed": "ERR"}),
    ("the correlation id goes", f"{SENT}/correlationId", None, {"correlation-id-removed": "ERR"}),
    ("the correlation id comes", f"{TAKEN}/correlationId", {"location": "$message.header#/trace"},
     {"correlation-id-added": "INFO"}),
    ("a channel goes", "/channels/cancel", None, {"channel-removed": "ERR"}),
    ("a channel comes", "/channels/lost", {"address": "orders.lost"}, {"channel-added": "INFO"}),
    ("a channel moves", "/channels/paid/address", "orders.{store}.payments", {"channel-address-changed": "ERR"}),
    ("a parameter is called otherwise", "/channels/paid/address", "orders.{shop}.paid", {}),
    ("who sends is swapped", "/operations/sendPaid/action", "receive", {"operation-action-changed": "ERR"}),
    ("one more message is sent", "/channels/paid/messages/Refunded", {"name": "Refunded", "payload": CANCEL},
     {"sent-message-added": "WARN"}),
    ("the message is called otherwise", f"{SENT}/name", "PaymentReceived", {"message-renamed": "INFO"}),
    ("partitions", "/channels/paid/bindings/kafka/partitions", 12, {"channel-binding-changed": "ERR"}),
    ("a topic is named", "/channels/paid/bindings/kafka/topic", "t", {"channel-binding-added": "INFO"}),
    ("partitions are not told", "/channels/paid/bindings/kafka/partitions", None, {"channel-binding-removed": "WARN"}),
    ("replicas", "/channels/paid/bindings/kafka/replicas", 3, {"channel-binding-detail-changed": "INFO"}),
    ("the notation of bindings", "/channels/paid/bindings/kafka/bindingVersion", "0.4.0", {}),
    ("an extension", "/channels/paid/bindings/kafka/x-note", "new", {}),
    ("a queue", "/channels/paid/bindings/amqp", {"queue": {"name": "q"}}, {"channel-binding-added": "INFO"}),
    ("a group", "/operations/onCancel/bindings", {"kafka": {"groupId": {"enum": ["g"]}}},
     {"operation-binding-detail-changed": "INFO"}),
    ("the quality of service", "/operations/onCancel/bindings", {"mqtt": {"qos": 2}}, {"operation-binding-added": "INFO"}),
    ("a key", f"{SENT}/bindings", {"kafka": {"key": {"type": "string"}}}, {"sent-message-key-added": "INFO"}),
    ("a key that must be given", f"{TAKEN}/bindings", {"kafka": {"key": {"type": "string"}}},
     {"received-message-key-added": "WARN"}),
    ("an answer", "/operations/onCancel/reply", {"channel": {"$ref": "#/channels/paid"}},
     {"reply-added": "INFO"}),
    ("the broker goes", "/servers/main", None, {"event-server-removed": "ERR"}),
    ("the broker moves", "/servers/main/host", "b2.example.com:9092", {"event-server-host-changed": "INFO"}),
    ("the broker is another", "/servers/main/protocol", "amqp", {"event-server-protocol-changed": "ERR"}),
    ("the broker is protected", "/servers/main/protocol", "kafka-secure", {"event-server-protection-changed": "WARN"}),
    ("the version of the contract", "/info/version", "7.0.0", {}),
    ("words", "/info/description", "Other words.", {}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_change_is_told(path: str, value: Any, expected: dict[str, str]) -> None:
    assert told(v3(), edited(v3(), path, value)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("$message.header#/replyTo", "$message.header#/answerTo", {"reply-address-changed": "ERR"}),
        ("$message.header#/replyTo", None, {"reply-removed": "ERR"}),
    ],
)
def test_a_reply_that_moves_or_goes(old: str, new: str | None, expected: dict[str, str]) -> None:
    def replying(location: str | None) -> dict[str, Any]:
        raw = edited(v3(), "/channels/answers", {"messages": {"Done": {"name": "Done", "payload": CANCEL}}})
        if location is None:
            return edited(raw, "/channels/answers")
        reply = {"address": {"location": location}, "channel": {"$ref": "#/channels/answers"}}
        return edited(raw, "/operations/onCancel/reply", reply)

    assert told(replying(old), replying(new)) == expected


def test_messages_that_go_are_judged_by_role() -> None:
    more = {"name": "Second", "payload": {"type": "string"}}
    both = edited(edited(v3(), "/channels/paid/messages/Second", more), "/channels/cancel/messages/Second", more)
    both = edited(both, "/operations/onCancel/messages")
    assert told(both, v3()) == {"sent-message-removed": "ERR", "received-message-removed": "ERR"}
    assert told(v3(), both) == {"sent-message-added": "WARN", "received-message-added": "INFO"}


def test_an_enumeration_that_grows_is_a_risk_for_readers_unless_it_was_open() -> None:
    def listing(*values: str, **more: Any) -> dict[str, Any]:
        return edited(v3(), f"{PAYLOAD_SENT}/properties/status", {"type": "string", "enum": [*values], **more})

    assert told(listing("open"), listing("open", "paid")) == {"response-property-enum-value-added": "WARN"}
    assert told(listing("open", "paid"), listing("open")) == {"response-property-enum-value-removed": "INFO"}
    grown = told(listing("open", **{"x-extensible-enum": True}), listing("open", "paid", **{"x-extensible-enum": True}))
    assert grown == {"response-property-x-extensible-enum-value-added": "INFO"}


def test_a_payload_of_another_language_is_equal_or_undecided() -> None:
    def raml(schema: Any) -> dict[str, Any]:
        form = "application/raml+yaml;version=1.0"
        return edited(v3(), f"{SENT}/payload", {"schemaFormat": form, "schema": schema})

    one: dict[str, Any] = {"type": "object", "properties": {"id": "string"}}
    other = {**one, "properties": {}}
    assert judged(raml(one), raml(one)).changes == ()
    found = judged(raml(one), raml(other))
    assert [(item.change.id, item.level, item.verdict) for item in found.changes] == [
        ("message-schema-undecided", "WARN", "unknown")
    ]
    assert found.compatible is None
    assert found.changes[0].change.new == "application/raml"


def test_an_avro_payload_is_read_by_who_has_the_other_version() -> None:
    def avro(*fields: dict[str, Any]) -> dict[str, Any]:
        schema = {"type": "record", "name": "Paid", "fields": [{"name": "id", "type": "string"}, *fields]}
        form = "application/vnd.apache.avro;version=1.9.0"
        return edited(v3(), f"{SENT}/payload", {"schemaFormat": form, "schema": schema})

    sum_ = {"name": "sum", "type": "double"}
    (lost,) = judged(avro(sum_), avro()).changes  # readers of what is sent have the old schema
    assert (lost.change.id, lost.level, lost.change.direction) == (
        "avro-field-removed-without-default",
        "ERR",
        "response",
    )
    assert lost.witness is not None and (lost.witness.accepted_by, lost.witness.rejected_by) == ("new", "old")
    assert lost.change.old_place is not None and "/payload/schema/fields/1" in lost.change.old_place.pointer
    assert told(avro(), avro(sum_)) == {"avro-field-added-without-default": "INFO"}
    assert told(avro(), avro(sum_), mode="BACKWARD") == {"avro-field-added-without-default": "ERR"}


def test_a_break_of_a_payload_is_proven_by_a_message() -> None:
    found = judged(v3(), edited(v3(), PAYLOAD_SENT, {**PAID, "required": []}))
    (one,) = found.changes
    assert one.change.operations == ("message OrderPaid on orders.{store}.paid",)
    assert one.change.subject == "schema Paid"
    assert one.witness is not None
    assert (one.witness.accepted_by, one.witness.rejected_by) == ("new", "old")
    assert "id" not in one.witness.value
    assert (found.compatible, found.required_bump) == (False, "major")


def test_a_schema_of_several_messages_is_one_change_with_all_of_them() -> None:
    raw = edited(v3(), f"{TAKEN}/payload", {"$ref": "#/components/schemas/Paid"})
    raw = edited(raw, "/operations/onCancel/action", "send")
    found = judged(raw, edited(raw, PAYLOAD_SENT, {**PAID, "required": []})).changes
    assert [sorted(one.change.operations) for one in found] == [
        ["message CancelOrder on orders.cancel", "message OrderPaid on orders.{store}.paid"]
    ]


def test_a_removed_channel_names_its_messages() -> None:
    (one,) = judged(v3(), edited(v3(), "/channels/cancel")).changes
    assert [tuple(item) for item in one.change.occurrences] == [("message CancelOrder on orders.cancel", "receives")]


def test_a_break_is_found_through_a_rewrite() -> None:
    assert told(v2(), edited(v3(), PAYLOAD_SENT, {**PAID, "required": []})) == {
        "response-property-became-optional": "ERR"
    }


def test_a_break_under_the_same_version_is_told() -> None:
    old = edited(v3(), "/info/version", "1.2.0")
    assert told(old, edited(old, "/channels/cancel")) == {"channel-removed": "ERR", "api-version-not-bumped": "WARN"}


def test_a_message_on_several_channels_changes_once() -> None:
    raw = edited(v3(), "/channels/cancel/messages", {"OrderPaid": {"$ref": "#/components/messages/OrderPaid"}})
    raw = edited(raw, "/operations/onCancel/messages")
    (one,) = judged(raw, edited(raw, f"{SENT}/correlationId/location", "$message.header#/other")).changes
    assert one.change.operations == ("message OrderPaid on orders.cancel", "message OrderPaid on orders.{store}.paid")


def test_the_same_change_of_several_servers_is_told_once() -> None:
    def servers(protocol: str) -> dict[str, Any]:
        return edited(v3(), "/servers", {name: {"host": f"{name}.example.com", "protocol": protocol} for name in "ab"})

    (one,) = judged(servers("mqtt"), servers("mqtts")).changes
    assert (one.change.id, one.change.what) == ("event-server-protection-changed", "servers a, b")


def test_a_key_is_compared_as_a_payload_is() -> None:
    def key(value: Any, **payload: Any) -> dict[str, Any]:
        raw = edited(v3(), f"{SENT}/bindings", {"kafka": {"key": value}})
        return edited(raw, f"{SENT}/payload", payload) if payload else raw

    assert told(key({"type": "string"}), key({"type": "integer"})) == {"response-body-type-changed": "ERR"}
    assert told(key({"type": "string"}), v3()) == {"message-key-removed": "WARN"}
    avro = {"schemaFormat": "application/vnd.apache.avro", "schema": "string"}
    assert told(key("string", **avro), key("long", **avro)) == {"avro-type-changed": "ERR"}


ONE, TWO = {"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # names that only stand for a message may differ
        ({"k": {"payload": ONE}}, {"l": {"payload": ONE}}, {}),
        ({"k": {"payload": ONE}}, {"l": {"payload": {**ONE, "required": []}}}, {"response-property-became-optional"}),
        ({"k": {"payload": ONE}, "m": {"payload": TWO}}, {"n": {"payload": TWO}, "l": {"payload": ONE}}, {}),
        # names that the documents give are names
        ({"k": {"name": "A", "payload": ONE}}, {"k": {"name": "B", "payload": ONE}}, {"message-renamed"}),
        ({"k": {"name": "A", "payload": ONE}}, {"k": {"name": "B", "payload": TWO}},
         {"sent-message-removed", "sent-message-added"}),
        ({"k": {"payload": ONE}, "l": {"payload": ONE}}, {"k": {"payload": ONE}}, {"sent-message-removed"}),
    ],
)  # fmt: skip
def test_messages_are_matched(old: Any, new: Any, expected: set[str]) -> None:
    before, after = (edited(v3(), "/channels/paid/messages", messages) for messages in (old, new))
    assert set(told(before, after)) == set(expected)


def test_a_payload_in_the_language_of_openapi_is_compared_as_json_schema() -> None:
    def openapi(**changes: Any) -> dict[str, Any]:
        schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, **changes}}
        return edited(
            v3(), f"{SENT}/payload", {"schemaFormat": "application/vnd.oai.openapi;version=3.0.0", "schema": schema}
        )

    plain: dict[str, Any] = {"type": "number", "minimum": 0}
    assert told(openapi(sum=plain), openapi(sum={**plain, "nullable": True})) == {
        "response-property-became-nullable": "ERR"
    }
    assert told(openapi(sum={**plain, "exclusiveMinimum": True}), openapi(sum=plain)) == {
        "response-property-exclusive-min-unset": "ERR",
        "response-property-min-set": "INFO",
    }
    as_ours = edited(v3(), f"{SENT}/payload", {
        "type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "sum": {"type": ["number", "null"]}},
    })  # fmt: skip
    assert told(openapi(sum={"type": "number", "nullable": True}), as_ours) == {}


@pytest.mark.parametrize(
    ("raw", "family"),
    [
        ({"type": "record", "name": "Paid", "fields": []}, "avro"),
        ({"type": "enum", "name": "Kind", "symbols": ["A"]}, "avro"),
        ({"type": "array", "items": {"type": "string"}}, "json-schema"),
        ({"type": "service", "name": "shop"}, None),
    ],
)
def test_a_schema_is_known_by_its_content_where_the_name_says_nothing(raw: dict[str, Any], family: str | None) -> None:
    assert event_family(raw, "schema.json") == family
