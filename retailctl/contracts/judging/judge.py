"""Changes to judged changes: the level of the rule, corrected by what the relation proves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from retailctl.contracts.api.model import Place
from retailctl.contracts.changes.change import Change, SchemaEvidence
from retailctl.contracts.changes.compare import Comparison
from retailctl.contracts.judging.merge import merged
from retailctl.contracts.judging.requests import request_witness
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.rules.rules import rule
from retailctl.contracts.schemas.store import ContentModel, Polarity
from retailctl.model.compatibility import Compatibility
from retailctl.model.contract_change import Bump, ChangeWitness, ReadingVerdict

if TYPE_CHECKING:  # the relation is large, and a comparison without a break needs none of it
    from retailctl.contracts.judging.proof import Inclusion, Prover
    from retailctl.contracts.witness import Witness

Level = Literal["ERR", "WARN", "INFO"]
Verdict = Literal["fail", "unknown"]
_SEMVER: Final = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?")
# Families whose meaning is a convention, not what a schema accepts: the level of the row stands.
CONVENTIONS: Final = (
    "default-value-", "became-read-only", "became-not-read-only", "became-write-only", "became-not-write-only",
    "deprecation", "stability", "x-extensible-enum-", "content-",
)  # fmt: skip
# What changes nothing that a client could use: a patch.
_NO_FEATURE: Final = frozenset({"tags", "info", "documents", "components"})
NOT_ASKED: Final = "a reading that the mode does not ask for"
_UNSTABLE: Final = ("draft", "alpha", "beta")


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """``witnesses`` False leaves them out (for scoring, where only the verdict counts), ``readings`` False those."""

    levels: Levels
    content: ContentModel = "declared"
    witnesses: bool = True
    readings: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A change with its level. ``unknown`` stands for what could not be decided; ``note`` says why a level differs
    from that of the rule; ``no_witness`` why a break shows no case."""

    change: Change
    level: Level
    verdict: Verdict = "fail"
    witness: ChangeWitness | None = None
    no_witness: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything judged, and what it comes to. ``mode`` and ``readings`` are of events and schemas."""

    changes: tuple[Judged, ...]
    compatible: bool | None
    required_bump: Bump
    mode: Compatibility | None = None
    readings: tuple[ReadingVerdict, ...] = ()


def judge(comparison: Comparison, options: JudgeOptions) -> Judgement:
    """Give every change its level, prove or disprove the breaking ones, and check the declared version."""
    ours = comparison.options.naming == "retailctl"
    changes: Iterable[Change] = merged(comparison.changes) if ours else comparison.changes
    judge = Judge(comparison, options)
    judged = [one for change in changes if (one := judge.level(change)) is not None]
    if ours:
        judged = [judge.settle(one) for one in judged]
        judged.extend(version_changes(comparison, judged, options))
    return Judgement(tuple(judged), compatible(judged), required_bump(judged))


class Judge:
    """The judge of one comparison; the prover is made when the first schema change needs one."""

    def __init__(self, comparison: Comparison, options: JudgeOptions) -> None:
        self._comparison, self._options = comparison, options
        self._known: Prover | None = None

    @property
    def prover(self) -> Prover:
        """What proves and disproves; made when it is first asked."""
        if self._known is None:
            from retailctl.contracts.judging.proof import Prover

            self._known = Prover(self._comparison, self._options.content)
        return self._known

    @property
    def wants_witnesses(self) -> bool:
        """False where only the verdict counts."""
        return self._options.witnesses

    def level(self, change: Change) -> Judged | None:
        """The change with the level of its rule; None where that is switched off.

        Where everything is named as oasdiff names it, what that tool has no rule for is left out.
        """
        if self._comparison.options.naming == "oasdiff" and rule(change.id).oasdiff == "-":
            return None
        level = self._options.levels.of(change.id)
        return None if level == "none" else Judged(change=change, level=level)

    def settle(self, one: Judged) -> Judged:
        """The level corrected by what can be proven, and the case that shows it."""
        change = one.change
        if change.id == "comparison-not-finished":
            return replace(one, verdict="unknown")
        if change.undecided and change.id not in self._options.levels.overrides:  # else a team has said how grave it is
            return replace(one, verdict="unknown")
        if one.level == "INFO":
            return self._remark(one, change.schema) if change.schema is not None else one
        if change.stability in _UNSTABLE:
            return replace(one, level="INFO", note=f"{change.stability}: it may still change")
        if change.schema is not None:
            return self._schema(one, change.schema)
        return self._request(one) if one.level == "ERR" and self._options.witnesses else one

    def _request(self, one: Judged) -> Judged:
        """A break that no schema shows, with the request that does."""
        witness = request_witness(one.change, self._comparison)
        return replace(one, witness=witness, no_witness="" if witness else "no single request or value shows it")

    def _remark(self, one: Judged, evidence: SchemaEvidence) -> Judged:
        """A change that its rule takes for harmless, held against what it does where its meaning may be another."""
        fact = evidence.fact
        polarity: Polarity = "in" if one.change.direction == "request" else "out"
        if fact.family.startswith(CONVENTIONS) or polarity in fact.cut:
            return one
        found = self.prover.around(evidence, polarity)
        if found is None and (self._options.content == "all" or fact.family == "any-of-added"):
            found = self.prover.here(evidence, polarity)
        if found == "excluded" and not self.prover.is_covered(evidence, polarity):
            note = "where it stands it shuts out values that were accepted"
            return self.shown(replace(one, level="ERR", note=note), evidence, polarity, found)
        return undecided(one, self._options) if found == "undecided" else one

    def _schema(self, one: Judged, evidence: SchemaEvidence) -> Judged:
        fact = evidence.fact
        polarity: Polarity = "in" if one.change.direction == "request" else "out"
        if fact.family.startswith(CONVENTIONS):
            return self._request(one) if one.level == "ERR" and self._options.witnesses else one
        if polarity in fact.cut:
            return replace(one, level="INFO", note="nothing flows here in this direction")
        turned = self.prover.around(evidence, polarity)
        found = turned or self.prover.here(evidence, polarity)
        if turned == "excluded" and one.level == "WARN" and fact.family != "property-removed":
            one = replace(one, level="ERR")
        if fact.family == "property-removed":
            if self.prover.has_moved(evidence):
                return replace(one, level="INFO", note="it is declared in another part of the schema")
            if one.level == "WARN" and (polarity == "out" or found != "excluded"):
                return one
            if one.level == "WARN":
                one = replace(one, level="ERR", note="the object takes no properties that it does not name")
        if found == "included" or self.prover.is_covered(evidence, polarity):
            return replace(one, level="INFO", note="every value that was accepted still is")
        return self.shown(one, evidence, polarity, found) if one.level == "ERR" else one

    def shown(self, one: Judged, evidence: SchemaEvidence, polarity: Polarity, found: Inclusion) -> Judged:
        """A break with its case; unknown where there is neither a proof nor a case."""
        if not self._options.witnesses:
            return undecided(one, self._options) if found == "undecided" else one
        from retailctl.contracts.witness import Witness

        witness, position = self.prover.witness(evidence, polarity)
        if isinstance(witness, Witness) and position:
            return replace(one, witness=_case(witness, position))
        if self.prover.is_harmless(evidence, polarity):
            return replace(one, level="INFO", note="every value that was accepted still is")
        if not isinstance(witness, Witness):
            one = undecided(one, self._options) if found == "undecided" else one
            return replace(one, no_witness=witness.reason)
        one = replace(one, witness=_case(witness, one.change.subject))
        if not self.prover.has_alternatives(evidence, polarity):
            return one
        return replace(
            undecided(one, self._options), no_witness="another alternative around the schema may still take the value"
        )


def undecided(one: Judged, options: JudgeOptions) -> Judged:
    """The change as one that nobody can call a break or harmless; a level that a team has set stands."""
    note = "whether every value that was accepted still is could not be decided"
    if one.change.id in options.levels.overrides:  # a team has said how grave it is
        return replace(one, note=note)
    return replace(one, level="WARN", verdict="unknown", note=note)


def _case(witness: Witness, place: str) -> ChangeWitness:
    return ChangeWitness(
        kind="instance", value=witness.instance, place=place, accepted_by=witness.accepted_by,
        rejected_by=witness.rejected_by, error=witness.error, pointer=witness.pointer,
    )  # fmt: skip


def compatible(judged: Iterable[Judged]) -> bool | None:
    """False for a break, None where something could not be decided and nothing breaks."""
    unknown = False
    for one in judged:
        if one.level == "ERR" and one.verdict == "fail":
            return False
        unknown = unknown or one.verdict == "unknown"
    return None if unknown else True


def required_bump(judged: Iterable[Judged]) -> Bump:
    """Semantic versioning 2.0.0, rules 6 to 8: a break is major, an addition minor, everything else a patch."""
    bump: Bump = "none"
    for one in judged:
        if one.level == "ERR":
            return "major"
        is_same = bool(one.note and one.note != NOT_ASKED) or rule(one.change.id).area in _NO_FEATURE
        if not is_same:
            bump = "minor"
        elif bump == "none":
            bump = "patch"
    return bump


def version_changes(comparison: Comparison, judged: list[Judged], options: JudgeOptions) -> list[Judged]:
    """A break under a version that does not say so (the three ids of the version policy)."""
    old, new = semver(comparison.old.info_version), semver(comparison.new.info_version)
    if old is None or new is None or not any(one.level == "ERR" for one in judged):
        return []
    if comparison.old.info_version == comparison.new.info_version:
        id = "api-version-not-bumped"
    elif new < old:
        id = "api-version-decreased"
    elif new[0] > old[0] or (old[0] == new[0] == 0 and new[1] > old[1]):
        return []
    else:
        id = "api-major-version-not-bumped"
    level = options.levels.of(id)
    if level == "none":
        return []
    place = Place("", "/info/version")
    change = Change(
        id=id, subject="info", what=comparison.new.info_version, old=comparison.old.info_version,
        new=comparison.new.info_version, old_place=place, new_place=place,
    )  # fmt: skip
    return [Judged(change=change, level=level)]


def semver(text: str) -> tuple[int, int, int] | None:
    """The three numbers of a version; missing ones are 0, None for what is no version."""
    found = _SEMVER.fullmatch(text.strip())
    if found is None:
        return None
    major, minor, patch = (int(part) if part and len(part) < 10 else 0 for part in found.groups())
    return major, minor, patch
