"""Spans of traces as calls: what a span offers or asks for, in both generations of attribute names.

``http.method`` became ``http.request.method``, ``net.peer.name`` ``server.address``, and so on; what a span is for is
told by its kind and by which family of attributes it has. Statements, headers and bodies are never looked at beyond
the first word of a statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from retailctl.inventory.flows.loose import listing, mapping, number, text
from retailctl.inventory.flows.path_shapes import split_secret, template_of
from retailctl.inventory.urls import Url, path_of, url_of
from retailctl.model.interface_key import EventKey, HttpKey, InterfaceKey, RpcKey, SqlKey

SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5
_KINDS: Final = {"SPAN_KIND_SERVER": SERVER, "SPAN_KIND_CLIENT": CLIENT, "SPAN_KIND_PRODUCER": PRODUCER, "SPAN_KIND_CONSUMER": CONSUMER}  # fmt: skip  # noqa: E501
_BROKERS: Final = {
    "kafka": "kafka", "rabbitmq": "amqp", "amqp": "amqp", "activemq": "jms", "artemis": "jms", "jms": "jms",
    "mqtt": "mqtt", "servicebus": "amqp",
}  # fmt: skip
_NO_SQL: Final = frozenset({"redis", "memcached", "elasticsearch", "opensearch", "dynamodb", "valkey"})
_READS: Final = frozenset({"select", "find", "get", "aggregate", "count", "show"})
_WRITES: Final = frozenset({"insert", "update", "delete", "merge", "replace", "upsert", "findandmodify"})
_NAMED: Final = re.compile(r"^(GET|POST|PUT|PATCH|DELETE|HEAD)\s+(/\S*)$")
_USUAL_PORT: Final = re.compile(r":(?:5432|3306|1433|1521|27017)$")
_WORD: Final = re.compile(r"^\s*([A-Za-z]{2,20})\b")
_LONGEST: Final = 500

Template = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Offer:
    """What is called: ``provider`` is a host or service as the span has it, empty where the span does not tell."""

    provider: str = ""
    key: InterfaceKey | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """One span that calls or is called; ``kind`` is one of the four above."""

    id: str
    parent: str
    service: str
    environment: str
    kind: int
    offer: Offer
    failed: bool
    day: date | None


def attributes(value: object) -> dict[str, str]:
    """Attributes with a plain value, as text."""
    found: dict[str, str] = {}
    for entry in listing(value):
        told = mapping(entry)
        inside = mapping(told.get("value"))
        plain = next((inside[name] for name in ("stringValue", "intValue", "doubleValue") if name in inside), None)
        written = text(plain)
        if written:
            found[text(told.get("key"))] = written[:_LONGEST]
    return found


def kind_of(span: Mapping[str, Any]) -> int:
    """The kind of a span, as number or by name; 0 for those that stay inside."""
    kind = _KINDS.get(text(span.get("kind")), number(span.get("kind")) or 0)
    return kind if kind in (SERVER, CLIENT, PRODUCER, CONSUMER) else 0


def day_of(span: Mapping[str, Any]) -> date | None:
    """The day on which a span began (UTC); None where it does not say, or says nonsense."""
    nanoseconds = number(span.get("startTimeUnixNano"))
    if not nanoseconds or not 0 < nanoseconds < 10**19:
        return None
    try:
        return datetime.fromtimestamp(nanoseconds // 10**9, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def offer_of(kind: int, name: str, told: Mapping[str, str], template: Template) -> Offer:
    """What the span offers (server, consumer) or asks for (client, producer)."""
    if _first(told, "messaging.system", "messaging.destination.name", "messaging.destination"):
        return _message(kind, told)
    provider = "" if kind in (SERVER, CONSUMER) else _host(told)
    if told.get("rpc.system") or told.get("rpc.system.name"):
        service = told.get("rpc.service", "")
        method = told.get("rpc.method", "").rpartition("/")[2]
        return Offer(provider or service, RpcKey(protocol="rpc", model=service or None, method=method or None))
    if kind == CLIENT and _first(told, "db.system.name", "db.system"):
        return _database(told, provider)
    found = _request(name, told, template)
    if found is not None:
        return Offer(provider, found)
    return Offer(provider, None, name[:120])


def _first(told: Mapping[str, str], *names: str) -> str:
    return next((told[name] for name in names if told.get(name)), "")


def _url(told: Mapping[str, str]) -> Url | None:
    return url_of(_first(told, "url.full", "http.url"))


def _host(told: Mapping[str, str]) -> str:
    """The other side of a client: a service name where there is one, else host and unusual port."""
    named = _first(told, "peer.service", "service.peer.name")
    if named:
        return named
    url = _url(told)
    if url is not None:
        return url.name
    host = _first(told, "server.address", "net.peer.name", "http.host", "network.peer.address", "net.peer.ip", "net.sock.peer.name")  # fmt: skip  # noqa: E501
    port = _first(told, "server.port", "net.peer.port", "network.peer.port")
    return f"{host}:{port}" if host and port.isdigit() and port not in ("80", "443") and ":" not in host else host


def _request(name: str, told: Mapping[str, str], template: Template) -> HttpKey | None:
    named = _NAMED.match(name)
    method = _first(told, "http.request.method", "http.method") or (named[1] if named else "")
    route = _first(told, "http.route", "url.template")
    url = _url(told)
    path = (
        _first(told, "url.path", "http.target") or (url.path if url is not None else "") or (named[2] if named else "")
    )
    if not method and not route and not path:
        return None
    if not route and path:
        host = _host(told)
        plain, _ = split_secret(host, path_of(path))
        route = template(host, plain) or template_of(plain)
    method = method.upper() if method.isalpha() and len(method) < 20 else ""
    return HttpKey(protocol="http", method=method or None, address=route or None)


def _database(told: Mapping[str, str], provider: str) -> Offer:
    system = _first(told, "db.system.name", "db.system")
    database = _first(told, "db.namespace", "db.name")
    other = _USUAL_PORT.sub("", provider) or system
    if system in _NO_SQL:
        return Offer(other, None, f"{system} {other}".strip())
    word = _WORD.match(_first(told, "db.operation.name", "db.operation", "db.query.summary", "db.query.text", "db.statement"))  # fmt: skip  # noqa: E501
    does = word[1].lower() if word else ""
    key = SqlKey(
        protocol="sql",
        database=f"{other}/{database}".rstrip("/"),
        table=_first(told, "db.collection.name", "db.sql.table", "db.mongodb.collection") or None,
        access="read" if does in _READS else "write" if does in _WRITES else None,
    )
    return Offer(other, key)


def _message(kind: int, told: Mapping[str, str]) -> Offer:
    system = told.get("messaging.system", "")
    name = _first(told, "messaging.destination.name", "messaging.destination", "messaging.kafka.topic")
    broker = _first(told, "server.address", "net.peer.name", "peer.service")
    protocol = _BROKERS.get(system.lower())
    if protocol is None:
        return Offer(broker or system, None, " ".join(filter(None, (system, name))))
    if protocol == "amqp" and system == "rabbitmq":
        parts = name.split(":")
        if kind in (CONSUMER, SERVER):
            key = EventKey(protocol="amqp", cluster=broker or None, queue=parts[-1] or None)
        else:
            routing = told.get("messaging.rabbitmq.destination.routing_key", parts[1] if len(parts) > 1 else "")
            key = EventKey(
                protocol="amqp", cluster=broker or None, exchange=parts[0] or None, routing_key=routing or None
            )
    else:
        key = EventKey(protocol=protocol, cluster=broker or None, topic=name or None)  # type: ignore[arg-type]
    return Offer(broker, key, "" if name else f"{system} {broker}".strip())
