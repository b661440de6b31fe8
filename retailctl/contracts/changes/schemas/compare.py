"""All facts of one pair of schemas, and the pairs of references that meet below it."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from retailctl.contracts.changes.schemas import keywords, objects
from retailctl.contracts.changes.schemas.branches import BRANCHING, combinators, left_over, type_list, wrapped
from retailctl.contracts.changes.schemas.fact import Child, SchemaFact, Spot
from retailctl.contracts.changes.schemas.objects import flags, listed
from retailctl.contracts.schemas.normalise import ANNOTATIONS
from retailctl.contracts.schemas.store import Schema, SchemaStore, Steps

_MAX_CHAIN: Final = 10_000
_TYPES_AND_STRUCTURE: Final = ("type", "any-of-", "one-of-", "all-of-")
_SHALLOW: Final = 12  # steps below the pair: six objects in each other
_NEEDED: Final = frozenset({"required", "was-required"})
_NOTHING: Final[Mapping[str, object]] = {}
_NEVER: Final[Mapping[str, object]] = {"not": {}}


class Meeting(NamedTuple):
    """Two schemas of which at least one is a reference: a pair that is compared on its own.

    ``cut`` holds the polarities in which nothing flows here (``readOnly`` cuts "in", ``writeOnly`` cuts "out").
    """

    old: Schema
    new: Schema
    old_steps: Steps
    new_steps: Steps
    cut: frozenset[str]


class Compared(NamedTuple):
    """What one pair of schemas gives."""

    facts: list[SchemaFact]
    meetings: list[Meeting]


class SchemaComparer:
    """Compares schemas of two stores; references are not followed, but for the kinds of branches.

    ``concise`` leaves out what follows from another fact at the same place: where one kind of value became another
    kind altogether, its properties need no words.
    """

    def __init__(self, old: SchemaStore, new: SchemaStore, *, concise: bool = False) -> None:
        self._old, self._new, self._concise = old, new, concise

    def compare(self, old: Schema, new: Schema) -> Compared:
        """The facts between two schemas that are no bare references, and the references that meet inside."""
        facts: list[SchemaFact] = []
        meetings: list[Meeting] = []
        stack: list[tuple[Child, frozenset[str]]] = [(Child(old, new, (), ()), frozenset())]
        while stack:
            child, cut = stack.pop()
            if self._concise:
                child = _unwrapped(child)
            if _says_the_same(child):
                continue
            cut |= _cut(child.old, child.new)
            if (child.old_steps or child.new_steps) and (is_reference(child.old) or is_reference(child.new)):
                meetings.append(Meeting(child.old, child.new, child.old_steps, child.new_steps, cut))
                continue
            found = list(self._spot(child))
            marks = child.flags | flags(child.new, required=False) if child.flags or child.new_steps else frozenset()
            facts.extend(
                replace(item, cut=cut, flags=item.flags | _about(item, marks)) if cut or marks else item
                for item in found
                if isinstance(item, SchemaFact)
            )
            stack.extend((item, cut) for item in reversed(found) if isinstance(item, Child))
        return Compared(facts, meetings)

    def _spot(self, child: Child) -> Iterator[SchemaFact | Child]:
        if isinstance(child.old, bool) or isinstance(child.new, bool):
            yield from _booleans(child)
            if child.old is False or child.new is False:
                return
        if self._concise:
            wrapped_again = self._wrapped_as_is(child)
            if wrapped_again is not None:
                yield from wrapped_again
                return
        spot = Spot(_keywords(child.old), _keywords(child.new), child.old_steps, child.new_steps)
        if spot.old is spot.new:
            return
        found = list(self._families(spot))
        if self._concise:
            other = next((item for item in found if isinstance(item, SchemaFact) and _is_another(item)), None)
            if other is not None:
                yield other
                return
        choice = type_list(spot, self.old_schema, self.new_schema)
        if choice is not None:
            found = [item for item in found if not _claimed(item, _TYPES_AND_STRUCTURE)]
            yield choice
        moved = wrapped(spot, self.new_schema)
        if moved is not None:
            found = [item for item in found if not _claimed(item, ("type", "one-of-")) and not _is_move(item, moved)]
            yield spot.fact("wrapped-in-one-of", "oneOf", name=", ".join(sorted(moved)))
        yield from found

    def _wrapped_as_is(self, child: Child) -> list[SchemaFact | Child] | None:
        """A schema that became one of several alternatives, or the reverse: only the others are news."""
        spot = Spot(_keywords(child.old), _keywords(child.new), child.old_steps, child.new_steps)
        for keyword, family in (("anyOf", "any-of"), ("oneOf", "one-of"), ("allOf", "all-of")):
            for inner, outer, resolve, action in (
                (spot.old, spot.new, self.new_schema, "added"),
                (spot.new, spot.old, self.old_schema, "removed"),
            ):
                branches = listed(outer, keyword)
                if not branches or keyword in inner or set(outer) - ANNOTATIONS - {keyword, "discriminator"}:
                    continue
                same = next((index for index, one in enumerate(branches) if _bare(resolve(one)) == _bare(inner)), None)
                if same is None:
                    continue
                others = [index for index in range(len(branches)) if index != same]
                if keyword == "allOf" and any(_bare(resolve(branches[index])) for index in others):
                    continue
                facts = left_over(spot, keyword, f"{family}-{action}", branches, others, resolve)
                old_steps, new_steps = (*child.old_steps, keyword, same), (*child.new_steps, keyword, same)
                if action == "added":
                    return [*facts, Child(dict(inner), branches[same], child.old_steps, new_steps)]
                return [*facts, Child(branches[same], dict(inner), old_steps, child.new_steps)]
        return None

    def _families(self, spot: Spot) -> Iterator[SchemaFact | Child]:
        said = spot.old.keys() | spot.new.keys()
        for read, values in keywords.FAMILIES:
            if not said.isdisjoint(read):
                yield from values(spot)
        for read, nested in objects.FAMILIES:
            if not said.isdisjoint(read):
                yield from nested(spot)
        if not said.isdisjoint(BRANCHING):
            yield from combinators(spot, self.old_schema, self.new_schema)

    def old_schema(self, schema: Schema) -> Mapping[str, object]:
        """What a schema of the old side says, references followed."""
        return _keywords(follow(schema, self._old)[0])

    def new_schema(self, schema: Schema) -> Mapping[str, object]:
        """What a schema of the new side says, references followed."""
        return _keywords(follow(schema, self._new)[0])


def _about(fact: SchemaFact, marks: frozenset[str]) -> frozenset[str]:
    """The marks of the place that are those of the fact too: a property is not needed because what holds it is."""
    return marks - _NEEDED if fact.family in ("property-added", "property-removed") else marks


def _says_the_same(child: Child) -> bool:
    """True for two schemas below the pair that are written the same and lead nowhere: most parts of two versions.

    Not asked far down: on each level of the way to a difference it looks at all that is below.
    """
    old: Any = child.old
    new: Any = child.new
    if not 0 < len(child.new_steps) <= _SHALLOW or not child.old_steps or not isinstance(old, dict) or old != new:
        return False
    try:  # equal values may differ as JSON: 1 and true
        text = marshal.dumps(old, 2)
        return b"$" not in text and text == marshal.dumps(new, 2)
    except ValueError:  # numbers of YAML that remember how they were written
        return False


def is_reference(schema: Schema) -> bool:
    """True for a schema that is a reference and says nothing else that counts."""
    return isinstance(schema, dict) and isinstance(schema.get("$ref"), str)


def follow(schema: Schema, store: SchemaStore) -> tuple[Schema, str]:
    """What stands behind a chain of references, and the key of the last one ("" for none).

    Siblings of a reference are laid over what it leads to. A chain that leads nowhere, or into itself, accepts
    everything: lint reports it.
    """
    over: dict[str, object] = {}
    key = ""
    seen: set[str] = set()
    while isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
        reference = schema["$ref"]
        over = {**{name: value for name, value in schema.items() if name != "$ref"}, **over}
        if reference in seen or len(seen) > _MAX_CHAIN:
            return over, key
        seen.add(reference)
        key = reference
        try:
            schema = store.resolve(reference)
        except KeyError:
            return over, key
    if not over:
        return schema, key
    return ({**schema, **over} if isinstance(schema, dict) else over if schema else False), key


def _unwrapped(child: Child) -> Child:
    """The pair without combinators of one branch around one side: they say nothing."""
    while True:
        old = _branch_of(child.old, child.new)
        if old is not None:
            child = child._replace(old=old[0], old_steps=(*child.old_steps, *old[1:]))
            continue
        new = _branch_of(child.new, child.old)
        if new is None:
            return child
        child = child._replace(new=new[0], new_steps=(*child.new_steps, *new[1:]))


def _branch_of(schema: Schema, other: Schema) -> tuple[Schema, str, int] | None:
    """The only branch that says something, where the other side has no such combinator to be held against."""
    if not isinstance(schema, dict):
        return None
    keyword = next((name for name in ("allOf", "anyOf", "oneOf") if name in schema), None)
    if keyword is None or set(_bare(schema)) != {keyword} or (isinstance(other, dict) and keyword in other):
        return None
    branches = listed(schema, keyword)
    telling = [index for index, one in enumerate(branches) if isinstance(one, bool) or _bare(one)]
    if (keyword != "allOf" and len(branches) != 1) or len(telling) != 1:
        return None
    if any(schema.get(mark) is True for mark in ("readOnly", "writeOnly", "deprecated")):
        return None
    return branches[telling[0]], keyword, telling[0]


def _bare(schema: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in schema.items() if name not in ANNOTATIONS and not name.startswith("x-")}


def _keywords(schema: Schema) -> Mapping[str, object]:
    if isinstance(schema, bool):
        return _NOTHING if schema else _NEVER
    return schema


def _booleans(child: Child) -> Iterator[SchemaFact]:
    spot = Spot(_NOTHING, _NOTHING, child.old_steps, child.new_steps)
    if (child.old is False) != (child.new is False):
        family = "schema-became-false" if child.new is False else "schema-became-not-false"
        yield spot.fact(family, "type", old=child.old is not False, new=child.new is not False)


def _cut(old: Schema, new: Schema) -> frozenset[str]:
    """What does not flow on either side is not compared for that direction."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return frozenset()
    found = set()
    if old.get("readOnly") is True and new.get("readOnly") is True:
        found.add("in")
    if old.get("writeOnly") is True and new.get("writeOnly") is True:
        found.add("out")
    return frozenset(found)


def _is_move(item: SchemaFact | Child, moved: frozenset[str]) -> bool:
    return isinstance(item, SchemaFact) and item.family == "property-removed" and item.name in moved


def _is_another(fact: SchemaFact) -> bool:
    """True for a type that has nothing in common with the one before."""
    if fact.family != "type":
        return False
    old, new = set(fact.data["old_types"]), set(fact.data["new_types"])  # type: ignore[call-overload]
    return bool(old and new) and not old & new and {*old, *new} != {"integer", "number"}


def _claimed(item: SchemaFact | Child, families: tuple[str, ...]) -> bool:
    if isinstance(item, Child):
        return False
    return any(item.family == name or (name.endswith("-") and item.family.startswith(name)) for name in families)
