"""Input problems as findings: INP rules are rows like any other, so every format and command knows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retailctl.errors import InputError
from retailctl.model.finding import Evidence, Finding, fingerprint
from retailctl.model.rule import Rule
from retailctl.policy.catalogue import input_rules
from retailctl.workspace.input_codes import DANGLING_REFERENCE, INPUT_CODES

# A name that leads nowhere is often an entry that nobody has written down yet: worth a warning, not a red build.
INPUT_RULES: tuple[Rule, ...] = tuple(
    replace(rule, severity="warn") if rule.id == DANGLING_REFERENCE else rule for rule in input_rules(INPUT_CODES)
)
_ROWS = {rule.id: rule for rule in INPUT_RULES}


def input_findings(problems: Iterable[InputError]) -> list[Finding]:
    """One finding per problem. The subject is the file, because an id may not be readable."""
    findings = []
    for problem in problems:
        rule = _ROWS[problem.code]
        path = problem.at.path if problem.at else ""
        pointer = problem.at.pointer if problem.at else ""
        findings.append(
            Finding(
                rule=rule.id,
                name=rule.name,
                verdict="fail",
                severity=rule.severity,
                subject=path,
                message=problem.message,
                fix=problem.hint or rule.fix,
                locations=(problem.at,) if problem.at else (),
                related=tuple(Evidence("the other place", place) for place in problem.related),
                stage=rule.stage,
                fingerprint=fingerprint(rule.id, path, pointer or problem.message),
            )
        )
    return findings
