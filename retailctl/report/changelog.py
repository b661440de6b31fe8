"""The changelog of contracts: Markdown for the people who call them, not for those who broke them.

It lists every change, whether or not somebody has accepted it: a waiver lets a pipeline pass, it mends no caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import indent
from typing import Final

from retailctl.model.contract_change import ComparedContract, ContractVerdict
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape, markdown_changes
from retailctl.report.grouping import count
from retailctl.report.options import DEFAULT, RenderOptions

BREAKING, RISKY, DEPRECATED, ADDED, CHANGED = SECTIONS = (
    "Breaking", "Might break / not decided", "Deprecated", "Added", "Changed",
)  # fmt: skip
_CELL: Final = 200
_ITEM: Final = "  "
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def changelog(report: Report, options: RenderOptions = DEFAULT) -> str:
    """The changes of a report as Markdown, per contract, section, and operation or component."""
    return _BLANK_LINES.sub("\n\n", "".join(_blocks(report)))


def section_of(finding: Finding) -> str:
    """Under which of SECTIONS a change stands."""
    change = finding.change
    if changes.is_breaking(finding):
        return BREAKING
    if finding.verdict == "unknown" or finding.severity in ("error", "warn"):
        return RISKY
    if change and change.kind == "lifecycle" and "deprecated" in finding.rule:
        return DEPRECATED
    return ADDED if change and change.kind == "existence" and change.action == "add" else CHANGED


def _blocks(report: Report) -> Iterator[str]:
    told = report.summary.contracts
    rows = [finding for finding in report.findings if finding.change and finding.verdict != "not_applicable"]
    compared = {row.contract: row for row in told.contracts} if told else {}
    found: dict[str, list[Finding]] = {}
    for finding in rows:
        found.setdefault((finding.change and finding.change.contract) or "", []).append(finding)
    # Documents that are no contract of the workspace come last.
    names = sorted(found, key=lambda name: (not name, name))
    titles = {name: _heading(name, compared) for name in names} if len(compared) > 1 or len(names) > 1 else {}
    yield _title(told, compared if not titles else {})
    if told:
        word = changes.verdict_word(told.compatible)
        yield f"\n**{word[:1].upper()}{word[1:]}**: {changes.bumps(told)}.\n"
    if changes.nobody_is_known(report):
        yield f"\n_{changes.NOT_KNOWN[:1].upper()}{changes.NOT_KNOWN[1:]}._\n"
    if not rows:
        yield "\nNo changes.\n"
    for name in names:
        yield f"\n## {titles[name]}\n" if titles else ""
        yield from _contract(report, found[name], "###" if titles else "##")
    yield from _rest(report, [row for name, row in sorted(compared.items()) if name not in found])


def _title(told: ContractVerdict | None, compared: dict[str, ComparedContract]) -> str:
    """Names the versions: those of the only contract where there is one."""
    rows = list(compared.values())
    if len(rows) == 1:
        return f"# {_heading(rows[0].contract, compared)}\n"
    versions = changes.versions(told) if told else ""
    return f"# Changes{': ' if versions else ''}{_text(versions)}\n"


def _heading(name: str, compared: dict[str, ComparedContract]) -> str:
    row = compared.get(name)
    versions = changes.versions(row) if row else ""
    return _text(f"{name or 'Other documents'} {versions}".rstrip())


def _contract(report: Report, rows: list[Finding], level: str) -> Iterator[str]:
    silent = changes.nobody_is_known(report)
    for section in SECTIONS:
        mine = [finding for finding in rows if section_of(finding) == section]
        if not mine:
            continue
        yield f"\n{level} {section}\n"
        for subject, group in _by_subject(mine).items():
            yield f"\n{escape.markdown_code(escape.clip(subject, _CELL))}\n\n"
            yield from (_item(finding, subject, silent=silent) for finding in group)


def _by_subject(rows: Iterable[Finding]) -> dict[str, list[Finding]]:
    """What breaks stands in report order, most consumers first; operations and components keep together."""
    groups: dict[str, list[Finding]] = {}
    for finding in rows:
        groups.setdefault(changes.subject(finding), []).append(finding)
    return groups


def _item(finding: Finding, subject: str, *, silent: bool) -> str:
    change = finding.change
    if change is None:
        return ""
    accepted = f" (accepted: waiver {finding.waiver or ''})" if finding.verdict == "waived" else ""
    accepted = " (accepted: in the baseline)" if finding.baselined else accepted
    mild = changes.is_mild(finding)
    reaches = changes.where(change)
    reaches = f", in {reaches}" if reaches != subject and mild and change.operations else ""
    undecided = "not decided: " if finding.verdict == "unknown" else ""
    text = f"{undecided}{changes.sentence(finding).rstrip('.')}{reaches}{accepted}."
    return f"- {_text(text)}\n" + ("" if mild else indent(_details(finding, subject, silent=silent), _ITEM))


def _details(finding: Finding, subject: str, *, silent: bool) -> str:
    change = finding.change
    if change is None:
        return ""
    where = changes.where(change)
    rows = [f"- in {_text(where)}\n"] if where not in ("", subject) else []
    rows += [row for row in markdown_changes.impact(finding) if not (silent and changes.NOT_KNOWN in row)]
    note = changes.note(finding)
    rows += [f"- note: {_text(note)}\n"] if note else []
    if change.witness is None:
        return "".join([*rows, *([f"- no witness: {_text(change.no_witness)}\n"] if change.no_witness else [])])
    told = f"{change.witness.place or change.witness.kind}, {changes.proof(change.witness)}"
    head = f"\n<details><summary>{escape.markdown_html(escape.clip(told, 2 * _CELL))}</summary>\n\n"
    return "".join([*rows, head, markdown_changes.code(change.witness), "\n</details>\n\n"])


def _rest(report: Report, unchanged: list[ComparedContract]) -> Iterator[str]:
    """What the sections do not say, so that silence means something."""
    if unchanged:
        names = ", ".join(escape.markdown_code(escape.clip(row.contract, _CELL)) for row in unchanged)
        yield f"\nWithout changes: {names}.\n"
    others = [finding for finding in report.findings if not finding.change]
    if others:
        ids = changes.listed(sorted({finding.rule for finding in others}), 3)
        yield f"\n_{count(len(others), 'finding')} about other things ({_text(ids)}): see the report itself._\n"
    for notice in report.notices:
        yield f"\n_Note: {_text(notice)}_\n"


def _text(text: str) -> str:
    return escape.markdown(escape.clip(" ".join(text.split()), 2 * _CELL))
