"""The report of a contract command: waivers and baseline where there is a workspace, totals, exit code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from retailctl import __version__
from retailctl.api.contracts.comparing import counts, rows_of
from retailctl.api.verdicts import exit_code, summarise
from retailctl.errors import IncompleteError, InputError
from retailctl.model.contract_change import ContractVerdict
from retailctl.model.finding import Finding
from retailctl.model.report import FailOn, Report, Summary
from retailctl.model.rule import Rule
from retailctl.policy.order import settle


def make_report(
    findings: Iterable[Finding],
    *,
    command: str,
    workspace: str,
    as_of: date,
    fail_on: FailOn,
    files: int,
    verdict: ContractVerdict | None,
    rules: Iterable[Rule] = (),
    fail_on_unknown: bool = False,
    incomplete: bool = False,
    notices: Iterable[str] = (),
    problems: Iterable[InputError] = (),
    unreadable: Iterable[IncompleteError] = (),
) -> Report:
    """Everything counted and sorted. ``problems`` become INP findings."""
    missing = list(unreadable)
    known = list(findings)
    if problems:
        from retailctl.api.inputs import input_findings

        known.extend(input_findings(problems))
    ordered = settle(known)
    code = exit_code(
        ordered, fail_on, fail_on_unknown=fail_on_unknown, incomplete=incomplete or bool(missing), broken_rules=False
    )
    rows = {rule.id: rule for rule in (*rules, *rows_of(ordered))}
    if any(finding.rule.startswith("INP") for finding in ordered):
        from retailctl.api.inputs import INPUT_RULES

        rows.update({rule.id: rule for rule in INPUT_RULES})
    return Report(
        command=command,
        tool_version=__version__,
        as_of=as_of.isoformat(),
        workspace=workspace,
        summary=summarise_with(ordered, code, fail_on, files, verdict),
        findings=ordered,
        rules=tuple(rows[id] for id in sorted(rows)),
        notices=(*notices, *(f"{error.at}: {error.message}" if error.at else error.message for error in missing)),
    )


def summarise_with(
    findings: tuple[Finding, ...], code: int, fail_on: FailOn, files: int, verdict: ContractVerdict | None
) -> Summary:
    """The totals, with the verdict of the comparison."""
    summary = summarise(
        findings, counts(findings), code=code, fail_on=fail_on, files=files, skipped_files=0, skipped_rules=(),
        entities={},
    )  # fmt: skip
    return replace(summary, contracts=verdict)
