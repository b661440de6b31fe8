"""``migrations/<wave>/wave.yaml`` and ``migrations/freezes.yaml``: requirements, never results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from retailctl.model.fields import STRICT, Criticality, Id, Text, Texts, doc

EvidenceKind = Literal[
    "parallel_run",
    "rehearsal",
    "drill",
    "load_test",
    "slo_window",
    "log_quiet",
    "revocation",
    "archive",
    "checkpoint",
    "attestation",
]
Scalar = Annotated[Text | float | int | bool, doc("Compared with, as written.", "==0", ">=0.9995")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """Start and end with their offset from UTC."""

    __pydantic_config__: ClassVar = STRICT

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Where the wave goes first."""

    __pydantic_config__: ClassVar = STRICT

    stores: Texts | None = None
    channels: Texts | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coexistence:
    """Legacy and new side by side: who has authority, and for how long at most."""

    __pydantic_config__: ClassVar = STRICT

    legacy: Text
    new: Text
    authority: Literal["legacy", "new"] | None = None
    max_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A measurable reason to roll back."""

    __pydantic_config__: ClassVar = STRICT

    metric: Text
    op: Literal[">", ">=", "<", "<=", "==", "!="]
    value: float
    duration: Annotated[Text | None, Field(alias="for")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """When the rollback was practised, and how long it took (minutes)."""

    __pydantic_config__: ClassVar = STRICT

    at: date | None = None
    evidence: Text | None = None
    duration_min: int | None = None
    within_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The way back."""

    __pydantic_config__: ClassVar = STRICT

    triggers: tuple[Trigger, ...] | None = None
    decider: Text | None = None
    point_of_no_return: Text | None = None
    rehearsed: Rehearsed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify:
    """The machine check of a step."""

    __pydantic_config__: ClassVar = STRICT

    kind: Text
    source: Text | None = None
    interface: Text | None = None
    plan: Text | None = None
    queue: Text | None = None
    url: Text | None = None
    limit: float | None = None
    duration: Annotated[Text | None, Field(alias="for")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action: who, how many minutes, after which."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    action: Annotated[Text, Field(alias="do")]
    kind: Literal["approval", "manual", "script", "optional", "finalisation"] = "manual"
    owner: Text | None = None
    minutes: int | None = None
    after: Texts = ()
    point_of_no_return: bool = False
    rollback: Annotated[Text | None, doc("How this step is undone.")] = None
    verify: Verify | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveBody:
    """A group of flows moved together."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    capability: Text | None = None
    units: Annotated[Texts | None, doc("Interfaces, or flows as interface:in|out:domain.")] = None
    depends_on: Texts = ()
    window: TimeWindow | None = None
    strategy: Literal["shadow", "dual_write", "canary", "phased", "big_bang"] | None = None
    pilot: Pilot | None = None
    coexistence: Annotated[
        tuple[Coexistence, ...] | None, BeforeValidator(lambda v: [v] if isinstance(v, dict) else v)
    ] = None
    rollback: Rollback | None = None
    steps: tuple[Step, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRequirement:
    """Evidence that a gate needs, how good, and how old at most."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    kind: EvidenceKind
    plan: Text | None = None
    file: Text | None = None
    requires: dict[str, Scalar] | None = None
    max_age: Annotated[Text | None, doc("Age limit.", "3d")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffRequirement:
    """A role that must sign; who signed and when stands in the ledger."""

    __pydantic_config__: ClassVar = STRICT

    role: Id


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What must hold before the wave goes on. The verdict is computed, never written here."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    rules: Annotated[Texts, doc("Rules beside those of the gate's stage.")] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    signoffs: tuple[SignOffRequirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypercare:
    """The days after, and what ends them."""

    __pydantic_config__: ClassVar = STRICT

    days: int
    exit: dict[str, Scalar] | None = None
    rota: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What shows that the legacy interface is dead."""

    __pydantic_config__: ClassVar = STRICT

    quiet_days: int | None = None
    sources: Texts | None = None
    credential_revoked: bool | None = None
    consumers_left: int | None = None
    data_archived: bool | None = None
    runbook_updated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """One interface to retire."""

    __pydantic_config__: ClassVar = STRICT

    interface: Id
    proofs: Proofs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveFile:
    """``wave.yaml``."""

    __pydantic_config__: ClassVar = STRICT

    wave: WaveBody
    gates: tuple[Gate, ...] = ()
    hypercare: Hypercare | None = None
    retirement: tuple[Retirement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeScope:
    """What the freeze stops. Nothing named = everything."""

    __pydantic_config__: ClassVar = STRICT

    criticality: tuple[Criticality, ...] | None = None
    domains: Texts | None = None
    systems: Texts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Days on which nothing in scope may change; first and last day inclusive."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to")]
    scope: FreezeScope | None = None
    exceptions_by: Annotated[Text | None, doc("Role that may grant exceptions.")] = None
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezesFile:
    """``migrations/freezes.yaml``."""

    __pydantic_config__: ClassVar = STRICT

    freezes: tuple[Freeze, ...] = ()
