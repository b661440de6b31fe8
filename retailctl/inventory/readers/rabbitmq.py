"""RabbitMQ definitions as sightings: publishing goes to an exchange, delivery comes from a queue.

* interface, publishing: key (cluster, exchange, routing key) for every routing key that a binding or a topic
  permission names without wildcards; of an exchange without any (fanout, ``order.*``, no binding) the exchange alone.
  Consumers are the users who publish: whose topic permission names the key, or the only one whose permission names the
  exchange. Of several who may, nobody can tell: they are ``may_publish``. ``.*`` shows nobody.
* interface, delivery: key (cluster, queue); consumers are the users who may read that queue by name. Queues that take
  in what others throw away (dead letters) are ``dead_letter_for``.
* event: one per routing key, with ``bindings`` (queues that a message reaches), ``x-message-ttl`` (the shortest) and
  ``dead_letter: none`` where no queue behind it has a dead-letter exchange.
* credential: users, never their hashes; a password in clear text and those in addresses of shovels and federation as
  fingerprints. ``wildcard`` are the permissions on everything.
* system: the cluster, the other side of shovels and federation. Virtual hosts other than ``/`` belong to the cluster's
  name (``cluster/vhost``). The cluster is what the user says, else its own name, else the file.
* Arguments of policies count as those of the queues they match. Exchanges of the server itself (``amq.*``) are none.
* Coverage where exchanges, queues and bindings are all in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.found_secrets import address_secret, credential
from retailctl.inventory.gateway_paths import version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import Steps, covered, entries, mapping, number, refused, roots, text, texts, wrong_types
from retailctl.inventory.name_patterns import literal_of, takes_all
from retailctl.inventory.rabbit_definitions import Definitions, Named, definitions_of, delivered, routing_keys
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import url_of
from retailctl.model.interface_key import EventKey
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.workspace import input_codes as codes

_KIND: Final = "RabbitMQ definitions"
_PARTS: Final = (
    "exchanges", "queues", "bindings", "users", "permissions", "topic_permissions", "policies", "parameters", "vhosts",
)  # fmt: skip
_SHOWN: Final = ("x-message-ttl", "x-max-length", "x-max-length-bytes", "x-expires", "x-queue-type", "x-delivery-limit", "x-overflow")  # fmt: skip  # noqa: E501


@dataclass(frozen=True, slots=True)
class _Server:
    """One export, and what its broker is called."""

    artefact: Artefact
    reading: Reading
    name: str
    all: Definitions

    def cluster(self, vhost: str) -> str:
        return self.name if vhost in ("/", "") else f"{self.name}/{vhost}"


def _detect(artefact: Artefact) -> float:
    data = artefact.data
    if not isinstance(data, dict):
        return 0.0
    parts = {name for name in _PARTS if isinstance(data.get(name), list)}
    if {"rabbit_version", "rabbitmq_version"} & data.keys() and parts:
        return 0.95
    if {"exchanges", "queues"} <= parts or {"bindings", "queues"} <= parts:
        return 0.9
    one = next((entry for name in sorted(parts) for entry in data[name] if isinstance(entry, dict)), {})
    return 0.7 if len(parts) > 1 and "vhost" in one else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    for steps, root in roots(artefact, _KIND):
        if not isinstance(root, dict) or not set(_PARTS) & root.keys():
            raise refused(artefact, _KIND, "it has no exchanges, queues, bindings or users")
        yield from wrong_types(artefact, root, steps, **dict.fromkeys(_PARTS, list))
        vhost = text(root.get("original_vhost_name")) or "/"
        own = [text(one.get("value")) for _, one in entries(root.get("global_parameters"), ()) if one.get("name") == "cluster_name"]  # fmt: skip  # noqa: E501
        name = reading.system or next(filter(None, own), artefact.path)
        server = _Server(artefact, reading, name, definitions_of(root, steps, vhost))
        for exchange in server.all.exchanges:
            if not exchange.name.startswith("amq."):
                yield from _exchange(server, exchange)
        dead = _dead_letters(server.all)
        for queue in server.all.queues:
            yield _queue(server, queue, dead)
        yield from _users(server, root, steps)
        for where, parameter in entries(root.get("parameters"), (*steps, "parameters")):
            yield from _link(server, parameter, where)
        if server.all.limited:
            yield artefact.error(
                codes.NODES, "has too many permissions to hold them all against names", 1, hint="split it"
            )
        if all(isinstance(root.get(part), list) for part in ("exchanges", "queues", "bindings")):
            for one in sorted({server.cluster(queue.vhost) for queue in (*server.all.queues, *server.all.exchanges)}):
                yield covered("rabbitmq", one, reading)


def _dead_letters(found: Definitions) -> dict[tuple[str, str], list[str]]:
    """Dead-letter queues, each with the queues whose dead letters it takes in."""
    taken: dict[tuple[str, str], list[str]] = {}
    for queue in found.queues:
        for name in _dead_letter_queues(found, queue):
            taken.setdefault((queue.vhost, name), []).append(queue.name)
    return taken


def _dead_letter_queues(found: Definitions, queue: Named) -> list[str]:
    if "x-dead-letter-exchange" not in queue.arguments:
        return []
    exchange, key = (text(queue.arguments.get(f"x-dead-letter-{name}")) for name in ("exchange", "routing-key"))
    if not exchange:  # the default exchange delivers to the queue of that name
        return [key] if key else []
    if key:
        return delivered(found, queue.vhost, exchange, key)
    return sorted({one.destination for one in found.bound(queue.vhost, exchange) if not one.to_exchange})


def _exchange(server: _Server, exchange: Named) -> Iterator[Seen]:
    found, vhost = server.all, exchange.vhost
    named = {
        key
        for one in found.topics
        if text(one.get("vhost")) == vhost and text(one.get("exchange")) == exchange.name
        if (key := literal_of(text(one.get("write"))))
    }
    keys: list[str] = sorted({*routing_keys(found, vhost, exchange.name), *named}) or [""]
    dead = any(text(one.arguments.get("x-dead-letter-exchange")) == exchange.name for one in found.queues)
    by_name = {one.name: one for one in found.queues if one.vhost == vhost}
    bound = found.bound(vhost, exchange.name)
    for key in keys:
        queues = delivered(found, vhost, exchange.name, key) if key else sorted({one.destination for one in bound})
        behind = [by_name[name] for name in queues if name in by_name]
        place = next((one.where for one in bound if key and one.routing_key == key), exchange.where)
        figures: dict[str, Any] = {
            "exchange": exchange.name,
            "exchange_type": text(exchange.entry.get("type")),
            **({"routing_key": key} if key else {}),
            "bindings": len(queues),
            "queues": queues,
        }
        if patterns := sorted({one.routing_key for one in bound if "*" in one.routing_key or "#" in one.routing_key}):
            figures["patterns"] = patterns
        if (ttl := _shortest(behind)) is not None:
            figures["x-message-ttl"] = ttl
        if behind and all("x-dead-letter-exchange" not in one.arguments for one in behind):
            figures["dead_letter"] = "none"
        ref, cluster = server.artefact.ref(place), server.cluster(vhost)
        named_key = EventKey(
            protocol="amqp",
            provider=cluster,
            cluster=cluster,
            exchange=exchange.name,
            routing_key=key or None,
            version=version_in(key),
        )
        users, shown = found.may_publish(vhost, exchange.name, key)
        if users and not shown:
            figures["may_publish"] = users
        seen = Seen(
            source="rabbitmq",
            ref=ref,
            at=server.reading.as_of,
            key=named_key,
            provider=cluster,
            consumers=_consumers(users) if shown else (),
            environment=server.reading.environment,
            values={"direction": "in"},
            figures={**figures, **({"dead_letter_exchange": True} if dead else {})},
        )
        yield seen
        if key and not dead:
            yield replace(seen, kind="event", name=key, consumers=(), values={}, figures=figures)


def _shortest(queues: list[Named]) -> int | None:
    ttls = [ttl for one in queues if (ttl := number(one.arguments.get("x-message-ttl"))) is not None]
    return min(ttls) if ttls else None


def _consumers(users: list[str]) -> tuple[SeenConsumer, ...]:
    return tuple(SeenConsumer(name=user, identity=user) for user in users)


def _queue(server: _Server, queue: Named, dead: dict[tuple[str, str], list[str]]) -> Seen:
    found, cluster = server.all, server.cluster(queue.vhost)
    letters = _dead_letter_queues(found, queue)
    exchange = text(queue.arguments.get("x-dead-letter-exchange"))
    figures: dict[str, Any] = {
        "queue": queue.name,
        "durable": queue.entry.get("durable") if isinstance(queue.entry.get("durable"), bool) else None,
        **{name: value for name in _SHOWN if isinstance(value := queue.arguments.get(name), str | int)},
        "dead_letter": letters[0] if letters else exchange or "none",
        "bindings": found.into(queue.vhost, queue.name),
        "policy": queue.policy,
    }  # fmt: skip
    if (queue.vhost, queue.name) in dead:
        figures["dead_letter_for"] = sorted(dead[queue.vhost, queue.name])
        del figures["dead_letter"]
    values: dict[str, Any] = {"direction": "out", "queue": queue.name}
    if letters:
        values["resilience.dlq"] = letters[0]
    return Seen(
        source="rabbitmq",
        ref=server.artefact.ref(queue.where),
        at=server.reading.as_of,
        key=EventKey(protocol="amqp", provider=cluster, cluster=cluster, queue=queue.name),
        provider=cluster,
        consumers=_consumers(found.may("read", queue.vhost, queue.name)),
        environment=server.reading.environment,
        values=values,
        figures={name: value for name, value in figures.items() if value not in (None, "", [])},
    )


def _users(server: _Server, root: dict[Any, Any], steps: Steps) -> Iterator[Seen]:
    """Users, also those that only permissions name (exports may leave the users out)."""
    reading, artefact = server.reading, server.artefact
    places: dict[str, tuple[Steps, dict[Any, Any]]] = {}
    for where, entry in entries(root.get("users"), (*steps, "users")):
        places.setdefault(text(entry.get("name")), (where, entry))
    for where, permission in server.all.permissions:
        places.setdefault(text(permission.get("user")), (where, {}))
    for user, (where, entry) in places.items():
        if not user:
            continue
        mine = [one for _, one in server.all.permissions if text(one.get("user")) == user]
        wild = {
            verb for one in mine for verb in ("configure", "write", "read") if takes_all(text(one.get(verb)) or "^-$")
        }
        figures: dict[str, Any] = {
            "tags": texts(entry.get("tags")),
            "virtual_hosts": sorted({text(one.get("vhost")) for one in mine}),
            "wildcard": sorted(wild),
            "permissions": [{verb: text(one.get(verb)) for verb in ("configure", "write", "read")} for one in mine],
        }
        yield Seen(
            source="rabbitmq", ref=artefact.ref(where), kind="credential", at=reading.as_of, name=user,
            provider=server.name, environment=reading.environment,
            figures={name: value for name, value in figures.items() if value},
        )  # fmt: skip
        ref = artefact.ref((*where, "password"))
        yield from credential(reading, "rabbitmq", ref, user, entry.get("password"), setting="users.password")


def _link(server: _Server, parameter: dict[Any, Any], where: Steps) -> Iterator[Seen]:
    """A shovel or an upstream of a federation: the other side, and what is moved."""
    reading, artefact, value = server.reading, server.artefact, mapping(parameter.get("value"))
    kind, name = text(parameter.get("component")), text(parameter.get("name"))
    sides = (("src-", "src-uri"), ("dest-", "dest-uri")) if kind == "shovel" else (("", "uri"),)
    for prefix, setting in sides if kind in ("shovel", "federation-upstream") else ():
        for address in texts(value.get(setting)):
            url = url_of(address)
            if url is None:
                continue
            ref = artefact.ref((*where, "value", setting))
            yield from address_secret(reading, "rabbitmq", ref, url, setting=f"{kind}.{setting}")
            far = url.host not in ("", "localhost", "127.0.0.1")
            vhost = url.path.strip("/").replace("%2f", "/").replace("%2F", "/")
            cluster = (f"{url.name}/{vhost}" if vhost not in ("", "/") else url.name) if far else server.cluster(vhost)
            queue, exchange, key = (
                text(value.get(f"{prefix}{part}")) for part in ("queue", "exchange", "exchange-key")
            )
            if not (queue or exchange):
                yield Seen(
                    source="rabbitmq", ref=ref, kind="system", at=reading.as_of, name=cluster,
                    environment=reading.environment, figures={"link": kind, "name": name},
                )  # fmt: skip
                continue
            yield Seen(
                source="rabbitmq",
                ref=ref,
                at=reading.as_of,
                key=EventKey(
                    protocol="amqp",
                    provider=cluster,
                    cluster=cluster,
                    exchange=exchange or None,
                    routing_key=key or None,
                    queue=None if exchange else queue,
                    version=version_in(key) if exchange else None,
                ),
                provider=cluster,
                consumers=(SeenConsumer(name=server.name, identity=url.user or None),),
                environment=reading.environment,
                values={"direction": "in" if prefix == "dest-" else "out"},
                figures={"link": kind, "name": name},
            )


READER = Reader("rabbitmq", "RabbitMQ definitions", _detect, guarded(_read))
