"""The three things to fix first: groups of failed findings by rule, weighed by what they stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import prod

from retailctl.model.estate import Estate
from retailctl.model.finding import Finding
from retailctl.model.report import Priority
from retailctl.model.rule import Rule

_SEVERITY = {"error": 8.0, "warn": 2.0, "info": 0.5, "hint": 0.1}
_CRITICALITY = {"A": 3.0, "B": 1.5, "C": 1.0}
# What hurts while you read this comes before what hurts at the next gate.
_TAG = {"live-harm": 6.0, "security": 2.0, "ownership": 1.5}
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
    chosen: dict[str, tuple[str, list[Finding]]] = {}
    for rule, found in ranked:
        # One per family first: three credentials in a row would hide that a retired interface is still in use.
        chosen.setdefault(rule.partition("-")[0][:3], (rule, found))
    first = list(chosen.values())[:3]
    first += [item for item in ranked if item not in first][: 3 - len(first)]
    return tuple(_priority(rules[rule], found, estate) for rule, found in first)


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
    harm = prod(_TAG.get(tag, 1.0) for tag in rule.tags)
    total = sum(_SEVERITY[finding.severity] * _CRITICALITY.get(_criticality(finding, estate), 1.0) for finding in found)
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
    worst = min(found, key=lambda finding: (_criticality(finding, estate) or "Z", finding.subject))
    about = worst.message if worst.subject in worst.message else f"{worst.subject}: {worst.message}"
    return Priority(
        title=about if len(found) == 1 else f"{about}, and {len(found) - 1} more",
        reason="; ".join(facts),
        rules=(rule.id,),
        subjects=subjects,
        owner=", ".join(owners[:3]) or None,
    )
