"""Changes of contracts in words that all formats share. Foreign text is not escaped here: each format does that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from retailctl.model.compatibility import upgrade_first
from retailctl.model.contract_change import (
    AffectedConsumer,
    ChangeWitness,
    ComparedContract,
    ContractChange,
    ContractVerdict,
)
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.report import escape
from retailctl.report.grouping import is_unknown
from retailctl.report.instances import offending

NOT_KNOWN: Final = "no inventory names this contract: consumers are not known"
NOBODY: Final = "nobody that the inventory knows of"
UNAFFECTED: Final = "known not to use it"
OPERATIONS: Final = 3
CONSUMERS: Final = 6
_VALUE: Final = 60
# Names of any length come from documents; one of them must not use up a comment or a screen.
_NAME: Final = 80
_SWITCH: Final = {"", "true", "false"}
_LONG: Final = 300
_VERDICT: Final = {True: "compatible", False: "NOT compatible", None: "not decided"}
_READINGS: Final = {
    "backward": "the new version reads data of the old one",
    "forward": "the old version reads data of the new one",
}
_MODELS: Final = {"": "", "declared": " (declared content)", "all": " (any content)"}
# The verdict as the word that styles, marks and badges go by.
TONE: Final = {True: "pass", False: "fail", None: "unknown"}


def has_changes(report: Report) -> bool:
    """Whether contracts were compared, so that columns and sections about changes make sense."""
    return report.summary.contracts is not None or any(finding.change for finding in report.findings)


def verdict_word(compatible: bool | None) -> str:
    """``compatible``, ``NOT compatible`` or ``not decided``."""
    return _VERDICT[compatible]


def versions(row: ContractVerdict | ComparedContract) -> str:
    """``1.4.0 -> 1.5.0``; ``against 1.4.0`` where only that side has a name; empty if neither has."""
    if row.base and row.revision:
        return f"{row.base} -> {row.revision}"
    return f"against {row.base}" if row.base else row.revision


def bumps(row: ContractVerdict | ComparedContract) -> str:
    """The step that the versions must take against the one they declare."""
    return f"required bump {row.required_bump}, declared bump {row.declared_bump or 'not known'}"


def verdict_sentence(verdict: ContractVerdict) -> str:
    """``NOT compatible: 1.4.0 -> 1.5.0, required bump major, declared bump minor``."""
    told = [part for part in (versions(verdict), bumps(verdict)) if part]
    return f"{verdict_word(verdict.compatible)}{under(verdict)}: {', '.join(told)}"


def under(row: ContractVerdict | ComparedContract) -> str:
    """`` under BACKWARD (consumers upgrade first)``; empty for what has no mode."""
    if row.mode is None:
        return ""
    first = upgrade_first(row.mode)
    order = f"{first} upgrade first" if first in ("consumers", "producers") else f"{first} may upgrade first"
    return f" under {row.mode} ({order})" if row.mode != "NONE" else " under NONE"


def reading_sentences(verdict: ContractVerdict) -> Iterator[str]:
    """``the new version reads data of the old one: yes (declared properties), no (anything that was accepted)``."""
    words = {True: "yes", False: "no", None: "not decided"}
    for reading, text in _READINGS.items():
        found = [row for row in verdict.readings if row.reading == reading]
        if found:
            told = [f"{words[row.compatible]}{_MODELS[row.content_model]}" for row in found]
            yield f"{text}: {', '.join(dict.fromkeys(told))}"


def contract_counts(row: ComparedContract) -> str:
    """``3 breaking, 1 not decided``; empty if nothing is to be said. A new version may announce what breaks."""
    announced = " but announced" if row.compatible else ""
    parts = [f"{row.breaking:,} breaking{announced}"] if row.breaking else []
    parts += [f"{row.unknown:,} not decided"] if row.unknown else []
    return ", ".join(parts)


def worst_first(rows: Iterable[ComparedContract]) -> list[ComparedContract]:
    """Incompatible contracts, then undecided ones, then the rest; by name inside."""
    rank = {False: 0, None: 1, True: 2}
    return sorted(rows, key=lambda row: (rank[row.compatible], row.contract, row.base, row.revision))


def values(change: ContractChange) -> str:
    """``number -> string``, ``was number`` or ``now string``; empty if the change has no values."""
    old, new = (escape.clip(value, _VALUE) for value in (change.old, change.new))
    if {old, new} <= _SWITCH:  # the message says which way it went
        return ""
    return f"{old} -> {new}" if old and new else f"was {old}" if old else f"now {new}" if new else ""


def subject(finding: Finding) -> str:
    """The operation or component, without the contract before it; headings name that."""
    contract = finding.change.contract if finding.change else None
    return finding.subject.removeprefix(f"{contract}: ") if contract else finding.subject


def note(finding: Finding) -> str:
    """What else to know, unless the message has told it."""
    text = finding.change.note if finding.change else ""
    return "" if text in finding.message else text


def sentence(finding: Finding) -> str:
    """The message, with the two values where it does not tell them."""
    change, message = finding.change, finding.message or f"{finding.subject}: {finding.name}"
    if change is None:
        return message
    told = all(value in message for value in (change.old, change.new))
    shown = "" if told else values(change)
    return f"{message} ({shown})" if shown else message


def where(change: ContractChange, limit: int = OPERATIONS) -> str:
    """``POST /orders (request body), PUT /orders/{id} and 3 more``; empty if no operation is named."""
    rows = [(row.operation, row.at) for row in change.operations[:limit]] or [(change.operation, "")]
    names = [escape.clip(f"{operation} ({at})" if at else operation, 2 * _NAME) for operation, at in rows]
    return listed([name for name in names if name], limit, len(change.operations))


def listed(names: Sequence[str], limit: int, total: int = 0) -> str:
    """The first names, and how many more there are; ``total`` where not all of them were made."""
    more = max(total, len(names)) - limit
    return ", ".join(names[:limit]) + (f" and {more:,} more" if more > 0 else "")


def proof(witness: ChangeWitness) -> str:
    """``accepted by old, refused by new: "currency" is a required property at /lines/0``; with the value there where
    the instance is too long to be seen whole: `` at /status, which is "LOST"``."""
    at = f" at {escape.clip(witness.pointer, _LONG)}" if witness.pointer else ""
    if part := offending(witness):
        at += f", which is {part}"
    error = escape.clip(witness.error, _LONG)
    return f"accepted by {witness.accepted_by}, refused by {witness.rejected_by}: {error}{at}"


def why_no_witness(finding: Finding) -> str:
    """Why a breaking or undecided change has no witness; empty where none is needed."""
    change = finding.change
    return change.no_witness if change and change.witness is None and not is_mild(finding) else ""


def is_mild(finding: Finding) -> bool:
    """An information: nobody needs a proof of it, and it breaks nobody."""
    return finding.severity in ("info", "hint") and not is_unknown(finding)


def is_breaking(finding: Finding) -> bool:
    """Judged to break callers, whether or not somebody has accepted it."""
    return finding.severity == "error" and finding.verdict != "unknown"


def consumer(row: AffectedConsumer) -> str:
    """``store-pos via pos-orders (team-stores, wave w2, on 1.4.0)``."""
    facts = ["producer"] if row.role == "producer" else []
    facts += [row.owner or "no owner"]
    facts += [f"wave {row.wave}"] if row.wave else []
    facts += [f"on {row.version}"] if row.version else []
    via = f" via {escape.clip(row.interface, _NAME)}" if row.interface else ""
    return f"{escape.clip(row.system, _NAME)}{via} ({', '.join(escape.clip(fact, _NAME) for fact in facts)})"


def impact(finding: Finding) -> Iterator[tuple[str, tuple[AffectedConsumer, ...]]]:
    """Consumers by what is known of them, each group under a label. A group without consumers is left out."""
    rows = finding.change.consumers if finding.change else ()
    label = "breaks" if is_breaking(finding) else "may break"
    labels = (("yes", label), ("no", UNAFFECTED), ("unknown", "use not known"))
    for uses, name in labels:
        group = tuple(row for row in rows if row.uses == uses)
        if group:
            yield name, group


def impact_rows(finding: Finding, limit: int = CONSUMERS) -> Iterator[tuple[str, list[str], int]]:
    """Who is affected: a label, texts, and how many more there are, per group of consumers. The label is empty where
    the text says that nobody can know. Nothing for mild changes."""
    change = finding.change
    if change is None or is_mild(finding):
        return
    if change.consumers_known and all(row.uses == "no" for row in change.consumers):
        yield "breaks" if is_breaking(finding) else "may break", [NOBODY], 0
    for label, rows in impact(finding):
        yield label, [consumer(row) for row in rows[:limit]], max(len(rows) - limit, 0)
    if not change.consumers_known:
        yield "", ["further consumers are not known" if change.consumers else NOT_KNOWN], 0


def impact_lines(finding: Finding, limit: int = CONSUMERS) -> Iterator[tuple[str, str]]:
    """The same with one text per label."""
    for label, texts, more in impact_rows(finding, limit):
        yield label, listed(texts, len(texts), len(texts) + more)


def impact_short(finding: Finding, limit: int = 2) -> str:
    """Who is affected in one clause, for formats that have one line; those known not to be are left out."""
    rows = [row for row in impact_lines(finding, limit) if row[0] != UNAFFECTED]
    return "; ".join(f"{label}: {text}" if label else text for label, text in rows)


def nobody_is_known(report: Report) -> bool:
    """Whether not one change has known consumers, so that it is enough to say so once."""
    rows = [finding.change for finding in report.findings if finding.change and not is_mild(finding)]
    return bool(rows) and not any(row.consumers_known or row.consumers for row in rows)
