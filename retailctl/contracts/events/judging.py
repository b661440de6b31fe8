"""The changes of an event contract with their levels: what a mode asks for breaks, everything else is a remark.

The levels of the table are those of an API. Under a mode a change of a schema is a break where the relation says that a
reading that the mode asks for is lost, whatever the level of its row (contracts.md sections 5.1 and 5.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from retailctl.contracts.changes.change import Change, Direction, Occurrence, SchemaEvidence
from retailctl.contracts.changes.slots import Slot
from retailctl.contracts.compatibility.growth import document_growth
from retailctl.contracts.compatibility.modes import Reading, asked
from retailctl.contracts.events.compare import EventComparison, ReadingFound
from retailctl.contracts.events.verdicts import reading_verdicts
from retailctl.contracts.judging.judge import (
    CONVENTIONS,
    NOT_ASKED,
    Judge,
    Judged,
    Judgement,
    JudgeOptions,
    compatible,
    required_bump,
    undecided,
    version_changes,
)
from retailctl.contracts.judging.merge import merged
from retailctl.contracts.schemas.store import Polarity
from retailctl.model.compatibility import Compatibility
from retailctl.model.contract_change import ChangeWitness

if TYPE_CHECKING:  # the relation is large, and Avro and Protobuf need none of it
    from retailctl.contracts.schemas.inclusion import Inclusion

_GROWN: Final = "enum-value-added"
_RANK: Final = {"ERR": 0, "WARN": 1, "INFO": 2}
_LOST: Final = "schema-narrowed"
_WAYS: Final[dict[Polarity, Reading]] = {"in": "backward", "out": "forward"}
_DIRECTION: Final[dict[Polarity, Direction]] = {"in": "request", "out": "response"}
_ADDED_VALUES: Final = ("enum-symbol-added", "enum-value-added")
_STILL_READ: Final = "every message is still read"


def judge_events(comparison: EventComparison, options: JudgeOptions) -> Judgement:
    """Give every change of an event contract its level, with the case that shows a break."""
    mode = comparison.mode
    judge = Judge(comparison, options) if mode is None else ModeJudge(comparison, options, mode)
    levelled = [one for change in merged(comparison.changes) if (one := judge.level(change)) is not None]
    judged = [_grown(judge.settle(one), judge) for one in levelled]
    if isinstance(judge, ModeJudge):
        judged = list(_one_per_cause(judge.as_a_whole(judged)))
    judged.extend(_reading_changes(comparison.readings, judge))
    judged.extend(version_changes(comparison, judged, options))
    readings = reading_verdicts(comparison) if mode is not None and options.readings else ()
    return Judgement(tuple(judged), compatible(judged), required_bump(judged), mode, readings)


class ModeJudge(Judge):
    """The judge of a comparison under a mode."""

    def __init__(self, comparison: EventComparison, options: JudgeOptions, mode: Compatibility) -> None:
        super().__init__(comparison, options)
        self._asked = asked(mode)
        self._slots = comparison.slots

    @cached_property
    def _is_growth(self) -> bool:
        """True where the new schema is known to add only what may be missing: then nothing is to be proven."""
        old, new = self._comparison.old, self._comparison.new
        return document_growth(old, new, self._asked, content=self._options.content) is not None

    def settle(self, one: Judged) -> Judged:
        """The level by the readings that the mode asks for."""
        evidence = one.change.schema
        if not self._asked:
            return _remark(one)
        if evidence is None:
            return super().settle(one)
        if _reading(one.change) not in self._asked:
            is_grown = evidence.fact.family == _GROWN and one.level == "WARN"
            return one if is_grown else _remark(one)
        polarity: Polarity = "in" if one.change.direction == "request" else "out"
        if evidence.fact.family.startswith(CONVENTIONS) or polarity in evidence.fact.cut:
            return super().settle(one)
        return self._by_relation(one, evidence, polarity)

    def _by_relation(self, one: Judged, evidence: SchemaEvidence, polarity: Polarity) -> Judged:
        harmless = replace(one, level="INFO", note="" if one.level == "INFO" else _STILL_READ)
        if self._is_growth:
            return harmless
        found = self.prover.around(evidence, polarity) or self.prover.here(evidence, polarity)
        if found == "included" or self.prover.is_covered(evidence, polarity):
            return harmless
        if evidence.fact.family == "property-removed" and self.prover.has_moved(evidence):
            return harmless
        if one.change.id in self._options.levels.overrides:  # a team has said how grave it is
            return one if one.level != "ERR" else self.shown(one, evidence, polarity, found)
        return self.shown(replace(one, level="ERR"), evidence, polarity, found)

    def as_a_whole(self, judged: list[Judged]) -> list[Judged]:
        """The same held against what the relation says of whole messages: small changes may cancel each other, or shut
        something out only together."""
        result = list(judged)
        by_slot = _by_slot(result)
        for slot in self._slots:
            polarity = slot.group.polarity
            mine = by_slot.get((slot.operation, slot.label, polarity), ())
            if _WAYS[polarity] not in self._asked or any(_is_shown(result[index], slot) for index in mine):
                continue
            whole = None if self._is_growth else self.prover.whole(slot, polarity)
            if whole is None or whole.verdict == "included":
                for index in mine:
                    if len(result[index].change.occurrences) == 1:
                        result[index] = _harmless(result[index])
            elif not any(_tells(result[index], whole) for index in mine):
                if len(mine) == 1 and whole.verdict == "excluded":  # then it is that change
                    result[mine[0]] = _broken(result[mine[0]], slot, polarity, whole)
                else:
                    found = self._narrowed(slot, polarity, whole)
                    result.extend([found] if found is not None else [])
        return result

    def _narrowed(self, slot: Slot, polarity: Polarity, whole: Inclusion) -> Judged | None:
        """What no single change tells: the reading is lost, or nobody can say."""
        level = self._options.levels.of(_LOST)
        if level == "none":
            return None
        change = Change(
            id=_LOST, subject=slot.operation, pointer=f"/{_WAYS[polarity]}", what=slot.label, new=_WAYS[polarity],
            direction=_DIRECTION[polarity], occurrences=(Occurrence(slot.operation, slot.label),),
            old_place=slot.old_place, new_place=slot.new_place,
        )  # fmt: skip
        if whole.verdict == "undecided":
            return undecided(Judged(change=change, level=level), self._options)
        return replace(_broken(Judged(change=change, level=level), slot, polarity, whole), level=level)


def _broken(one: Judged, slot: Slot, polarity: Polarity, whole: Inclusion) -> Judged:
    """The change as a break, with the case that the relation has, or what it says instead."""
    one = replace(one, level="ERR", verdict="fail", note="")
    if not whole.witness:
        reasons = [reason.text for reason in whole.reasons if reason.verdict == "excluded"]
        return replace(one, no_witness=reasons[0] if reasons else "no single message shows it")
    giver: Literal["old", "new"] = "old" if polarity == "in" else "new"
    taker: Literal["old", "new"] = "new" if polarity == "in" else "old"
    witness = ChangeWitness(
        kind="instance", value=whole.witness[0], place=f"{slot.operation} {slot.label}", accepted_by=giver,
        rejected_by=taker, error="the changes together shut it out",
    )  # fmt: skip
    return replace(one, witness=witness)


def _is_shown(one: Judged, slot: Slot) -> bool:
    """True for a break with a case of the whole position: nothing else can make up for it, or come on top of it."""
    case = one.witness if one.level == "ERR" and one.verdict == "fail" else None
    return case is not None and case.kind == "instance" and case.place == f"{slot.operation} {slot.label}"


def _tells(one: Judged, whole: Inclusion) -> bool:
    """True if a change by itself comes to what the whole comes to."""
    return one.level == "ERR" or (whole.verdict == "undecided" and one.verdict == "unknown")


def _by_slot(judged: Iterable[Judged]) -> dict[tuple[str, str, str], list[int]]:
    found: dict[tuple[str, str, str], list[int]] = {}
    for index, one in enumerate(judged):
        if one.change.schema is not None:
            polarity = "in" if one.change.direction == "request" else "out"
            for occurrence in one.change.occurrences:
                found.setdefault((occurrence.operation, occurrence.at, polarity), []).append(index)
    return found


def _reading(change: Change) -> Reading:
    return "backward" if change.direction == "request" else "forward"


def _remark(one: Judged) -> Judged:
    if one.level == "INFO" and one.verdict == "fail":
        return one
    return replace(one, level="INFO", verdict="fail", note=NOT_ASKED)


def _harmless(one: Judged) -> Judged:
    if one.level == "INFO" and one.verdict == "fail":
        return one
    return replace(one, level="INFO", verdict="fail", note=_STILL_READ, witness=None, no_witness="")


def _grown(one: Judged, judge: Judge) -> Judged:
    """With a message that shows the new value, where readers may not know it."""
    evidence = one.change.schema
    if one.level != "WARN" or one.witness is not None or evidence is None or evidence.fact.family != _GROWN:
        return one
    return replace(judge.shown(one, evidence, "out", "excluded"), level="WARN", verdict=one.verdict)


def _one_per_cause(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Of a change that was looked at in both directions, what is worse."""
    found: dict[object, Judged] = {}
    for index, one in enumerate(judged):
        evidence = one.change.schema
        key: object = index if evidence is None else (id(evidence.node), id(evidence.fact))
        known = found.get(key)
        if known is None or _gravity(one) < _gravity(known):
            found[key] = one
    yield from found.values()


