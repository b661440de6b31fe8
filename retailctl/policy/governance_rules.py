"""The WAV rules as rows: what can be wrong with waivers and the baseline over time."""

from __future__ import annotations

from typing import Final

from retailctl.errors import Location
from retailctl.model.finding import Finding, Severity, fingerprint
from retailctl.model.rule import Rule


def _row(rule_id: str, name: str, severity: Severity, title: str, why: str, fix: str, good: str, bad: str) -> Rule:
    return Rule(
        id=rule_id,
        name=name,
        title=title,
        applies_to="waiver",
        severity=severity,
        why=why,
        fix=fix,
        good=good,
        bad=bad,
        tags=("governance",),
        pack="retailctl:governance",
    )


_WAIVER: Final = "{{rule: SEC-01, subject: svc-pos, reason: till freeze, owner: a, approved-by: b, expires: {day}}}"

EXPIRED: Final = _row(
    "WAV001",
    "expired-waiver",
    "error",
    "A waiver has expired; its findings count again.",
    "An exception that nobody renewed is no longer accepted by anybody.",
    "Fix the finding, or have the waiver approved again with a new date.",
    good=_WAIVER.format(day="2026-03-31"),
    bad=_WAIVER.format(day="2025-12-31"),
)
UNUSED: Final = _row(
    "WAV002",
    "unused-waiver",
    "warn",
    "A waiver covers no finding.",
    "A waiver left behind silently accepts the next violation that happens to fit it.",
    "Remove it; the finding is gone.",
    good="a waiver whose rule and subject fit a finding",
    bad="a waiver for a credential that was retired last year",
)
EXPIRING: Final = _row(
    "WAV003",
    "expiring-waiver",
    "info",
    "A waiver expires within 14 days.",
    "The pipeline will fail on the day after the last valid one.",
    "Fix the finding before that day, or have the waiver approved again.",
    good=_WAIVER.format(day="2026-03-31"),
    bad=_WAIVER.format(day="2026-01-10"),
)
STALE: Final = _row(
    "WAV004",
    "stale-baseline-entry",
    "info",
    "A baseline entry no longer occurs.",
    "The violation was fixed; while its entry stays, it could come back unseen.",
    "Run retailctl baseline write: shrinking needs no flag.",
    good="a baseline that lists only what is still found",
    bad="a baseline entry for a finding that was fixed",
)

GOVERNANCE_RULES: Final[tuple[Rule, ...]] = (EXPIRED, UNUSED, EXPIRING, STALE)


def governance_finding(rule: Rule, subject: str, message: str, at: Location, owner: str | None = None) -> Finding:
    """A finding of one of these rows on a waiver or a baseline entry."""
    return Finding(
        rule=rule.id,
        name=rule.name,
        verdict="fail",
        severity=rule.severity,
        subject=subject,
        message=message,
        fix=rule.fix,
        locations=(at,),
        owner=owner,
        stage=rule.stage,
        fingerprint=fingerprint(rule.id, subject),
    )
