"""Text for people: the verdict, then what to fix first, then findings by rule, then what was not judged.

``lines`` gives styled lines for a console that can colour them; ``render`` the same as plain text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from retailctl.model.finding import Finding
from retailctl.model.report import Priority, Report
from retailctl.report import escape
from retailctl.report.grouping import (
    Group,
    by_rule,
    by_urgency,
    count,
    is_open,
    is_unknown,
    place,
    severity_counts,
    totals,
)
from retailctl.report.options import DEFAULT, RenderOptions

# A hostile name of a million characters must not fill the screen.
LONGEST = 400
PLACE_COLUMN = 44
_HEAD = {"pass": "PASS", "fail": "FAIL", "unknown": "UNKNOWN"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line break.

    ``style`` is a word for the console: verdict-fail, heading, a severity, dim. The first ``lead`` characters
    are a place and may be dimmed apart.
    """

    text: str = ""
    style: str = ""
    lead: int = 0


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """The report as plain text."""
    for line in lines(report, options):
        yield line.text + "\n"


def lines(report: Report, options: RenderOptions = DEFAULT) -> Iterator[Line]:
    """The report as styled lines; with ``quiet`` one line per finding and nothing else."""
    if options.quiet:
        yield from _quiet(report)
        return
    yield from _verdict(report, options)
    yield from _priorities(report, options)
    yield from _findings(report, options)
    yield from _unknown(report, options)
    yield from _coverage(report, options)
    yield from _closing(report, options)


def _quiet(report: Report) -> Iterator[Line]:
    """``path:line:col: severity RULE subject: message``, the shape that editors and grep understand."""
    for finding in by_urgency(f for f in report.findings if is_open(f) or is_unknown(f)):
        word = finding.severity if finding.verdict == "fail" else "unknown"
        where = f"{_place(finding)}: " if finding.locations else ""
        message = escape.clip(escape.terminal(finding.message), LONGEST)
        yield Line(f"{where}{word} {finding.rule} {_subject(finding)}: {message}", word)


def _verdict(report: Report, options: RenderOptions) -> Iterator[Line]:
    summary = report.summary
    exit_code = f"(exit {summary.exit_code}, fails on {summary.fail_on})"
    head = f"{_HEAD[summary.verdict]}  {severity_counts(report)}  {exit_code}"
    yield Line(head, f"verdict-{summary.verdict}")
    subjects = [f"{number:,} {name}" for name, number in summary.entities.items()]
    facts = ", ".join([*subjects, count(summary.files, "file")])
    yield from _wrap(f"{report.workspace} as of {report.as_of}: {facts}", options, "", "dim", foreign=True)
    yield from _wrap(
        f"{count(len(report.rules), 'rule')}: {summary.passed:,} passed; {totals(report)}", options, "", "dim"
    )
    yield Line()


def _priorities(report: Report, options: RenderOptions) -> Iterator[Line]:
    if not report.priorities:
        return
    yield Line("Fix first", "heading")
    for number, priority in enumerate(report.priorities[:3], start=1):
        yield from _priority(number, priority, options)
    yield Line()


def _priority(number: int, priority: Priority, options: RenderOptions) -> Iterator[Line]:
    yield from _wrap(priority.title, options, f"  {number}  ", "strong")
    yield from _wrap(priority.reason, options, "     ", "")
    tail = [", ".join(priority.rules), f"owner {priority.owner}" if priority.owner else ""]
    if any(tail):
        yield from _wrap(" · ".join(part for part in tail if part), options, "     ", "dim")


def _findings(report: Report, options: RenderOptions) -> Iterator[Line]:
    for group in by_rule(report, filter(is_open, report.findings)):
        yield Line(_title(group), group.severity)
        if group.title != group.name:
            yield from _wrap(group.title, options, "  ", "dim")
        shown = group.findings[: options.per_rule]
        column = max((len(_place(row)) for row in shown if len(_place(row)) <= PLACE_COLUMN), default=0)
        for finding in shown:
            yield from _finding(finding, column, options)
        more = len(group.findings) - options.per_rule
        if more > 0:
            yield Line(f"  … {more:,} more (use -f json)", "dim")
        if group.fix:
            yield from _wrap(group.fix, options, "  fix: ", "fix")
        yield Line()