def _gravity(one: Judged) -> tuple[int, bool]:
    return _RANK[one.level], one.verdict != "unknown"


def _reading_changes(found: Iterable[ReadingFound], judge: Judge) -> Iterator[Judged]:
    """One for each cause; a schema that several messages share changed once."""
    grouped: dict[tuple[object, ...], list[ReadingFound]] = {}
    for one in found:
        change = one.change
        key = (change.id, change.subject, change.pointer, change.old_place, change.new_place, one.asked)
        grouped.setdefault(key, []).append(one)
    for group in grouped.values():
        levelled = judge.level(_as_change(group))
        if levelled is not None:
            yield _by_reading(levelled, group[0], judge.wants_witnesses)


def _as_change(group: list[ReadingFound]) -> Change:
    change = group[0].change
    return Change(
        id=change.id, subject=change.subject, pointer=change.pointer, what=change.what, old=change.old, new=change.new,
        location=change.location, occurrences=tuple(dict.fromkeys(one.occurrence for one in group)),
        old_place=change.old_place, new_place=change.new_place,
    )  # fmt: skip


def _by_reading(one: Judged, found: ReadingFound, wants_witness: bool) -> Judged:
    change = found.change
    lost = change.broken & found.asked
    if not lost and change.undecided & found.asked:
        return replace(one, level="WARN", verdict="unknown", note="whether it is still read could not be decided")
    if not lost:
        if not (change.broken or change.undecided):
            return replace(one, level="INFO") if one.level == "ERR" else one
        return replace(one, level="WARN") if change.id.endswith(_ADDED_VALUES) and one.level != "INFO" else _remark(one)
    reading: Reading = "backward" if "backward" in lost else "forward"
    if len(lost) == 1:
        one = replace(one, change=replace(one.change, direction="request" if reading == "backward" else "response"))
    if not wants_witness or one.level != "ERR" or change.witness is None:
        return one
    made = change.witness(reading)
    if isinstance(made, str):
        return replace(one, no_witness=made)
    old_writes = reading == "backward"
    return replace(
        one,
        witness=ChangeWitness(
            kind="instance", value=made.value, place=f"{found.occurrence.operation} {found.occurrence.at}",
            accepted_by="old" if old_writes else "new", rejected_by="new" if old_writes else "old", error=made.error,
            pointer=made.pointer,
        ),
    )  # fmt: skip
