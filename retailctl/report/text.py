"""Text for people: the verdict, then what to fix first, then findings by rule, then what was not judged.

``lines`` gives styled lines for a console that can colour them; ``render`` the same as plain text.
"""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.finding import SEVERITIES, Finding
from retailctl.model.report import Priority, Report
from retailctl.report import escape, plan_states, text_changes, text_parallel, text_replay, text_scan
from retailctl.report.grouping import (
    Group,
    amounts,
    by_rule,
    by_urgency,
    count,
    is_open,
    is_unknown,
    place,
    severity_counts,
    subject_line,
    totals,
)
from retailctl.report.lines import LONGEST, STYLES, Line, wrap
from retailctl.report.options import DEFAULT, RenderOptions

PLACE_COLUMN = 44
NARROW = 80
__all__ = ["STYLES", "Line", "lines", "render"]
_HEAD = {"pass": "PASS", "fail": "FAIL", "unknown": "UNKNOWN"}


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
    yield from text_changes.contracts(report, options)
    yield from text_parallel.lines(report, options)
    yield from text_replay.section(report, options)
    yield from text_scan.section(report, options)
    yield from _priorities(report, options)
    yield from _findings(report, options)
    yield from _unknown(report, options)
    yield from plan_states.text(report, options)
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
    yield from text_changes.verdict(report, options)
    facts = ", ".join([*amounts(summary), count(summary.files, "file")])
    yield from wrap(f"{subject_line(report)}: {facts}", options.width, "", "dim", foreign=True)
    yield from wrap(
        f"{_judged(report)}{totals(report)}",
        options.width,
        "",
        "dim",
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
    yield from wrap(priority.title, options.width, f"  {number}  ", "strong")
    yield from wrap(priority.reason, options.width, "     ", "")
    tail = [", ".join(priority.rules), f"owner {priority.owner}" if priority.owner else ""]
    if any(tail):
        yield from wrap(" · ".join(part for part in tail if part), options.width, "     ", "dim")


def _findings(report: Report, options: RenderOptions) -> Iterator[Line]:
    groups = by_rule(report, [row for row in report.findings if is_open(row) and not row.change])
    for severity in SEVERITIES:
        yield from text_changes.section(report, severity, options)
        yield from _groups([group for group in groups if group.severity == severity], options)
        if severity == "warn":
            yield from text_changes.section(report, "unknown", options)


def _groups(groups: list[Group], options: RenderOptions) -> Iterator[Line]:
    for group in groups:
        yield Line(_title(group), group.severity)
        if group.title != group.name:
            yield from wrap(group.title, options.width, "  ", "dim")
        shown = group.findings[: options.per_rule]
        column = _place_column(shown, options)
        for finding in shown:
            yield from _finding(finding, column, options)
        more = len(group.findings) - options.per_rule
        if more > 0:
            yield Line(f"  … {more:,} more (use -f json)", "dim")
        if group.fix:
            yield from wrap(group.fix, options.width, "  fix: ", "fix")
        yield Line()


def _place_column(findings: tuple[Finding, ...], options: RenderOptions) -> int:
    """As wide as the longest place that fits; 0 on a narrow terminal, which has no columns."""
    limit = PLACE_COLUMN if options.width >= NARROW else 0
    widths = [len(_place(finding)) for finding in findings]
    return max((width for width in widths if width <= limit), default=0)


def _title(group: Group) -> str:
    stage = group.rule.stage if group.rule else group.findings[0].stage
    blocks = "" if stage == "report" else f"  blocks {stage}"
    title = f"{group.severity} {group.id} {group.name}  {count(len(group.findings), 'finding')}{blocks}"
    return escape.clip(escape.terminal(title), LONGEST)


def _finding(finding: Finding, column: int, options: RenderOptions) -> Iterator[Line]:
    """Places in one column, messages in the next; a place that is too long gets a line of its own."""
    where = _place(finding)
    message = finding.message if finding.subject in finding.message else f"{finding.subject}: {finding.message}"
    indent = "  " + " " * column + ("  " if where or column else "")
    rows = list(wrap(message, options.width, indent, "", foreign=True))
    if len(where) > column:
        yield Line(f"  {where}", "", len(where) + 2)
    else:
        first = f"  {where:<{column}}" + rows[0].text[len(f"  {where:<{column}}") :]
        rows[0] = Line(first, "", len(where) + 2 if where else 0)
    yield from rows


def _unknown(report: Report, options: RenderOptions) -> Iterator[Line]:
    groups = by_rule(report, [row for row in report.findings if is_unknown(row) and not row.change])
    if not groups:
        return
    groups.sort(key=lambda group: (-len(group.findings), group.id))
    missing = {row.rule: row.missing for row in report.summary.rules}
    head = "Unknown: not judged because something is missing. Never a pass."
    yield from wrap(head, options.width, "", "unknown")
    for group in groups[: options.per_rule]:
        fields = ", ".join(missing.get(group.id, ())[:3])
        example = group.findings[0]
        needs = f"needs {fields}; e.g. {example.subject}" if fields else f"e.g. {example.message or example.subject}"
        text = f"{count(len(group.findings), 'subject')}; {needs}"
        yield from wrap(f"{group.id} {group.name}  {text}", options.width, "  ", "unknown", foreign=True)
    if len(groups) > options.per_rule:
        yield Line(f"  … {count(len(groups) - options.per_rule, 'more rule')} (use -f json)", "dim")
    yield Line()


def _coverage(report: Report, options: RenderOptions) -> Iterator[Line]:
    if not report.coverage and not report.summary.entities:
        return  # no inventory was read: nobody looked for anything
    if not report.coverage:
        none = 'Coverage: none stated, so "not seen" means nothing yet'
        yield from wrap(none, options.width, "", "unknown")
    else:
        yield Line("Coverage: what was looked at", "heading")
    for row in report.coverage:
        window = f", {row.start or '…'} to {row.end or '…'}" if row.start or row.end else ""
        path = f" ({row.path})" if row.path else ""
        yield from wrap(f"{row.source}: {row.scope}{window}{path}", options.width, "  ", "dim", foreign=True)
    yield Line()


def _closing(report: Report, options: RenderOptions) -> Iterator[Line]:
    for notice in report.notices:
        yield from wrap(notice, options.width, "note: ", "notice", foreign=True)
    if report.summary.skipped_rules:
        yield from wrap(f"skipped rules: {', '.join(report.summary.skipped_rules)}", options.width, "", "dim")
    first = [rule for priority in report.priorities[:1] for rule in priority.rules]
    for wanted in (is_open, is_unknown):
        first += [group.id for group in by_rule(report, filter(wanted, report.findings))]
    yield from text_changes.verdict(report, options)
    if first:
        advice = f"Next: retailctl explain {first[0]} (why, how to fix, how to waive)"
        yield from wrap(advice, options.width, "", "next")


def _judged(report: Report) -> str:
    """How many rules were judged and passed; input and waiver rows are not counted, nothing is judged by them."""
    rules = [rule for rule in report.rules if not {"input", "governance"} & set(rule.tags)]
    if not rules or report.command.startswith("contract"):
        return ""  # a comparison names what changed; nothing can pass
    return f"{count(len(rules), 'rule')}: {report.summary.passed:,} passed; "


def _place(finding: Finding) -> str:
    return escape.clip(escape.terminal(str(place(finding))), LONGEST)


def _subject(finding: Finding) -> str:
    return escape.clip(escape.terminal(finding.subject), LONGEST)
