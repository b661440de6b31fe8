"""Text about changes of contracts: by severity, then by operation or component; what breaks comes with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape
from retailctl.report.grouping import count, is_open, is_unknown, place
from retailctl.report.instances import one_line
from retailctl.report.lines import LONGEST, Line, wrap
from retailctl.report.options import RenderOptions

_DETAIL = "      "
_WORD = {
    "error": ("breaking change", ""),
    "warn": ("change that may break", "changes that may break"),
    "unknown": ("change not decided", "changes not decided"),
    "info": ("compatible change", ""),
    "hint": ("remark on a change", "remarks on changes"),
}
_SERIOUS = ("error", "warn", "unknown")
# Of each severity at most so many times as many rows as one group may have.
_GROUPS = 10


def tone(finding: Finding) -> str:
    """Under which heading the change stands: a severity, or ``unknown``; empty for what is accepted."""
    return "unknown" if is_unknown(finding) else finding.severity if is_open(finding) else ""


def verdict(report: Report, options: RenderOptions) -> Iterator[Line]:
    """``NOT compatible: 1.4.0 -> 1.5.0, required bump major, declared bump minor``; nothing without a comparison."""
    told = report.summary.contracts
    if told:
        style = f"verdict-{changes.TONE[told.compatible]}"
        yield Line(escape.clip(escape.terminal(changes.verdict_sentence(told)), LONGEST), style)
        for sentence in changes.reading_sentences(told):
            yield from wrap(sentence, options.width, "  ", "dim")


def contracts(report: Report, options: RenderOptions) -> Iterator[Line]:
    """A line per contract compared, the incompatible ones first."""
    rows = changes.worst_first(report.summary.contracts.contracts) if report.summary.contracts else []
    if not rows:
        return
    yield Line("Contracts compared", "heading")
    shown = [row for row in rows if not row.compatible]
    shown += [row for row in rows if row.compatible][: max(options.per_rule - len(shown), 0)]
    for row in shown:
        facts = [changes.versions(row), row.mode or "", changes.contract_counts(row), changes.bumps(row), row.path]
        text = f"{row.contract}  {', '.join(fact for fact in facts if fact)}"
        lead = f"  {changes.verdict_word(row.compatible):<14}  "
        style = f"verdict-{changes.TONE[row.compatible]}"
        yield from wrap(text, options.width, lead, style, foreign=True)
    if len(rows) > len(shown):
        yield Line(f"  … {len(rows) - len(shown):,} more are compatible", "dim")
    yield Line()


def section(report: Report, severity: str, options: RenderOptions) -> Iterator[Line]:
    """The changes under one heading, see :func:`tone`; nothing if there are none."""
    rows = [finding for finding in _all(report) if tone(finding) == severity]
    if not rows:
        return
    yield Line(f"{severity}  {count(len(rows), *_WORD[severity])}", severity)
    silent = changes.nobody_is_known(report)
    if silent and severity == next((word for word in _SERIOUS if any(tone(row) == word for row in _all(report))), ""):
        yield from wrap(changes.NOT_KNOWN, options.width, "  ", "notice")
    fixes: set[str] = set()
    left = options.per_rule * _GROUPS
    for title, group in _by_subject(report, rows):
        shown = group[: min(options.per_rule, left)]
        if not shown:
            break
        left -= len(shown)
        yield Line(escape.clip(escape.terminal(f"  {title}"), LONGEST), "strong")
        for finding in shown:
            yield from _change(finding, options, fixes, silent=silent)
        if len(group) > len(shown):
            yield Line(f"    … {len(group) - len(shown):,} more here (use -f json)", "dim")
    hidden = max(len(rows) - options.per_rule * _GROUPS, 0)
    if hidden and not left:
        yield Line(f"  … {count(hidden, 'more change')} (use -f json)", "dim")
    yield Line()


def _all(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.change]


def _by_subject(report: Report, rows: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Changes of one operation or component together, in report order; the contract leads where there are several."""
    names = {finding.change.contract for finding in report.findings if finding.change}
    groups: dict[str, list[Finding]] = {}
    for finding in rows:
        contract = finding.change.contract if finding.change and len(names) > 1 else None
        subject = changes.subject(finding) if contract else finding.subject
        groups.setdefault(f"{contract}  {subject}" if contract else subject, []).append(finding)
    return list(groups.items())


def _change(finding: Finding, options: RenderOptions, fixes: set[str], *, silent: bool) -> Iterator[Line]:
    message = f"{changes.sentence(finding)} [{finding.rule}]"
    if changes.is_mild(finding):
        # One line each, whatever the width: there may be hundreds.
        at = place(finding)
        where = f"{at.line}:{at.column}  " if at.line else ""
        yield Line(escape.clip(f"    {where}{escape.terminal(message)}", LONGEST), "", len(where) + 4)
        return
    yield from wrap(message, options.width, "    ", "", foreign=True)
    yield from _details(finding, options, silent=silent)
    if finding.fix and finding.fix not in fixes:
        fixes.add(finding.fix)
        yield from wrap(finding.fix, options.width, f"{_DETAIL}fix: ", "fix", foreign=True)


def _details(finding: Finding, options: RenderOptions, *, silent: bool) -> Iterator[Line]:
    change = finding.change
    if change is None:
        return
    if finding.locations:
        yield from _say("at", str(place(finding)), options, "dim")
    operations = changes.where(change)
    if operations not in ("", changes.subject(finding)):
        yield from _say("operations", operations, options, "dim")
    if change.witness:
        # Not wrapped: it is there to be copied.
        at = f" ({escape.clip(escape.terminal(change.witness.place), 60)})" if change.witness.place else ""
        yield Line(f"{_DETAIL}witness{at}: {one_line(change.witness)}")
        yield from _say("", changes.proof(change.witness), options)
    elif change.no_witness:
        yield from _say("no witness", change.no_witness, options, "dim")
    yield from _impact(finding, options, silent=silent)
    note = changes.note(finding)
    if note:
        yield from _say("note", note, options, "dim")


def _impact(finding: Finding, options: RenderOptions, *, silent: bool) -> Iterator[Line]:
    """Those who break stand on a line each: they have to be told."""
    for label, texts, more in changes.impact_rows(finding):
        if silent and texts == [changes.NOT_KNOWN]:
            continue
        if label not in ("breaks", "may break"):
            yield from _say(label, changes.listed(texts, len(texts), len(texts) + more), options, "dim")
            continue
        lead = f"{_DETAIL}{label}: "
        for text in [*texts, *([f"and {more:,} more"] if more else [])]:
            yield from wrap(text, options.width, lead, "strong", foreign=True)
            lead = " " * len(lead)


def _say(label: str, text: str, options: RenderOptions, style: str = "") -> Iterator[Line]:
    """A labelled line; what wraps stands under the text, not under the label."""
    yield from wrap(text, options.width, f"{_DETAIL}{label}: " if label else _DETAIL, style, foreign=True)
