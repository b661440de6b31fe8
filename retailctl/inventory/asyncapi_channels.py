"""The parts of an AsyncAPI document in one shape for 2.x and 3.x: servers, channels, roles of the application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from retailctl.inventory.loose import Steps, mapping, number, sequence, text, texts
from retailctl.inventory.urls import url_of
from retailctl.inventory.variables import resolve

_PROTOCOLS: Final = {
    "kafka": "kafka", "kafka-secure": "kafka", "amqp": "amqp", "amqps": "amqp", "mqtt": "mqtt", "mqtts": "mqtt",
    "mqtt5": "mqtt", "secure-mqtt": "mqtt", "jms": "jms", "ibmmq": "jms", "ws": "ws", "wss": "ws", "http": "http",
    "https": "http",
}  # fmt: skip
_SCHEMES: Final = {"kafka-secure": "kafka", "secure-mqtt": "mqtts", "mqtt5": "mqtt", "jms": "tcp", "ibmmq": "tcp"}
_DEPTH: Final = 20  # references to references end here


@dataclass(frozen=True, slots=True)
class Target:
    """A server: ``protocol`` is a family of keys, or as written; ``cluster`` is host and virtual host."""

    protocol: str
    name: str
    cluster: str
    path: str
    environment: str
    auth: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    """What the application does on a channel; ``bindings`` has ``group`` and ``method`` where they are told."""

    action: Literal["send", "receive"]
    where: Steps
    operation: str
    messages: list[str]
    bindings: Mapping[str, Any]
    reply: str
    deprecated: Any


@dataclass(frozen=True, slots=True)
class Channel:
    """``address`` is empty where it is known at run time only; ``bindings`` are flat: topic, exchange, queue, ..."""

    id: str
    address: str
    messages: list[str]
    servers: tuple[str, ...]
    bindings: Mapping[str, Any]
    roles: tuple[Role, ...]


def local(root: Mapping[Any, Any], value: Any) -> tuple[dict[Any, Any], str]:
    """A part, through references inside the document, and the last step of the last one (its name)."""
    name = ""
    for _ in range(_DEPTH):
        target = mapping(value).get("$ref")
        if not isinstance(target, str):
            break
        name = target.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        node: Any = root if target.startswith("#/") else None
        for step in target.removeprefix("#/").split("/"):
            node = mapping(node).get(step.replace("~1", "/").replace("~0", "~"))
        value = node
    return mapping(value), name


def targets_of(root: Mapping[Any, Any], variables: Mapping[str, str]) -> dict[str, Target]:
    """The servers by name, in the order of the document."""
    found = {}
    for id_, raw in mapping(root.get("servers")).items():
        server, _ = local(root, raw)
        words = text(server.get("protocol")).lower()
        address = text(server.get("url")) or text(server.get("host"))
        path = text(server.get("pathname"))
        for name, variable in mapping(server.get("variables")).items():
            known = variables.get(str(name)) or text(local(root, variable)[0].get("default"))
            address, path = (part.replace(f"{{{name}}}", known) if known else part for part in (address, path))
        address = resolve(address, variables)
        scheme = _SCHEMES.get(words, words or "tcp")
        url = url_of(address if "://" in address else f"{scheme}://{address}")
        host = url.name if url is not None else address or str(id_)
        path = path or (url.path if url is not None else "")
        protocol = _PROTOCOLS.get(words, words)
        virtual = path.strip("/") if protocol == "amqp" else ""
        found[str(id_)] = Target(
            protocol, host, f"{host}/{virtual}" if virtual else host, path, _environment(server), _auth(root, server)
        )
    return found


def _environment(server: Mapping[Any, Any]) -> str:
    """What a tag ``env:staging`` says."""
    for tag in sequence(server.get("tags")):
        name = text(mapping(tag).get("name"))
        if name.startswith("env:"):
            return name.removeprefix("env:")
    return ""


def _auth(root: Mapping[Any, Any], server: Mapping[Any, Any]) -> tuple[str, ...]:
    schemes = mapping(mapping(root.get("components")).get("securitySchemes"))
    kinds = set()
    for wanted in sequence(server.get("security")):
        if "type" in mapping(wanted) or "$ref" in mapping(wanted):
            kinds.add(text(local(root, wanted)[0].get("type")))
        else:
            kinds.update(text(local(root, schemes.get(name))[0].get("type")) for name in mapping(wanted))
    return tuple(sorted(kinds - {""}))


def channels_of(root: Mapping[Any, Any], steps: Steps) -> Iterator[Channel]:
    """The channels with what the application does on each; 3.x channels without an operation have no role."""
    third = text(root.get("asyncapi")).startswith("3")
    operations = _operations(root, steps) if third else {}
    for id_, raw in mapping(root.get("channels")).items():
        channel, _ = local(root, raw)
        where = (*steps, "channels", id_)
        address = text(channel.get("address")) if third else str(id_)
        roles = operations.get(str(id_), ()) if third else tuple(_second(root, channel, where))
        servers = (local_name(one) if isinstance(one, dict) else text(one) for one in sequence(channel.get("servers")))
        messages = [_message(root, one, str(key)) for key, one in mapping(channel.get("messages")).items()]
        bindings = _bindings(root, channel)
        yield Channel(str(id_), address, messages, tuple(servers), bindings, tuple(roles))


def local_name(reference: Any) -> str:
    """The last step of a reference."""
    return text(mapping(reference).get("$ref")).rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _operations(root: Mapping[Any, Any], steps: Steps) -> dict[str, list[Role]]:
    found: dict[str, list[Role]] = {}
    for id_, raw in mapping(root.get("operations")).items():
        operation, _ = local(root, raw)
        action = text(operation.get("action"))
        if action not in ("send", "receive"):
            continue
        messages = [_message(root, one, local_name(one)) for one in sequence(operation.get("messages"))]
        reply = local_name(mapping(local(root, operation.get("reply"))[0]).get("channel"))
        where = (*steps, "operations", id_)
        role = Role(action, where, str(id_), messages, _operation_bindings(root, operation), reply, _old(operation))  # type: ignore[arg-type]
        found.setdefault(local_name(operation.get("channel")), []).append(role)
    return found


def _second(root: Mapping[Any, Any], channel: Mapping[Any, Any], where: Steps) -> Iterator[Role]:
    """2.x: what others publish, the application receives."""
    for word, action in (("publish", "receive"), ("subscribe", "send")):
        if word not in channel:
            continue
        operation = mapping(channel[word])
        message, name = local(root, operation.get("message"))
        choices = sequence(message.get("oneOf"))
        messages = [_message(root, one, local_name(one)) for one in choices]
        if not choices and "message" in operation:
            messages = [_message(root, operation["message"], name)]
        id_ = text(operation.get("operationId"))
        bindings = _operation_bindings(root, operation)
        yield Role(action, (*where, word), id_, [one for one in messages if one], bindings, "", _old(operation))  # type: ignore[arg-type]


def _old(operation: Mapping[Any, Any]) -> Any:
    return operation.get("deprecated", operation.get("x-deprecated"))


def _message(root: Mapping[Any, Any], value: Any, key: str) -> str:
    message, name = local(root, value)
    return text(message.get("name")) or text(message.get("messageId")) or name or key


def _bindings(root: Mapping[Any, Any], channel: Mapping[Any, Any]) -> dict[str, Any]:
    bindings, _ = local(root, channel.get("bindings"))
    kafka, amqp = local(root, bindings.get("kafka"))[0], local(root, bindings.get("amqp"))[0]
    settings = mapping(kafka.get("topicConfiguration"))
    found = {
        "topic": text(kafka.get("topic")),
        "partitions": number(kafka.get("partitions")),
        "replicas": number(kafka.get("replicas")),
        "retention.ms": number(settings.get("retention.ms")),
        "exchange": text(mapping(amqp.get("exchange")).get("name")),
        "queue": text(mapping(amqp.get("queue")).get("name")),
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _operation_bindings(root: Mapping[Any, Any], operation: Mapping[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    traits = [local(root, one)[0] for one in sequence(operation.get("traits"))]
    for part in (*traits, operation):
        bindings, _ = local(root, part.get("bindings"))
        group = local(root, bindings.get("kafka"))[0].get("groupId")
        choices = texts(mapping(group).get("enum")) if isinstance(group, dict) else texts(group)
        told = text(mapping(group).get("const")) or (choices[0] if len(choices) == 1 else "")
        if told:
            found["group"] = told
        if method := text(local(root, bindings.get("http"))[0].get("method")):
            found["method"] = method.upper()
    return found
