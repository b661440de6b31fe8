"""What protocol bindings say of retention, dead letters and keys.

Source: the AsyncAPI bindings (kafka 0.5, amqp 0.3, sqs 0.3, sns 1.0, solace 0.4, googlepubsub 0.2, pulsar 0.1,
mqtt 0.2, ibmmq 0.1). The arguments of an AMQP queue (``x-message-ttl``, ``x-dead-letter-exchange``) are no part of its
binding; they are read where people write them: beside the fields of the queue, or in ``arguments`` of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from retailctl.contracts.governance.extensions import said_at
from retailctl.model.event_facts import Attribute, Statement
from retailctl.model.places import Place

FOREVER: Final = "forever"
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "min": 60.0}
_DEPTH: Final = 8


class _Row(NamedTuple):
    """Last steps of the way to a value in the binding of a protocol ("" matches any), and what the value says."""

    protocol: str
    steps: tuple[str, ...]
    attribute: Attribute
    unit: str = ""


_ROWS: Final = (
    _Row("kafka", ("topicConfiguration", "retention.ms"), "retention", "ms"),
    _Row("kafka", ("partitions",), "partitions"),
    _Row("amqp", ("x-message-ttl",), "retention", "ms"),
    _Row("amqp", ("expiration",), "retention", "ms"),
    _Row("amqp", ("x-dead-letter-exchange",), "dead_letter_exchange"),
    _Row("amqp1", ("x-message-ttl",), "retention", "ms"),
    _Row("sqs", ("queue", "messageRetentionPeriod"), "retention", "s"),
    _Row("sqs", ("redrivePolicy", "deadLetterQueue", "name"), "dead_letter"),
    _Row("sns", ("redrivePolicy", "deadLetterQueue", "name"), "dead_letter"),
    _Row("solace", ("timeToLive",), "retention", "ms"),
    _Row("googlepubsub", ("messageRetentionDuration",), "retention", "s"),
    _Row("googlepubsub", ("orderingKey",), "partition_key"),
    _Row("pulsar", ("retention", "time"), "retention", "min"),
    _Row("mqtt", ("messageExpiryInterval",), "retention", "s"),
    _Row("ibmmq", ("expiry",), "retention", "ms"),
)
_PROTOCOLS: Final = frozenset(row.protocol for row in _ROWS)


def binding_statements(bindings: Mapping[str, Any], place: Place) -> Iterator[Statement]:
    """What a bindings object says; ``place`` is its own. References in it are not followed."""
    for protocol, binding in bindings.items():
        compacted: list[Statement] = []
        if protocol == "kafka" and isinstance(binding, dict):
            here = Place(path=place.path, pointer=f"{place.pointer}/kafka")
            yield from _kafka_key(binding, here)
            compacted = list(_compacted(binding, here))
            yield from compacted
        if protocol in _PROTOCOLS:
            found = _leaves(protocol, binding, place, (protocol,))
            yield from (one for one in found if not (compacted and one.attribute == "retention"))


def _leaves(protocol: str, value: Any, place: Place, way: tuple[str, ...]) -> Iterator[Statement]:
    if len(way) > _DEPTH:
        return
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in items:
            yield from _leaves(protocol, item, place, (*way, str(name)))
        return
    for row in _ROWS:
        if row.protocol == protocol and way[-len(row.steps) :] == row.steps:
            told = _duration(value, row.unit) if row.unit else value
            yield from said_at(row.attribute, told, f"{protocol} binding", place, *way)


def _kafka_key(binding: Mapping[str, Any], place: Place) -> Iterator[Statement]:
    """The key of a Kafka message names its field by a reference to the property: ``.../properties/order_ref``."""
    key = binding.get("key")
    reference = key.get("$ref") if isinstance(key, dict) else None
    folder, _, name = reference.rpartition("/") if isinstance(reference, str) else ("", "", "")
    if folder.endswith("/properties"):
        yield from said_at("partition_key", name.replace("~1", "/").replace("~0", "~"), "kafka binding", place, "key")


def _compacted(binding: Mapping[str, Any], place: Place) -> Iterator[Statement]:
    """A topic that is compacted and not cut keeps the last message of each key for ever, whatever its retention."""
    topic = binding.get("topicConfiguration")
    policy = topic.get("cleanup.policy") if isinstance(topic, dict) else None
    if policy in ("compact", ["compact"]):
        yield from said_at("retention", FOREVER, "kafka binding", place, "topicConfiguration", "cleanup.policy")


def _duration(value: object, unit: str) -> str | None:
    """Time as ``14d`` or ``90m``; a negative number is without end, as with Kafka. None for what is no number."""
    text = str(getattr(value, "text", value)).strip().lower()
    if unit == "s":
        text = text.removesuffix("s")
    if isinstance(value, bool) or not text.lstrip("-").isdigit() or len(text) > 18:
        return None
    if text.startswith("-"):
        return FOREVER
    return in_words(round(int(text) * _SECONDS[unit] / 60))


def in_words(minutes: int) -> str:
    """Minutes in the largest unit that they are a whole number of."""
    for word, size in (("d", 1440), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{word}"
    return f"{minutes}m"


def protocols_in(bindings: Mapping[str, Any]) -> Iterator[str]:
    """The protocols that a bindings object names."""
    return (str(name) for name, value in bindings.items() if isinstance(value, dict) and not str(name).startswith("x-"))
