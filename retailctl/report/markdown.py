"""Markdown for a pull-request comment or a job summary: a table of rules, then details, within the limit."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import escape, markdown_changes, markdown_parallel, plan_states, scan_rows, text_replay
from retailctl.report.grouping import (
    Group,
    by_rule,
    count,
    is_open,
    is_unknown,
    place,
    severity_counts,
    totals,
)
from retailctl.report.options import DEFAULT, RenderOptions

_HEAD = {"pass": "Pass", "fail": "Fail", "unknown": "Unknown"}
_MARK = {"error": "**error**", "warn": "warn", "info": "info", "hint": "hint"}
_CELL = 200
_TABLE_ROWS = 60
# Room for the last line that tells what was left out.
_RESERVE = 300


def render(report: Report, options: RenderOptions = DEFAULT) -> Iterator[str]:
    """Blocks of Markdown, as many as fit into ``markdown_size`` characters; what did not fit is counted."""
    left = options.markdown_size - _RESERVE
    hidden = 0
    for block in _blocks(report, options):
        if hidden or len(block) > left:
            hidden += 1
            continue
        left -= len(block)
        yield block
    if hidden:
        told = f"{count(hidden, 'more section')} left out: the comment is full"
        yield f"\n_{told}. Use `-f json` or `-f html` for everything._\n"


def _blocks(report: Report, options: RenderOptions) -> Iterator[str]:
    others = [finding for finding in report.findings if not finding.change]
    opened = by_rule(report, filter(is_open, others))
    unknown = by_rule(report, filter(is_unknown, others))
    yield _verdict(report)
    yield markdown_changes.verdict(report)
    yield _replay(report)
    yield _scanned(report)
    yield markdown_parallel.totals(report)
    yield _priorities(report)
    yield from markdown_changes.blocks(report, options)
    yield _table(opened, unknown)
    for group in opened:
        yield _details(group, options)
    yield from markdown_parallel.samples(report)
    yield plan_states.markdown(report)
    yield _coverage(report)


def _verdict(report: Report) -> str:
    summary = report.summary
    command = escape.markdown(f"retailctl {report.command}")
    on = f"on {escape.markdown_code(report.workspace)} " if report.workspace else ""
    return (
        f"## {_HEAD[summary.verdict]}: {severity_counts(report)}\n\n"
        f"{command} {on}as of {escape.markdown(report.as_of)}, "
        f"exit {summary.exit_code} (fails on {summary.fail_on}).  \n"
        f"{summary.passed:,} passed; {totals(report)}.\n"
    )


def _scanned(report: Report) -> str:
    """What was read, by source; nothing for other reports."""
    scan = report.summary.scan
    if scan is None:
        return ""
    rows = [
        f"| {escape.markdown_code(one.source)} | {one.files:,} | {one.sightings:,} | {one.declared:,} "
        f"| {one.observed:,} |\n"
        for one in scan.sources
    ]
    told = "".join(f"{escape.markdown(line)}.\n" for line in scan_rows.told(scan))
    head = "| source | files | sightings | declared interfaces | new interfaces |\n|---|---:|---:|---:|---:|\n"
    return f"\n{told}\n{head}{''.join(rows)}"


def _replay(report: Report) -> str:
    """What a replay compared, route by route; nothing for other reports."""
    run = report.summary.replay
    if run is None:
        return ""
    head = f"\n{run.compared:,} of {run.requests:,} requests compared; {escape.markdown(text_replay.sure(run))}.\n\n"
    rows = [
        f"| {escape.markdown_code(route.route)} | {route.verdict} | {text_replay.classes(route.classes)} | "
        f"{text_replay.latency(route)} |\n"
        for route in run.routes[:_TABLE_ROWS]
    ]
    head += "".join(f"* {gate.verdict}: {escape.markdown(text_replay.told_gate(gate))}\n" for gate in run.gates) + "\n"
    return f"{head}| Route | Verdict | Requests | Latency |\n|---|---|---|---|\n{''.join(rows)}"


def _priorities(report: Report) -> str:
    rows = ["\n**Fix first**\n\n"] if report.priorities else []
    for number, priority in enumerate(report.priorities[:3], start=1):
        tail = [escape.markdown_code(rule) for rule in priority.rules]
        tail += [f"owner {escape.markdown_code(priority.owner)}"] if priority.owner else []
        text = f"**{_prose(priority.title.rstrip('.'))}.** {_prose(priority.reason)}"
        rows.append(f"{number}. {text} {', '.join(tail)}".rstrip() + "\n")
    return "".join(rows)


def _table(opened: list[Group], unknown: list[Group]) -> str:
    if not opened and not unknown:
        return ""
    rows = ["\n| | Rule | What it asks | Findings |\n|---|---|---|---:|\n"]
    marked = [(_MARK[group.severity], group) for group in opened] + [("❔ unknown", group) for group in unknown]
    for mark, group in marked[:_TABLE_ROWS]:
        title = escape.markdown(escape.clip(" ".join(group.title.split()), _CELL))
        rows.append(f"| {mark} | {escape.markdown_code(group.id)} | {title} | {len(group.findings):,} |\n")
    if len(marked) > _TABLE_ROWS:
        rows.append(f"| | | … {count(len(marked) - _TABLE_ROWS, 'more rule')} | |\n")
    return "".join(rows)


def _details(group: Group, options: RenderOptions) -> str:
    head = f"{_MARK[group.severity]} {group.id} {group.name}: {count(len(group.findings), 'finding')}"
    rows = [f"\n<details><summary>{escape.html_text(escape.terminal(head))}</summary>\n\n"]
    rows += ["| Place | Subject | Message | Owner |\n|---|---|---|---|\n"]
    rows += [_row(finding) for finding in group.findings[: options.per_rule]]
    more = len(group.findings) - options.per_rule
    rows += [f"| | | … {more:,} more | |\n"] if more > 0 else []
    rows += [f"\nFix: {_prose(group.fix)}\n"] if group.fix else []
    return "".join([*rows, "\n</details>\n"])


def _row(finding: Finding) -> str:
    where = escape.markdown_code(escape.clip(str(place(finding)), _CELL)) if finding.locations else ""
    subject = escape.markdown_code(escape.clip(finding.subject, _CELL))
    owner = escape.markdown_code(finding.owner) if finding.owner else ""
    return f"| {where} | {subject} | {escape.markdown(escape.clip(finding.message, _CELL))} | {owner} |\n"


def _coverage(report: Report) -> str:
    looked_around = not report.summary.parallel  # a comparison has read all of both sides
    if not (looked_around or report.coverage or report.notices):
        return ""
    rows = ["\n<details><summary>Coverage and notes</summary>\n\n"]
    for row in report.coverage:
        window = f", {row.start or '…'} to {row.end or '…'}" if row.start or row.end else ""
        rows.append(f"- {escape.markdown(f'{row.source}: {row.scope}{window}')}\n")
    rows += ['- none stated, so "not seen" means nothing yet\n'] if looked_around and not report.coverage else []
    rows += [f"- note: {escape.markdown(notice)}\n" for notice in report.notices]
    return "".join([*rows, "\n</details>\n"])


def _prose(text: str) -> str:
    return escape.markdown(" ".join(text.split()))
