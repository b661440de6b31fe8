"""Topics and permissions of Kafka, in the words of its tools, of lists and of Strimzi."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.inventory.read import artefact, coverage, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

DESCRIBED = (
    "Topic: orders.v1\tTopicId: AbC\tPartitionCount: 3\tReplicationFactor: 2\tConfigs: retention.ms=604800000,cleanup.policy=delete\n"
    "\tTopic: orders.v1\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\n"
    "Topic:stock\tPartitionCount:1\tReplicationFactor:1\tConfigs:\n"
    "Topic: __consumer_offsets\tPartitionCount: 50\tReplicationFactor: 1\tConfigs: cleanup.policy=compact\n"
)
ACLS = """\
Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=orders.v1, patternType=LITERAL)`:
 \t(principal=User:svc-erp, host=*, operation=WRITE, permissionType=ALLOW)
\t(principal=User:CN=wms,OU=it, host=*, operation=READ, permissionType=ALLOW)
\t(principal=User:old, host=*, operation=READ, permissionType=DENY)
Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=stock., patternType=PREFIXED)`:
\t(principal=User:lake, host=*, operation=ALL, permissionType=ALLOW)
Current ACLs for resource `ResourcePattern(resourceType=TOPIC, name=*, patternType=LITERAL)`:
\t(principal=User:admin, host=*, operation=ALL, permissionType=ALLOW)
Current ACLs for resource `ResourcePattern(resourceType=GROUP, name=wms-orders, patternType=LITERAL)`:
\t(principal=User:CN=wms,OU=it, host=*, operation=READ, permissionType=ALLOW)
Current ACLs for resource `Topic:stock.moved`:
 \tUser:wms has Allow permission for operations: Write from hosts: *
"""


def test_described(tmp_path: Path) -> None:
    found = read_text(tmp_path, "topics.txt", "kafka", DESCRIBED, system="kafka")
    assert rows(found, "interface") == table("""
        L1 interface kafka kafka cluster=kafka topic=orders.v1 v1
        L3 interface kafka kafka cluster=kafka topic=stock
    """)
    assert figures(found) == {"partitions": 3, "replicas": 2, "retention.ms": "604800000", "cleanup.policy": "delete"}
    assert [one.name for one in seen(found, "event")] == ["orders.v1", "stock"]
    assert [one.scope for one in coverage(found)] == ["kafka"]


def test_permissions(tmp_path: Path) -> None:
    found = read_text(tmp_path, "acls.txt", "kafka", ACLS, system="kafka")
    assert rows(found, "interface", "credential") == table("""
        L2 interface kafka kafka cluster=kafka topic=orders.v1 v1 < wms(wms @wms-orders)
        L12 interface kafka kafka cluster=kafka topic=stock.moved < lake(lake)
        L2 credential svc-erp
        L3 credential wms
        L4 credential old
        L6 credential lake
        L8 credential admin
    """)
    assert seen(found, "event")[0].values == {"publisher": "svc-erp"}
    assert figures(found, 1)["publishers"] == ["lake", "wms"]
    assert seen(found, "event")[1].values == {}, "two may write"
    assert figures(found, 4, "credential")["wildcard"] == ["all"]
    assert not coverage(found), "permissions alone do not list the topics"


def test_strimzi(tmp_path: Path) -> None:
    text = """\
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: orders-v1, labels: {strimzi.io/cluster: retail}}
spec: {topicName: orders.v1, partitions: 3, replicas: 2, config: {retention.ms: 1000}}
---
kind: KafkaUser
metadata: {name: wms}
spec: {authorization: {acls: [{resource: {type: topic, name: orders.v1}, operations: [Read]}, {resource: {type: group, name: g}, operation: Read}]}}
"""
    found = read_text(tmp_path, "k.yaml", "kafka", text)
    assert rows(found, "interface") == ["L1 interface kafka retail cluster=retail topic=orders.v1 v1 < wms(wms @g)"]
    assert kind_of(artefact(tmp_path, "k.yaml", text)) == "kafka"


@pytest.mark.parametrize(
    "text",
    [
        '[{"name": "orders", "partitions": 3, "configs": [{"name": "retention.ms", "value": 5}]}]',
        '{"topics": [{"topic": "orders", "partitions": [{}, {}, {}], "config": {"retention.ms": 5}}]}',
        '{"kind": "KafkaTopicList", "data": [{"topic_name": "orders", "partitions_count": 3, "configs": {"retention.ms": "5"}}]}',
        '{"topics": {"orders": {"partitions": 3, "config": {"retention.ms": 5}}}}',
    ],
)
def test_lists(tmp_path: Path, text: str) -> None:
    one = artefact(tmp_path, "t.json", text)
    assert kind_of(one) == "kafka"
    found = read_text(tmp_path, "t.json", "kafka", text, system="k")
    assert rows(found, "interface") == ["L1 interface kafka k cluster=k topic=orders"]
    assert figures(found) == {"partitions": 3, "retention.ms": "5"}


def test_a_plain_list(tmp_path: Path) -> None:
    text = "orders\n__consumer_offsets\nstock.v2\n"
    assert kind_of(artefact(tmp_path, "topics.txt", text)) == "kafka"
    assert kind_of(artefact(tmp_path, "words.txt", text)) == ""
    assert [one.name for one in seen(read_text(tmp_path, "topics.txt", "kafka", text), "event")] == [
        "orders",
        "stock.v2",
    ]


def test_refused(tmp_path: Path) -> None:
    assert "a line is no name of a topic" in refusal(tmp_path, "a.txt", "kafka", "not a topic list\n")
    assert "no topic is in it" in refusal(tmp_path, "a.json", "kafka", '{"a": 1}')
    assert "no topic is in it" in refusal(tmp_path, "a.txt", "kafka", "")
