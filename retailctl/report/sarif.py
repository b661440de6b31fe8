"""SARIF 2.1.0, within the subset and the limits of GitHub code scanning.

Unknown verdicts are level ``note`` and carry no ``kind``. SARIF has ``kind: open`` for them, but 3.27.9 then
asks for ``level: none``, and GitHub ignores ``kind`` and shows every result as an alert (microsoft/PSRule
issue 955). So the honest form is the mildest level, a message that starts "Unknown:", and a property.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from retailctl.errors import Location
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.model.rule import Rule
from retailctl.report import changes, escape
from retailctl.report.grouping import by_urgency, count, host_path, identities, is_open, is_unknown, place
from retailctl.report.instances import one_line
from retailctl.report.options import DEFAULT, RenderOptions

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {"error": "error", "warn": "warning", "info": "note", "hint": "note"}
_PROBLEM = {"error": "error", "warn": "warning", "info": "recommendation", "hint": "recommendation"}
_SECURITY = {"error": "7.5", "warn": "5.0", "info": "3.0", "hint": "1.0"}
_ROOT = "%SRCROOT%"
_TEXT_LIMIT = 1_024
_PLACES_LIMIT = 100


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """One SARIF log with one run."""
    yield escape.json_text(document(report, options), indent=2) + "\n"


def document(report: Report, options: RenderOptions = DEFAULT) -> dict[str, Any]:
    """The SARIF log as plain dicts and lists."""
    chosen = [finding for finding in report.findings if _wanted(finding, options)]
    ranked = by_urgency(chosen)[: options.sarif_results]
    rules = _rules(report, chosen)
    index = {row["id"]: number for number, row in enumerate(rules)}
    driver = {
        "name": "retailctl",
        "semanticVersion": report.tool_version,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"retailctl/{report.command}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, len(chosen) - len(ranked), options)],
        "results": [_result(*row, index, options) for row in identities(ranked)],
    }
    return {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}


def _wanted(finding: Finding, options: RenderOptions) -> bool:
    """GitHub does not read ``suppressions``: an accepted finding would come back as an open alert."""
    accepted = finding.verdict == "waived" or finding.baselined
    return is_open(finding) or is_unknown(finding) or (accepted and options.include_waived)


def _rules(report: Report, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """All enabled rules, so that resolved alerts close, and then ids that only readers use (INP...)."""
    rows = {rule.id: _rule(rule) for rule in sorted(report.rules, key=lambda rule: rule.id)}
    extra = {finding.rule: finding for finding in findings if finding.rule not in rows}
    for id, finding in sorted(extra.items()):
        rows[id] = _rule(Rule(id=id, name=finding.name, title=finding.name, applies_to="", severity=finding.severity))
    return list(rows.values())


def _rule(rule: Rule) -> dict[str, Any]:
    properties: dict[str, Any] = {
        # A rule written in CEL reads declared facts; Python rules infer over the graph and may err more.
        "precision": "high" if rule.check else "very-high",
        "problem.severity": _PROBLEM[rule.severity],
        "tags": [rule.stage, *rule.tags][:20],
    }
    if "security" in rule.tags:
        properties["security-severity"] = _SECURITY[rule.severity]
    return {
        "id": rule.id,
        "name": _text(rule.name or rule.id)[:255],
        "shortDescription": {"text": _text(rule.title or rule.id)},
        "fullDescription": {"text": _text(rule.why or rule.title or rule.id)},
        "help": {"text": _text(rule.fix or f"See: retailctl explain {rule.id}")},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": properties,
    }


def _result(key: str, ordinal: int, finding: Finding, index: dict[str, int], options: RenderOptions) -> dict[str, Any]:
    unknown = finding.verdict == "unknown"
    message = _message(finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": "note" if unknown else _LEVEL[finding.severity],
        "message": {"text": escape.multiline(f"Unknown: {message}" if unknown else message)},
        "locations": [_location(row, options) for row in (finding.locations or (place(finding),))[:1]],
        "partialFingerprints": {"primaryLocationLineHash": f"{key}:{ordinal}", "retailctl/v1": key},
        "properties": {"subject": finding.subject, "verdict": finding.verdict, "owner": finding.owner or ""},
    }
    result["properties"] |= _change(finding)
    related = [_related(row.text, row.location, options) for row in finding.related if row.location]
    related += [_related("see also", row, options) for row in finding.locations[1:]]
    if related:
        result["relatedLocations"] = related[:_PLACES_LIMIT]
    if finding.verdict == "waived" or finding.baselined:
        why = f"waiver {finding.waiver}" if finding.waiver else "in the baseline"
        result["suppressions"] = [{"kind": "external", "justification": why}]
    return result


def _message(finding: Finding) -> str:
    """GitHub shows the first sentence where space is short; of a change, the rest says whom it breaks and why."""
    message = finding.message or f"{finding.subject}: {finding.name}"
    change = finding.change
    tail = [changes.impact_short(finding)]
    if change and change.witness:
        tail.append(f"Witness: {one_line(change.witness)}, {changes.proof(change.witness)}")
    return ". ".join([message.rstrip("."), *filter(None, tail)]) if any(tail) else message


def _change(finding: Finding) -> dict[str, Any]:
    """What a finding about a change says beside the common part; the JSON report has it whole."""
    change = finding.change
    if change is None:
        return {}
    consumers = [f"{label}: {text}" if label else text for label, text in changes.impact_lines(finding, _PLACES_LIMIT)]
    row: dict[str, Any] = {"operation": change.operation, "direction": change.direction, "consumers": consumers}
    if change.contract:
        row["contract"] = change.contract
    if change.witness:
        row["witness"] = one_line(change.witness, _TEXT_LIMIT)
    return row


def _location(location: Location, options: RenderOptions) -> dict[str, Any]:
    """A result without a file makes GitHub refuse the whole upload, so there is always a path."""
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": escape.uri(host_path(location, options)), "uriBaseId": _ROOT}
    }
    ends = location.end_line, location.end_column
    values = {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": ends[0],
        "endColumn": ends[1],
    }
    if location.line or not location.path:
        physical["region"] = {"startLine": 1} | {name: value for name, value in values.items() if value}
    return {"physicalLocation": physical}


def _related(text: str, location: Location, options: RenderOptions) -> dict[str, Any]:
    return {**_location(location, options), "message": {"text": escape.multiline(text or "related")}}


def _invocation(report: Report, dropped: int, options: RenderOptions) -> dict[str, Any]:
    notes = [{"level": "note", "message": {"text": escape.multiline(text)}} for text in report.notices if text]
    if dropped:
        told = f"the {count(dropped, 'mildest result')} left out: code scanning keeps {options.sarif_results:,}"
        notes.append({"level": "warning", "message": {"text": told}})
    # Findings are no failure of the run; an unreadable source (exit 3) is.
    success = report.summary.exit_code in (0, 1)
    return {"executionSuccessful": success, "toolExecutionNotifications": notes}


def _text(text: str) -> str:
    return escape.clip(escape.prose(text), _TEXT_LIMIT) or "(none)"
