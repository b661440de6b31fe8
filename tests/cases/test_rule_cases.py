"""Every rule on whole files: the verdict, the subject and the line of each finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from retailctl.api.session import builtin_pack
from retailctl.model.report import Report
from tests.cases.rule_cases import FOLDER, HAND_KEPT, RuleCase, rule_cases

CASES = tuple(rule_cases())
RULES = builtin_pack().rules
# An id is never absent, and what is left out of EVT-06 is an exception that has to be declared.
NEVER_UNKNOWN = {"EVT-06"}


def findings(report: Report, rule: str) -> list[dict[str, Any]]:
    rows = []
    for finding in report.findings:
        if finding.rule == rule:
            place = finding.locations[0]
            row: dict[str, Any] = {"line": place.line, "subject": finding.subject}
            row |= {"verdict": finding.verdict} if finding.verdict != "fail" else {}
            row |= {"file": place.path} if place.path != HAND_KEPT else {}
            rows.append(row)
    return rows


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.name}")
def test_the_rule_says_what_the_case_expects(case: RuleCase, tmp_path: Path) -> None:
    report = case.audit(tmp_path)
    broken = [f.message for f in report.findings if f.rule.startswith("INP") and f.rule != "INP023"]
    assert broken == []  # names that lead nowhere (INP023) keep the cases short
    assert findings(report, case.rule) == case.findings
    (counts,) = (count for count in report.summary.rules if count.rule == case.rule)
    assert (counts.pass_ > 0) >= (case.verdict == "pass"), "a passing case needs a subject that passed"
    assert {row.get("verdict", "fail") for row in case.findings} <= {case.verdict}
    assert bool(case.findings) == (case.verdict not in ("pass", "none"))


def test_every_rule_has_its_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(RULES)
    assert {case.rule for case in CASES} == set(RULES)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_fails_passes_and_says_when_it_cannot_tell(rule: str) -> None:
    verdicts = {case.verdict for case in CASES if case.rule == rule}
    assert verdicts >= {"fail", "pass"}
    assert "unknown" in verdicts or rule in NEVER_UNKNOWN


def test_names_of_cases_are_unique() -> None:
    names = [(case.rule, case.name) for case in CASES]
    assert len(names) == len(set(names))
