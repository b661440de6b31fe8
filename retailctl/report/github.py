"""GitHub workflow commands. Ten annotations show per level and step, so we choose which ten, and count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from retailctl.errors import Location
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape
from retailctl.report.grouping import by_urgency, count, host_path, is_open, is_unknown, label, place, totals
from retailctl.report.options import DEFAULT, RenderOptions

_LEVEL = {"error": "error", "warn": "warning", "info": "notice", "hint": "notice"}


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """One annotation per line, the worst first, then a line of plain text with the totals."""
    seen: Counter[str] = Counter()
    for finding in by_urgency(f for f in report.findings if is_open(f) or is_unknown(f)):
        level = _LEVEL[finding.severity] if finding.verdict == "fail" else "notice"
        seen[level] += 1
        if seen[level] <= options.annotations_per_level:
            yield _annotation(level, finding, options)
    shown = sum(min(number, options.annotations_per_level) for number in seen.values())
    numbers = ", ".join(count(seen[level], level) for level in ("error", "warning", "notice"))
    yield f"retailctl: {numbers}; {shown:,} of {seen.total():,} annotated; {totals(report)}\n"


def _annotation(level: str, finding: Finding, options: RenderOptions) -> str:
    properties = _place(place(finding), options) | {"title": label(finding.rule, finding.name)}
    pairs = ",".join(f"{key}={escape.github_property(value)}" for key, value in properties.items())
    message = finding.message if finding.subject in finding.message else f"{finding.subject}: {finding.message}"
    impact = changes.impact_short(finding)
    message += f"; {impact}" if impact else ""
    if finding.verdict == "unknown":
        message = f"Unknown: {message}"
    return f"::{level} {pairs}::{escape.github_data(message)}\n"


def _place(location: Location, options: RenderOptions) -> dict[str, str]:
    if not location.path:
        return {}
    values = {"line": location.line, "endLine": location.end_line, "col": location.column}
    # GitHub counts the end column inclusively, and only within one line.
    if location.end_column > 1 and location.end_line in (0, location.line):
        values["endColumn"] = location.end_column - 1
    return {"file": host_path(location, options)} | {key: str(value) for key, value in values.items() if value}
