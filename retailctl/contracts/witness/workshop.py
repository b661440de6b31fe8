"""Find an instance that one side accepts and the other refuses, and check it before it is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from retailctl.contracts.schemas.store import ContentModel, Polarity, Schema, SchemaStore, Step, Steps
from retailctl.contracts.witness import verdict
from retailctl.contracts.witness.build import NOTHING, Builder
from retailctl.contracts.witness.declared import declared_only
from retailctl.contracts.witness.flat import Asked, way_of, whole
from retailctl.contracts.witness.pools import Change, Pool
from retailctl.contracts.witness.result import NoWitness, SideName, Witness
from retailctl.contracts.witness.sides import Side, Unusable
from retailctl.contracts.witness.verdict import Place, Refusal

MOST_PROPOSALS = 200
Frame = tuple[object, tuple[Place, list[Asked]] | None, int]
# By the ids of sides and schemas, and the steps; the schemas beside it keep the ids their own.
Frames = dict[tuple[object, ...], tuple[Frame, tuple[Schema, Schema]]]
MOST_NODES = 500
_SIZES = ("minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains")
_COMBINED = ("anyOf", "oneOf", "not", "contains")
# What a schema that breaks its own metaschema, or is nested beyond reason, can raise on the way.
_BAD_FORM = (RecursionError, ValueError, TypeError, ArithmeticError, AttributeError, LookupError)
_BAD_FORM_REASON = "the schema is nested too deeply or has a form that no instance can be built from"


class Workshop:
    """Builds witnesses for the positions of one pair of documents."""

    def __init__(self, old: SchemaStore, new: SchemaStore, *, content: ContentModel = "declared") -> None:
        self._content = content
        self._frames: Frames = {}
        self._sides: dict[tuple[SideName, Polarity], Side] = {
            ("old", "in"): Side(old, "in"),
            ("old", "out"): Side(old, "out"),
            ("new", "in"): Side(new, "in"),
            ("new", "out"): Side(new, "out"),
        }

    def find(
        self,
        old: Schema,
        new: Schema,
        *,
        polarity: Polarity,
        old_steps: Steps,
        new_steps: Steps,
        keyword: str,
        value: object = None,
    ) -> Witness | NoWitness:
        """Return an instance of the position on which the sides disagree because of the change at the steps.

        *old* and *new* are the schemas of the whole position. With polarity "in" the instance is accepted by the old
        side and refused by the new one, with "out" the other way round. Never raises.
        """
        first: tuple[SideName, Schema, Steps] = ("old", old, old_steps)
        second: tuple[SideName, Schema, Steps] = ("new", new, new_steps)
        ours, theirs = (first, second) if polarity == "in" else (second, first)
        try:
            search = _Search(
                self._sides[ours[0], polarity], ours[1], ours[2],
                self._sides[theirs[0], polarity], theirs[1], theirs[2],
                Change(keyword, value), self._content, self._frames,
            )  # fmt: skip
            found = search.run()
        except Unusable as error:
            return NoWitness(str(error))
        except _BAD_FORM:
            return NoWitness(_BAD_FORM_REASON)
        if isinstance(found, NoWitness):
            return found
        instance, refusal = found
        return Witness(instance, pointer(refusal.place), ours[0], theirs[0], refusal.clause)


def accepts(schema: Schema, store: SchemaStore, instance: object, polarity: Polarity) -> bool | None:
    """Tell whether *schema* accepts the plain JSON value *instance*; None where the validator cannot say."""
    try:
        return verdict.accepts(Side(store, polarity), schema, instance)
    except (Unusable, *_BAD_FORM):
        return None


def sample(schema: Schema, store: SchemaStore, polarity: Polarity = "in") -> object | NoWitness:
    """Return a small instance that *schema* accepts, checked, or the reason why there is none."""
    side = Side(store, polarity)
    try:
        for value in islice(_small(schema, side), MOST_PROPOSALS):
            if verdict.accepts(side, schema, value):
                return value
    except Unusable as error:
        return NoWitness(str(error))
    except _BAD_FORM:
        return NoWitness(_BAD_FORM_REASON)
    return NoWitness("no instance could be built")


def _small(schema: Schema, side: Side) -> Iterator[object]:
    value = Builder().smallest(whole(schema, side))
    if value is not NOTHING:
        yield value
    yield from Pool(Builder(), whole(schema, side), [], Change(""))


class _Search:
    def __init__(
        self, ours: Side, our_schema: Schema, our_steps: Steps, theirs: Side, their_schema: Schema, their_steps: Steps,
        change: Change, content: ContentModel, frames: Frames,
    ) -> None:  # fmt: skip
        self._ours, self._our_schema, self._our_steps = ours, our_schema, our_steps
        self._theirs, self._their_schema, self._their_steps = theirs, their_schema, their_steps
        self._change = change
        self._content = content
        self._frames = frames
        self._reason = "no instance of the accepting side could be built"
        self._tried: set[str] = set()
        self._too_large = False
        self._second: tuple[object, Refusal] | None = None

    def run(self) -> tuple[object, Refusal] | NoWitness:
        """Judge proposals until one is a witness at its place; else the first one that is a witness elsewhere."""
        self._ours.begin()
        self._theirs.begin()
        try:
            for proposal, at in islice(self._proposals(), MOST_PROPOSALS):
                found = self._judge(proposal, at)
                if found is not None:
                    return found
        except Unusable as error:
            self._reason = str(error)
        if self._second is None and self._too_large and self._change.keyword in _SIZES:
            return NoWitness("a case would have too many parts to be shown")
        return self._second or NoWitness(self._reason)

    def _proposals(self) -> Iterator[tuple[object, Place]]:
        """Yield whole instances, each with the place where the sides should disagree."""
        their_place = _asked_at(self._theirs, self._their_schema, self._their_steps)
        for joint in (False, True):
            frame, place, depth = self._frame(joint=joint)
            if frame is NOTHING or place is None:
                continue
            path, our_place = place
            builder = Builder()
            builder.depth = depth
            here = [one for one in our_place if one.side is self._ours]
            pool = Pool(builder, here, their_place, self._change)
            self._too_large |= pool.is_too_large
            for part in islice(pool, MOST_PROPOSALS * 2 // 3):
                proposal = _replaced(frame, path, part)
                if proposal is not NOTHING:
                    yield proposal, path
        # The way may end in a part that no instance reaches by construction: vary the whole position.
        yield from (
            (proposal, ())
            for proposal in Pool(
                Builder(), whole(self._our_schema, self._ours), whole(self._their_schema, self._theirs), self._change, 3
            )
        )

    def _frame(self, *, joint: bool) -> Frame:
        """Return the smallest instance that leads to the place; the same for every change of the place."""
        key = (
            id(self._ours), id(self._our_schema), self._our_steps, id(self._theirs) if joint else 0,
            id(self._their_schema) if joint else 0,
        )  # fmt: skip
        known = self._frames.get(key)
        if known is None:
            builder = Builder()
            asked = [Asked(self._ours, self._our_schema, way_of(self._our_steps))]
            if joint:
                asked.append(Asked(self._theirs, self._their_schema))
            frame = builder.smallest(asked)
            known = (frame, builder.place, builder.depth), (self._our_schema, self._their_schema)
            self._frames[key] = known
        return known[0]

    def _is_new(self, proposal: object) -> bool:
        text = _key(proposal)
        if text in self._tried:
            return False
        self._tried.add(text)
        is_small = _nodes(proposal) <= MOST_NODES
        self._too_large |= not is_small
        return is_small

    def _judge(self, proposal: object, at: Place) -> tuple[object, Refusal] | None:
        if not self._is_new(proposal) or not verdict.accepts(self._ours, self._our_schema, proposal):
            return None
        if self._content == "declared" and not declared_only(self._ours, self._our_schema, proposal):
            self._reason = "only properties that the accepting side does not declare would make the difference"
            return None
        refusals = verdict.refusals(self._theirs, self._their_schema, proposal)
        if not refusals:
            if self._reason.startswith("no instance"):
                self._reason = "every instance that was tried is accepted by both sides"
            return None
        for refusal in refusals:
            if refusal.place[: len(at)] == at:
                return proposal, refusal
        for refusal in refusals:
            # A combinator above the place says no because none of its branches does: the place is what is wrong.
            if refusal.keyword in _COMBINED and at[: len(refusal.place)] == refusal.place:
                return proposal, replace(refusal, place=at)
        self._second = self._second or (proposal, refusals[0])
        return None


def pointer(place: Place) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


_IN_PLACE = {"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas"}
_NUMBERED = {"allOf", "anyOf", "oneOf", "prefixItems", "properties", "patternProperties", "dependentSchemas"}


def _asked_at(side: Side, schema: Schema, steps: Steps) -> list[Asked]:
    """Return what the refusing side asks of the value at its place; nothing where the way does not lead on."""
    level: object = schema
    at: object = schema
    since = 0
    index = 0
    while index < len(steps):
        step = steps[index]
        if not isinstance(at, (dict, Mapping)):
            return []
        if step == "$ref":
            at = side.resolve(at.get("$ref"))
            index += 1
            continue
        at = at.get(str(step))
        index += 1
        if step in _NUMBERED and index < len(steps):
            at = _inside(at, steps[index])
            index += 1
        if step not in _IN_PLACE:
            level, since = at, index
    return [] if at is None else [Asked(side, level, way_of(steps[since:]))]


def _inside(at: object, step: Step) -> object:
    if isinstance(at, (dict, Mapping)):
        return at.get(str(step))
    if isinstance(at, list | tuple) and str(step).isdecimal() and int(step) < len(at):
        return at[int(step)]
    return None


def _replaced(frame: object, path: Place, part: object) -> object:
    """Return *frame* with *part* at *path*, or NOTHING if the path does not lead there."""
    owners: list[object] = []
    at = frame
    for step in path:
        owners.append(at)
        known = step in at if isinstance(at, dict) else isinstance(at, list) and step in range(len(at))
        if not known or not isinstance(at, dict | list):
            return NOTHING
        at = at[step]  # type: ignore[index]  # of the right kind: it was looked for
    for owner, step in zip(reversed(owners), reversed(path), strict=True):
        if isinstance(owner, dict):
            part = {**owner, step: part}
        elif isinstance(owner, list) and isinstance(step, int):
            part = [*owner[:step], part, *owner[step + 1 :]]
    return part


def _key(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _nodes(value: object) -> int:
    total = 0
    pending = [value]
    while pending:
        at = pending.pop()
        total += 1
        if isinstance(at, dict):
            pending.extend(at.values())
        elif isinstance(at, list):
            pending.extend(at)
    return total
