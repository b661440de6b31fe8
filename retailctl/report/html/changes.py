"""Changes of contracts on the page: the verdict on top, and with each finding its proof and whom it breaks."""

from __future__ import annotations

from retailctl.model.contract_change import AffectedConsumer, ChangeWitness, ComparedContract
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import changes, escape
from retailctl.report.html.markup import Child, Markup, el, join, mark
from retailctl.report.instances import several_lines

_OPERATIONS = 12
_CONSUMERS = 20
_CONTRACTS = 200
_WITNESS = 2_000
_LONGEST = 2_000
_USES = {"yes": "uses it", "no": "known not to use it", "unknown": "not known"}


def verdict(report: Report) -> Markup:
    """Whether the contracts are compatible, which version step that asks for, and a row per contract."""
    told = report.summary.contracts
    if told is None:
        return Markup("")
    facts = ", ".join(fact for fact in (changes.versions(told), changes.bumps(told)) if fact)
    tone = changes.TONE[told.compatible]
    word = el("b", changes.verdict_word(told.compatible))
    sentence = el("p", mark(tone), word, f"{changes.under(told)}: {facts}", class_=f"change is-{tone}")
    readings = [el("p", text, class_="dim") for text in changes.reading_sentences(told)]
    table = _contracts(told.contracts)
    return el("section", el("h2", "Compatibility"), sentence, *readings, table, class_="compatibility")


def _contracts(rows: tuple[ComparedContract, ...]) -> Markup | None:
    if not rows:
        return None
    names = ("Contract", "Versions", "Verdict", "Breaking", "Not decided", "Required bump", "Declared bump")
    head = el("tr", *(el("th", name, scope="col") for name in names))
    shown = [_contract(row) for row in changes.worst_first(rows)[:_CONTRACTS]]
    more = len(rows) - len(shown)
    note = el("p", f"… {more:,} more contracts", class_="dim") if more else None
    table = el("table", el("thead", head), el("tbody", *shown))
    return join(el("div", table, class_="scroll"), note)


def _contract(row: ComparedContract) -> Markup:
    tone = changes.TONE[row.compatible]
    return el(
        "tr",
        el("th", row.contract, " ", el("code", row.path), scope="row"),
        el("td", changes.versions(row)),
        el("td", mark(tone), changes.verdict_word(row.compatible)),
        el("td", f"{row.breaking:,}"),
        el("td", f"{row.unknown:,}"),
        el("td", row.required_bump),
        el("td", row.declared_bump or "not known"),
    )


def detail(finding: Finding) -> Markup | None:
    """What belongs to the finding beside its message: operations, witness, consumers; None if it is no change."""
    change = finding.change
    if change is None:
        return None
    rows: list[Child] = []
    values = changes.values(change)
    rows += [el("p", values)] if values else []
    operations = changes.where(change, _OPERATIONS)
    rows += [el("p", _label("Operations"), _clip(operations))] if operations else []
    if change.witness:
        rows.append(_witness(change.witness))
    elif changes.why_no_witness(finding):
        rows.append(el("p", _label("No witness"), _clip(change.no_witness)))
    rows += _consumers(finding)
    note = changes.note(finding)
    rows += [el("p", _label("Note"), _clip(note))] if note else []
    return el("div", *rows, class_="proof") if rows else None


def _witness(witness: ChangeWitness) -> Markup:
    place = f" ({_clip(witness.place)})" if witness.place else ""
    told = el("p", _label(f"Witness{place}"), _clip(changes.proof(witness)))
    return join(told, el("pre", several_lines(witness, _WITNESS)))


def _consumers(finding: Finding) -> list[Child]:
    """A table without ``tr``: those are rows of the list, which the filter of the page counts."""
    change = finding.change
    if change is None or changes.is_mild(finding):
        return []
    ranked = sorted(change.consumers, key=lambda row: list(_USES).index(row.uses))
    names = ("Consumer", "Changed part", "Owner", "Wave", "Processes", "How known")
    head = el("div", *(el("span", name, role="columnheader") for name in names), role="row")
    table = el("div", head, *map(_consumer, ranked[:_CONSUMERS]), class_="grid", role="table", aria_label="Consumers")
    rows: list[Child] = [table] if ranked else []
    rows += [el("p", f"… {len(ranked) - _CONSUMERS:,} more consumers")] if len(ranked) > _CONSUMERS else []
    if not change.consumers_known:
        rows.append(el("p", "Further consumers are not known" if ranked else changes.NOT_KNOWN, class_="dim"))
    elif not ranked:
        rows.append(el("p", _label("Consumers"), changes.NOBODY))
    return rows


def _consumer(row: AffectedConsumer) -> Markup:
    via = f" via {_clip(row.interface)}" if row.interface else None
    name = el("span", el("b", _clip(row.system)), via, role="cell")
    version = f"version {row.version}" if row.version else ""
    cells = (_USES[row.uses], row.owner or "no owner", row.wave or "-", ", ".join(row.processes) or "-")
    known = ", ".join(text for text in (row.evidence, version) if text) or "-"
    shown = [el("span", _clip(text), role="cell") for text in (*cells, known)]
    return el("div", name, *shown, role="row", class_=f"uses-{row.uses}")


def _label(text: str) -> Markup:
    return join(el("b", text), " ")


def _clip(text: str) -> str:
    return escape.clip(text, _LONGEST)
