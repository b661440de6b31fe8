"""Facts about the members of a set: what the entity asks and a member does not carry as such, and what changed in one
member and not in the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from retailctl.contracts.sets.fields import find
from retailctl.contracts.sets.mapping import Carried, MemberState
from retailctl.contracts.sets.paths import LIST, MAP, Path, parse, plain, shown
from retailctl.contracts.sets.types import carries
from retailctl.model.map_file import CanonicalField

_NAMED: Final = 5
States = Sequence[MemberState]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFact:
    """Something that is to be judged by the row ``rule``. ``fields`` are the canonical fields it is about, with one
    cause; ``member`` is None for what is about the entity itself."""

    rule: str
    fields: tuple[str, ...]
    member: MemberState | None = None
    old: str = ""
    new: str = ""
    carried: Carried | None = None
    before: Carried | None = None
    base: MemberState | None = None
    hint: str = ""
    undecided: bool = False

    @property
    def what(self) -> str:
        """The fields in words."""
        more = len(self.fields) - _NAMED
        return ", ".join(self.fields[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def set_facts(
    entity: Mapping[str, CanonicalField],
    states: States,
    bases: Mapping[int, MemberState],
    earlier: Mapping[int, MemberState] | None = None,
) -> Iterator[SetFact]:
    """Everything that is to be said of a map. ``states`` are the members in order of the map, versions of one contract
    oldest first; ``bases`` the state before each, by index.

    ``earlier`` are the versions before, where ``bases`` are those of a revision: a field that has been missing for long
    is then still one that was dropped, so that it is the same finding whatever is compared.
    """
    heads = {state.name: state for state in states}
    nobody = frozenset(name for name in entity if _is_carried_by_nobody(name, heads.values()))
    for name in entity:
        if name in nobody:
            yield SetFact(rule="canonical-field-carried-by-nobody", fields=(name,))
    for state in states:
        if state.unread:
            rule = "canonical-member-not-found" if state.missing else "canonical-member-unread"
            hint = f"It has {', '.join(state.known[:12])}." if state.known else ""
            yield SetFact(
                rule=rule, fields=(), member=state, new=state.unread, hint=hint, undecided=not state.missing
            )  # fmt: skip
            continue
        others = [head for name, head in heads.items() if name != state.name and not head.unread]
        yield from _Member(entity, state, bases, others, nobody, (earlier or {}).get(state.index)).facts()


def _is_carried_by_nobody(name: str, heads: Iterable[MemberState]) -> bool:
    rows = [(head.unread, head.fields.get(name)) for head in heads]
    if any(unread for unread, _ in rows):
        return False
    return not any(one is not None and (one.is_there or one.status == "gone") for _, one in rows)


class _Cause(NamedTuple):
    """The rule, and what is common to all fields with one cause: how far the paths go that are gone or differ."""

    rule: str
    old: Path
    new: Path = ()


class _Row(NamedTuple):
    name: str
    now: Carried
    before: Carried | None
    base: MemberState | None


class _Member:
    """The facts of one member. ``others`` are the newest versions of the other members."""

    def __init__(
        self,
        entity: Mapping[str, CanonicalField],
        state: MemberState,
        bases: Mapping[int, MemberState],
        others: States,
        nobody: frozenset[str],
        earlier: MemberState | None,
    ) -> None:
        self.earlier = earlier
        self.entity, self.state, self.base = entity, state, bases.get(state.index)
        self.others, self.bases, self.nobody = others, bases, nobody

    def facts(self) -> Iterator[SetFact]:
        """One fact per cause."""
        causes: dict[_Cause, list[_Row]] = {}
        rows = [_Row(name, one, *self._before(name, one)) for name, one in self.state.fields.items()]
        for row in rows:
            cause = self._cause(row)
            if cause is not None:
                causes.setdefault(cause, []).append(row)
        for cause, same in causes.items():
            yield self._grouped(cause, same)
        for row in rows:
            if row.now.is_there:
                yield from self._differs(row)

    def _before(self, name: str, one: Carried) -> tuple[Carried | None, MemberState | None]:
        """The field as it was, and where."""
        for state in (self.base, self.earlier if one.status == "unmapped" else None):
            found = state.fields.get(name) if state is not None else None
            if found is not None and found.is_there:
                return found, state
        return None, self.base

    def _cause(self, row: _Row) -> _Cause | None:
        """None where nothing is to be said."""
        name, one, before, _ = row
        if one.status == "gone":
            return _Cause("canonical-field-path-gone", one.lost)
        if one.status == "unmapped" and name not in self.nobody:
            if before is None or not self._keep(name):
                return _Cause("canonical-field-unmapped", one.lost or (name,))
            count = find(self.state.root, before.path)[1] if self.state.root is not None else len(before.path)
            return _Cause("canonical-field-dropped", before.path[: count + 1])
        if one.is_there and before is not None and not one.accepted and self._is_renamed(name, one, before):
            return _Cause("canonical-field-renamed", *_first_difference(before.path, one.path))
        return None

    def _keep(self, name: str) -> list[MemberState]:
        """The other members that have the field."""
        return [other for other in self.others if (one := other.fields.get(name)) is not None and one.is_there]

    def _is_renamed(self, name: str, one: Carried, before: Carried) -> bool:
        """Away from the name of the entity to one that nobody else has, while others keep theirs."""
        known = [plain(other.fields[name].path) for other in self._keep(name)]
        if plain(one.path) in (plain(before.path), plain(parse(name)), *known):
            return False
        return self._others_stayed(name, lambda now, then: now.path == then.path)

    def _others_stayed(self, name: str, same: Callable[[Carried, Carried], bool]) -> bool:
        """Whether another member has the field as it had it before."""
        for other in self._keep(name):
            base = self.bases.get(other.index)
            then = base.fields.get(name) if base is not None else None
            if then is None or not then.is_there or same(other.fields[name], then):
                return True
        return False

    def _grouped(self, cause: _Cause, rows: list[_Row]) -> SetFact:
        _, one, before, base = rows[0]
        old, new = shown(before.path) if before else "", shown(one.path)
        if cause.rule == "canonical-field-path-gone":
            old = shown(one.path if len(rows) == 1 else cause.old)
        elif len(rows) > 1 and cause.rule != "canonical-field-unmapped":
            old, new = shown(cause.old), shown(cause.new)
        is_renamed = cause.rule == "canonical-field-renamed"
        return SetFact(
            rule=cause.rule,
            fields=tuple(row.name for row in rows),
            member=self.state,
            old=old,
            new=new,
            carried=one,
            before=before,
            base=base,
            hint="" if is_renamed else self._looks_renamed(before.path if before else one.lost, base),
        )

    def _looks_renamed(self, lost: Path, base: MemberState | None) -> str:
        """The one field that is new where another one of the same type is gone."""
        root, then = self.state.root, base.root if base is not None else None
        if root is None or then is None or not lost or lost[-1] in (LIST, MAP):
            return ""
        parent, parent_then = find(root, lost[:-1])[0], find(then, lost[:-1])[0]
        gone = parent_then.fields().get(lost[-1]) if parent_then is not None else None
        if parent is None or parent_then is None or gone is None:
            return ""
        fresh = [field for name, field in parent.fields().items() if name not in parent_then.fields()]
        alike = [field for field in fresh if field.types == gone.types]
        return f"It looks renamed to {shown((*lost[:-1], alike[0].name))}." if len(alike) == 1 else ""

    def _differs(self, row: _Row) -> Iterator[SetFact]:
        canonical, (_, one, before, _) = self.entity[row.name], row
        kind, unit = canonical.type or "", canonical.unit or ""
        if "type-unknown" in one.marks:
            yield self._single("canonical-field-type-unknown", row, kind, "")
        if "type-changed" in one.marks:
            yield self._single("canonical-field-type-differs", row, kind, one.type)
        elif before is not None and self._type_changed(row, canonical, before):
            yield self._single("canonical-field-type-changed", row, before.type, one.type)
        if "unit-changed" in one.marks:
            yield self._single("canonical-field-unit-differs", row, unit, one.unit)
        elif before is not None and self._unit_changed(row, canonical, before):
            yield self._single("canonical-field-unit-changed", row, before.unit, one.unit)

    def _single(self, rule: str, row: _Row, old: str, new: str) -> SetFact:
        return SetFact(
            rule=rule, fields=(row.name,), member=self.state, old=old, new=new, carried=row.now, before=row.before,
            base=self.base, undecided=rule == "canonical-field-type-unknown",
        )  # fmt: skip

    def _type_changed(self, row: _Row, canonical: CanonicalField, before: Carried) -> bool:
        """The type changed here and not in the others, and neither the entity nor a new conversion says that it may."""
        one = row.now
        if not one.types or not before.types or one.types == before.types or self._explained(one, before):
            return False
        if canonical.type and carries(canonical.type, one.types):
            return False
        return self._others_stayed(row.name, lambda now, then: now.types == then.types)

    def _unit_changed(self, row: _Row, canonical: CanonicalField, before: Carried) -> bool:
        one, unit = row.now, row.now.unit.casefold()
        if not unit or not before.unit or unit == before.unit.casefold() or self._explained(one, before):
            return False
        if canonical.unit and unit == canonical.unit.casefold():
            return False
        return self._others_stayed(row.name, lambda now, then: now.unit == then.unit)

    def _explained(self, one: Carried, before: Carried) -> bool:
        """A conversion that was written for the value as it is now; one from before is stale."""
        if "converted" not in one.marks:
            return False
        return before.reason != one.reason or (self.base is not None and self.base.inherited)


def _first_difference(old: Path, new: Path) -> tuple[Path, Path]:
    """Both paths up to the step in which they differ, where the rest is the same; else the whole paths."""
    for index, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            same = old[index + 1 :] == new[index + 1 :]
            return (old[: index + 1], new[: index + 1]) if same else (old, new)
    return old, new
