"""Markdown about changes of contracts: the verdict, a table of what breaks whom, and the proofs folded away."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.model.contract_change import ChangeWitness, ComparedContract
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape
from retailctl.report.grouping import count, is_open, is_unknown, place
from retailctl.report.instances import one_line, several_lines
from retailctl.report.options import RenderOptions

_MARK = {"error": "**breaks**", "warn": "may break", "unknown": "❔ not decided"}
_CELL = 200
_ROWS = 60
_WITNESS = 1_500


def verdict(report: Report) -> str:
    """The verdict on all contracts, and a table of them where several were compared."""
    told = report.summary.contracts
    if told is None:
        return ""
    facts = [changes.versions(told), changes.bumps(told)]
    word = f"**{changes.verdict_word(told.compatible)}**{changes.under(told)}"
    rows = [f"\n{word}: {_text(', '.join(fact for fact in facts if fact))}.\n"]
    rows += [f"\n- {sentence}" for sentence in changes.reading_sentences(told)]
    rows += ["\n"] if told.readings else []
    compared = changes.worst_first(told.contracts)
    if compared:
        rows.append("\n| Contract | Versions | Verdict | Breaking | Not decided | Required | Declared |\n")
        rows.append("|---|---|---|---:|---:|---|---|\n")
        rows += map(_contract, compared[:_ROWS])
    if len(compared) > _ROWS:
        rows.append(f"| … {count(len(compared) - _ROWS, 'more contract')} | | | | | | |\n")
    return "".join(rows)


def _contract(row: ComparedContract) -> str:
    word = changes.verdict_word(row.compatible)
    cells = [
        escape.markdown_code(_clip(row.contract)),
        _text(changes.versions(row)),
        word if row.compatible else f"**{word}**",
    ]
    cells += [f"{row.breaking:,}", f"{row.unknown:,}", row.required_bump, row.declared_bump or "not known"]
    return f"| {' | '.join(cells)} |\n"


def blocks(report: Report, options: RenderOptions) -> Iterator[str]:
    """What breaks, what may, what could not be decided; the proofs in the same order; last what is harmless."""
    opened = [finding for finding in report.findings if finding.change and (is_open(finding) or is_unknown(finding))]
    serious = [finding for finding in opened if not changes.is_mild(finding)]
    serious.sort(key=lambda finding: list(_MARK).index(_kind(finding)))
    yield _table(report, serious)
    for finding in serious:
        yield _proof(finding)
    yield _harmless([finding for finding in opened if changes.is_mild(finding)], options)


def _kind(finding: Finding) -> str:
    return "unknown" if is_unknown(finding) else finding.severity


def _table(report: Report, findings: list[Finding]) -> str:
    if not findings:
        return ""
    silent = changes.nobody_is_known(report)
    rows = [f"\n{_capital(changes.NOT_KNOWN)}.\n"] if silent else []
    rows.append("\n| | Change | Where | Affected |\n|---|---|---|---|\n")
    for finding in findings[:_ROWS]:
        impact = "" if silent else _text(changes.impact_short(finding))
        where = escape.markdown_code(_clip(finding.subject))
        rows.append(f"| {_MARK[_kind(finding)]} | {_text(changes.sentence(finding))} | {where} | {impact} |\n")
    if len(findings) > _ROWS:
        rows.append(f"| | … {count(len(findings) - _ROWS, 'more change')} | | |\n")
    return "".join(rows)


def _proof(finding: Finding) -> str:
    change = finding.change
    if change is None:
        return ""
    head = f"{finding.rule}: {_clip(finding.message or finding.name)}"
    rows = [f"\n<details><summary>{escape.markdown_html(head)}</summary>\n\n"]
    if finding.locations:
        rows.append(f"- at {escape.markdown_code(_clip(str(place(finding))))}\n")
    operations = changes.where(change)
    rows += [f"- operations: {_text(operations)}\n"] if operations else []
    rows += impact(finding)
    note = changes.note(finding)
    rows += [f"- note: {_text(note)}\n"] if note else []
    if change.witness:
        rows.append(witness(change.witness))
    elif change.no_witness:
        rows.append(f"- no witness: {_text(change.no_witness)}\n")
    rows += [f"\nFix: {_text(finding.fix)}\n"] if finding.fix else []
    return "".join([*rows, "\n</details>\n"])


def impact(finding: Finding) -> list[str]:
    """List items that say who is affected."""
    lines = changes.impact_lines(finding)
    return [f"- **{label}**: {escape.markdown(text)}\n" if label else f"- {text}\n" for label, text in lines]


def witness(found: ChangeWitness) -> str:
    """The witness as a list item with its proof, and the instance as a code block that no value can end."""
    told = f"- witness{_text(f' ({found.place})') if found.place else ''}, {_text(changes.proof(found))}:"
    shown = code(found)
    return f"{told}\n\n{shown}" if shown.startswith("```") else f"{told} {shown}"


def code(found: ChangeWitness) -> str:
    """The value alone, with a line break at its end: a block for what has parts, else a span."""
    if isinstance(found.value, dict | list):
        # No line of indented JSON starts with a backtick, so none can close the fence.
        return f"```json\n{several_lines(found, _WITNESS)}\n```\n"
    return escape.markdown_code(one_line(found)) + "\n"


def _harmless(findings: list[Finding], options: RenderOptions) -> str:
    if not findings:
        return ""
    rows = [f"\n<details><summary>{count(len(findings), 'compatible change')}</summary>\n\n"]
    rows += [
        f"- {escape.markdown_code(_clip(finding.subject))}: {_text(changes.sentence(finding))}\n"
        for finding in findings[:_ROWS]
    ]
    if len(findings) > _ROWS:
        rows.append(f"- … {len(findings) - _ROWS:,} more\n")
    return "".join([*rows, "\n</details>\n"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clip(text: str) -> str:
    return escape.clip(text, _CELL)


def _text(text: str) -> str:
    return escape.markdown(escape.clip(text, 2 * _CELL))
