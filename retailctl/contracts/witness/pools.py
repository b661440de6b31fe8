"""Values on which two schemas may disagree: around the limits of either, in each branch, with and without each part.

A pool only proposes. Which value is a witness is for the validator to say, so a proposal may be wrong but must be
cheap.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, islice

from retailctl.contracts.witness import regex
from retailctl.contracts.witness.build import NOTHING, Builder, extras, items, kinds, members, optional
from retailctl.contracts.witness.flat import TYPES, Asked, Flat, count, flats, plain, same_values, value_key, way_of
from retailctl.contracts.witness.scalars import numbers, strings
from retailctl.contracts.witness.sides import Unusable, listing, mapping

_CHOICES = 24
_MOST_PARTS = 120  # items or properties in a proposal
_INNER = ("not", "if", "then", "else", "contains", "propertyNames")
_CHOOSING = ("$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "nullable", "discriminator")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "values": ("enum", "const"),
    "nulls": ("nullable",),
    "branches": ("anyOf", "oneOf", "allOf", "$ref", "discriminator"),
    "types": ("type",),
    "overlaps": ("oneOf", "not"),
    "numbers": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "texts": ("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"),
    "arrays": (
        "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
        "unevaluatedItems", "additionalItems",
    ),
    "objects": (
        "required", "properties", "additionalProperties", "patternProperties", "minProperties", "maxProperties",
        "dependentRequired", "dependentSchemas", "propertyNames", "unevaluatedProperties", "readOnly", "writeOnly",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What is known of a change: the keyword, and the value at issue."""

    keyword: str
    value: object = None


