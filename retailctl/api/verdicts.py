"""Totals and exit code of a run (conventions.md section 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from retailctl.model.finding import SEVERITIES, Finding
from retailctl.model.report import FailOn, RuleCount, Summary

CLEAN, FINDINGS, CONFIGURATION, INCOMPLETE = 0, 1, 2, 3


def exit_code(
    findings: Iterable[Finding], fail_on: FailOn, *, fail_on_unknown: bool, incomplete: bool, broken_rules: bool
) -> int:
    """2 when a rule could not run, 3 when a source could not be read, 1 for findings, else 0.

    The worse cause hides the lesser one: a run that is incomplete proves nothing about its findings.
    """
    if broken_rules:
        return CONFIGURATION
    if incomplete:
        return INCOMPLETE
    return FINDINGS if any(_counts(finding, fail_on, fail_on_unknown) for finding in findings) else CLEAN


def _counts(finding: Finding, fail_on: FailOn, fail_on_unknown: bool) -> bool:
    if finding.baselined:
        return False
    if finding.verdict == "unknown":
        return fail_on_unknown and fail_on != "never"
    if finding.verdict != "fail" or fail_on == "never":
        return False
    return SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on)


def summarise(
    findings: tuple[Finding, ...],
    counts: Iterable[RuleCount],
    *,
    code: int,
    fail_on: FailOn,
    files: int,
    skipped_files: int,
    skipped_rules: tuple[str, ...],
    entities: Mapping[str, int],
) -> Summary:
    """Totals over all findings. Baselined findings are counted apart and not by severity."""
    by_severity = dict.fromkeys(SEVERITIES, 0)
    totals = {"fail": 0, "unknown": 0, "waived": 0, "not_applicable": 0}
    baselined = 0
    for finding in findings:
        if finding.baselined:
            baselined += 1
            continue
        totals[finding.verdict] += 1
        if finding.verdict == "fail":
            by_severity[finding.severity] += 1
    rules = tuple(sorted(counts, key=lambda count: count.rule))
    verdict: Literal["pass", "fail", "unknown"] = "pass"
    if code == FINDINGS or totals["fail"]:
        verdict = "fail"
    elif totals["unknown"] or code:
        verdict = "unknown"
    return Summary(
        verdict=verdict,
        exit_code=code,
        fail_on=fail_on,
        by_severity={str(name): number for name, number in by_severity.items()},
        passed=sum(count.pass_ for count in rules),
        failed=totals["fail"],
        unknown=totals["unknown"],
        waived=totals["waived"],
        not_applicable=totals["not_applicable"],
        baselined=baselined,
        skipped_files=skipped_files,
        skipped_rules=skipped_rules,
        files=files,
        entities=dict(entities),
        rules=rules,
    )
