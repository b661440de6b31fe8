"""Several schemas on one value, laid side by side.

References and allOf branches are followed into a list of *shapes*; where there is a choice (anyOf, oneOf, a condition,
null), one flat is yielded per choice. Nothing is merged into a new schema: a flat only holds what a generator
of values needs to know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf, isfinite
from typing import Final

from retailctl.contracts.schemas.store import Schema, Step, Steps
from retailctl.contracts.witness.sides import Side, Unusable, listing, mapping, nullable
from retailctl.contracts.witness.slices import RANGES

TYPES = ("string", "integer", "number", "boolean", "object", "array", "null")
TAG = "\0tag"  # a value to try first; no document can have this keyword, and no validator sees it
_NULL: Mapping[str, object] = {"type": ["null"]}
_MOST_STATES = 600
_MOST_SHAPES = 20_000
_MOST_BRANCHES = 500


# Steps as a chain of pairs: passing a step costs nothing, however long the way, and its rest is one object.
Way = tuple[()] | tuple[Step, "Way"]


def way_of(steps: Steps) -> Way:
    """Return *steps* as a chain."""
    way: Way = ()
    for step in reversed(steps):
        way = (step, way)
    return way


@dataclass(frozen=True, slots=True)
class Asked:
    """A schema asked of a value, and the way to the place of interest if it leads through here."""

    side: Side
    schema: object
    steps: Way | None = None  # () is the place itself, None means elsewhere
    hidden: frozenset[str] = frozenset()

    def key(self) -> tuple[int, int, int, frozenset[str]]:
        """Return what tells two of them apart; schemas live as long as their store."""
        return id(self.side), id(self.schema), id(self.steps), self.hidden


@dataclass(slots=True)
class Flat:
    """What one value must satisfy, after all choices."""

    shapes: list[Asked] = field(default_factory=list)
    place: bool = False
    hard: bool = False  # says more than the fields below: check the value before use
    types: tuple[str, ...] | None = None
    values: list[object] | None = None
    low: float = -inf
    high: float = inf
    over: float = -inf  # exclusive
    under: float = inf
    factors: list[float] = field(default_factory=list)
    shortest: int = 0
    longest: int | None = None
    patterns: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    fewest_items: int = 0
    most_items: int | None = None
    unique: bool = False
    fewest_members: int = 0
    most_members: int | None = None


def flats(asked: Iterable[Asked]) -> Iterator[Flat]:
    """Yield one flat for each combination of choices, the first branches first; their number is bounded."""
    states: list[_State] = [_State(list(asked)[::-1], [], set(), False, False)]
    for _ in range(_MOST_STATES):
        if not states:
            return
        state = states.pop()
        branches = state.run()
        if branches is None:
            continue
        if not branches:
            flat = _merged(state)
            if flat is not None:
                yield flat
            continue
        states.extend(state.fork(branch) for branch in reversed(branches[:_MOST_BRANCHES]))


@dataclass(slots=True)
class _State:
    pending: list[Asked]
    shapes: list[Asked]
    seen: set[tuple[int, int, int, frozenset[str]]]
    place: bool
    hard: bool
    choices: list[list[list[Asked]]] = field(default_factory=list)

    def fork(self, branch: list[Asked]) -> _State:
        return _State(branch[::-1], list(self.shapes), set(self.seen), self.place, self.hard, list(self.choices))

    def run(self) -> list[list[Asked]] | None:
        """Lay out what is pending; return the branches of the next choice, [] at the end, None if nothing can fit."""
        while self.pending:
            at = self.pending.pop()
            if at.key() in self.seen:
                continue
            at.side.spend()
            if len(self.seen) > _MOST_SHAPES:
                raise Unusable("too many schemas meet in one value")
            self.seen.add(at.key())
            self.place |= at.steps == ()
            if at.schema is False:
                return None
            if isinstance(at.schema, (dict, Mapping)):
                self._lay(at, at.schema)
        return self.choices.pop(0) if self.choices else []

    def _lay(self, at: Asked, schema: Mapping[str, object]) -> None:
        side = at.side
        if nullable(schema):
            rest = Asked(side, side.non_null(schema), at.steps, at.hidden)
            self.choices.append([[rest], [Asked(side, _NULL)]] if not at.steps else [[rest]])
            return
        hidden = at.hidden | side.hidden(schema)
        step, rest_of_way = _split(at.steps)
        if "$ref" in schema:
            way = rest_of_way if step == "$ref" else None
            self.pending.append(Asked(side, side.resolve(schema["$ref"]), way, hidden))
        for index, part in reversed(list(enumerate(listing(schema.get("allOf"))))):
            self.pending.append(Asked(side, part, _way(at.steps, "allOf", index), hidden))
        for key in ("anyOf", "oneOf"):
            if key in schema:
                self.choices.append(_branches(at, schema, key, hidden))
                self.hard |= key == "oneOf"
        if "if" in schema:
            self.choices.append(_condition(at, schema, hidden))
            self.hard = True
        if "not" in schema:
            self.hard = True
            self.place |= step == "not"
        self._dependents(at, schema, hidden)
        self.hard |= any(key in schema for key in ("propertyNames", "unevaluatedProperties", "unevaluatedItems"))
        self.shapes.append(Asked(side, schema, at.steps, hidden))

    def _dependents(self, at: Asked, schema: Mapping[str, object], hidden: frozenset[str]) -> None:
        for name, part in mapping(schema.get("dependentSchemas")).items():
            way = _way(at.steps, "dependentSchemas", name)
            if way is not None:
                self.pending.append(Asked(at.side, {"required": [name]}))
            is_there = name in listing(schema.get("required")) or _way(at.steps, "properties", name) is not None
            if way is not None or is_there:
                self.pending.append(Asked(at.side, part, way, hidden))
            else:
                self.hard = True


def _split(way: Way | None) -> tuple[Step | None, Way]:
    return way or (None, ())


def _way(steps: Way | None, key: str, index: Step | None = None) -> Way | None:
    """Return the rest of the way behind *key* (and *index*), None if it does not lead there."""
    if not steps or steps[0] != key:
        return None
    rest = steps[1]
    if index is None:
        return rest
    return rest[1] if rest and str(rest[0]) == str(index) else None


def child_way(asked: Asked, key: str, index: Step | None = None) -> Way | None:
    """Return the rest of the way of a shape behind a keyword for parts of the value."""
    return _way(asked.steps, key, index)


def _branches(at: Asked, schema: Mapping[str, object], key: str, hidden: frozenset[str]) -> list[list[Asked]]:
    parts = list(enumerate(listing(schema[key])))
    forced = [(index, part) for index, part in parts if _way(at.steps, key, index) is not None]
    tags = _tags(schema)
    found: list[list[Asked]] = []
    for index, part in forced or parts:
        branch = [Asked(at.side, part, _way(at.steps, key, index), hidden)]
        if tags is not None and isinstance(part, (dict, Mapping)):
            tag = _tag(tags, part.get("$ref"))
            if tag is not None:
                branch.append(Asked(at.side, tag))
        found.append(branch)
    return found


def _tags(schema: Mapping[str, object]) -> tuple[str, Mapping[str, object]] | None:
    discriminator = mapping(schema.get("discriminator"))
    name = discriminator.get("propertyName")
    return (name, mapping(discriminator.get("mapping"))) if isinstance(name, str) else None


def _tag(tags: tuple[str, Mapping[str, object]], key: object) -> Mapping[str, object] | None:
    """Return a schema that sets the discriminator to the value that stands for the branch behind *key*."""
    if not isinstance(key, str):
        return None
    name, values = tags
    value = min((tag for tag, target in values.items() if target == key), default=key.rpartition("/")[2])
    return {"required": [name], "properties": {name: {TAG: value}}}


def _condition(at: Asked, schema: Mapping[str, object], hidden: frozenset[str]) -> list[list[Asked]]:
    ways = {key: _way(at.steps, key) for key in ("if", "then", "else")}
    met = [Asked(at.side, schema[key], ways[key], hidden) for key in ("if", "then") if key in schema]
    unmet = [Asked(at.side, schema.get("else", True), ways["else"], hidden)]
    if ways["else"] is not None:
        return [unmet]
    return [met] if ways["if"] is not None or ways["then"] is not None else [unmet, met]


_NUMERIC: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"})
_MERGED: Final = _NUMERIC | {
    "type", "enum", "const", "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
    "minProperties", "maxProperties",
}  # fmt: skip


def _merged(state: _State) -> Flat | None:
    flat = Flat(state.shapes, state.place, state.hard)
    for asked in state.shapes:
        schema = asked.schema
        if isinstance(schema, (dict, Mapping)) and not _MERGED.isdisjoint(schema):
            _merge(flat, schema)
    if flat.types == ():
        return None
    return flat


def _merge(flat: Flat, schema: Mapping[str, object]) -> None:
    types = schema.get("type")
    if types is not None:
        names = [str(name) for name in ((types,) if isinstance(types, str) else listing(types)) if name in TYPES]
        flat.types = tuple(names) if flat.types is None else _both(flat.types, names)
    values = listing(schema["enum"]) if "enum" in schema else None
    if "const" in schema:
        values = (schema["const"],)
    if values is not None:
        plain_values = [plain(value) for value in values]
        known = flat.values
        flat.values = plain_values if known is None else _listed_in(known, plain_values)
    if not _NUMERIC.isdisjoint(schema):
        _merge_numbers(flat, schema)
    flat.shortest = max(flat.shortest, count(schema.get("minLength")))
    flat.longest = _least(flat.longest, schema.get("maxLength"))
    if isinstance(pattern := schema.get("pattern"), str) and pattern not in flat.patterns:
        flat.patterns.append(pattern)
    if isinstance(form := schema.get("format"), str) and form not in flat.formats:
        flat.formats.append(form)
    flat.fewest_items = max(flat.fewest_items, count(schema.get("minItems")))
    flat.most_items = _least(flat.most_items, schema.get("maxItems"))
    flat.unique |= schema.get("uniqueItems") is True
    flat.fewest_members = max(flat.fewest_members, count(schema.get("minProperties")))
    flat.most_members = _least(flat.most_members, schema.get("maxProperties"))


def _merge_numbers(flat: Flat, schema: Mapping[str, object]) -> None:
    flat.low = max(flat.low, _number(schema.get("minimum"), -inf))
    flat.high = min(flat.high, _number(schema.get("maximum"), inf))
    flat.over = max(flat.over, _number(schema.get("exclusiveMinimum"), -inf))
    flat.under = min(flat.under, _number(schema.get("exclusiveMaximum"), inf))
    factor = _number(schema.get("multipleOf"), 0)
    if factor > 0:
        flat.factors.append(factor)
    form = schema.get("format")
    if isinstance(form, str) and form in RANGES:
        low, high = RANGES[form]
        flat.low, flat.high = max(flat.low, low), min(flat.high, high)


def _both(known: tuple[str, ...], names: list[str]) -> tuple[str, ...]:
    """Intersect two lists of types; an integer is a number."""
    kept = [name for name in known if name in names or (name == "integer" and "number" in names)]
    if "number" in known and "integer" in names and "integer" not in kept:
        kept.append("integer")
    return tuple(kept)


def _listed_in(values: list[object], others: list[object]) -> list[object]:
    keys = same_values(others)
    return [value for value in values if value_key(value) in keys]


def _number(value: object, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return default
    found = plain(value)
    return found if isinstance(found, int | float) and (isinstance(found, int) or isfinite(found)) else default


def count(value: object) -> int:
    """Return a keyword's value as a count, 0 if it is none."""
    if not isinstance(value, int | float | Decimal):
        return 0
    return int(min(max(value, 0), 10**9))


def _least(known: int | None, value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return known
    return count(value) if known is None else min(known, count(value))


def plain(value: object) -> object:
    """Return *value* as json.dumps takes it: decimals become numbers, other mappings and sequences dicts and lists."""
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and abs(value) < 10**18:
            return int(value)
        return float(value)
    if isinstance(value, (dict, Mapping)):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def whole(schema: Schema, side: Side) -> list[Asked]:
    """Return the one schema as something to build from."""
    return [Asked(side, schema)]


def same_values(values: Iterable[object]) -> frozenset[str]:
    """Return keys of JSON values, to look others up with ``value_key``."""
    return frozenset(map(value_key, values))


def value_key(value: object) -> str:
    """Return a text that equal JSON values share (1 and 1.0 are equal, true and 1 are not)."""
    if isinstance(value, str):
        return '"' + value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)
