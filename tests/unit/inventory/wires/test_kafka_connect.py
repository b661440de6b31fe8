"""Kafka Connect: both ends of a connector, its topics, and every place where a secret may stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.inventory.read import artefact, coverage, kind_of, seen
from tests.unit.inventory.wires.rows import figures, read_text, refusal, rows, table

DEBEZIUM = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "database.hostname": "erp-db",
    "database.port": "5432",
    "database.user": "cdc",
    "database.password": "Kc7planted",
    "database.dbname": "erp",
    "topic.prefix": "erp1",
    "table.include.list": "public.sale_order,public.stock_quant",
}
SINK = {
    "name": "to-lake",
    "config": {
        "connector.class": "io.confluent.connect.jdbc.JdbcSinkConnector",
        "topics": "erp1.public.sale_order",
        "connection.url": "jdbc:postgresql://lake-db:5433/lake?user=loader&password=Kc7planted",
        "errors.tolerance": "all",
        "errors.deadletterqueue.topic.name": "dlq.lake",
        "errors.retry.timeout": "-1",
    },
}


def lines(found: list[Any]) -> list[str]:
    return [row.partition(" ")[2] for row in rows(found)]


def test_a_bare_source(tmp_path: Path) -> None:
    found = read_text(tmp_path, "erp-cdc.json", "kafka-connect", json.dumps(DEBEZIUM, indent=1), system="kafka")
    assert rows(found) == table("""
        L9 interface sql erp-db database=erp-db/erp table=public.sale_order access=read < erp-cdc(cdc)
        L9 interface sql erp-db database=erp-db/erp table=public.stock_quant access=read < erp-cdc(cdc)
        L1 interface kafka kafka cluster=kafka topic=erp1.public.sale_order
        L1 event erp1.public.sale_order
        L1 interface kafka kafka cluster=kafka topic=erp1.public.stock_quant
        L1 event erp1.public.stock_quant
        L6 credential cdc
    """)
    assert seen(found, "event")[0].values == {"publisher": "erp-cdc"}
    assert "Kc7planted" not in repr(found)
    assert not coverage(found), "one connector is no proof that there is no other"


def test_a_sink_with_a_name(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.json", "kafka-connect", json.dumps(SINK, indent=1))
    assert rows(found) == table("""
        L6 interface sql lake-db:5433 database=lake-db:5433/lake access=write < to-lake(loader)
        L5 interface kafka - topic=erp1.public.sale_order < to-lake(@connect-to-lake)
        L6 credential loader
    """)
    assert seen(found)[1].values == {"resilience.dlq": "dlq.lake", "resilience.retry.max": -1}
    assert figures(found, 1)["dead_letter"] == "dlq.lake"
    assert figures(found)["errors.tolerance"] == "all"


def test_two_places_share_a_secret(tmp_path: Path) -> None:
    found = read_text(tmp_path, "a.json", "kafka-connect", json.dumps([DEBEZIUM, SINK["config"]]))
    secrets = [one.secret for one in seen(found, "credential")]
    assert len(secrets) == 2
    assert len(set(secrets)) == 1


# class, settings, expected rows without their line
FAR: list[tuple[str, dict[str, Any], str]] = [
    ("io.debezium.connector.mysql.MySqlConnector",
     {"database.hostname": "db", "database.port": 3307, "database.include.list": "shop,pim", "topic.prefix": "p"},
     "interface sql db:3307 database=db:3307/shop access=read < c\ninterface sql db:3307 database=db:3307/pim access=read < c"),
    ("io.debezium.connector.mongodb.MongoDbConnector",
     {"mongodb.connection.string": "mongodb://u:Kc7planted@m1:27017,m2:27017/?replicaSet=rs0", "collection.include.list": "shop.orders", "topic.prefix": "m"},
     "interface sql m1 database=m1 table=shop.orders access=read < c(u)\ninterface kafka - topic=m.shop.orders\nevent m.shop.orders\ncredential u"),
    ("io.confluent.connect.jdbc.JdbcSourceConnector",
     {"connection.url": "jdbc:sqlserver://erp-sql:1433;databaseName=axapta", "table.whitelist": "dbo.ITEMS", "topic.prefix": "ax-", "mode": "incrementing"},
     "interface sql erp-sql database=erp-sql/axapta table=dbo.ITEMS access=read < c\ninterface kafka - topic=ax-ITEMS\nevent ax-ITEMS"),
    ("at.grahsl.kafka.connect.mongodb.MongoDbSinkConnector",
     {"topics": "t", "mongodb.connection.uri": "mongodb://mongo:27017/shop?w=1", "mongodb.collection": "orders"},
     "interface sql mongo database=mongo/shop table=orders access=write < c\ninterface kafka - topic=t < c(@connect-c)"),
    ("io.confluent.connect.s3.S3SinkConnector",
     {"topics": "a,b", "s3.bucket.name": "lake-raw", "topics.dir": "orders"},
     "interface file lake-raw host=lake-raw directory=orders < c\ninterface kafka - topic=a < c(@connect-c)\ninterface kafka - topic=b < c(@connect-c)"),
    ("io.confluent.connect.elasticsearch.ElasticsearchSinkConnector",
     {"topics": "a", "connection.url": "http://es-1:9200,http://es-2:9200", "connection.username": "el", "connection.password": "${file:/run/es.properties:pw}"},
     "interface http es-1:9200 address=/ < c(el)\ninterface kafka - topic=a < c(@connect-c)\ncredential el"),
    ("io.confluent.connect.http.HttpSinkConnector",
     {"topics": "a", "http.api.url": "https://hooks.example/v1/in", "request.method": "post"},
     "interface http hooks.example address=/v1/in method=POST < c\ninterface kafka - topic=a < c(@connect-c)"),
    ("io.confluent.connect.sftp.SftpCsvSourceConnector",
     {"sftp.host": "files.example", "sftp.port": "2222", "input.path": "/out", "kafka.topic": "prices", "sftp.password": "Kc7planted", "sftp.username": "u"},
     "interface sftp files.example:2222 host=files.example:2222 directory=/out < c(u)\ninterface kafka - topic=prices\nevent prices\ncredential u"),
    ("com.example.OwnSink", {"topics": "a", "api.token": "Kc7planted"}, "interface kafka - topic=a < c(@connect-c)\ncredential c"),
    ("io.confluent.connect.jdbc.JdbcSinkConnector", {"topics.regex": "erp.*", "connection.url": "jdbc:oracle:thin:@//ora:1521/ERP"},
     "interface sql ora database=ora/ERP access=write < c"),
    ("org.apache.kafka.connect.mirror.MirrorSourceConnector", {"source.cluster.bootstrap.servers": "k1:9092,k2:9092"}, "system k1:9092"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "settings", "expected"), FAR, ids=[name.rpartition(".")[2] for name, _, _ in FAR])
def test_the_far_side(tmp_path: Path, name: str, settings: dict[str, Any], expected: str) -> None:
    text = json.dumps({"name": "c", "config": {"connector.class": name, **settings}})
    found = read_text(tmp_path, "a.json", "kafka-connect", text)
    assert lines(found) == table(expected)
    assert "Kc7planted" not in repr(found)


def test_a_secret_in_a_vault(tmp_path: Path) -> None:
    text = json.dumps({**DEBEZIUM, "database.password": "${file:/run/db.properties:password}"})
    found = read_text(tmp_path, "a.json", "kafka-connect", text)
    assert [(one.name, one.values["vault"], one.secret) for one in seen(found, "credential")] == [
        ("cdc", "file:/run/db.properties:password", "")
    ]


def test_other_shapes(tmp_path: Path) -> None:
    by_name = {"erp": {"info": {"name": "erp", "config": DEBEZIUM}, "status": {}}, "lake": {"info": SINK}}
    found = read_text(tmp_path, "a.json", "kafka-connect", json.dumps(by_name))
    assert len(coverage(found)) == 1
    assert {one.figures["connect_name"] for one in seen(found)} == {"erp", "to-lake"}
    strimzi = "kind: KafkaConnector\nmetadata: {name: k}\nspec: {class: a.JdbcSinkConnector, tasksMax: 2, config: {topics: t}}\n"
    assert rows(read_text(tmp_path, "k.yaml", "kafka-connect", strimzi)) == [
        "L3 interface kafka - topic=t < k(@connect-k)"
    ]
    properties = "# a comment\nname=p\nconnector.class=a.FileStreamSinkConnector\nfile=/out/x.txt\ntopics=t\n"
    assert lines(read_text(tmp_path, "p.properties", "kafka-connect", properties)) == table("""
        interface file p host=p directory=/out/x.txt < p
        interface kafka - topic=t < p(@connect-p)
    """)


def test_figures_are_no_attributes_of_an_interface(tmp_path: Path) -> None:
    config = {**DEBEZIUM, "mode": "bulk", "transforms": "u", "transforms.u.type": "a.Unwrap"}
    told = figures(read_text(tmp_path, "a.json", "kafka-connect", json.dumps(config)))
    assert not told.keys() & {"mode", "transforms", "connector", "queue", "channel", "schedule"}
    assert told["message.transforms"] == ["a.Unwrap"]


def test_refused_and_detected(tmp_path: Path) -> None:
    assert "no connector.class is in it" in refusal(tmp_path, "a.json", "kafka-connect", '{"a": {"b": 1}}')
    assert "connector.class is no name" in refusal(tmp_path, "a.json", "kafka-connect", '{"connector.class": []}')
    for value in (DEBEZIUM, SINK, [SINK], {"x": SINK}, {"connectors": [SINK]}):
        assert kind_of(artefact(tmp_path, "a.json", json.dumps(value))) == "kafka-connect"
