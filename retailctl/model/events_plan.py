"""``migrations/<wave>/parallel/<plan>.yaml`` of ``kind: events``: two streams of events, and what makes them alike.

What a value means beyond its shape (paths, addresses, names of fields) is checked by ``parallel.events.checking``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from retailctl.model.fields import STRICT, Id, Text, Texts, as_text, doc
from retailctl.model.parallel_plan import (
    Accepted,
    Amount,
    Calendar,
    EventTime,
    Metric,
    PlanField,
    PlanGate,
    Scalar,
    Totals,
    Window,
    short_window,
)

STREAM_METRICS: Final = ("order", "redelivered", "late", "lag_p50", "lag_p95", "late_p99")
"""What only streams have; every other metric is that of tables."""
EVENT_KINDS: Final = ("jsonl", "avro", "amqp", "kafka")
LIVE_KINDS: Final = EVENT_KINDS[2:]
EventMetric = Literal[Metric, "order", "redelivered", "late", "lag_p50", "lag_p95"]


_ALL: Final = Window(last="all")


def _formatted(value: Any) -> Any:
    """``envelope: cloudevents`` for ``envelope: {format: cloudevents}``."""
    return {"format": as_text(value)} if isinstance(as_text(value), str) else value


def _listed(value: Any) -> Any:
    """``key: order_id`` for ``key: [order_id]``."""
    return [as_text(value)] if isinstance(as_text(value), str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is around the payload. Paths begin at the event; ``arrived``, ``headers`` and ``body`` at the record that a
    capture keeps of it."""

    __pydantic_config__: ClassVar = STRICT

    format: Annotated[
        Literal["cloudevents", "none"], doc("CloudEvents, structured or with ce- headers, or nothing known.")
    ] = "none"
    id: Annotated[Id | None, doc("Path of the id of an event, where it is no CloudEvent.", "meta.id")] = None
    time: Annotated[Id | None, doc("Path of when it happened.", "meta.at")] = None
    type: Annotated[Id | None, doc("Path of its type.", "meta.type")] = None
    payload: Annotated[Id | None, doc("Path of the payload; default: all of it.", "body")] = None
    arrived: Annotated[Id | None, doc("Path of when the capture received it; default: time.", "received_at")] = None
    headers: Annotated[Id | None, doc("Path of the headers in a record of a capture.", "headers")] = None
    body: Annotated[Id | None, doc("Path of the event in a record of a capture.", "body")] = None


