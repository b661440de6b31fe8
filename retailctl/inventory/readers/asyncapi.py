"""AsyncAPI as sightings: which messages an application sends and takes in, and over which broker.

In 2.x ``publish`` and ``subscribe`` are said to the others: others *publish* to what the application takes in. In 3.x
``receive`` and ``send`` are what the application does itself. Both become the role of the described application.

* event: one per channel (per message where a channel carries several), named by the address of the channel. The
  publisher is the application that sends, a consumer the one that receives.
* interface: what the broker offers there, by the protocol of the server. AMQP: sending goes to (exchange, routing
  key), receiving comes from a queue where the binding names one. Kafka, MQTT, JMS: the topic. WebSocket and HTTP: the
  address at the server. ``type`` of the key is set only where a channel carries several messages: else the topic
  tells the type, and brokers and logs, which do not know it, must find the same key.
* system: the application (the title, unless the user says otherwise) and the host of the server, the provider.
* figures: messages, operation ids, kinds of authentication, content type, group, what the bindings say.
* Other protocols (NATS, SNS, Redis, ...) have no canonical key: the event alone. No coverage: a contract is no use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.asyncapi_channels import Channel, Role, Target, channels_of, targets_of
from retailctl.inventory.gateway_paths import version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import is_true, mapping, number, refused, roots, text, wrong_types
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.interface_key import EventKey, HttpKey, InterfaceKey
from retailctl.model.seen import Seen, SeenConsumer
from retailctl.workspace import input_codes as codes

_KIND: Final = "AsyncAPI document"
_TOPICS: Final = frozenset({"kafka", "mqtt", "jms"})


def _detect(artefact: Artefact) -> float:
    return 0.95 if "asyncapi" in artefact.keys else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    for steps, root in roots(artefact, _KIND):
        if not isinstance(root, dict) or "asyncapi" not in root:
            raise refused(artefact, _KIND, "asyncapi does not stand at the top")
        version = text(root.get("asyncapi"))
        if version.partition(".")[0] not in ("2", "3"):
            yield artefact.error(
                codes.CONTRACT_VERSION, f"AsyncAPI {version} is not read", steps, hint="2.x and 3.x are read"
            )
            continue
        yield from wrong_types(
            artefact, root, steps, info=dict, servers=dict, channels=dict, operations=dict, components=dict
        )
        application = reading.system or text(mapping(root.get("info")).get("title"))
        targets = targets_of(root, reading.variables)
        for channel in channels_of(root, steps):
            yield from _channel(artefact, reading, application, channel, targets)


def _channel(
    artefact: Artefact, reading: Reading, application: str, channel: Channel, targets: dict[str, Target]
) -> Iterator[Found]:
    served = [targets[name] for name in channel.servers if name in targets] or list(targets.values())
    by_protocol: dict[str, Target] = {}
    for target in served:
        by_protocol.setdefault(target.protocol, target)
    for role in channel.roles:
        ref = artefact.ref(role.where)
        messages = role.messages or channel.messages
        several = len(messages) > 1
        for message in messages if several else messages[:1] or [""]:
            figures = _figures(channel, role, message, messages)
            keys = {name: _key(channel, role, one, message if several else None) for name, one in by_protocol.items()}
            seen = _event(reading, ref, application, channel, role, message if several else "", figures)
            found = next((key for key in keys.values() if isinstance(key, EventKey) and not key.queue), None)
            yield replace(seen, key=found)
            for name, key in keys.items():
                if key is not None:
                    yield _interface(reading, ref, application, role, key, by_protocol[name], figures)


def _event(
    reading: Reading, ref: str, application: str, channel: Channel, role: Role, message: str, figures: dict[str, Any]
) -> Seen:
    sends = role.action == "send"
    group = text(role.bindings.get("group")) or text(channel.bindings.get("queue"))
    return Seen(
        source="asyncapi",
        ref=ref,
        kind="event",
        at=reading.as_of,
        name=message or channel.address or channel.id,
        consumers=() if sends or not application else (SeenConsumer(name=application, group=group or None),),
        environment=reading.environment,
        values={"publisher": application} if sends and application else {},
        figures=figures,
    )


def _interface(
    reading: Reading, ref: str, application: str, role: Role, key: InterfaceKey, target: Target, figures: dict[str, Any]
) -> Seen:
    sends = role.action == "send"
    # Over HTTP the application is the server, or calls it: not told. Of a topic, which has one key for both ways,
    # only readers are consumers; who publishes to an exchange uses the exchange.
    uses = isinstance(key, EventKey) and bool(application) and (key.protocol == "amqp" or not sends)
    more: dict[str, Any] = {"auth": list(target.auth)} if target.auth else {}
    if isinstance(key, EventKey) and sends and not uses and application:
        more["publishers"] = [application]
    return Seen(
        source="asyncapi",
        ref=ref,
        at=reading.as_of,
        key=key,
        provider=target.name,
        consumers=(SeenConsumer(name=application, group=_group(role)),) if uses else (),
        environment=reading.environment or target.environment,
        values={"direction": "in" if sends else "out"} if key.protocol == "amqp" else {},
        figures={**figures, **more},
    )


def _group(role: Role) -> str | None:
    return text(role.bindings.get("group")) or None


def _key(channel: Channel, role: Role, target: Target, message: str | None) -> InterfaceKey | None:
    address, cluster = channel.address, target.cluster
    version = version_in(address)
    if target.protocol in ("ws", "http"):
        path = "/" + "/".join(filter(None, (target.path.strip("/"), address.strip("/"))))
        method = text(role.bindings.get("method")) or None
        version = version_in(path)
        return HttpKey(protocol=target.protocol, provider=target.name, method=method, address=path, version=version)  # type: ignore[arg-type]
    if target.protocol in _TOPICS:
        topic = channel.bindings.get("topic") or address
        if not topic:
            return None
        return EventKey(protocol=target.protocol, provider=target.name, cluster=cluster, topic=topic, type=message)  # type: ignore[arg-type]
    if target.protocol != "amqp":
        return None
    queue, exchange = text(channel.bindings.get("queue")), text(channel.bindings.get("exchange"))
    if role.action == "receive":
        if not queue:
            return None  # what it reads from is not said: a queue bound to the exchange, under a name of its own
        return EventKey(protocol="amqp", provider=target.name, cluster=cluster, queue=queue, type=message)
    if queue and not exchange:
        return EventKey(protocol="amqp", provider=target.name, cluster=cluster, queue=queue, type=message)
    return EventKey(
        protocol="amqp",
        provider=target.name,
        cluster=cluster,
        exchange=exchange or None,
        routing_key=address or None,
        version=version,
        type=message,
    )


def _figures(channel: Channel, role: Role, message: str, messages: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "role": role.action,
        "channel_address": channel.address or channel.id,
        "message": message,
        "messages": messages if len(messages) > 1 else [],
        "operation_id": role.operation,
        "reply": role.reply,
        "deprecated": is_true(role.deprecated) or None,
        "partitions": number(channel.bindings.get("partitions")),
        "replicas": number(channel.bindings.get("replicas")),
        "retention.ms": number(channel.bindings.get("retention.ms")),
        "exchange": text(channel.bindings.get("exchange")),
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


READER = Reader("asyncapi", "AsyncAPI 2.x or 3.x", _detect, guarded(_read))
