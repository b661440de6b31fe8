"""JUnit XML: one suite per rule, one case per finding, and one passing case for a rule without findings.

A case fails only if the finding also decides the exit code, so that a CI page is red exactly when the job is.
What is below the threshold, unknown, waived or baselined is *skipped* with its reason: shown, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from retailctl.model.finding import Finding
from retailctl.model.report import FailOn, Report
from retailctl.report import changes, escape
from retailctl.report.grouping import RANK, is_open, label, place
from retailctl.report.instances import one_line
from retailctl.report.options import DEFAULT, RenderOptions

_INCOMPLETE = 3
_GATE = "parallel-gate"


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """A ``<testsuites>`` document."""
    suites = list(_suites(report))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    totals = _counts([case for _, cases in suites for case in cases])
    yield f"<testsuites name={_attr(f'retailctl {report.command}')}{totals}>\n"
    for name, cases in suites:
        yield f"  <testsuite name={_attr(name)}{_counts(cases)}>\n"
        yield from (text for _, text in cases)
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _suites(report: Report) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Suites with their cases; a case is its outcome (a tag name, or empty for passed) and its XML."""
    if report.summary.exit_code == _INCOMPLETE:
        reason = "; ".join(report.notices) or "a source could not be read"
        yield "retailctl", [("error", _case("run", "retailctl", f"      <error message={_attr(reason)}/>\n"))]
    names = {rule.id: rule.name for rule in report.rules}
    grouped: dict[str, list[Finding]] = {id: [] for id in names}
    for finding in report.findings:
        grouped.setdefault(finding.rule, []).append(finding)
        names.setdefault(finding.rule, finding.name)
    for id, findings in sorted(grouped.items()):
        cases = [_finding(finding, report.summary.fail_on) for finding in findings]
        cases += _held(id, report)
        yield label(id, names[id]), cases or [_clean_rule(id, report)]


def _held(id: str, report: Report) -> list[tuple[str, str]]:
    """A passing case for each gate of a run that holds: CI pages then show the whole list of gates, day by day."""
    told = report.summary.parallel
    if told is None or id != _GATE:
        return []
    return [("", _case(gate.gate, id, "")) for gate in told.gates if gate.verdict == "pass"]


def _clean_rule(id: str, report: Report) -> tuple[str, str]:
    """A rule without findings passes, unless it judged nothing at all: silence is no pass."""
    counts = next((row for row in report.summary.rules if row.rule == id), None)
    if id in report.summary.skipped_rules or (counts is not None and not counts.pass_):
        return "skipped", _case("no findings", id, '      <skipped message="nothing was judged"/>\n')
    return "", _case("no findings", id, "")


def _finding(finding: Finding, fail_on: FailOn) -> tuple[str, str]:
    reason = _skipped(finding, fail_on)
    if reason:
        reason = "; ".join([reason, *_short(finding)])
        return "skipped", _case(finding.subject, finding.rule, f"      <skipped message={_attr(reason)}/>\n", finding)
    where = [str(place(finding))] if finding.locations else []
    fix = [f"fix: {finding.fix}"] if finding.fix else []
    body = xml_escape(_clean("\n".join([*where, finding.message, *_change(finding), *fix])))
    message = "; ".join([finding.message, *_short(finding)])
    head = f"      <failure type={_attr(finding.severity)} message={_attr(message)}>"
    return "failure", _case(finding.subject, finding.rule, f"{head}{body}</failure>\n", finding)


def _short(finding: Finding) -> list[str]:
    """Who is affected and the witness, for the line that CI pages show first."""
    change = finding.change
    witness = [f"witness: {one_line(change.witness)}"] if change and change.witness else []
    return [text for text in (changes.impact_short(finding), *witness) if text]


def _change(finding: Finding) -> list[str]:
    """A line each: the operations, the witness with its proof, and the consumers by what is known of them."""
    change = finding.change
    if change is None:
        return []
    operations = changes.where(change)
    rows = [f"operations: {operations}"] if operations else []
    if change.witness:
        rows += [f"witness: {one_line(change.witness)}", changes.proof(change.witness)]
    elif changes.why_no_witness(finding):
        rows.append(f"no witness: {change.no_witness}")
    rows += [f"{label}: {text}" if label else text for label, text in changes.impact_lines(finding)]
    note = changes.note(finding)
    return [*rows, *([f"note: {note}"] if note else [])]


def _skipped(finding: Finding, fail_on: FailOn) -> str:
    """Why the finding does not fail the job; empty if it does."""
    if finding.verdict == "waived":
        return f"waived by {finding.waiver or 'a waiver'}: {finding.message}"
    if finding.baselined:
        return f"in the baseline: {finding.message}"
    if not is_open(finding):
        return f"{finding.verdict.replace('_', ' ')}: {finding.message}"
    if fail_on == "never" or RANK[finding.severity] > RANK[fail_on]:
        return f"{finding.severity}, below the threshold ({fail_on}): {finding.message}"
    return ""


def _case(name: str, rule: str, inner: str, finding: Finding | None = None) -> str:
    where = place(finding) if finding else None
    file = f" file={_attr(where.path)}" if where and where.path else ""
    line = f' line="{where.line}"' if where and where.line else ""
    head = f"    <testcase name={_attr(name)} classname={_attr(f'retailctl.{rule}')}{file}{line}"
    return f"{head}>\n{inner}    </testcase>\n" if inner else f"{head}/>\n"


def _counts(cases: list[tuple[str, str]]) -> str:
    tags = [tag for tag, _ in cases]
    numbers = {"tests": len(tags), "failures": tags.count("failure"), "errors": tags.count("error")}
    numbers["skipped"] = tags.count("skipped")
    return "".join(f' {name}="{number}"' for name, number in numbers.items())


def _clean(text: str) -> str:
    return escape.xml_text(escape.multiline(text))


def _attr(text: str) -> str:
    return quoteattr(_clean(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
