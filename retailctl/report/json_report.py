"""JSON: the whole report. Its promise is ``retailctl schema report``: keys are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.finding import Evidence, Finding
from retailctl.model.parallel_run import Masked
from retailctl.model.report import SCHEMA, CoverageLine, PlanState, Priority, Report, RuleCount, Summary
from retailctl.report import escape
from retailctl.report.change_rows import change_row, verdict_row
from retailctl.report.options import DEFAULT, RenderOptions
from retailctl.report.parallel_rows import parallel_row, samples_row
from retailctl.report.replay_rows import replay_row
from retailctl.report.scan_rows import scan_row


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """One JSON object: a key per line, and in lists a row per line, so that ``diff`` and ``grep`` help."""
    lead = "{\n"
    for key, value in _head(report).items():
        yield f"{lead}{escape.json_text(key)}: {escape.json_text(value)}"
        lead = ",\n"
    for key, rows in _lists(report):
        yield f",\n{escape.json_text(key)}: ["
        lead = "\n"
        for row in rows:
            yield lead + escape.json_text(row)
            lead = ",\n"
        yield "\n]" if lead == ",\n" else "]"
    yield "\n}\n"


def document(report: Report) -> dict[str, Any]:
    """The same report as plain dicts and lists."""
    return {**_head(report), **{key: list(rows) for key, rows in _lists(report)}}


def _head(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "tool": {"name": "retailctl", "version": report.tool_version},
        "command": report.command,
        "as_of": report.as_of,
        "workspace": report.workspace,
        "summary": summary_row(report.summary),
    }


def _lists(report: Report) -> Iterator[tuple[str, Iterable[Any]]]:
    samples = report.summary.parallel.samples if report.summary.parallel else {}
    yield "findings", (_with_samples(finding_row(row), samples.get(row.fingerprint)) for row in report.findings)
    yield "coverage", map(_coverage_row, report.coverage)
    if report.runs:
        yield "runs", map(_plan_state_row, report.runs)
    yield "priorities", map(_priority_row, report.priorities)
    yield "notices", report.notices


def _with_samples(row: dict[str, Any], samples: tuple[Masked, ...] | None) -> dict[str, Any]:
    return row if samples is None else {**row, "samples": samples_row(samples)}


def summary_row(summary: Summary) -> dict[str, Any]:
    """The totals under the names of the schema."""
    return {
        "verdict": summary.verdict,
        "exit_code": summary.exit_code,
        "fail_on": summary.fail_on,
        "by_severity": dict(summary.by_severity),
        "pass": summary.passed,
        "fail": summary.failed,
        "unknown": summary.unknown,
        "waived": summary.waived,
        "not_applicable": summary.not_applicable,
        "baselined": summary.baselined,
        "skipped_files": summary.skipped_files,
        "skipped_rules": list(summary.skipped_rules),
        "files": summary.files,
        "entities": dict(summary.entities),
        "rules": [_rule_row(row) for row in summary.rules],
        **(verdict_row(summary.contracts) if summary.contracts else {}),
        **(parallel_row(summary.parallel) if summary.parallel else {}),
        **({"scan": scan_row(summary.scan)} if summary.scan else {}),
        **({"replay": replay_row(summary.replay)} if summary.replay else {}),
    }


def _rule_row(row: RuleCount) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "pass": row.pass_,
        "fail": row.fail,
        "unknown": row.unknown,
        "waived": row.waived,
        "not_applicable": row.not_applicable,
        "missing": list(row.missing),
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """One finding under the names of the schema."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
        "locations": [_location_row(row) for row in finding.locations],
        "related": [_evidence_row(row) for row in finding.related],
        "evidence": [_evidence_row(row) for row in finding.evidence],
        "owner": finding.owner,
        "domain": finding.domain,
        "stage": finding.stage,
        "fingerprint": finding.fingerprint,
        "waiver": finding.waiver,
        "baselined": finding.baselined,
        **(change_row(finding.change) if finding.change else {}),
    }


def _location_row(location: Location) -> dict[str, Any]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "pointer": location.pointer,
    }


def _evidence_row(evidence: Evidence) -> dict[str, Any]:
    location = None if evidence.location is None else _location_row(evidence.location)
    return {"text": evidence.text, "location": location}


def _coverage_row(row: CoverageLine) -> dict[str, Any]:
    return {"source": row.source, "scope": row.scope, "start": row.start, "end": row.end, "path": row.path}


def _plan_state_row(state: PlanState) -> dict[str, Any]:
    return {
        "wave": state.wave,
        "plan": state.plan,
        "covers": list(state.covers),
        "verdict": state.verdict,
        "last_day": state.last_day,
        "age_days": state.age_days,
        "days": state.days,
        "clean_days": state.clean_days,
        "red": list(state.red),
        "path": state.path,
    }


def _priority_row(row: Priority) -> dict[str, Any]:
    return {
        "title": row.title,
        "reason": row.reason,
        "rules": list(row.rules),
        "subjects": list(row.subjects),
        "owner": row.owner,
    }