def _title(group: Group) -> str:
    stage = group.rule.stage if group.rule else group.findings[0].stage
    blocks = "" if stage == "report" else f"  blocks {stage}"
    title = f"{group.severity} {group.id} {group.name}  {count(len(group.findings), 'finding')}{blocks}"
    return escape.clip(escape.terminal(title), LONGEST)


def _finding(finding: Finding, column: int, options: RenderOptions) -> Iterator[Line]:
    """Places in one column, messages in the next; a place that is too long gets a line of its own."""
    where = _place(finding)
    message = (
        finding.message if finding.subject in finding.message else f"{finding.subject}: {finding.message}"
    )
    indent = "  " + " " * column + ("  " if column else "")
    rows = list(_wrap(message, options, indent, "", foreign=True))
    if len(where) > column:
        yield Line(f"  {where}", "", len(where) + 2)
    else:
        first = f"  {where:<{column}}" + rows[0].text[len(f"  {where:<{column}}") :]
        rows[0] = Line(first, "", len(where) + 2 if where else 0)
    yield from rows


def _unknown(report: Report, options: RenderOptions) -> Iterator[Line]:
    groups = by_rule(report, filter(is_unknown, report.findings))
    if not groups:
        return
    groups.sort(key=lambda group: (-len(group.findings), group.id))
    missing = {row.rule: row.missing for row in report.summary.rules}
    yield Line("Unknown: not judged because something is missing. Never a pass.", "unknown")
    for group in groups[: options.per_rule]:
        fields = ", ".join(missing.get(group.id, ())[:3])
        needs = f"needs {fields}; " if fields else ""
        example = group.findings[0]
        text = f"{count(len(group.findings), 'subject')}; {needs}e.g. {example.message or example.subject}"
        yield from _wrap(f"{group.id} {group.name}  {text}", options, "  ", "unknown", foreign=True)
    if len(groups) > options.per_rule:
        yield Line(f"  … {count(len(groups) - options.per_rule, 'more rule')} (use -f json)", "dim")
    yield Line()


def _coverage(report: Report, options: RenderOptions) -> Iterator[Line]:
    if not report.coverage:
        yield Line('Coverage: none stated, so "not seen" means nothing yet', "unknown")
    else:
        yield Line("Coverage: what was looked at", "heading")
    for row in report.coverage:
        window = f", {row.start or '…'} to {row.end or '…'}" if row.start or row.end else ""
        path = f" ({row.path})" if row.path else ""
        yield from _wrap(f"{row.source}: {row.scope}{window}{path}", options, "  ", "dim", foreign=True)
    yield Line()


def _closing(report: Report, options: RenderOptions) -> Iterator[Line]:
    for notice in report.notices:
        yield from _wrap(notice, options, "note: ", "notice", foreign=True)
    if report.summary.skipped_rules:
        yield from _wrap(f"skipped rules: {', '.join(report.summary.skipped_rules)}", options, "", "dim")
    for wanted in (is_open, is_unknown):
        for group in by_rule(report, filter(wanted, report.findings))[:1]:
            advice = f"Next: retailctl explain {group.id}  (why, how to fix, how to waive)"
            yield Line(escape.clip(escape.terminal(advice), LONGEST), "next")
            return


def _place(finding: Finding) -> str:
    return escape.clip(escape.terminal(str(place(finding))), LONGEST)


def _subject(finding: Finding) -> str:
    return escape.clip(escape.terminal(finding.subject), LONGEST)


def _wrap(
    text: str, options: RenderOptions, lead: str, style: str, *, foreign: bool = False
) -> Iterator[Line]:
    """Wrapped behind ``lead``; text of ours may span lines, in foreign text a line break is spelled out."""
    clean = escape.terminal(text) if foreign else escape.prose(text)
    rows = textwrap.wrap(
        escape.clip(clean, LONGEST),
        width=max(options.width, len(lead) + 20),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
    for row in rows or [lead.rstrip()]:
        yield Line(row, style)
