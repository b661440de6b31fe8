"""What stands around the details: verdict, totals, what to fix first; and behind them owners and coverage."""

from __future__ import annotations

from collections import Counter

from retailctl.model.finding import SEVERITIES
from retailctl.model.report import CoverageLine, Priority, Report
from retailctl.report.grouping import WORDS, amounts, count, is_open, is_unknown, severity_counts
from retailctl.report.html.markup import Markup, el, join, mark

_TITLE = {"pass": "Pass", "fail": "Fail", "unknown": "Unknown"}
_NOBODY = "no owner"
_OWNERS = 100
_SUBJECTS = 4


def masthead(report: Report) -> Markup:
    """Whose report this is, of which command, and as of when."""
    left = el("span", el("b", "retailctl"), f" {report.command}")
    on = " · as of " if report.workspace else "as of "
    right = el("span", report.workspace, on, el("time", report.as_of, datetime=report.as_of))
    return join(el("header", left, right, class_="masthead"), Markup("\n<main>\n"))


def verdict(report: Report) -> Markup:
    """The verdict in one word, one sentence, one bar and the totals."""
    summary = report.summary
    subjects = ", ".join(amounts(summary))
    across = f" across {subjects}" if subjects else ""
    sentence = f"{severity_counts(report).capitalize()}{across}."
    exit_code = f"Exit {summary.exit_code}; the run fails on {summary.fail_on}."
    title = el("h1", mark(summary.verdict), _TITLE[summary.verdict])
    words = el("div", title, el("p", sentence, class_="lede"), el("p", exit_code, class_="dim"))
    return el("section", words, _bar(report), _totals(report), class_=f"verdict is-{summary.verdict}")


def _bar(report: Report) -> Markup:
    summary = report.summary
    parts = [("pass", "passed", summary.passed), ("fail", "failed", summary.failed)]
    parts += [("unknown", "unknown", summary.unknown), ("waived", "waived", summary.waived)]
    shown = [part for part in parts if part[2]]
    label = ", ".join(f"{number:,} {word}" for _, word, number in shown) or "nothing was judged"
    # A share below one per cent would vanish; unknown must be seen.
    least = sum(number for *_, number in shown) / 100
    bars = [
        el("i", class_=kind, style=f"flex-grow:{max(number, least):g}", title=f"{number:,} {word}")
        for kind, word, number in shown
    ]
    return el("div", *bars, class_="bar", role="img", aria_label=f"Verdicts: {label}")


def _totals(report: Report) -> Markup:
    summary = report.summary
    severities: list[tuple[str, str, int]] = [
        (key, WORDS[key][1], summary.by_severity.get(key, 0)) for key in SEVERITIES
    ]
    rows = [row for row in severities if row[2] or row[0] in ("error", "warn")]
    rows += [("unknown", "unknown", summary.unknown), ("pass", "passed", summary.passed)]
    rows += [("waived", "waived", summary.waived), ("baselined", "baselined", summary.baselined)]
    rows += [
        ("", "not applicable", summary.not_applicable),
        ("", "skipped rules", len(summary.skipped_rules)),
    ]
    rows += [("", "skipped files", summary.skipped_files)]
    tiles = [
        el(
            "div",
            el("dt", mark(kind) if kind else None, word),
            el("dd", f"{number:,}"),
            class_=None if number else "zero",
        )
        for kind, word, number in rows
    ]
    return el("dl", *tiles, class_="totals")


def priorities(report: Report) -> Markup:
    """At most three things to fix first, each with its reason."""
    cards = [_priority(priority) for priority in report.priorities[:3]]
    if not cards:
        return Markup("")
    return el("section", el("h2", "Fix first"), el("ol", *cards, class_="cards"), class_="first")


def _priority(priority: Priority) -> Markup:
    subjects = ", ".join(priority.subjects[:_SUBJECTS]) + (" …" if len(priority.subjects) > _SUBJECTS else "")
    facts = [("Rule", ", ".join(priority.rules)), ("About", subjects), ("Owner", priority.owner or "")]
    rows = [el("div", el("dt", name), el("dd", text)) for name, text in facts if text]
    return el("li", el("h3", priority.title), el("p", priority.reason), el("dl", *rows))


