"""Estates in memory that lose one field at a time, and what every rule says before and after."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from retailctl.api.loading import load
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, open_session
from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.inventory.assemble import OBSERVED_PREFIX
from retailctl.inventory.merge import Declared, merge
from retailctl.model.estate import Entry, Estate, Subject
from retailctl.model.inventory_file import KIND_OF_SECTION, SECTIONS
from retailctl.model.rule import Rule
from retailctl.policy.cel import evaluate_kind
from retailctl.policy.checks import load_check
from retailctl.policy.context import CheckContext
from retailctl.policy.projection import project
from retailctl.policy.subjects import subjects_of
from tests.conftest import AS_OF

Path_ = tuple[str | int, ...]
Key = tuple[str, str]
"""Subject and pointer of an outcome."""
Verdicts = dict[str, dict[Key, str]]
"""Rule -> outcomes. A CEL rule has one for each subject that it did not find without fault, and "pass" for the rest."""

_ADAPTERS: dict[str, TypeAdapter[Any]] = {section: TypeAdapter(noun) for section, noun in SECTIONS.items()}


@dataclass(frozen=True)
class RawEntry:
    """One entry of one file as it was read."""

    section: str
    data: Mapping[str, Any]
    location: Location

    @property
    def kind(self) -> str:
        return KIND_OF_SECTION[self.section]

    @property
    def id(self) -> str:
        return str(self.data["id"])

    def noun(self, data: Mapping[str, Any]) -> Any:
        return _ADAPTERS[self.section].validate_python(dict(data))


@dataclass(frozen=True)
class Deletion:
    """A field that every one of some entries lost."""

    kind: str
    ids: frozenset[str]
    field: str

    def __str__(self) -> str:
        who = next(iter(self.ids)) if len(self.ids) == 1 else f"{len(self.ids)} entries"
        return f"{self.kind}.{self.field} of {who}"


class World:
    """One estate. Rebuilding it without a field costs only what depends on the entry."""

    def __init__(self, root: Path, rules: Iterable[str] = ()) -> None:
        self.session: Session = open_session(root, AuditOptions(as_of=AS_OF, use_cache=False))
        self.rules = [rule for rule in self.session.rules if not rules or rule.id in rules]
        self.estate: Estate = load(self.session).estate
        self.raw = list(self._read())
        self.by_id: dict[tuple[str, str], list[RawEntry]] = defaultdict(list)
        for entry in self.raw:
            self.by_id[entry.kind, entry.id].append(entry)
        self.nouns = {id(entry): entry.noun(entry.data) for entry in self.raw}
        graph = EstateGraph(self.estate)
        self.derived = facts(graph, AS_OF)
        self.subjects = subjects_of(graph, self.derived)
        self.cel = [rule for rule in self.rules if rule.when is not None]
        self.before = self._verdicts()

    def _read(self) -> Iterator[RawEntry]:
        for path in self.session.files.of("inventory"):
            data = self.session.documents.read(path).data
            for section in SECTIONS:
                for number, entry in enumerate(data.get(section) or ()):
                    yield RawEntry(section, entry, Location(path, pointer=f"/{section}/{number}"))

    def without(self, entries: Iterable[RawEntry], path: Path_) -> Estate | None:
        """The estate whose entries lack the field; None where it is demanded by the format."""
        changed = dict(self.estate.entries)
        for entry in entries:
            lost = deleted(entry.data, path)
            if lost is None:
                continue
            try:
                noun = entry.noun(lost)
            except ValidationError:
                return None
            changed_entry = self._merged(entry, noun)
            if changed[entry.kind] is self.estate.entries[entry.kind]:
                changed[entry.kind] = dict(changed[entry.kind])
            changed[entry.kind][entry.id] = changed_entry  # type: ignore[index]
        return replace(self.estate, entries=changed)

    def _merged(self, entry: RawEntry, noun: Any) -> Entry:
        group = self.by_id[entry.kind, entry.id]
        known = self.estate.of(entry.kind)[entry.id]
        if len(group) == 1 and known.hand_kept and not getattr(noun, "sightings", None):
            unlisted = None if getattr(noun, "consumers", None) is None else ()
            return replace(known, noun=noun, conflicts=(), unlisted=unlisted)
        observed = [one.location.path.startswith(OBSERVED_PREFIX) for one in group]
        nouns = [noun if one is entry else self.nouns[id(one)] for one in group]
        parts = zip(nouns, group, observed, strict=True)
        merged, _ = merge(Declared(one.kind, its, one.location, seen) for its, one, seen in parts)
        return merged[entry.kind][entry.id]

    def changed_subjects(self, estate: Estate, *, own_only: bool = False) -> dict[str, list[Subject]]:
        """The subjects whose values are no longer what they were: own fields, or facts that follow from others.

        ``own_only`` saves the work where no fact follows from the field.
        """
        derived = self.derived if own_only else facts(EstateGraph(estate), AS_OF)
        found: dict[str, list[Subject]] = {}
        for kind, old in self.subjects.items():
            if kind == "contract":  # documents stay: only the facts that follow from interfaces change
                changed = derived["contract"]
                lost = [s for s in old if changed[s.id] != self.derived["contract"][s.id]]
                found |= {kind: [replace(s, fields=changed[s.id]) for s in lost]} if lost else {}
                continue
            for subject in old if kind != "flow" else ():
                entry = estate.entries[kind][subject.id]
                same = entry is self.estate.entries[kind][subject.id]
                of_it = derived.get(kind, {}).get(subject.id, {})
                if not same or of_it != self.derived.get(kind, {}).get(subject.id, {}):
                    fields = {**project(entry.noun), **of_it}
                    found.setdefault(kind, []).append(replace(subject, fields=fields))
        return found

    def replaced(self, changed: Mapping[str, list[Subject]]) -> dict[str, list[Subject]]:
        """All subjects, the changed ones in the place of what they were."""
        new = {(kind, subject.id): subject for kind, subjects in changed.items() for subject in subjects}
        return {
            kind: [new.get((kind, s.id), s) for s in subjects] if kind in changed else subjects
            for kind, subjects in self.subjects.items()
        }

    def judged(self, changed: Mapping[str, list[Subject]]) -> dict[str, dict[int, str]]:
        """Rule -> verdict by identity of the subject, for the CEL rules; what is not there passed."""
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for kind, subjects in changed.items():
            rules = [rule for rule in self.cel if rule.applies_to == kind]
            for rule, subject, decision, _, error in evaluate_kind(rules, kind, subjects, AS_OF, Counter()):
                assert not error, (rule.id, subject.id, error)
                found[rule.id][id(subject)] = decision
        return found

    def checked(self, rule: Rule, estate: Estate, subjects: Mapping[str, list[Subject]]) -> dict[Key, str]:
        """What a Python check says."""
        context = CheckContext(
            rule=rule,
            estate=estate,
            graph=EstateGraph(estate),
            subjects=subjects,
            as_of=AS_OF,
            params=rule.params,
        )
        return {(o.subject, o.pointer): o.decision for o in load_check(rule)(context)}

    def _verdicts(self) -> Verdicts:
        judged = self.judged(self.subjects)
        found: Verdicts = {}
        for rule in self.rules:
            if rule.check is not None:
                found[rule.id] = self.checked(rule, self.estate, self.subjects)
            else:
                of_kind = self.subjects.get(rule.applies_to, [])
                found[rule.id] = {(s.id, ""): judged[rule.id].get(id(s), "pass") for s in of_kind}
        return found


def deleted(data: Mapping[str, Any], path: Path_) -> dict[str, Any] | None:
    """A copy without the field; None when it has none. ``[]`` in a path stands for every item."""
    result = copy.deepcopy(dict(data))
    holders: list[Any] = [result]
    for step in path[:-1]:
        found = [holder[step] for holder in holders if isinstance(holder, dict) and holder.get(step) is not None]
        holders = [item for one in found for item in (one if isinstance(one, list) else [one])]
    hit = False
    for holder in holders:
        if isinstance(holder, dict) and holder.pop(path[-1], None) is not None:
            hit = True
    return result if hit else None


def paths_of(data: Any, prefix: Path_ = ()) -> Iterator[Path_]:
    """Every field of an entry, blocks included; the fields of list items are deleted in all items at once."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield (*prefix, name)
            yield from paths_of(value, (*prefix, name))
    elif isinstance(data, list):
        yield from dict.fromkeys(path for item in data for path in paths_of(item, prefix))
