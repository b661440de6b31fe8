"""Interface (what a provider offers), Consumption (one consumer on it) and the blocks they carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from retailctl.model.fields import (
    STRICT,
    Criticality,
    Direction,
    Disposition,
    Id,
    Latency,
    Lifecycle,
    Mode,
    Operation,
    Pattern,
    Stage,
    Text,
    Texts,
    doc,
)
from retailctl.model.interface_key import InterfaceKey
from retailctl.model.sighting import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """One consumer on an interface."""

    __pydantic_config__: ClassVar = STRICT

    system: Annotated[Id, doc("System that consumes.")]
    identity: Annotated[Text | None, doc("Credential it uses.")] = None
    group: Annotated[Text | None, doc("Consumer group or queue it reads from.")] = None
    first_seen: date | None = None
    last_seen: date | None = None


def consumption(value: Any) -> Any:
    """``consumers: [wms]`` is short for ``consumers: [{system: wms}]``."""
    return {"system": value} if isinstance(value, str) else value


Consumptions = tuple[Annotated[Consumption, BeforeValidator(consumption)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """How much the business depends on the flow, and how fast it must be."""

    __pydantic_config__: ClassVar = STRICT

    criticality: Annotated[Criticality | None, doc("A: the business stops; B: it limps; C: it can wait.")] = None
    latency: Annotated[Latency | None, doc("How late the data may be.")] = None
    rto_minutes: Annotated[int | None, doc("Recovery time objective, minutes.")] = None
    rpo_minutes: Annotated[int | None, doc("Recovery point objective, minutes.")] = None
    volume_per_day: Annotated[int | None, doc("Messages or calls on a normal day.")] = None
    peak_per_minute: Annotated[int | None, doc("Messages or calls in the worst minute of the year.")] = None
    financial: Annotated[Text | None, doc("Financial impact of a failure.", "high")] = None
    cx: Annotated[Text | None, doc("Customer-experience dependency.", "direct")] = None
    impact: Annotated[Text | None, doc("What happens when it fails, in a sentence.")] = None
    data: Annotated[Texts | None, doc("Data classes carried.", ["customer", "payment_meta"])] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """``max: 0`` is declared as none; ``max: -1`` is unbounded."""

    __pydantic_config__: ClassVar = STRICT

    max: Annotated[int | None, doc("Attempts after the first; -1 = without end.")] = None
    backoff: Annotated[Text | None, doc("How the pause grows.", "exponential", "fixed", "none")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resilience:
    """What happens when the other side does not answer."""

    __pydantic_config__: ClassVar = STRICT

    retry: Retry | None = None
    idempotency_key: Annotated[Text | None, doc("Field by which the receiver knows a repeated message.")] = None
    dlq: Annotated[Text | None, doc("Dead-letter queue.")] = None
    replay: Annotated[Text | None, doc("How messages are sent again.", "by_id_and_window")] = None
    circuit_breaker: bool | None = None
    fallback: Annotated[Text | None, doc("What is done meanwhile.", "queue")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Who picks up the phone."""

    __pydantic_config__: ClassVar = STRICT

    l1: Text | None = None
    l2: Text | None = None
    vendor: Text | None = None
    escalation: Text | None = None
    emergency_approver: Text | None = None
    runbook: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    """A service level objective."""

    __pydantic_config__: ClassVar = STRICT

    sli: Text
    objective: Annotated[float, Field(allow_inf_nan=False)]
    window: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that calls people when an objective is in danger."""

    __pydantic_config__: ClassVar = STRICT

    name: Text
    slo: Annotated[Text | None, doc("The sli of the objective that it guards.", "success_ratio")] = None
    pages: Annotated[bool | None, doc("It wakes somebody; false = it waits for the morning.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One step of a life cycle: the state that began, and when."""

    __pydantic_config__: ClassVar = STRICT

    state: Lifecycle
    at: date
    by: Annotated[Text | None, doc("Who decided it.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How much two sides may differ: rows, and money."""

    __pydantic_config__: ClassVar = STRICT

    count: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What the flow is held against, and when."""

    __pydantic_config__: ClassVar = STRICT

    against: Text | None = None
    key: Text | None = None
    tolerance: Tolerance | None = None
    schedule: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logging:
    """Audit log and its retention."""

    __pydantic_config__: ClassVar = STRICT

    audit: Text | None = None
    retention: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The field mapping in force."""

    __pydantic_config__: ClassVar = STRICT

    ref: Text | None = None
    version: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the interface is deployed in one environment."""

    __pydantic_config__: ClassVar = STRICT

    url: Text
    environment: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """What a provider offers. Two consumers never make two interfaces."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Annotated[Text | None, doc("Anything a reader should know.")] = None
    key: Annotated[InterfaceKey | None, doc("Canonical key: the identity, by protocol.")] = None
    provider: Annotated[Text | None, doc("System that offers it.")] = None
    consumers: Annotated[Consumptions | None, doc("Systems that use it; [] = known to be none.")] = None
    domain: Annotated[Text | None, doc("Body of mastered data it carries.", "order")] = None
    capability: Text | None = None
    mode: Mode | None = None
    pattern: Pattern | None = None
    direction: Annotated[Direction | None, doc("Seen from the provider; http: GET = out, else in.")] = None
    connector: Annotated[Text | None, doc("Software that implements the link.")] = None
    schedule: Annotated[Text | None, doc("Cron expression or interval.", "*/5 * * * *", "15m")] = None
    endpoints: tuple[Endpoint, ...] | None = None
    contract: Annotated[Text | None, doc("Path of the contract in the workspace.")] = None
    mediation: Annotated[Texts | None, doc("What a middleware adds; [] = nothing.", ["transform", "retry"])] = None
    transforms: Annotated[int | None, doc("Number of transformations on the way.")] = None
    mapping: Mapping | None = None
    worker: Text | None = None
    queue: Text | None = None
    channel: Text | None = None
    operations: Annotated[tuple[Operation, ...] | None, doc("What it does to records at the provider.")] = None
    entities: Annotated[Texts | None, doc("Legal entities it serves.")] = None
    owner: Annotated[Text | None, doc("Team that answers for it.")] = None
    support: Support | None = None
    lifecycle: Lifecycle | None = None
    lifecycle_log: Annotated[tuple[Transition, ...] | None, doc("The states it went through; the last is now.")] = None
    classification: Classification | None = None
    resilience: Resilience | None = None
    slo: tuple[Slo, ...] | None = None
    metrics: Annotated[Texts | None, doc("What is measured of it, by name.", ["throughput", "queue_depth"])] = None
    dashboard: Annotated[Text | None, doc("Where its metrics are shown; none = nowhere.")] = None
    alerts: Annotated[tuple[Alert, ...] | None, doc("Who is called, and for which objective.")] = None
    kpi: Texts | None = None
    reconciliation: Reconciliation | None = None
    logging: Logging | None = None
    access_policy: Text | None = None
    refresh: Text | None = None
    cache: Text | None = None
    disposition: Annotated[Disposition | None, doc("What the migration does with it.")] = None
    replaced_by: Annotated[Text | None, doc("Interface that takes over; required by replace.")] = None
    stage: Stage | None = None
    sightings: tuple[Sighting, ...] | None = None
