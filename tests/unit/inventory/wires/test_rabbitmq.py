"""RabbitMQ definitions: publishing goes to an exchange, delivery comes from a queue, and policies count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.inventory.name_patterns import found_in, literal_of, takes_all
from retailctl.inventory.rabbit_definitions import topic_fits
from tests.unit.inventory.read import artefact, coverage, errors, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

DEFINITIONS = """\
{
  "rabbitmq_version": "3.13.7",
  "users": [
    {"name": "svc-erp", "password_hash": "aGFzaC1wbGFudGVk", "tags": []},
    {"name": "root", "password": "Rb7planted", "tags": "administrator"}
  ],
  "vhosts": [{"name": "/"}, {"name": "test"}],
  "permissions": [
    {"user": "svc-erp", "vhost": "/", "configure": "^$", "write": "^(order|dead)$", "read": "^q[.]erp[.]"},
    {"user": "svc-wms", "vhost": "/", "configure": "^$", "write": "^$", "read": "^q\\\\.wms\\\\.confirmed$"},
    {"user": "root", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
  ],
  "topic_permissions": [
    {"user": "svc-erp", "vhost": "/", "exchange": "campaign", "write": "^campaign\\\\.launched\\\\.v1$", "read": ""}
  ],
  "policies": [
    {"vhost": "/", "name": "all", "pattern": ".*", "apply-to": "queues", "priority": 0, "definition": {"message-ttl": 86400000}},
    {"vhost": "/", "name": "wms", "pattern": "^q\\\\.wms\\\\.", "apply-to": "queues", "priority": 5,
     "definition": {"dead-letter-exchange": "dead", "dead-letter-routing-key": "wms"}}
  ],
  "exchanges": [
    {"name": "order", "vhost": "/", "type": "topic", "durable": true},
    {"name": "campaign", "vhost": "/", "type": "topic", "durable": true},
    {"name": "dead", "vhost": "/", "type": "direct", "durable": true},
    {"name": "amq.topic", "vhost": "/", "type": "topic"},
    {"name": "news", "vhost": "test", "type": "fanout"}
  ],
  "queues": [
    {"name": "q.erp.cancelled", "vhost": "/", "durable": true, "arguments": {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "q.dead"}},
    {"name": "q.wms.confirmed", "vhost": "/", "durable": true, "arguments": {"x-message-ttl": 3600000}},
    {"name": "q.lake.all", "vhost": "/", "durable": false, "arguments": {}},
    {"name": "q.dead", "vhost": "/", "durable": true},
    {"name": "q.news", "vhost": "test", "durable": true}
  ],
  "bindings": [
    {"source": "order", "vhost": "/", "destination": "q.wms.confirmed", "destination_type": "queue", "routing_key": "order.confirmed.v1"},
    {"source": "order", "vhost": "/", "destination": "q.erp.cancelled", "destination_type": "queue", "routing_key": "order.cancelled.v1"},
    {"source": "order", "vhost": "/", "destination": "q.lake.all", "destination_type": "queue", "routing_key": "order.#"},
    {"source": "dead", "vhost": "/", "destination": "q.dead", "destination_type": "queue", "routing_key": "wms"},
    {"source": "news", "vhost": "test", "destination": "q.news", "destination_type": "queue", "routing_key": ""}
  ]
}
"""


def test_exchanges_and_queues(tmp_path: Path) -> None:
    found = read_text(tmp_path, "definitions.json", "rabbitmq", DEFINITIONS, system="rabbit")
    assert rows(found) == table("""
        L37 interface amqp rabbit cluster=rabbit exchange=order routing_key=order.cancelled.v1 v1 < svc-erp(svc-erp)
        L37 event order.cancelled.v1
        L36 interface amqp rabbit cluster=rabbit exchange=order routing_key=order.confirmed.v1 v1 < svc-erp(svc-erp)
        L36 event order.confirmed.v1
        L23 interface amqp rabbit cluster=rabbit exchange=campaign routing_key=campaign.launched.v1 v1
        L23 event campaign.launched.v1
        L39 interface amqp rabbit cluster=rabbit exchange=dead routing_key=wms < svc-erp(svc-erp)
        L26 interface amqp rabbit/test cluster=rabbit/test exchange=news
        L29 interface amqp rabbit cluster=rabbit queue=q.erp.cancelled < svc-erp(svc-erp)
        L30 interface amqp rabbit cluster=rabbit queue=q.wms.confirmed < svc-wms(svc-wms)
        L31 interface amqp rabbit cluster=rabbit queue=q.lake.all
        L32 interface amqp rabbit cluster=rabbit queue=q.dead
        L33 interface amqp rabbit/test cluster=rabbit/test queue=q.news
        L4 credential svc-erp
        L5 credential root
        L5 credential root
        L10 credential svc-wms
    """)
    assert [one.scope for one in coverage(found)] == ["rabbit", "rabbit/test"]
    assert [one.values["direction"] for one in seen(found)] == ["in"] * 5 + ["out"] * 5


def test_dead_letters_and_times_of_policies(tmp_path: Path) -> None:
    found = read_text(tmp_path, "definitions.json", "rabbitmq", DEFINITIONS)
    erp, wms, lake, dead = (figures(found, index) for index in range(5, 9))
    assert (erp["dead_letter"], erp["policy"], erp["x-message-ttl"]) == ("q.dead", "all", 86400000)
    assert (wms["dead_letter"], wms["policy"], wms["x-message-ttl"]) == ("q.dead", "wms", 3600000), "one policy holds"
    assert (lake["dead_letter"], lake["x-message-ttl"], lake["durable"]) == ("none", 86400000, False)
    assert dead["dead_letter_for"] == ["q.erp.cancelled", "q.wms.confirmed"]
    assert "dead_letter" not in dead
    assert seen(found)[5].values["resilience.dlq"] == "q.dead"
    assert wms["bindings"] == ["order/order.confirmed.v1"]


def test_events_tell_where_messages_go(tmp_path: Path) -> None:
    found = read_text(tmp_path, "definitions.json", "rabbitmq", DEFINITIONS)
    cancelled, confirmed, campaign = (figures(found, index, "event") for index in range(3))
    assert (confirmed["bindings"], confirmed["queues"]) == (2, ["q.lake.all", "q.wms.confirmed"])
    assert confirmed["x-message-ttl"] == 3600000, "the shortest of those behind it"
    assert confirmed["patterns"] == ["order.#"]
    assert "dead_letter" not in cancelled
    assert campaign["bindings"] == 0


def test_accounts(tmp_path: Path) -> None:
    found = read_text(tmp_path, "definitions.json", "rabbitmq", DEFINITIONS)
    root = figures(found, 1, "credential")
    assert (root["wildcard"], root["tags"]) == (["configure", "read", "write"], ["administrator"])
    assert [(one.values.get("vault"), bool(one.secret)) for one in seen(found, "credential")][1:3] == [
        (None, False),
        ("none", True),
    ]
    assert "Rb7planted" not in repr(found)
    assert "aGFzaC1wbGFudGVk" not in repr(found)


def test_partial_exports(tmp_path: Path) -> None:
    excerpt = (
        '{"exchanges": [{"name": "events", "vhost": "/", "type": "topic"}],\n "queues": [{"name": "q", "vhost": "/"}]}'
    )
    found = read_text(tmp_path, "d.json", "rabbitmq", excerpt)
    assert rows(found) == table("""
        L1 interface amqp d.json cluster=d.json exchange=events
        L2 interface amqp d.json cluster=d.json queue=q
    """)
    assert not coverage(found), "without bindings nobody knows what reaches a queue"
    one_host = (
        '{"original_vhost_name": "shop", "exchanges": [], "queues": [{"name": "q"}], "bindings": [], "users": []}'
    )
    assert rows(read_text(tmp_path, "d.json", "rabbitmq", one_host, system="r")) == [
        "L1 interface amqp r/shop cluster=r/shop queue=q"
    ]


def test_shovels_and_federation(tmp_path: Path) -> None:
    text = json.dumps(
        {
            "global_parameters": [{"name": "cluster_name", "value": "rabbit@mq-1"}],
            "parameters": [
                {
                    "component": "shovel", "name": "to-lake", "vhost": "/",
                    "value": {
                        "src-uri": "amqp://", "src-queue": "q.out",
                        "dest-uri": ["amqps://mover:Sh7planted@lake.example/in"], "dest-exchange": "raw", "dest-exchange-key": "a.v1",
                    },
                },
                {"component": "federation-upstream", "name": "up", "vhost": "/", "value": {"uri": "amqp://fed.example"}},
                {"component": "operator_policy", "name": "x", "value": 3},
            ],
        }, indent=1,
    )  # fmt: skip
    found = read_text(tmp_path, "d.json", "rabbitmq", text)
    assert [row.partition(" ")[2] for row in rows(found)] == table("""
        credential mover
        interface amqp lake.example/in cluster=lake.example/in exchange=raw routing_key=a.v1 v1 < rabbit@mq-1(mover)
        system fed.example
    """)
    assert "Sh7planted" not in repr(found)


def test_refused_and_wrong(tmp_path: Path) -> None:
    assert "is no RabbitMQ definitions" in refusal(tmp_path, "d.json", "rabbitmq", '{"a": []}')
    found = read_text(
        tmp_path,
        "d.json",
        "rabbitmq",
        '{"queues": {}, "exchanges": [3, {"name": []}, {"name": "e", "vhost": 7}], "users": 4}',
    )
    assert [error.rpartition(": ")[2] for error in errors(found)] == ["queues is no list", "users is no list"]
    assert len(rows(found)) == 1


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (json.loads(DEFINITIONS), "rabbitmq"),
        ({"exchanges": [], "queues": [], "bindings": []}, "rabbitmq"),
        ({"users": [{"name": "a"}], "permissions": []}, ""),
        ({"queues": ["high", "low"]}, ""),
    ],
)
def test_detection(tmp_path: Path, value: Any, kind: str) -> None:
    assert kind_of(artefact(tmp_path, "d.json", json.dumps(value))) == kind


@pytest.mark.parametrize(
    ("pattern", "key", "fits"),
    [
        ("a.b", "a.b", True), ("a.*", "a.b", True), ("a.*", "a", False), ("a.*", "a.b.c", False), ("#", "", True),
        ("a.#", "a", True), ("a.#", "a.b.c", True), ("#.c", "a.b.c", True), ("a.#.c", "a.c", True),
        ("a.#.c", "a.b.d", False), ("*.b.#", "a.b", True), ("*", "a.b", False), ("a.#.b.#", "a.x.b.y.z", True),
    ],
)  # fmt: skip
def test_topics(pattern: str, key: str, fits: bool) -> None:
    assert topic_fits(pattern, key) is fits


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        (r"^order$", "order", True), (r"order", "my.orders", True), (r"^q[.]erp[.]", "q.erp.x", True),
        (r"^(a|b)$", "c", False), (r"(a+)+$", "aaaa", None), (r"(.*a){25}", "a", None), (r".*.*.*b", "b", None), ("[", "a", None),
    ],
)  # fmt: skip
def test_patterns_of_permissions(pattern: str, name: str, found: bool | None) -> None:
    assert found_in(pattern, name) is found


def test_patterns_that_name_all_or_one() -> None:
    assert takes_all(".*")
    assert not takes_all("^$")
    assert literal_of(r"^a\.b\.v1$") == "a.b.v1"
    assert literal_of("^a.b$") is None, "a dot is any letter"
    assert literal_of("a") is None
