"""The other nouns of an inventory file: systems, events, domains, credentials, people, processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from retailctl.model.fields import (
    STRICT,
    Criticality,
    EventKind,
    Id,
    Layer,
    Lifecycle,
    Operation,
    Text,
    Texts,
    doc,
)
from retailctl.model.interface import Consumptions
from retailctl.model.sighting import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Something that runs and has an owner: ERP, storefront, POS, WMS, marketplace, iPaaS, broker."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    kind: Annotated[Text | None, doc("What it is.", "erp", "storefront", "esb", "broker", "data_lake")] = None
    role: Annotated[Text | None, doc("Its declared role in the estate.", "record", "engagement")] = None
    layer: Layer | None = None
    owner: Text | None = None
    environment: Annotated[Text | None, doc("Where it runs.", "prod", "test")] = None
    region: Text | None = None
    zone: Text | None = None
    lifecycle: Lifecycle | None = None
    aliases: Annotated[Texts | None, doc("Hosts, addresses and names that mean this system.")] = None
    limits: Annotated[dict[str, Any] | None, doc("Rate and size limits.", {"requests_per_second": 2})] = None
    offline_buffer: Text | None = None
    scaling: Text | None = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Where messages go that nobody could read, and who looks."""

    __pydantic_config__: ClassVar = STRICT

    name: Annotated[Text, doc("Queue or topic; none = declared as none.")]
    owner: Text | None = None
    alert: Text | None = None
    runbook: Text | None = None


def _dead_letter(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact or a command on a channel."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    kind: EventKind | None = None
    owner: Text | None = None
    domain: Text | None = None
    publisher: Annotated[Text | None, doc("System that publishes; none = looked for and not found.")] = None
    channel: Annotated[Text | None, doc("Address.", "amqp://prod/orders/order.confirmed")] = None
    contract: Text | None = None
    ordering: Annotated[Text | None, doc("Ordering guarantee.", "per order_id")] = None
    idempotency: Annotated[Text | None, doc("Field that tells repeats apart.", "event_id")] = None
    retention: Annotated[Text | None, doc("How long messages are kept.", "14d")] = None
    replay: Annotated[Text | None, doc("How they are read again.", "offset_or_window", "window 7d")] = None
    reason: Annotated[Text | None, doc("Why a technical event is allowed.")] = None
    consumers: Consumptions | None = None
    dlq: Annotated[DeadLetter | None, BeforeValidator(_dead_letter)] = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Rule by which a domain is kept equal in several systems."""

    __pydantic_config__: ClassVar = STRICT

    source: Annotated[Text | None, Field(alias="from", description="System that wins.")] = None
    priority: Annotated[Texts | None, doc("Systems in order of authority.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingWindows:
    """When finance accepts postings."""

    __pydantic_config__: ClassVar = STRICT

    windows: Texts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A body of mastered data with one system of record."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    owner: Text | None = None
    system_of_record: Text | None = None
    steward: Text | None = None
    writers: Annotated[Texts | None, doc("Systems that write the domain; [] = none but the record.")] = None
    canonical: Text | None = None
    sync: Sync | None = None
    policy_ref: Text | None = None
    finance: PostingWindows | None = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """An identity that integrations use; never the secret itself."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    kind: Annotated[Text | None, doc("What it is.", "service", "ai_agent", "public-key")] = None
    owner: Text | None = None
    used_by: Annotated[Texts | None, doc("Interfaces that use it.")] = None
    environments: Texts | None = None
    scopes: Annotated[Texts | None, doc("What it may do.", ["sale.order:create"])] = None
    operations: tuple[Operation, ...] | None = None
    vault: Annotated[Text | None, doc("Where the secret is kept; none = declared as none.", "kv/odoo/shopify")] = None
    last_rotated: date | None = None
    rotate_days: int | None = None
    last_used: date | None = None
    expires: date | None = None
    human: Annotated[bool | None, doc("A person signs in with it.")] = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who is accountable; must exist and be active."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    active: bool | None = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityReview:
    """When a partner was last reviewed."""

    __pydantic_config__: ClassVar = STRICT

    at: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """External party."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    security_review: SecurityReview | None = None
    scopes: Texts | None = None
    incident_clause: Text | None = None
    credential: Text | None = None
    rate_limit: Text | None = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStep:
    """One step: an interface, or a person."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    interface: Text | None = None
    human: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Ordered steps over flows."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    owner: Text | None = None
    steps: tuple[ProcessStep, ...] | None = None
    orchestrator: Text | None = None
    milestones: Texts | None = None
    states: Texts | None = None
    exceptions: Texts | None = None
    compensations: Texts | None = None
    exception_queue: Text | None = None
    approvals: Texts | None = None
    view_ref: Text | None = None
    criticality: Criticality | None = None
    sightings: tuple[Sighting, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """The business ability a wave moves."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    sightings: tuple[Sighting, ...] | None = None
