"""The canonical key of an interface: one shape per protocol family (estate.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from retailctl.model.fields import STRICT, Text, doc


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What every key may carry besides the columns of its family."""

    __pydantic_config__: ClassVar = STRICT

    provider: Annotated[Text | None, doc("System that offers the interface.")] = None
    address: Annotated[Text | None, doc("Path template, topic or URL as written at the provider.")] = None
    version: Annotated[Text | None, doc("Major version of what is offered.", "v1")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpKey(_Key):
    """(provider, method, path template, major version)."""

    protocol: Literal["http", "soap", "ws"]
    method: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKey(_Key):
    """(cluster or vhost, exchange + routing key or topic or queue, event type)."""

    protocol: Literal["amqp", "kafka", "mqtt", "jms"]
    cluster: Annotated[Text | None, doc("Cluster or virtual host.")] = None
    exchange: Text | None = None
    routing_key: Text | None = None
    topic: Text | None = None
    queue: Text | None = None
    type: Annotated[Text | None, doc("Event type.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdiKey(_Key):
    """(sender qualifier + id, receiver qualifier + id, message + version)."""

    protocol: Literal["edi"]
    sender: Text | None = None
    receiver: Text | None = None
    message: Annotated[Text | None, doc("Message type and version.", "ORDERS D96A EAN008")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKey(_Key):
    """(host, directory, name pattern)."""

    protocol: Literal["file", "ftp", "sftp"]
    host: Text | None = None
    directory: Text | None = None
    pattern: Annotated[Text | None, doc("File name pattern.", "STOCK_*.csv")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlKey(_Key):
    """(server/database, schema.table, read or write)."""

    protocol: Literal["sql"]
    database: Annotated[Text | None, doc("Server and database.", "db1/odoo_prod")] = None
    table: Annotated[Text | None, doc("Schema and table.", "public.stock_quant")] = None
    access: Literal["read", "write"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RpcKey(_Key):
    """(database, model, method)."""

    protocol: Literal["rpc"]
    database: Text | None = None
    model: Annotated[Text | None, doc("Odoo model.", "sale.order")] = None
    method: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKey(_Key):
    """(host, unit or digest of the command)."""

    protocol: Literal["cron"]
    host: Text | None = None
    unit: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailKey(_Key):
    """(host, mailbox)."""

    protocol: Literal["smtp"]
    host: Text | None = None
    mailbox: Text | None = None


InterfaceKey = Annotated[
    HttpKey | EventKey | EdiKey | FileKey | SqlKey | RpcKey | JobKey | MailKey, Field(discriminator="protocol")
]

KEY_TYPES: tuple[type, ...] = (HttpKey, EventKey, EdiKey, FileKey, SqlKey, RpcKey, JobKey, MailKey)


def canonical(key: object) -> tuple[tuple[str, str], ...]:
    """The columns of a key that are set, in a fixed order: equal tuples mean the same interface."""
    pairs = ((f.name, getattr(key, f.name)) for f in fields(key))  # type: ignore[arg-type]
    return tuple(sorted((name, value) for name, value in pairs if value is not None))