EnvelopeOf = Annotated[Envelope, BeforeValidator(_formatted)]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSource:
    """One side: captured files, or a live exchange or topic that is captured first."""

    __pydantic_config__: ClassVar = STRICT

    jsonl: Annotated[Id | None, doc("Files with one event a line, relative to the workspace; .gz too.")] = None
    avro: Annotated[Id | None, doc("Avro object container files, relative to the workspace.")] = None
    amqp: Annotated[
        Id | None, doc("Environment variable with the address of a RabbitMQ; never the address.", "SHOP_AMQP")
    ] = None
    kafka: Annotated[
        Id | None, doc("Environment variable with the brokers of a Kafka; never the address.", "SHOP_KAFKA")
    ] = None
    exchange: Annotated[Id | None, doc("amqp: the exchange to listen to.", "orders")] = None
    routing_keys: Annotated[Texts | None, doc("amqp: which of its messages; default all.", ["order.#"])] = None
    topic: Annotated[Id | None, doc("kafka: the topic to read.", "orders")] = None
    start: Annotated[
        Text | None,
        Field(alias="from"),
        doc("kafka: earliest, latest, an offset, or a moment.", "latest", "2026-11-20T00:00:00Z"),
    ] = None
    until: Annotated[
        Literal["end"] | None, doc("kafka: end is what is there when the capture begins; default: the limits.")
    ] = None
    seconds: Annotated[Text, Field(alias="for"), doc("live: how long to listen.", "10m")] = "10m"
    count: Annotated[int, Field(ge=1, le=100_000_000, description="live: most events to take.")] = 1_000_000
    idle: Annotated[Text, doc("live: ends when nothing came for so long.", "30s")] = "1m"
    allow_plaintext: Annotated[bool, doc("live: whether a connection without TLS is meant.")] = False
    envelope: Annotated[
        EnvelopeOf | None, Field(description="The envelope of this side; default: that of the plan.")
    ] = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are given; a plan is right with exactly one."""
        return tuple(kind for kind in EVENT_KINDS if getattr(self, kind) is not None)

    @property
    def kind(self) -> str:
        """What it is."""
        return self.kinds[0]

    @property
    def where(self) -> str:
        """The path, or the name of the variable with the address."""
        return str(getattr(self, self.kind))

    @property
    def live(self) -> bool:
        """Whether it is a broker."""
        return self.kind in LIVE_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class EventGate:
    """A limit on one figure of a run; ``streak`` is how many business days in a row it must hold."""

    __pydantic_config__: ClassVar = STRICT

    metric: EventMetric
    scope: Annotated[dict[Text, Scalar] | None, doc("severity, field, class, or a field and its value.")] = None
    limit: Annotated[Text, doc("Most (for ratios: least): a count, a share, or a duration.", "0", "0.01%", "15m")]
    streak: Annotated[int, Field(ge=1, le=366)] = 1

    def of_table(self) -> PlanGate | None:
        """The same gate over rows; None where only a stream has the figure."""
        if self.metric in STREAM_METRICS:
            return None
        return PlanGate(metric=self.metric, scope=self.scope, limit=self.limit, streak=self.streak)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlan:
    """The plan of a parallel run over events: two streams, event by event.

    ``key`` says what an event is about; with ``order_by`` it identifies one event on both sides. Events of one key
    must arrive in the order of ``order_by``; ``within`` names other fields within which order matters.
    """

    __pydantic_config__: ClassVar = STRICT

    version: Literal[1] = 1
    kind: Literal["events"]
    entity: Annotated[Id, doc("What an event tells of.", "order")]
    note: Text | None = None
    covers: Annotated[Texts, doc("Interfaces, or flows as interface:in|out:domain, that its runs prove.")] = ()
    legacy: EventSource
    new: EventSource
    envelope: EnvelopeOf = Envelope()
    types: Annotated[Texts | None, doc("Types of events that are compared; default all.", ["order.paid"])] = None
    key: Annotated[tuple[Id, ...], BeforeValidator(_listed), Field(min_length=1, description="What it is about.")]
    order_by: Annotated[
        tuple[Id, ...], BeforeValidator(_listed), doc("Fields that put the events of one key in order.", ["seq"])
    ] = ()
    within: Annotated[
        tuple[Id, ...], BeforeValidator(_listed), doc("Where order matters; default: the key.", ["order_id"])
    ] = ()
    fields: Annotated[tuple[PlanField, ...], Field(min_length=1, max_length=1000)]
    event_time: EventTime | None = None
    calendar: Calendar | None = None
    window: Annotated[Window, BeforeValidator(short_window)] = _ALL
    lag: Annotated[Text | None, doc("How much later than legacy's an event may arrive.", "15m")] = None
    amount: Amount | None = None
    totals: tuple[Totals, ...] = ()
    dimensions: Annotated[Texts, doc("Where causes are looked for: fields, business_day, hour.", ["store"])] = ()
    accepted: tuple[Accepted, ...] = ()
    gates: tuple[EventGate, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that identify an event on both sides."""
        return (*self.key, *(name for name in self.order_by if name not in self.key))

    @property
    def grouped_by(self) -> tuple[str, ...]:
        """The fields within which order matters; none where the plan asks for no order."""
        return self.within or (tuple(name for name in self.key if name not in self.order_by) if self.order_by else ())
