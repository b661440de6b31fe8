"""Rule: the row of metadata that the catalogue, ``explain``, SARIF and the severity settings are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from retailctl.errors import Location
from retailctl.model.finding import Severity

RuleStage = Literal["design", "build", "cutover", "retire", "report"]
STAGES: tuple[RuleStage, ...] = ("design", "build", "cutover", "retire", "report")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One check with an id. ``title`` is the normative sentence; ``when`` the CEL expression that is true for a
    violation, or None where a Python function (``check``) decides."""

    id: str
    name: str
    title: str
    applies_to: str
    stage: RuleStage = "report"
    severity: Severity = "warn"
    presence: bool = False
    when: str | None = None
    check: str | None = None
    match: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    locate: str | None = None
    why: str = ""
    fix: str = ""
    good: str = ""
    bad: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    implements: str | None = None
    since: str = "0.1.0"
    pack: str = "retailctl:standard"
    at: Location | None = None


def default_severity(stage: RuleStage) -> Severity:
    """report = warn, every other stage = error (rules.md section 2)."""
    return "warn" if stage == "report" else "error"
