"""Kafka Connect as sightings: bare configurations, ``name`` + ``config``, lists and maps of connectors.

* interface of the far side: tables (sql: read by a source, written by a sink), folders and buckets (file, sftp), HTTP
  services. Its consumer is the connector, under the account of the setting. Without a list of tables the database
  alone; a pattern over tables stays one interface, as written.
* interface of Kafka: the topics of a sink, with the connector as consumer (group ``connect-<name>``); topics that a
  source writes where its settings tell them exactly. The cluster is what the user says, else what the configuration
  says (history topic, dead-letter reporting), else unknown.
* event: a topic that a source writes, published by the connector.
* credential: every secret in clear text or in a vault (``${file:…}``), also inside of addresses.
* ``resilience``: dead-letter topic of a sink; retry where ``errors.retry.timeout`` is set. figures: class, side,
  ``errors.tolerance``, converters, tasks, transforms.
* A connector is no proof that no other exists: coverage only for a list or map of connectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.found_secrets import address_secret, credential, holds_secret
from retailctl.inventory.guarding import guarded
from retailctl.inventory.kafka_connectors import Kind, every, first, kind_of, topics_written
from retailctl.inventory.loose import Steps, covered, mapping, number, refused, roots, sequence, text, texts
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import Url, url_of
from retailctl.inventory.variables import resolve
from retailctl.model.interface_key import EventKey, FileKey, HttpKey, InterfaceKey, SqlKey
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.workspace import input_codes as codes

_KIND: Final = "Kafka Connect configuration"
_CLASS: Final = "connector.class"
_BROKERS: Final = (
    "errors.deadletterqueue.bootstrap.servers", "schema.history.internal.kafka.bootstrap.servers",
    "database.history.kafka.bootstrap.servers", "kafka.bootstrap.servers", "confluent.topic.bootstrap.servers",
    "target.cluster.bootstrap.servers", "dest.kafka.bootstrap.servers",
)  # fmt: skip
_FIGURES: Final = (
    "tasks.max", "errors.tolerance", "errors.log.enable", "errors.retry.timeout", "key.converter", "value.converter",
    "insert.mode", "poll.interval.ms", "snapshot.mode", "slot.name", "plugin.name", "topics.regex",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Connector:
    """One connector: ``config`` by setting, ``where`` the steps to its settings."""

    artefact: Artefact
    reading: Reading
    name: str
    config: Mapping[str, Any]
    where: Steps
    kind: Kind
    cluster: str

    def ref(self, setting: str = "") -> str:
        return self.artefact.ref((*self.where, setting) if setting else self.where)

    @property
    def account(self) -> str | None:
        return first(self.config, self.kind.user)[1] or None

    def seen(self, key: InterfaceKey, setting: str, consumer: SeenConsumer | None, **values: Any) -> Seen:
        return Seen(
            source="kafka-connect",
            ref=self.ref(setting),
            at=self.reading.as_of,
            key=key,
            provider=key.provider or "",
            consumers=(consumer,) if consumer is not None else (),
            environment=self.reading.environment,
            values=values,
            figures=self.figures,
        )

    @property
    def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "connect_name": self.name,
            "class": text(self.config.get(_CLASS)),
            "side": self.kind.side,
        }
        # Not under the names of attributes that mean something else in an inventory (mode, transforms, connector).
        found |= {name: value for name in _FIGURES if (value := text(self.config.get(name)))}
        transforms = [text(self.config.get(f"transforms.{one}.type")) for one in texts(self.config.get("transforms"))]
        return found | ({"message.transforms": [one for one in transforms if one]} if any(transforms) else {})


def _detect(artefact: Artefact) -> float:
    data = artefact.data
    candidates = [
        data,
        *(list(mapping(data).values())[:20]),
        *sequence(data)[:5],
        *sequence(mapping(data).get("connectors"))[:5],
    ]
    for one in candidates:
        inner = mapping(mapping(one).get("info")) or mapping(one)
        if _CLASS in inner or _CLASS in mapping(inner.get("config")):
            return 0.95
    strimzi = "KafkaConnector" in text(mapping(data).get("kind")) and "spec" in mapping(data)
    return 0.95 if strimzi else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    if artefact.suffix == ".properties":
        config = _properties(artefact.text)
        if _CLASS not in config:
            raise refused(artefact, _KIND, f"no {_CLASS} is in it")
        yield from _connector(artefact, reading, "", config, ())
        return
    found = [one for steps, root in roots(artefact, _KIND) for one in _connectors(root, steps)]
    if not found:
        raise refused(artefact, _KIND, f"no {_CLASS} is in it")
    for name, config, where in found:
        if not text(config.get(_CLASS)):
            yield artefact.error(codes.SCHEMA, f"{_CLASS} is no name", where, hint="name the class of the connector")
            continue
        yield from _connector(artefact, reading, name, config, where)
    if not isinstance(artefact.data, dict) or not {_CLASS, "config", "kind"} & artefact.keys:
        yield covered("kafka-connect", reading.system or artefact.path, reading)


def _properties(lines: str) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines.splitlines() if not line.lstrip().startswith(("#", "!")))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _connectors(root: Any, steps: Steps) -> Iterator[tuple[str, dict[str, Any], Steps]]:
    """(name, configuration, steps) of each connector, in whatever shape the file has."""
    stack: list[tuple[str, Any, Steps, int]] = [("", root, steps, 0)]
    while stack:
        name, value, where, depth = stack.pop()
        if isinstance(value, list):
            stack.extend(("", one, (*where, index), depth + 1) for index, one in reversed(list(enumerate(value))))
        elif isinstance(value, dict):
            spec = mapping(value.get("spec"))
            own = text(value.get("name")) or text(mapping(value.get("metadata")).get("name")) or name
            if _CLASS in value:
                yield own, {str(key): one for key, one in value.items()}, where
            elif _CLASS in mapping(value.get("config")):
                yield own, {str(key): one for key, one in value["config"].items()}, (*where, "config")
            elif "class" in spec and text(value.get("kind")) == "KafkaConnector":
                config = {str(key): one for key, one in mapping(spec.get("config")).items()}
                tasks = {"tasks.max": spec["tasksMax"]} if "tasksMax" in spec else {}
                yield own, {_CLASS: spec["class"], **tasks, **config}, (*where, "spec", "config")
            elif depth < 4:
                stack.extend((str(key), one, (*where, key), depth + 1) for key, one in reversed(list(value.items())))


def _connector(
    artefact: Artefact, reading: Reading, name: str, config: dict[str, Any], where: Steps
) -> Iterator[Found]:
    settings = {key: resolve(value, reading.variables) if isinstance(value, str) and not holds_secret(key) else value
                for key, value in config.items()}  # fmt: skip
    kind = kind_of(text(settings.get(_CLASS)))
    brokers = url_of(f"kafka://{first(settings, _BROKERS)[1]}")
    cluster = reading.system or (brokers.name if brokers is not None else "")
    name = name or text(settings.get("name")) or artefact.name.partition(".")[0]
    connector = _Connector(artefact, reading, name, settings, where, kind, cluster)
    yield from _far(connector)
    yield from _topics(connector)
    for setting, value in config.items():
        if isinstance(value, str) and "://" in value:
            yield from _in_address(connector, setting, value)
        elif holds_secret(setting):
            account = connector.account or name
            yield from credential(reading, "kafka-connect", connector.ref(setting), account, value, setting=setting)
        elif isinstance(value, str) and "password" in value.lower():  # JAAS
            for secret in re.findall(r"password\s*=\s*[\"']?([^\s\"';]+)", value, re.IGNORECASE)[:3]:
                yield from credential(reading, "kafka-connect", connector.ref(setting), name, secret, setting=setting)


def _in_address(connector: _Connector, setting: str, value: str) -> Iterator[Seen]:
    """Secrets in an address: before the host, and as parameters of JDBC."""
    url, reading = url_of(value), connector.reading
    if url is not None:
        yield from address_secret(reading, "kafka-connect", connector.ref(setting), url, setting=setting)
    pairs = (
        dict(parse_qsl(re.split(r"[?;]", value, maxsplit=1)[-1].replace(";", "&"))) if re.search(r"[?;]", value) else {}
    )
    account = next((text(pairs[key]) for key in ("user", "username", "User") if key in pairs), "") or connector.account
    for key, secret in pairs.items():
        if holds_secret(key):
            ref, name = connector.ref(setting), account or connector.name
            yield from credential(reading, "kafka-connect", ref, name, secret, setting=f"{setting}?{key}")


def _address(connector: _Connector) -> tuple[str, Url | None, str]:
    """(setting, address, what was written) of the far side."""
    kind, config = connector.kind, connector.config
    setting, written = first(config, kind.host)
    if not written:
        return "", None, ""
    port = text(config.get(kind.port)) if kind.port else ""
    one = (
        written.rpartition("/")[2] if "/" in written and "://" not in written and kind.scheme == "mongodb" else written
    )
    one = one.partition(",")[0] if "://" not in one or "://" in one.rpartition(",")[0] else one
    plain = "://" not in one and not one.startswith("jdbc:")
    address = f"{kind.scheme or 'tcp'}://{one}{f':{port}' if port else ''}" if plain else one
    jdbc = re.match(r"jdbc:(sqlserver|oracle:thin):(?://|@//|@)([^;/?]+)[;/]?(.*)", address, re.IGNORECASE)
    if jdbc is not None:
        scheme = jdbc[1].partition(":")[0].lower()
        named = re.search(r"database(?:Name)?=([^;&]+)", jdbc[3], re.IGNORECASE)
        address = f"{scheme}://{jdbc[2]}/{named[1] if named else re.split(r'[;?&]', jdbc[3])[0]}"
    return setting, url_of(address), written


def _far(connector: _Connector) -> Iterator[Seen]:
    kind, config = connector.kind, connector.config
    setting, url, written = _address(connector)
    asked = dict(parse_qsl(re.split(r"[?;]", written, maxsplit=1)[-1].replace(";", "&"))) if setting else {}
    user = next((text(asked[key]) for key in ("user", "username", "User") if key in asked), "")
    account = connector.account or user or (url.user if url is not None else "")
    consumer = SeenConsumer(name=connector.name, identity=account or None)
    objects = every(config, kind.objects)
    places = dict.fromkeys(objects) or {"": None}
    if url is None and kind.far != "file":
        return
    host = url.name if url is not None else ""
    setting = next((name for name in kind.objects if name in config), setting)
    if kind.far == "sql" and url is not None:
        databases = every(config, kind.database) or [url.path.strip("/").partition("/")[0]]
        access: Literal["read", "write"] = "read" if kind.side == "source" else "write"
        for database in databases:
            for place in places:
                where = f"{host}/{database}".rstrip("/")
                key = SqlKey(protocol="sql", provider=host, database=where, table=place or None, access=access)
                yield connector.seen(key, setting, consumer)
    elif kind.far == "file":
        owner = host or connector.reading.system or connector.name
        protocol = "sftp" if kind.scheme == "sftp" else "file"
        for place in places:
            directory = place or (url.path if url is not None else "") or None
            key_ = FileKey(protocol=protocol, provider=owner, host=owner, directory=directory)  # type: ignore[arg-type]
            yield connector.seen(key_, setting, consumer)
    elif kind.far == "http" and url is not None:
        method = "GET" if kind.side == "source" else text(config.get("request.method")).upper() or None
        http = HttpKey(protocol="http", provider=host, method=method, address=url.path or "/")
        yield connector.seen(http, setting, consumer)
    elif url is not None:
        yield Seen(
            source="kafka-connect", ref=connector.ref(setting), kind="system", at=connector.reading.as_of, name=host,
            environment=connector.reading.environment, figures=connector.figures,
        )  # fmt: skip


def _topics(connector: _Connector) -> Iterator[Seen]:
    config, cluster = connector.config, connector.cluster or None
    if connector.kind.side == "sink":
        group = text(config.get("consumer.override.group.id")) or f"connect-{connector.name}"
        resilience: dict[str, Any] = {}
        dead = text(config.get("errors.deadletterqueue.topic.name"))
        if dead:
            resilience["resilience.dlq"] = dead
        wait = number(config.get("errors.retry.timeout"))
        if wait is not None:
            resilience["resilience.retry.max"] = -1 if wait < 0 else 0 if wait == 0 else None
            resilience = {name: value for name, value in resilience.items() if value is not None}
        for topic in texts(config.get("topics")):
            key = EventKey(protocol="kafka", provider=cluster, cluster=cluster, topic=topic)
            reader = SeenConsumer(name=connector.name, identity=None, group=group)
            one = connector.seen(key, "topics", reader, **resilience)
            yield replace(one, figures={**one.figures, "dead_letter": dead or "none"})
        return
    topics, prefix = topics_written(config, connector.kind)
    for topic in topics:
        key = EventKey(protocol="kafka", provider=cluster, cluster=cluster, topic=topic)
        one = connector.seen(key, "", None)
        figures = {**connector.figures, "publishers": [connector.name], **({"topic_prefix": prefix} if prefix else {})}
        yield replace(one, figures=figures)
        yield replace(one, kind="event", name=topic, values={"publisher": connector.name}, figures=figures)


READER = Reader("kafka-connect", "Kafka Connect connector", _detect, guarded(_read))
