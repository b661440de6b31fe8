"""What connectors of Kafka Connect read and write, by class: data, so that a further connector is one row.

A connector that is in no row is still read: its topics, its hosts and its secrets are found by the names of settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from retailctl.inventory.loose import text, texts

Side = Literal["source", "sink"]


@dataclass(frozen=True, slots=True)
class Kind:
    """``part`` of the class name; what the far side is, and the settings that hold its address and its objects.

    ``host`` are settings with an address (a host, an URL or a list of them, in order of trust), ``objects`` those with
    tables, collections, folders or indexes, ``database`` those with databases.
    """

    part: str
    side: Side
    far: Literal["sql", "file", "http", "kafka", "other"]
    host: tuple[str, ...] = ()
    port: str = ""
    scheme: str = ""
    database: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    user: tuple[str, ...] = ()


_DEBEZIUM: Final[Mapping[str, Any]] = {
    "host": ("database.hostname",),
    "port": "database.port",
    "database": (
        "database.dbname",
        "database.names",
        "database.include.list",
        "database.whitelist",
        "database.pdb.name",
    ),
    "objects": ("table.include.list", "table.whitelist", "collection.include.list", "collection.whitelist"),
    "user": ("database.user",),
}  # fmt: skip
_JDBC: Final[Mapping[str, Any]] = {"host": ("connection.url",), "user": ("connection.user", "connection.username")}

KINDS: Final[tuple[Kind, ...]] = (
    Kind("debezium.connector.postgresql", "source", "sql", scheme="postgresql", **_DEBEZIUM),
    Kind("debezium.connector.mysql", "source", "sql", scheme="mysql", **_DEBEZIUM),
    Kind("debezium.connector.mariadb", "source", "sql", scheme="mysql", **_DEBEZIUM),
    Kind("debezium.connector.sqlserver", "source", "sql", scheme="sqlserver", **_DEBEZIUM),
    Kind("debezium.connector.oracle", "source", "sql", scheme="oracle", **_DEBEZIUM),
    Kind("debezium.connector.db2", "source", "sql", scheme="db2", **_DEBEZIUM),
    Kind("debezium.connector.vitess", "source", "sql", scheme="mysql", **_DEBEZIUM),
    Kind("debezium.connector.mongodb", "source", "sql", host=("mongodb.connection.string", "mongodb.hosts"),
         scheme="mongodb",
         database=("database.include.list", "database.whitelist"),
         objects=("collection.include.list", "collection.whitelist"), user=("mongodb.user",)),
    Kind("debezium.connector.jdbc", "sink", "sql", objects=("collection.name.format", "table.name.format"), **_JDBC),
    Kind("JdbcSink", "sink", "sql", objects=("table.name.format",), **_JDBC),
    Kind("JdbcSource", "source", "sql", objects=("table.whitelist", "table.include.list", "tables"), **_JDBC),
    Kind("MongoSource", "source", "sql", host=("connection.uri",), scheme="mongodb", database=("database",),
         objects=("collection",)),
    Kind("MongoSink", "sink", "sql", host=("connection.uri",), scheme="mongodb", database=("database",),
         objects=("collection",)),
    Kind("MongoDbSink", "sink", "sql", host=("connection.uri", "mongodb.connection.uri"), scheme="mongodb",
         database=("mongodb.database", "database"), objects=("mongodb.collection", "collection")),
    Kind("SnowflakeSink", "sink", "sql", host=("snowflake.url.name",), scheme="snowflake",
         database=("snowflake.database.name",), objects=("snowflake.topic2table.map",), user=("snowflake.user.name",)),
    Kind("BigQuerySink", "sink", "sql", host=("project",), scheme="bigquery", database=("defaultDataset", "datasets")),
    Kind("S3Sink", "sink", "file", host=("s3.bucket.name", "aws.s3.bucket.name", "aws.s3.bucket"),
         scheme="s3", objects=("topics.dir", "aws.s3.prefix", "file.name.prefix")),
    Kind("S3Source", "source", "file", host=("s3.bucket.name", "aws.s3.bucket.name"), scheme="s3",
         objects=("topics.dir", "folders")),
    Kind("GcsSink", "sink", "file", host=("gcs.bucket.name",), scheme="gs", objects=("topics.dir", "file.name.prefix")),
    Kind("AzureBlobStorageSink", "sink", "file", host=("azblob.account.name",), scheme="azblob",
         objects=("topics.dir",)),
    Kind("SftpSource", "source", "file", host=("sftp.host",), port="sftp.port", scheme="sftp", objects=("input.path",),
         user=("sftp.username",)),
    Kind("SftpCsvSource", "source", "file", host=("sftp.host",), port="sftp.port", scheme="sftp",
         objects=("input.path",),
         user=("sftp.username",)),
    Kind("SftpSink", "sink", "file", host=("sftp.host",), port="sftp.port", scheme="sftp",
         objects=("sftp.working.dir",),
         user=("sftp.username",)),
    Kind("SpoolDir", "source", "file", host=(), scheme="file", objects=("input.path",)),
    Kind("FileStreamSource", "source", "file", scheme="file", objects=("file",)),
    Kind("FileStreamSink", "sink", "file", scheme="file", objects=("file",)),
    Kind("FilePulseSource", "source", "file", scheme="file", objects=("fs.listing.directory.path",)),
    Kind("ElasticsearchSink", "sink", "http", host=("connection.url", "connection.urls"), scheme="http",
         objects=("index.name", "type.name"), user=("connection.username",)),
    Kind("OpenSearchSink", "sink", "http", host=("connection.url",), scheme="https", user=("connection.username",)),
    Kind("HttpSink", "sink", "http", host=("http.api.url", "http.url", "httpURL"), scheme="https",
         user=("connection.user",)),
    Kind("HttpSource", "source", "http", host=("url", "http.request.url"), scheme="https", user=("connection.user",)),
    Kind("SalesforceSource", "source", "http", host=("salesforce.instance",), scheme="https",
         user=("salesforce.username",)),
    Kind("MirrorSource", "source", "kafka", host=("source.cluster.bootstrap.servers", "source.cluster.alias")),
    Kind("MirrorCheckpoint", "source", "kafka", host=("source.cluster.bootstrap.servers", "source.cluster.alias")),
    Kind("ReplicatorSource", "source", "kafka", host=("src.kafka.bootstrap.servers",)),
    Kind("RedisSink", "sink", "other", host=("redis.uri", "redis.hosts")),
    Kind("RabbitMQSource", "source", "other", host=("rabbitmq.host", "rabbitmq.uri")),
    Kind("MqttSource", "source", "other", host=("mqtt.server.uri",)),
    Kind("DatagenConnector", "source", "other"),
)  # fmt: skip
_SOURCES: Final = ("source", "debezium", "datagen", "spooldir", "cdc")


def kind_of(class_name: str) -> Kind:
    """The row of a connector class; one that is in none is told source or sink by its name."""
    for kind in KINDS:
        if kind.part.lower() in class_name.lower():
            return kind
    source = any(word in class_name.lower() for word in _SOURCES) and "sink" not in class_name.lower()
    return Kind(class_name, "source" if source else "sink", "other", user=("connection.user", "username"))


def first(config: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, str]:
    """(setting, value) of the first of some settings that is there."""
    return next(((name, found) for name in names if (found := text(config.get(name)))), ("", ""))


def every(config: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    """The values of lists of the first of some settings that is there."""
    return next((found for name in names if (found := texts(config.get(name)))), [])


def topics_written(config: Mapping[str, Any], kind: Kind) -> tuple[list[str], str]:
    """Topics that a source writes as far as its settings tell, and the prefix of those that it makes up."""
    if kind.side == "sink":
        return [], ""
    prefix = (
        text(config.get("topic.prefix")) or text(config.get("database.server.name")) or text(config.get("mongodb.name"))
    )
    tables = every(config, kind.objects) if kind.far == "sql" else []
    plain = [table.replace("\\.", ".") for table in tables]
    if any(set(table) & set("*[](|?+\\") for table in plain):
        return [], prefix
    if "debezium" in kind.part:
        return ([f"{prefix}.{table}" for table in plain] if prefix else []), prefix
    if kind.part == "JdbcSource":
        return [f"{prefix}{table.rpartition('.')[2]}" for table in plain], prefix
    if kind.part == "MongoSource":
        database, collection = text(config.get("database")), text(config.get("collection"))
        name = ".".join(filter(None, (prefix, database, collection)))
        return ([name] if collection and database else []), prefix
    named = [
        found
        for key in ("topic", "kafka.topic", "topics", "redis.topic", "http.topic")
        for found in texts(config.get(key))
    ]
    return named, prefix
