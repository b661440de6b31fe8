"""Extensions, tags and bindings: what each says, and where it is written."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.governance.bindings import binding_statements
from retailctl.contracts.governance.extensions import EXTENSIONS, statements_of
from retailctl.model.places import Place

HERE = Place(path="contracts/e.yaml", pointer="/channels/e")
Row = tuple[str, str, str]


def said(raw: dict[str, Any]) -> list[Row]:
    return [
        (one.attribute, one.value, one.place.pointer.removeprefix(HERE.pointer)) for one in statements_of(raw, HERE)
    ]


def bound(bindings: dict[str, Any]) -> list[Row]:
    found = binding_statements(bindings, HERE)
    return [(one.attribute, one.value, one.place.pointer.removeprefix(HERE.pointer)) for one in found]


@pytest.mark.parametrize(("name", "attribute"), EXTENSIONS.items())
def test_every_extension_says_its_own(name: str, attribute: str) -> None:
    value = "fact" if attribute == "kind" else "something"
    assert said({name: value}) == [(attribute, value, f"/{name}")]


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        ({"x-owner": None}, []),
        ({"x-owner": True}, []),
        ({"x-owner": "  "}, []),
        ({"x-owner": [["team-erp"]]}, []),
        ({"x-event-kind": "rumour"}, []),
        ({"x-dead-letter": {"name": "orders.dead", "owner": "team-erp"}}, [("dead_letter", "orders.dead", "/x-dead-letter")]),
        ({"x-consumers": ["wms", {"system": "crm"}]}, [("consumers", "wms, crm", "/x-consumers")]),
        ({"tags": [{"name": "orders"}, {"name": "command"}]}, [("kind", "command", "/tags/1")]),
        ({"tags": ["owner:team-erp", "owner:"]}, [("owner", "team-erp", "/tags/0")]),
        ({"tags": {"name": "fact"}}, []),
        ({"x-owner": "team-web", "tags": ["owner:team-erp"]}, [("owner", "team-web", "/x-owner"), ("owner", "team-erp", "/tags/0")]),
    ],
)  # fmt: skip
def test_values_are_names_lists_and_objects_with_a_name(raw: dict[str, Any], rows: list[Row]) -> None:
    assert said(raw) == rows


TOPIC = "/kafka/topicConfiguration"
AMQP = "/amqp/queue"


@pytest.mark.parametrize(
    ("bindings", "rows"),
    [
        ({"kafka": {"topicConfiguration": {"retention.ms": 604800000}}}, [("retention", "7d", f"{TOPIC}/retention.ms")]),
        ({"kafka": {"topicConfiguration": {"retention.ms": -1}}}, [("retention", "forever", f"{TOPIC}/retention.ms")]),
        ({"kafka": {"topicConfiguration": {"retention.ms": "soon"}}}, []),
        ({"kafka": {"topicConfiguration": {"retention.ms": 60000, "cleanup.policy": ["compact"]}}}, [("retention", "forever", f"{TOPIC}/cleanup.policy")]),
        ({"kafka": {"topicConfiguration": {"retention.ms": 60000, "cleanup.policy": ["compact", "delete"]}}}, [("retention", "1m", f"{TOPIC}/retention.ms")]),
        ({"kafka": {"partitions": 12}}, [("partitions", "12", "/kafka/partitions")]),
        ({"kafka": {"key": {"$ref": "#/components/schemas/O/properties/order_ref"}}}, [("partition_key", "order_ref", "/kafka/key")]),
        ({"kafka": {"key": {"type": "string"}}}, []),
        ({"amqp": {"queue": {"x-message-ttl": 5400000, "x-dead-letter-exchange": "dlx"}}}, [("retention", "90m", f"{AMQP}/x-message-ttl"), ("dead_letter_exchange", "dlx", f"{AMQP}/x-dead-letter-exchange")]),
        ({"amqp": {"queue": {"arguments": {"x-message-ttl": 3600000}}}}, [("retention", "1h", f"{AMQP}/arguments/x-message-ttl")]),
        ({"amqp": {"expiration": 86400000}}, [("retention", "1d", "/amqp/expiration")]),
        ({"sqs": {"queue": {"messageRetentionPeriod": 345600, "redrivePolicy": {"deadLetterQueue": {"name": "dead"}}}}}, [("retention", "4d", "/sqs/queue/messageRetentionPeriod"), ("dead_letter", "dead", "/sqs/queue/redrivePolicy/deadLetterQueue/name")]),
        ({"sns": {"consumers": [{"redrivePolicy": {"deadLetterQueue": {"name": "dead"}}}]}}, [("dead_letter", "dead", "/sns/consumers/0/redrivePolicy/deadLetterQueue/name")]),
        ({"solace": {"timeToLive": 60000}}, [("retention", "1m", "/solace/timeToLive")]),
        ({"googlepubsub": {"messageRetentionDuration": "86400s", "orderingKey": "sku"}}, [("retention", "1d", "/googlepubsub/messageRetentionDuration"), ("partition_key", "sku", "/googlepubsub/orderingKey")]),
        ({"pulsar": {"retention": {"time": 60, "size": 1000}}}, [("retention", "1h", "/pulsar/retention/time")]),
        ({"mqtt": {"messageExpiryInterval": 120}}, [("retention", "2m", "/mqtt/messageExpiryInterval")]),
        ({"ibmmq": {"expiry": 0}}, [("retention", "0m", "/ibmmq/expiry")]),
        ({"http": {"method": "POST"}, "kafka": None, "x-mine": {"retention.ms": 1}}, []),
    ],
)  # fmt: skip
def test_bindings_of_brokers_say_how_long_and_where_to(bindings: dict[str, Any], rows: list[Row]) -> None:
    assert bound(bindings) == rows


def test_what_is_nested_without_end_is_not_followed() -> None:
    deep: dict[str, Any] = {"x-message-ttl": 1}
    for _ in range(5_000):
        deep = {"queue": deep}
    assert bound({"amqp": deep}) == []
