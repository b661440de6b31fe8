"""Changes of what the broker is told: protocol bindings and servers (contracts.md section 5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.changes.change import Collector, Occurrence
from retailctl.contracts.events.model import Binding, EventServer

# (what is bound, protocol) -> the settings that decide where messages arrive and in which order; the rest is how the
# broker is run. Source: the binding documents of AsyncAPI for each protocol.
_DELIVERY: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("channel", "kafka"): frozenset({"topic", "partitions"}),
    ("message", "kafka"): frozenset({"schemaIdLocation", "schemaIdPayloadEncoding", "schemaLookupStrategy"}),
    ("channel", "amqp"): frozenset({"is", "exchange", "queue"}),
    ("operation", "amqp"): frozenset({"cc", "bcc", "deliveryMode", "mandatory", "replyTo"}),
    ("operation", "mqtt"): frozenset({"qos", "retain"}),
    ("message", "mqtt"): frozenset({"payloadFormatIndicator", "correlationData", "responseTopic"}),
    ("channel", "jms"): frozenset({"destination", "destinationType"}),
    ("channel", "anypointmq"): frozenset({"destination", "destinationType"}),
    ("channel", "ibmmq"): frozenset({"destinationType", "queue", "topic"}),
    ("channel", "googlepubsub"): frozenset({"topic", "messageStoragePolicy", "schemaSettings"}),
    ("message", "googlepubsub"): frozenset({"orderingKey", "schema"}),
    ("operation", "solace"): frozenset({"destinations"}),
    ("channel", "sns"): frozenset({"name", "ordering"}),
    ("channel", "sqs"): frozenset({"queue", "deadLetterQueue"}),
    ("operation", "nats"): frozenset({"queue"}),
    ("channel", "pulsar"): frozenset({"namespace", "persistence", "compaction"}),
    ("channel", "ws"): frozenset({"method", "query", "headers"}),
    ("operation", "http"): frozenset({"method", "query"}),
    ("message", "http"): frozenset({"headers", "statusCode"}),
}
# Protocols that are one and the same on the wire but for the protection around them.
_PROTECTED: Final = {
    "kafka-secure": "kafka", "amqps": "amqp", "mqtts": "mqtt", "secure-mqtt": "mqtt", "wss": "ws", "https": "http",
    "stomps": "stomp", "rediss": "redis",
}  # fmt: skip


class Around(NamedTuple):
    """What bindings belong to: its kind, its subject, how a message calls it, and where both sides stand."""

    kind: str
    subject: str
    name: str
    places: tuple[Place, Place]
    occurrences: tuple[Occurrence, ...]


def compare_bindings(old: tuple[Binding, ...], new: tuple[Binding, ...], around: Around, out: Collector) -> None:
    """The settings that differ. What decides about delivery breaks; that it is no longer declared is a doubt."""
    before = {(one.protocol, *one.path): one for one in old}
    after = {(one.protocol, *one.path): one for one in new}
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None and _same(one.value, other.value):
            continue
        decides = key[1] in _DELIVERY.get((around.kind, key[0]), ())
        if not decides:
            id = "event-server-detail-changed" if around.kind == "server" else f"{around.kind}-binding-detail-changed"
        else:
            action = "added" if one is None else "removed" if other is None else "changed"
            id = f"{around.kind}-binding-{action}"
        out.add(
            id, subject=around.subject, pointer="/bindings/" + "/".join(key), what="/".join(key), location=around.name,
            old=one.value if one else "nothing", new=other.value if other else "nothing",
            old_place=one.place if one else around.places[0], new_place=other.place if other else around.places[1],
            occurrences=around.occurrences,
        )  # fmt: skip


def compare_servers(old: tuple[EventServer, ...], new: tuple[EventServer, ...], out: Collector) -> None:
    """Servers by name, else by host. Another host is another environment; another protocol is another world."""
    pairs, removed, added = _matched(old, new)
    gone = Place("", "/servers")
    for one in removed:
        out.add("event-server-removed", subject="servers", pointer=f"/{one.name}", what=one.name, old_place=one.place,
                new_place=gone)  # fmt: skip
    for one in added:
        out.add("event-server-added", subject="servers", pointer=f"/{one.name}", what=one.name, old_place=gone,
                new_place=one.place)  # fmt: skip
    _protocols(pairs, out)
    for one, other in pairs:
        if (one.host, one.pathname) != (other.host, other.pathname):
            out.add("event-server-host-changed", subject="servers", pointer=f"/{other.name}", what=other.name,
                    old=one.host + one.pathname, new=other.host + other.pathname, old_place=one.place,
                    new_place=other.place)  # fmt: skip
        around = Around("server", f"server {other.name}", other.name, (one.place, other.place), ())
        compare_bindings(one.bindings, other.bindings, around, out)


def _protocols(pairs: list[tuple[EventServer, EventServer]], out: Collector) -> None:
    """The same change of protocol on several servers is one change."""
    found: dict[tuple[str, str], list[tuple[EventServer, EventServer]]] = {}
    for one, other in pairs:
        if one.protocol != other.protocol:
            found.setdefault((one.protocol, other.protocol), []).append((one, other))
    for (before, after), servers in found.items():
        same = _PROTECTED.get(before, before) == _PROTECTED.get(after, after)
        names = ", ".join(other.name for _, other in servers)
        out.add(f"event-server-{'protection' if same else 'protocol'}-changed", subject="servers",
                pointer=f"/protocol/{before}", what=f"server{'s' if len(servers) > 1 else ''} {names}", old=before,
                new=after, old_place=servers[0][0].place.at("protocol"), new_place=servers[0][1].place.at("protocol"),
                occurrences=[Occurrence(f"server {other.name}", "protocol") for _, other in servers])  # fmt: skip


def _matched(
    old: tuple[EventServer, ...], new: tuple[EventServer, ...]
) -> tuple[list[tuple[EventServer, EventServer]], list[EventServer], list[EventServer]]:
    after = {one.name: one for one in new}
    pairs = [(one, after.pop(one.name)) for one in old if one.name in after]
    removed = []
    for one in old:
        if any(one is known for known, _ in pairs):
            continue
        place = (one.host, one.pathname)
        twin = next((other for other in after.values() if (other.host, other.pathname) == place), None)
        if twin is None:
            removed.append(one)
        else:
            pairs.append((one, after.pop(twin.name)))
    return pairs, removed, list(after.values())


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
