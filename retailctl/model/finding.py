"""Finding: one shape for every command (conventions.md section 2). The JSON form only ever grows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from retailctl.errors import Location
from retailctl.model.contract_change import ContractChange

Severity = Literal["error", "warn", "info", "hint"]
Verdict = Literal["fail", "unknown", "waived", "not_applicable"]
SEVERITIES: tuple[Severity, ...] = ("error", "warn", "info", "hint")
VERDICTS: tuple[Verdict, ...] = ("fail", "unknown", "waived", "not_applicable")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One link of the chain that a verdict rests on: a fact in words, and where it stands."""

    text: str
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule's result on a subject. Passes are counted, never listed.

    ``locations`` are where to look first (SARIF shows only the first), ``related`` further places with a word on
    each; ``waiver`` is the id of the waiver in force; ``fingerprint`` is the identity across runs;
    ``change`` is there for changes of contracts.
    """

    rule: str
    name: str
    verdict: Verdict
    severity: Severity
    subject: str
    message: str
    fix: str = ""
    locations: tuple[Location, ...] = ()
    related: tuple[Evidence, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    owner: str | None = None
    domain: str | None = None
    stage: str = "report"
    fingerprint: str = ""
    waiver: str | None = None
    baselined: bool = False
    change: ContractChange | None = None


def fingerprint(rule: str, subject: str, pointer: str = "") -> str:
    """Identity of a finding across runs: no line number, no message text, no path, no date."""
    return hashlib.sha256("\0".join((rule, subject, pointer)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