def owners(report: Report) -> Markup:
    """Who has how much to do; a button filters the list of findings by owner."""
    table: dict[str, Counter[str]] = {}
    for finding in report.findings:
        row = table.setdefault(finding.owner or "", Counter())
        if is_open(finding):
            row[finding.severity] += 1
        elif is_unknown(finding):
            row["unknown"] += 1
    ranked = sorted(
        ((owner, row) for owner, row in table.items() if row),
        key=lambda item: (*(-item[1][key] for key in ("error", "warn", "unknown")), item[0]),
    )
    columns = ("error", "warn", "info", "unknown")
    words = {**{key: many.capitalize() for key, (_, many) in WORDS.items()}, "unknown": "Unknown"}
    head = el(
        "tr",
        el("th", "Owner", scope="col"),
        *(el("th", words[key], scope="col", class_="n") for key in columns),
    )
    rows = [_owner(owner, row, columns) for owner, row in ranked[:_OWNERS]]
    body = el("table", el("thead", head), el("tbody", *rows), class_="owners")
    more = len(ranked) - _OWNERS
    note = el("p", f"… {count(more, 'more owner')}", class_="dim") if more > 0 else None
    return el("section", el("h2", "By owner"), body if rows else el("p", "Nobody has anything to do."), note)


def _owner(owner: str, row: Counter[str], columns: tuple[str, ...]) -> Markup:
    button = el("button", owner or _NOBODY, type="button", data_owner=owner, class_=None if owner else "nobody")
    cells = [
        el(
            "td",
            mark(key) if row[key] else None,
            f"{row[key]:,}" if row[key] else "-",
            class_="n",
            data_label=key,
        )
        for key in columns
    ]
    return el("tr", el("th", button, scope="row"), *cells)


def coverage(report: Report) -> Markup:
    """What was looked at. "Not seen" means something only inside it."""
    intro = el("p", "What was looked at. “Not seen” means something only inside these windows.", class_="dim")
    if report.summary.parallel and not report.coverage:
        intro = el("p", "All rows of both sides were read.", class_="dim")
    elif not report.coverage:
        intro = el("p", mark("unknown"), " No coverage is stated, so “not seen” means nothing yet.")
    rows = [el("tr", *_coverage_cells(row)) for row in report.coverage]
    head = el("tr", *(el("th", name, scope="col") for name in ("Source", "Scope", "Window", "Stated in")))
    table = el("div", el("table", el("thead", head), el("tbody", *rows)), class_="scroll") if rows else None
    notes = [el("li", notice) for notice in report.notices]
    notes += (
        [el("li", f"Skipped rules: {', '.join(report.summary.skipped_rules)}")] if report.summary.skipped_rules else []
    )
    heard = join(el("h2", "Notes on this run"), el("ul", *notes, class_="notes")) if notes else None
    return el("section", el("h2", "Coverage"), intro, table, heard)


def _coverage_cells(row: CoverageLine) -> list[Markup]:
    window = f"{row.start or '…'} to {row.end or '…'}" if row.start or row.end else "not stated"
    return [
        el("th", row.source, scope="row"),
        el("td", row.scope),
        el("td", window),
        el("td", row.path or "-"),
    ]


def footer(report: Report) -> Markup:
    """How to read the marks, and what wrote the page."""
    words = [(key, one) for key, (one, _) in WORDS.items()]
    words += [
        ("unknown", "unknown: something is missing; never a pass"),
        ("pass", "passed"),
        ("waived", "waived"),
    ]
    words += [("baselined", "baselined")]
    legend = [el("li", mark(key), word) for key, word in words]
    return join(
        Markup("\n</main>\n"),
        el(
            "footer",
            el("ul", *legend, class_="legend"),
            el("p", f"retailctl {report.tool_version} · as of {report.as_of}"),
        ),
        Markup("\n"),
    )
