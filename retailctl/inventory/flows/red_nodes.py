"""What Node-RED node types are: data. Other types count by the host or address that they, or their broker, name."""

from __future__ import annotations

from typing import Final

SILENT: Final = frozenset(
    {"comment", "debug", "tab", "group", "catch", "status", "complete", "junction", "http response"}
)
# Wires, by a word in the type of a node or of its configuration node: (word, scheme of the address), in this order.
SCHEMES: Final = (
    ("mqtt", "mqtt"),
    ("amqp", "amqp"),
    ("rabbit", "amqp"),
    ("kafka", "kafka"),
    ("mysql", "mysql"),
    ("mariadb", "mariadb"),
    ("postgre", "postgresql"),
    ("mssql", "mssql"),
    ("mongo", "mongodb"),
    ("sftp", "sftp"),
    ("ftp", "ftp"),
    ("e-mail in", "imap"),
    ("e-mail", "smtp"),
    ("smtp", "smtp"),
    ("websocket", "ws"),
    ("odoo", "http"),
    ("http", "http"),
)
HOSTS: Final = ("host", "hostname", "server", "broker", "address", "ip")
ADDRESSES: Final = ("url", "uri", "endpoint", "baseUrl", "baseurl", "path", "connectionString", "hostUrl")
DATABASES: Final = ("db", "database", "dbname", "databaseName")
TOPICS: Final = ("topic", "queue", "exchange", "exchangeName", "queueName")
# Parameters that hold the id of another node.
LINKS: Final = (
    "broker",
    "client",
    "server",
    "mydb",
    "connection",
    "config",
    "postgreSQLConfig",
    "mongodb",
    "host",
    "ftp",
)
TCP: Final = frozenset({"tcp in", "tcp out", "tcp request", "udp out", "udp in"})


def scheme_of(type_: str) -> str:
    """The scheme that a type speaks; empty when its name does not tell."""
    low = type_.lower()
    return next((scheme for word, scheme in SCHEMES if word in low), "")


def is_source(type_: str) -> bool:
    """Does a message begin at nodes of this type, set off from outside?"""
    low = type_.lower()
    return low.endswith((" in", "-in", "trigger", "consumer", "receive", "watch")) or low in ("inject", "link in")
