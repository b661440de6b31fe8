"""From outcomes to findings: severity, fix, owner, place and fingerprint are added by the row of the rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from retailctl.errors import Location
from retailctl.model.estate import Subject
from retailctl.model.finding import Finding, Verdict, fingerprint
from retailctl.model.outcome import Outcome
from retailctl.model.rule import Rule
from retailctl.policy.cel import Judgement
from retailctl.policy.facts_schema import is_fact, needs_of
from retailctl.policy.message_types import file_names, structs
from retailctl.policy.templates import render

NOT_ENOUGH = "not enough evidence: "
_MOST_PLACES = 20


def outcome_of(judgement: Judgement) -> Outcome:
    """The outcome of a CEL rule that did not pass: message from the template, places from ``locate``."""
    rule, subject, decision, missing, _ = judgement
    if decision == "unknown":
        message = not_enough(missing)
    else:
        message = render(rule.message, {rule.applies_to: subject.fields, "params": rule.params})
    return Outcome(
        subject=subject.id,
        decision=decision,
        message=message or rule.title,
        locations=places(rule, subject),
        owner=subject.owner,
        domain=subject.domain,
        missing=missing if decision == "unknown" else "",
    )


def not_enough(missing: str) -> str:
    """The message of an unknown: what is missing, and for a derived fact what it would follow from."""
    needs = needs_of(missing)
    return f"{NOT_ENOUGH}{missing}" + (f" (needs {needs})" if needs else "")


def places(rule: Rule, subject: Subject) -> tuple[Location, ...]:
    """Where to look: the field that the rule points at if it is declared, else the entry; then others."""
    if not subject.origins:
        return ()
    named = _places_of_fact(rule, subject)
    if named:
        return named
    first, *others = subject.origins
    tail = _pointer(rule, subject.fields)
    return (replace(first, pointer=first.pointer + tail) if tail else first, *others)


def finding_of(rule: Rule, outcome: Outcome) -> Finding:
    """The finding of an outcome that is not a pass; fingerprints may still collide (see :func:`settle`)."""
    verdict: Verdict = outcome.decision  # type: ignore[assignment]
    message = outcome.message or (not_enough(outcome.missing) if outcome.missing else rule.title)
    return Finding(
        rule=rule.id,
        name=rule.name,
        verdict=verdict,
        severity=rule.severity,
        subject=outcome.subject,
        message=message,
        fix=rule.fix,
        locations=outcome.locations,
        related=outcome.related,
        evidence=outcome.evidence,
        owner=outcome.owner,
        domain=outcome.domain,
        stage=rule.stage,
        fingerprint=fingerprint(rule.id, outcome.subject, outcome.pointer),
    )


def _places_of_fact(rule: Rule, subject: Subject) -> tuple[Location, ...]:
    """Where the first things are written that the fact at ``locate`` names."""
    kind, _, fact = (rule.locate or "").partition(".")
    return subject.places.get(fact, ())[:_MOST_PLACES] if kind == subject.kind else ()


def _pointer(rule: Rule, fields: dict[str, Any]) -> str:
    """JSON Pointer of ``locate`` inside the entry as the file spells it; empty if not declared."""
    kind, *steps = (rule.locate or "").split(".")
    if not steps or is_fact(kind, steps[0]):
        return ""
    pointer, struct = "", kind.capitalize()
    value: Any = fields
    for step in steps:
        if not isinstance(value, dict) or step not in value:
            return pointer
        pointer += "/" + file_names(struct).get(step, step)
        struct = structs().get(struct, {}).get(step, ("", False))[0].rpartition(".")[2]
        value = value[step]
    return pointer
