"""``migrations/<wave>/evidence/*.yaml``: what a run, a drill or a person proved, one immutable file per event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from retailctl.model.fields import STRICT, Id, Text, Texts, doc

Digest = Annotated[Text, Field(pattern=r"^[0-9a-f]{64}$"), doc("SHA-256 of the rest of the file.")]
Values = dict[str, Text | float | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceWindow:
    """The time that the evidence tells of: from a moment (inclusive) to another (exclusive, or the last day)."""

    __pydantic_config__: ClassVar = STRICT

    start: Annotated[date | datetime | None, Field(alias="from")] = None
    end: Annotated[date | datetime | None, Field(alias="to")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """Evidence that a person or another tool writes."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    kind: Literal[
        "rehearsal", "drill", "load_test", "slo_window", "log_quiet", "revocation", "archive", "checkpoint",
        "attestation",
    ]  # fmt: skip
    at: Annotated[date | datetime, doc("When it happened.")]
    by: Annotated[Text | None, doc("Who, or which tool.", "team-platform")] = None
    covers: Annotated[Texts | None, doc("Interfaces or flows; default: all units of the wave.")] = None
    window: EvidenceWindow | None = None
    values: Annotated[Values, doc("What was measured.", {"success_ratio": 0.9995})] = Field(default_factory=dict)
    note: Text | None = None
    statement: Annotated[Text | None, doc("What is attested.")] = None
    owner: Text | None = None
    expires: Annotated[date | None, doc("Last day on which it holds.")] = None
    ref: Annotated[Text | None, doc("Where the whole of it is.", "tickets/OPS-411")] = None
    sha256: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvidence:
    """Evidence that ``parallel run`` writes. The seal stands for its shape: keys of other versions are let through."""

    __pydantic_config__: ClassVar = ConfigDict(extra="ignore", frozen=True)

    id: Id
    kind: Literal["parallel_run"]
    plan: Id
    plan_sha256: Id
    at: date | datetime
    sha256: Digest
    verdict: Literal["pass", "fail", "unknown"]
    last_day: date | None = None
    window: EvidenceWindow | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    rows: dict[str, Any] = Field(default_factory=dict)
    classes: dict[str, Any] = Field(default_factory=dict)
    gates: dict[str, dict[str, Any]] = Field(default_factory=dict)
    controls: tuple[dict[str, Any], ...] = ()


AnyEvidence = Annotated[EvidenceFile | RunEvidence, doc("What a run, a drill or a person proved.")]