class Pool:
    """Proposals for one place. *ours* must accept what *theirs* should refuse."""

    def __init__(
        self, builder: Builder, ours: list[Asked], theirs: list[Asked], change: Change, depth: int = 2
    ) -> None:
        self._builder = builder
        self._asked, self._refusing = ours, theirs
        self._change = change
        self._depth = depth
        self._theirs = _readable(theirs)
        if any(one.steps for one in theirs):
            self._theirs += _readable(_elsewhere(theirs))  # the branch at issue first, then all
        self._ours = _new_first(list(flats(ours)), self._theirs)[:_CHOICES]
        self._theirs = self._theirs[:_CHOICES]
        self._excluded = [inner for flat in (*self._ours, *self._theirs) for inner in _inner(flat)]
        self._theirs += self._excluded

    @property
    def is_too_large(self) -> bool:
        """Tell if a limit on the number of items or properties is beyond what is proposed."""
        both = (*self._ours, *self._theirs)
        limits = [(flat.fewest_items, flat.most_items, flat.fewest_members, flat.most_members) for flat in both]
        return any(limit is not None and limit > _MOST_PARTS for each in limits for limit in each)

    def __iter__(self) -> Iterator[object]:
        if self._change.value is not None and self._change.keyword in {"enum", "const", "default", "type"}:
            yield from self._stated()
        groups: dict[str, Callable[[], Iterator[object]]] = {
            "values": self._values,
            "nulls": self._nulls,
            "branches": self._branches,
            "types": self._types,
            "overlaps": self._overlaps,
            "numbers": self._numbers,
            "texts": self._texts,
            "arrays": self._arrays,
            "objects": self._objects,
        }
        first = [name for name, words in _WORDS.items() if self._change.keyword in words]
        for name in (*first, *(name for name in groups if name not in first)):
            yield from islice(groups[name](), 80)

    def _stated(self) -> Iterator[object]:
        """Yield the value that the change names: an enum value, or one of a type."""
        value = self._change.value
        for one in value if isinstance(value, list | tuple | frozenset) else (value,):
            if self._change.keyword == "type" and one in TYPES:
                yield from islice(self._typed(str(one)), 3)
            yield plain(one)

    def _values(self) -> Iterator[object]:
        ours = [value for flat in self._ours for value in flat.values or ()]
        theirs = [value for flat in self._theirs for value in flat.values or ()]
        known = same_values(theirs)
        yield from islice((value for value in ours if value_key(value) not in known), 12)
        yield from islice(theirs, 4)
        yield from islice(ours, 4)
        text = next((value for value in (*theirs, *ours) if isinstance(value, str)), None)
        if text is not None:
            yield from (text + "x", text.swapcase())

    @staticmethod
    def _nulls() -> Iterator[object]:
        yield None

    def _types(self) -> Iterator[object]:
        theirs = {kind for flat in self._theirs for kind in kinds(flat)}
        for kind in sorted(TYPES, key=lambda kind: kind in theirs):
            yield from islice(self._typed(kind), 2)
        if "integer" in theirs:
            yield from (value for flat in self._ours for value in islice(_broken(numbers(flat, False)), 2))

    def _branches(self) -> Iterator[object]:
        at = self._change.value
        stated: list[Flat] = []
        if isinstance(at, int):  # the change names the branch
            step = way_of((self._change.keyword, at))
            stated = _readable([Asked(one.side, one.schema, step, one.hidden) for one in self._asked if not one.steps])
        for flat in (*stated, *self._ours):
            yield from islice(self._builder.of(flat, self._builder.depth), 1)

    def _typed(self, kind: str) -> Iterator[object]:
        for flat in self._ours:
            if flat.values is None and kind in kinds(flat):
                yield from islice(self._builder.of_kind(flat, kind, self._builder.depth), 2)
            elif kind == "integer" and flat.values is None and "number" in kinds(flat):
                yield from islice(numbers(flat, True), 2)

    def _overlaps(self) -> Iterator[object]:
        """Yield what the branches of the other side and its ``not`` describe, then values that fit two branches."""
        branches = [
            Asked(shape.side, part, None, shape.hidden)
            for flat in self._theirs
            for shape in flat.shapes
            for key in ("oneOf", "anyOf")
            for part in listing(mapping(shape.schema).get(key))
        ]
        for flat in self._excluded:
            yield from islice(self._built([*_elsewhere(self._asked), *flat.shapes]), 1)
        for one, other in islice(combinations(branches, 2), 40):
            yield from islice(self._built([*_elsewhere(self._asked), one, other]), 1)

    def _built(self, asked: list[Asked]) -> Iterator[object]:
        try:
            value = self._builder.smallest(_elsewhere(asked))
        except Unusable:
            return
        if value is not NOTHING:
            yield value

    def _numbers(self) -> Iterator[object]:
        for flat in self._ours:
            allowed = kinds(flat)
            if flat.values is None and ("number" in allowed or "integer" in allowed):
                yield from islice(numbers(flat, "number" not in allowed, self._theirs), 40)

    def _texts(self) -> Iterator[object]:
        above = [flat.longest + 1 for flat in self._theirs if flat.longest is not None]
        below = [flat.shortest - 1 for flat in self._theirs if flat.shortest > 0]
        own = [bound for flat in self._ours for bound in (flat.longest, flat.shortest) if bound]
        lengths = [*above, *below, *own, *(length + 1 for length in own)]
        texts = [flat for flat in self._ours if flat.values is None and "string" in kinds(flat)]
        for flat in texts:
            yield from islice(strings(flat, lengths), 40)
            yield from (text for other in self._theirs for text in islice(_near(other), 12))

    def _arrays(self) -> Iterator[object]:
        bounds = [
            bound
            for flat in (*self._theirs, *self._ours)
            for bound in (flat.fewest_items, flat.most_items)
            if bound is not None
        ]
        sizes = sorted(
            {size for bound in bounds for size in (bound - 1, bound, bound + 1) if 0 <= size <= _MOST_PARTS}
            | {0, 1, 2, 3}
        )
        for flat in self._ours:
            if flat.values is not None or "array" not in kinds(flat):
                continue
            yield from islice(self._builder.of_kind(flat, "array", self._builder.depth), 2)
            # Two equal items before anything longer: what uniqueItems forbids.
            for size in sizes:
                yield from islice(self._sized(flat, size), 1)
                yield from self._repeated(flat, size)
            yield from self._containing(flat)
            for index in range(4) if self._depth else ():
                yield from self._with_item(flat, index)

    def _sized(self, flat: Flat, size: int) -> Iterator[object]:
        shape: Mapping[str, object] = {"minItems": size, "maxItems": size}
        yield from self._built([*flat.shapes, Asked(flat.shapes[0].side, shape)] if flat.shapes else [])

    def _repeated(self, flat: Flat, size: int) -> Iterator[object]:
        if not 2 <= size <= 6:
            return
        asked = items(flat, 0, size) + items(flat, size - 1, size)
        part = self._builder.build(_elsewhere(asked), self._builder.depth) if asked else "x"
        if part is not NOTHING:
            yield [part] * size

    def _containing(self, flat: Flat) -> Iterator[object]:
        """Yield arrays with as many items that fit a contains of the other side as it does not want."""
        shapes = [shape for other in self._theirs for shape in other.shapes if "contains" in mapping(shape.schema)]
        for shape in shapes:
            schema = mapping(shape.schema)
            asked = [*_elsewhere(items(flat, 0, 1)), Asked(shape.side, schema["contains"])]
            part = self._builder.build(asked, self._builder.depth)
            for limit in {count(schema.get("minContains", 1)), count(schema.get("maxContains", 1))}:
                for size in (limit - 1, limit + 1):
                    if part is not NOTHING and 0 <= size <= 100:
                        yield [part] * size

    def _with_item(self, flat: Flat, index: int) -> Iterator[object]:
        build, depth = self._builder.build, self._builder.depth
        front = [build(_elsewhere(items(flat, at, index + 1)), depth) for at in range(index)]
        if any(part is NOTHING for part in front):
            return
        theirs = [one for other in self._theirs for one in items(other, index, index + 1)]
        for part in self._inside(items(flat, index, index + 1), theirs):
            yield [*front, part]

    def _inside(self, ours: list[Asked], theirs: list[Asked]) -> Iterator[object]:
        """Yield proposals for a part of the value; one level less deep."""
        if not ours:
            yield from ("x", 1, None, True, {}, [])
            ours = theirs
        if self._depth <= 0 or not ours:
            return
        inner = Pool(self._builder, _elsewhere(ours), _elsewhere(theirs), Change(""), self._depth - 1)
        yield from islice(inner, 25)

    def _objects(self) -> Iterator[object]:
        bases: list[tuple[Flat, dict[str, object]]] = []
        added = self._change.keyword == "properties"
        for flat in self._about_first() if added else self._ours:
            if flat.values is None and "object" in kinds(flat):
                base = next(iter(self._builder.of_kind(flat, "object", self._builder.depth)), None)
                if isinstance(base, dict):
                    bases.append((flat, base))
                    if not added:  # else what it names must be there to make a difference
                        yield base
        if added:
            for flat, base in bases:
                yield from self._with_named(flat, base)
            yield from (base for _, base in bases)
        for flat, base in bases:
            yield from self._members(flat, base)

    def _members(self, flat: Flat, base: dict[str, object]) -> Iterator[object]:
        named = [name for name in self._named() if name not in base]
        declared = [name for name in chain(optional(flat), *map(optional, self._theirs)) if name not in base]
        names = list(dict.fromkeys([*named, *declared]))[:40]
        full = dict(base)
        depends = any("dependentRequired" in mapping(shape.schema) for shape in flat.shapes)
        for name in names:
            part = self._part(flat, name)
            if part is not NOTHING:
                full[name] = part
                yield {**base, name: part}
            if depends:  # the name may bring others with it
                yield from self._built([*flat.shapes, Asked(flat.shapes[0].side, {"required": [name]})])
        yield from self._sizes(flat, full, base)
        yield from _without_one(base, base)
        if len(full) > len(base):  # another property where some must be there
            yield from _without_one(full, base)
        others = [name for other in self._theirs for name in islice(extras(other), 8)]
        own = list(islice(extras(flat), 12))
        for name in dict.fromkeys(["x", *own, *others, *_odd_names()]):
            if name not in base:
                part = self._part(flat, name)
                if part is not NOTHING:
                    yield {**base, name: part}
        for name in dict.fromkeys([*self._named(), *base, *names, "x"]) if self._depth else ():
            theirs = [one for other in self._theirs for one in members(other, name)]
            for part in self._inside(members(flat, name), theirs):
                yield {**base, name: part}

    def _about_first(self) -> list[Flat]:
        """The choices that declare what the change names before those that do not."""
        named = set(self._named())
        return sorted(self._ours, key=lambda flat: named.isdisjoint(optional(flat)))

    def _with_named(self, flat: Flat, base: dict[str, object]) -> Iterator[object]:
        for name in self._named():
            if name not in base and (part := self._part(flat, name)) is not NOTHING:
                yield {**base, name: part}

    def _named(self) -> list[str]:
        value = self._change.value
        return [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if isinstance(one, str)]

    def _part(self, flat: Flat, name: str) -> object:
        asked = members(flat, name)
        return self._builder.build(_elsewhere(asked), self._builder.depth) if asked else "x"

    def _sizes(self, flat: Flat, full: dict[str, object], base: dict[str, object]) -> Iterator[object]:
        bounds = {
            bound
            for flat in (*self._theirs, *self._ours)
            for bound in (flat.fewest_members, flat.most_members)
            if bound is not None
        }
        sizes = sorted({size for bound in bounds for size in (bound - 1, bound, bound + 1)})
        room = dict(full)
        for name in (f"x{number}" for number in range(min(sizes[-1] if sizes else 0, _MOST_PARTS))):
            part = self._part(flat, name)
            if part is not NOTHING:
                room[name] = part
        for source in (full, room):
            for size in sizes:
                if len(base) <= size <= len(source):
                    yield dict(islice(source.items(), size))
        if len(full) > len(base) + 1:
            yield full


