"""Reading a topic of a Kafka: partitions are assigned, never subscribed to, and no offset is ever committed.

So no consumer group of anybody is touched, and reading leaves nothing behind on the broker.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from retailctl import __version__
from retailctl.connect.brokers import BrokerAddress
from retailctl.errors import IncompleteError, UsageError
from retailctl.model.event_message import CaptureLimits, Message

SCHEMES: Final = {"kafkas": (True, 9093), "kafka": (False, 9092)}
_EXTRA_HINT: Final = "install it with: pip install 'retailctl[events]'"
_TICK: Final = 0.2
_ASK: Final = 10.0
_BATCH: Final = 500
_MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_NO_TIME: Final = 0


class Topic:
    """All partitions of a topic from one place on. Closing it leaves nothing on the broker."""

    def __init__(self, address: BrokerAddress, topic: str, start: str = "latest") -> None:
        """Connect and assign. ``start`` is earliest, latest, an offset, or a moment with its zone.

        Raises IncompleteError for brokers that are down or refuse, UsageError for an odd address.
        """
        try:
            import confluent_kafka as kafka
        except ImportError:
            raise UsageError("Kafka needs confluent-kafka, which is not installed", hint=_EXTRA_HINT) from None
        self._kafka: Any = kafka
        self._error: IncompleteError | None = None
        self._consumer = kafka.Consumer({**_setting(address), "error_cb": self._failed}, logger=_silent())
        self._topic, self.ends = topic, dict[int, int]()
        try:
            numbers = self._partitions()
            self._starts = self._places(numbers, start)
            self._consumer.assign([kafka.TopicPartition(topic, number, at) for number, at in self._starts.items()])
        except kafka.KafkaException as error:
            self.close()
            raise (self._error_seen() or _told(error.args[0])) from None
        except IncompleteError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the brokers go."""
        self._consumer.close()

    def _error_seen(self) -> IncompleteError | None:
        return self._error

    def _failed(self, error: Any) -> None:
        """What the library reports from its own threads; only what cannot pass by itself ends a capture."""
        if (
            error.name() in ("_AUTHENTICATION", "_ALL_BROKERS_DOWN", "SASL_AUTHENTICATION_FAILED", "_SSL")
            or error.fatal()
        ):
            self._error = self._error or _told(error)

    def _partitions(self) -> list[int]:
        found = self._described().topics[self._topic]
        if found.error is not None or not found.partitions:
            hint = "correct `topic:` in the plan; the user needs the right to read it"
            raise IncompleteError("the brokers have no such topic, or do not show it", hint=hint)
        return sorted(found.partitions)

    def _described(self) -> Any:
        """The topic as the brokers tell it. Asked in steps, as what fails for good is known long before a time-out."""
        until = time.monotonic() + _ASK
        while True:
            try:
                return self._consumer.list_topics(self._topic, timeout=1.0)
            except self._kafka.KafkaException:
                self._consumer.poll(0)  # lets the library report
                if self._error is not None or time.monotonic() > until:
                    raise

    def _places(self, numbers: list[int], start: str) -> dict[int, int]:
        """The offset at which each partition begins; ``ends`` are those behind the last message of now."""
        first: dict[int, int] = {}
        for number in numbers:
            low, self.ends[number] = self._consumer.get_watermark_offsets(
                self._kafka.TopicPartition(self._topic, number), timeout=_ASK
            )
            first[number] = low
        if start == "earliest":
            return first
        if start == "latest":
            return dict(self.ends)
        if start.isdecimal():
            return {number: min(max(int(start), first[number]), self.ends[number]) for number in numbers}
        since = round(datetime.fromisoformat(start).timestamp() * 1000)
        asked = [self._kafka.TopicPartition(self._topic, number, since) for number in numbers]
        found = self._consumer.offsets_for_times(asked, timeout=_ASK)
        # No message since then: the partition begins at its end.
        return {one.partition: one.offset if one.offset >= 0 else self.ends[one.partition] for one in found}

    def messages(
        self, limits: CaptureLimits, stopped: Callable[[], bool] = lambda: False, *, until_end: bool = False
    ) -> Iterator[Message]:
        """What is there and arrives until a limit is reached; with ``until_end`` what was there at the beginning.

        Raises IncompleteError where the brokers go away before.
        """
        begun = last = time.monotonic()
        count, reached = 0, dict(self._starts)
        while not (until_end and all(reached[number] >= end for number, end in self.ends.items())):
            batch = self._consumer.consume(min(_BATCH, limits.count - count), timeout=_TICK)
            now = time.monotonic()
            if self._error is not None:
                raise self._error
            for message in batch:
                if message.error() is not None:
                    raise _told(message.error())
                number, offset = message.partition(), message.offset()
                reached[number] = offset + 1
                if until_end and offset >= self.ends[number]:
                    continue
                count, last = count + 1, now
                yield _message(message)
            ended = now - begun >= limits.seconds or now - last >= limits.idle
            if ended or count >= limits.count or stopped():
                return


def _message(message: Any) -> Message:
    kind, milliseconds = message.timestamp()
    key = message.key()
    return Message(
        message.value() or b"null",
        headers={name: (value or b"").decode("utf-8", "replace") for name, value in message.headers() or ()},
        attributes={} if key is None else {"key": key.decode("utf-8", "replace")},
        arrived=None if kind == _NO_TIME else datetime.fromtimestamp(milliseconds / 1000, UTC),
        partition=message.partition(),
    )


def _setting(address: BrokerAddress) -> Mapping[str, Any]:
    given: dict[str, Any] = {
        "bootstrap.servers": ",".join(
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in address.hosts
        ),
        "client.id": f"retailctl-{__version__}",
        "group.id": "retailctl-never-joined",  # the library asks for a name; without subscribing no group comes of it
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "allow.auto.create.topics": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
        "queued.max.messages.kbytes": 65_536,
        "socket.timeout.ms": int(_ASK * 1000),
        "log_level": 0,
    }
    if address.user:
        mechanism = address.options.get("sasl", "PLAIN").upper()
        if mechanism not in _MECHANISMS:
            raise UsageError("the address names no known sasl mechanism", hint=f"write one of {', '.join(_MECHANISMS)}")
        given |= {"sasl.mechanism": mechanism, "sasl.username": address.user, "sasl.password": address.password}
    protocol = ("SASL_" if address.user else "") + ("SSL" if address.tls else "PLAINTEXT")
    return {**given, "security.protocol": protocol.lower()}


def _silent() -> logging.Logger:
    """The library logs to stderr else, with hosts and users."""
    logger = logging.getLogger("retailctl.kafka")
    logger.propagate = False
    logger.handlers = [logging.NullHandler()]
    return logger


def _told(error: Any) -> IncompleteError:
    """What happened, by the name of the error: its text holds hosts."""
    name = str(error.name())
    if "AUTHENTICATION" in name or "SASL" in name:
        return IncompleteError("the brokers refuse user and password", hint="correct them in the variable of the plan")
    if "AUTHORIZATION" in name:
        return IncompleteError("the brokers refuse to show the topic", hint="the user needs the right to read it")
    if "OFFSET_OUT_OF_RANGE" in name or name == "_AUTO_OFFSET_RESET":
        return IncompleteError("the brokers no longer have the messages of that time", hint="begin later")
    return IncompleteError(f"the brokers cannot be reached ({name.strip('_')})", hint="check hosts, ports and TLS")
