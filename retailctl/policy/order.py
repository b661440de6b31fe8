"""The order of findings in a report, and identities that stay apart. Every command needs it, with rules or without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from retailctl.model.finding import SEVERITIES, Finding

_RANK: Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def settle(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in report order; an ordinal (``-2``) tells those apart that share a fingerprint.

    Ordinals go by what a finding is about, so that a new consumer in the inventory does not swap two of them; the
    order of changes of contracts then puts those first that hit most consumers (contracts.md section 4.6).
    """
    seen: Counter[str] = Counter()
    settled = []
    for finding in sorted(findings, key=_order):
        seen[finding.fingerprint] += 1
        count = seen[finding.fingerprint]
        settled.append(finding if count == 1 else replace(finding, fingerprint=f"{finding.fingerprint}-{count}"))
    if any(finding.change for finding in settled):
        settled.sort(key=_urgency)
    return tuple(settled)


def _urgency(finding: Finding) -> tuple[Any, ...]:
    """Severity, then changes of contracts before the rest; the sort is stable, so the rest stays as it is."""
    change = finding.change
    if change is None:
        return _RANK[finding.severity], 1
    hit = Counter(consumer.uses for consumer in change.consumers)
    pointer = finding.locations[0].pointer if finding.locations else ""
    return _RANK[finding.severity], 0, -hit["yes"], -hit["unknown"], finding.subject, pointer


def _order(finding: Finding) -> tuple[Any, ...]:
    places = [(place.path, place.pointer) for place in finding.locations]
    return _RANK[finding.severity], finding.rule, finding.subject, places, finding.message
