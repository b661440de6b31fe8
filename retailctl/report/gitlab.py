"""GitLab Code Quality: an array of issues, each with a fingerprint of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape
from retailctl.report.grouping import by_urgency, host_path, identities, is_open, is_unknown, place
from retailctl.report.options import DEFAULT, RenderOptions

_SEVERITY = {"error": "critical", "warn": "major", "info": "minor", "hint": "info"}


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """One JSON array, an issue per line. Waived and baselined findings are accepted, hence left out."""
    lead = "[\n"
    findings = by_urgency(f for f in report.findings if is_open(f) or is_unknown(f))
    for key, ordinal, finding in identities(findings):
        yield lead + escape.json_text(_issue(key if ordinal == 1 else f"{key}-{ordinal}", finding, options))
        lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"


def _issue(key: str, finding: Finding, options: RenderOptions) -> dict[str, Any]:
    where = place(finding)
    unknown = finding.verdict == "unknown"
    impact = changes.impact_short(finding)
    message = escape.multiline((finding.message or finding.name) + (f"; {impact}" if impact else ""))
    return {
        "description": f"{finding.rule}: {'Unknown: ' if unknown else ''}{message}",
        "check_name": finding.rule,
        "fingerprint": key,
        "severity": "info" if unknown else _SEVERITY[finding.severity],
        "location": {"path": host_path(where, options), "lines": {"begin": max(where.line, 1)}},
    }
