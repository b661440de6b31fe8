"""The three things to fix first: groups of failed findings by rule, weighed by what they stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from retailctl.model.estate import Estate
from retailctl.model.finding import Finding
from retailctl.model.report import Priority
from retailctl.model.rule import Rule

_SEVERITY = {"error": 8.0, "warn": 2.0, "info": 0.5, "hint": 0.1}
_CRITICALITY = {"A": 3.0, "B": 1.5, "C": 1.0}
# A leaked secret or a second truth hurts today; a missing label hurts at the next gate.
_TAG = {"security": 3.0, "inventory": 2.0, "ownership": 1.5}
_STAGE = {"cutover": "blocks every cutover it touches", "design": "blocks the design gate"}


def priorities(findings: Iterable[Finding], rules: Mapping[str, Rule], estate: Estate) -> tuple[Priority, ...]:
    """At most three, deterministic. The weight of a rule = severity x criticality of what it hits x kind of harm.

    The reason states the facts behind the rank, never the number.
    """
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict == "fail" and not finding.baselined and finding.rule in rules:
            groups[finding.rule].append(finding)
    ranked = sorted(groups.items(), key=lambda item: (-_weight(item[1], rules[item[0]], estate), item[0]))
    return tuple(_priority(rules[rule], found, estate) for rule, found in ranked[:3])


def _criticality(finding: Finding, estate: Estate) -> str:
    touched = [finding.subject, *(use for use in _uses(finding.subject, estate))]
    classes = []
    for name in touched:
        entry = estate.of("interface").get(name)
        if entry and entry.noun.classification and entry.noun.classification.criticality:
            classes.append(entry.noun.classification.criticality)
    return min(classes, default="")


def _uses(subject: str, estate: Estate) -> tuple[str, ...]:
    credential = estate.of("credential").get(subject)
    return tuple(credential.noun.used_by or ()) if credential else ()


def _weight(found: list[Finding], rule: Rule, estate: Estate) -> float:
    harm = max((_TAG.get(tag, 1.0) for tag in rule.tags), default=1.0)
    total = sum(
        _SEVERITY[finding.severity] * _CRITICALITY.get(_criticality(finding, estate), 1.0) for finding in found
    )
    # The tenth missing label is not ten times as urgent as the first.
    return harm * total / len(found) * (1 + 0.15 * min(len(found) - 1, 10))


def _priority(rule: Rule, found: list[Finding], estate: Estate) -> Priority:
    subjects = tuple(sorted({finding.subject for finding in found}))
    owners = sorted({finding.owner for finding in found if finding.owner})
    critical = sum(1 for finding in found if _criticality(finding, estate) == "A")
    facts = [f"{len(found)} finding{'s' if len(found) != 1 else ''}"]
    if critical:
        facts.append(f"{critical} on class A flows")
    facts.append(_STAGE.get(rule.stage, "shown in every report until it is closed"))
    return Priority(
        title=found[0].message if len(found) == 1 else rule.title,
        reason="; ".join(facts),
        rules=(rule.id,),
        subjects=subjects,
        owner=", ".join(owners[:3]) or None,
    )