def _elsewhere(asked: list[Asked]) -> list[Asked]:
    """Forget the way: what is built now need not hold the place."""
    return [Asked(one.side, one.schema, None, one.hidden) for one in asked]


def _readable(asked: list[Asked]) -> list[Flat]:
    try:
        return list(flats(asked))
    except Unusable:
        return []


def _new_first(ours: list[Flat], theirs: list[Flat]) -> list[Flat]:
    """Put choices that the other side does not have, word for word, before those it has."""
    if len(ours) < 2:
        return ours
    words: dict[int, str] = {}
    known = {_wording(flat, words) for flat in theirs}
    return sorted(ours, key=lambda flat: _wording(flat, words) in known)


def _wording(flat: Flat, words: dict[int, str]) -> str:
    for shape in flat.shapes:
        if id(shape.schema) not in words:
            own = {key: value for key, value in mapping(shape.schema).items() if key not in _CHOOSING}
            words[id(shape.schema)] = json.dumps(own, default=str, sort_keys=True)
    return "\n".join(words[id(shape.schema)] for shape in flat.shapes)


def _inner(flat: Flat) -> list[Flat]:
    """Return the flats of what a shape excludes, or asks only under a condition."""
    found: list[Flat] = []
    for shape in flat.shapes:
        for key in _INNER:
            part = mapping(shape.schema).get(key)
            if isinstance(part, (dict, Mapping)):
                found.extend(_readable([Asked(shape.side, part, None, shape.hidden)])[:4])
    return found


def _broken(found: Iterator[float]) -> Iterator[float]:
    return (number for number in found if number != int(number))


def _near(flat: Flat) -> Iterator[str]:
    """Yield texts that nearly or fully satisfy the other side."""
    for pattern in flat.patterns:
        for text in islice(regex.samples(pattern), 4):
            yield from (text, text + "!", text + "x", text[:-1], "!" + text)
    yield from islice(strings(flat), 4)


def _without_one(value: dict[str, object], names: Iterable[str]) -> Iterator[object]:
    for gone in names:
        yield {name: part for name, part in value.items() if name != gone}


def _odd_names() -> tuple[str, ...]:
    return ("x1", "X", "1", "x-y", "")
