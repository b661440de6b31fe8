"""Build the smallest value that satisfies some schemas and, if told, holds a place inside them.

Only what is required is put in. The depth of nesting is bounded and raised in stages, so that of a schema that
contains itself the shortest way out is taken; what failed at a depth is not tried again at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from retailctl.contracts.witness import patterns, regex
from retailctl.contracts.witness.flat import TAG, TYPES, Asked, Flat, child_way, count, flats, plain
from retailctl.contracts.witness.scalars import numbers, strings
from retailctl.contracts.witness.sides import listing, mapping
from retailctl.contracts.witness.verdict import Place, accepts

NOTHING = object()
STAGES = (2, 3, 4, 6, 12, 40, 115)
_MOST_WORK = 3000
_MOST_ITEMS = 150
_MEMBERS = ("properties", "additionalProperties", "patternProperties", "unevaluatedProperties", "propertyNames")
_ITEMS = ("items", "prefixItems", "contains", "unevaluatedItems")
_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("object", (*_MEMBERS, "required", "minProperties", "maxProperties", "dependentRequired")),
    ("array", (*_ITEMS, "minItems", "maxItems", "uniqueItems")),
    ("string", ("pattern", "minLength", "maxLength", "format")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)
_CLASSES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "object": (dict,),
    "array": (list,), "null": (type(None),),
}  # fmt: skip


def is_type(value: object, types: tuple[str, ...] | None) -> bool:
    """Tell whether a plain JSON value has one of the types."""
    if types is None:
        return True
    return any(
        isinstance(value, _CLASSES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in types
    )


class Builder:
    """One search; its work is bounded as a whole."""

    def __init__(self) -> None:
        self.place: tuple[Place, list[Asked]] | None = None
        self.depth = 12  # what parts built later may need
        self._path: list[str | int] = []
        self._work = _MOST_WORK
        self._failed: dict[frozenset[object], tuple[int, list[Asked]]] = {}

    def smallest(self, asked: list[Asked]) -> object:
        """Return a small value for all of *asked*, or NOTHING. Raises Unusable for schemas that cannot be read."""
        for depth in STAGES:
            value = self.build(asked, depth)
            self.depth = max(self.depth, depth)
            if value is not NOTHING or self._work <= 0:
                return value
        return NOTHING

    def build(self, asked: list[Asked], depth: int) -> object:
        """Return the first value that needs no more than *depth* levels, or NOTHING."""
        if depth <= 0:
            return NOTHING
        key = frozenset(one.key() for one in asked)
        if self._failed.get(key, (0,))[0] >= depth:
            return NOTHING
        for value in self.values(asked, depth):
            return value
        self._failed[key] = (depth, asked)
        return NOTHING

    def values(self, asked: list[Asked], depth: int) -> Iterator[object]:
        """Yield values for *asked*: all choices, all types, and a few variants of each."""
        outside = all(one.steps is None for one in asked)
        for flat in flats(asked):
            for value in self.of(flat, depth):
                self._work -= 1
                if self._work <= 0:
                    return
                if flat.hard and outside and not _holds(asked, value):
                    continue
                if flat.place:
                    self.place = tuple(self._path), asked
                yield value

    def of(self, flat: Flat, depth: int) -> Iterator[object]:
        """Yield values for one flat: of all types, and a few variants of each."""
        if flat.values is not None:
            yield from islice((value for value in flat.values if is_type(value, flat.types)), 40)
            return
        for shape in flat.shapes:
            tag = mapping(shape.schema).get(TAG)
            if tag is not None and is_type(tag, flat.types):
                yield tag
        for kind in kinds(flat):
            yield from self.of_kind(flat, kind, depth)

    def of_kind(self, flat: Flat, kind: str, depth: int) -> Iterator[object]:
        """Yield values of one type."""
        if kind == "object":
            yield from self._objects(flat, depth)
        elif kind == "array":
            yield from self._arrays(flat, depth)
        elif kind == "string":
            for text in strings(flat):
                if all(patterns.matches(pattern, text) for pattern in flat.patterns):
                    yield text
        elif kind in {"number", "integer"}:
            yield from numbers(flat, kind == "integer")
        elif kind == "boolean":
            yield from (True, False)
        else:
            yield None

    def _objects(self, flat: Flat, depth: int) -> Iterator[object]:
        names = self._names(flat)
        if flat.most_members is not None and len(names) > flat.most_members:
            return
        value: dict[str, object] = {}
        for name in names:
            part = self._child(name, members(flat, name), depth)
            if part is NOTHING:
                return
            value[name] = part
        for name in self._fillers(flat, value):
            part = self._child(name, members(flat, name), depth)
            if part is not NOTHING:
                value[name] = part
        if len(value) < flat.fewest_members:
            return
        yield value
        for name in names:
            for part in islice(self.values(members(flat, name), depth - 1), 1, 3):
                yield {**value, name: part}

    def _child(self, name: str | int, asked: list[Asked], depth: int) -> object:
        if not asked:
            return "x"
        self._path.append(name)
        try:
            return self.build(asked, depth - 1)
        finally:
            self._path.pop()

    def _names(self, flat: Flat) -> list[str]:
        names: dict[str, None] = {}
        for shape in flat.shapes:
            schema = mapping(shape.schema)
            names.update((str(name), None) for name in listing(schema.get("required")) if name not in shape.hidden)
            forced = _forced_name(flat, shape)
            if forced is not None:
                names[forced] = None
        pending = list(names)
        while pending:
            name = pending.pop()
            for shape in flat.shapes:
                others = listing(mapping(mapping(shape.schema).get("dependentRequired")).get(name))
                new = [str(other) for other in others if other not in names and other not in shape.hidden]
                names.update((other, None) for other in new)
                pending.extend(new)
        return list(names)

    def _fillers(self, flat: Flat, value: Mapping[str, object]) -> Iterator[str]:
        if len(value) >= flat.fewest_members:
            return
        for name in (*optional(flat), *(f"x{number}" for number in range(1, 20)), *extras(flat)):
            if len(value) >= flat.fewest_members:
                return
            if name not in value:
                yield name

    def _arrays(self, flat: Flat, depth: int) -> Iterator[object]:
        size = max([flat.fewest_items, *(_forced_size(shape) for shape in flat.shapes)])
        contains = [shape for shape in flat.shapes if "contains" in mapping(shape.schema)]
        size = max([size, *(_least_contained(shape) for shape in contains)])
        if size > _MOST_ITEMS or (flat.most_items is not None and size > flat.most_items):
            return
        room = size < min(_MOST_ITEMS, flat.most_items or _MOST_ITEMS)
        if room and contains and any(shape.steps and shape.steps[0] == "items" for shape in flat.shapes):
            # The item on the way will be exchanged for one that need not fit contains: those that do come before it.
            longer = self._of_size(flat, contains, size + 1, depth)
            if longer is not None:
                yield longer
        value = self._of_size(flat, contains, size, depth)
        if value is None:
            return
        yield value
        if room:
            more = self._another(items(flat, size, size), value if flat.unique else [], depth)
            if more is not NOTHING:
                yield [*value, more]

    def _of_size(self, flat: Flat, contains: list[Asked], size: int, depth: int) -> list[object] | None:
        value: list[object] = []
        for index in range(size):
            inside = [_contained(shape) for shape in contains if index < max(_least_contained(shape), _wanted(shape))]
            asked = items(flat, index, size) + inside
            part = self._child(index, asked, depth)
            if flat.unique and part is not NOTHING and any(same(part, one) for one in value):
                part = self._another(asked, value, depth)
            if part is NOTHING:
                return None
            value.append(part)
        return value

    def _another(self, asked: list[Asked], known: list[object], depth: int) -> object:
        if not asked:
            return next(text for text in (f"x{number}" for number in range(_MOST_ITEMS * 2)) if text not in known)
        for value in islice(self.values(asked, depth - 1), 300):
            if not any(same(value, one) for one in known):
                return value
        return NOTHING


def _holds(asked: list[Asked], value: object) -> bool:
    return all(not isinstance(one.schema, (dict, Mapping)) or accepts(one.side, one.schema, value) for one in asked)


def same(left: object, right: object) -> bool:
    """Tell whether two plain values are equal in JSON, where true is not 1."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def kinds(flat: Flat) -> list[str]:
    """Return the types a value may have, the likeliest first."""
    for shape in flat.shapes:
        if shape.steps and shape.steps[0] in _MEMBERS:
            return ["object"] if is_type({}, flat.types) else []
        if shape.steps and shape.steps[0] in _ITEMS:
            return ["array"] if is_type([], flat.types) else []
    hinted = [
        kind for kind, words in _HINTS if any(word in mapping(shape.schema) for shape in flat.shapes for word in words)
    ]
    allowed = [kind for kind in TYPES if flat.types is None or kind in flat.types]
    return sorted(allowed, key=lambda kind: kind not in hinted)


def members(flat: Flat, name: str) -> list[Asked]:
    """Return what the shapes ask of the property *name*."""
    asked: list[Asked] = []
    for shape in flat.shapes:
        schema = mapping(shape.schema)
        declared = mapping(schema.get("properties"))
        met = False
        if name in declared and name not in shape.hidden:
            met = True
            asked.append(Asked(shape.side, declared[name], child_way(shape, "properties", name)))
        for pattern, part in mapping(schema.get("patternProperties")).items():
            if patterns.matches(pattern, name):
                met = True
                asked.append(Asked(shape.side, part, child_way(shape, "patternProperties", pattern)))
        if not met and "additionalProperties" in schema:
            asked.append(Asked(shape.side, schema["additionalProperties"], child_way(shape, "additionalProperties")))
        if "unevaluatedProperties" in schema and child_way(shape, "unevaluatedProperties") is not None:
            asked.append(Asked(shape.side, schema["unevaluatedProperties"], child_way(shape, "unevaluatedProperties")))
    return asked


def optional(flat: Flat) -> list[str]:
    """Return the declared names, in the order of the schemas."""
    names: dict[str, None] = {}
    for shape in flat.shapes:
        declared = mapping(mapping(shape.schema).get("properties"))
        names.update((name, None) for name, part in declared.items() if part is not False and name not in shape.hidden)
    return list(names)


def extras(flat: Flat) -> Iterator[str]:
    """Yield names that the patterns or the schema for names of the shapes allow."""
    for shape in flat.shapes:
        schema = mapping(shape.schema)
        for pattern in mapping(schema.get("patternProperties")):
            yield from islice(regex.samples(pattern, 1), 6)
        rule = mapping(schema.get("propertyNames"))
        if rule:
            for inner in islice(flats([Asked(shape.side, rule)]), 2):
                yield from (str(value) for value in inner.values or islice(strings(inner), 6))


def _forced_name(flat: Flat, shape: Asked) -> str | None:
    steps = shape.steps
    if not steps:
        return None
    step, rest = steps
    if step == "properties" and rest:
        return str(rest[0])
    declared = set(optional(flat))
    if step == "patternProperties" and rest:
        return next((name for name in regex.samples(str(rest[0]), 1) if name not in declared), None)
    if step in {"additionalProperties", "unevaluatedProperties"}:
        names = [*(f"x{number}" for number in ("", 1, 2, 3)), *extras(flat)]
        return next((name for name in names if name not in declared and _open(shape, name)), None)
    return None


def _open(shape: Asked, name: str) -> bool:
    """Tell whether no pattern and no rule for names keeps *name* from being an additional property."""
    schema = mapping(shape.schema)
    if any(patterns.matches(pattern, name) for pattern in mapping(schema.get("patternProperties"))):
        return False
    rule = schema.get("propertyNames")
    return not isinstance(rule, (dict, Mapping)) or accepts(shape.side, rule, name)


def items(flat: Flat, index: int, size: int) -> list[Asked]:
    """Return what the shapes ask of the item at *index* of an array of *size* items."""
    asked: list[Asked] = []
    for shape in flat.shapes:
        schema = mapping(shape.schema)
        places = listing(schema.get("prefixItems"))
        if index < len(places):
            asked.append(Asked(shape.side, places[index], child_way(shape, "prefixItems", index)))
        elif "items" in schema:
            way = child_way(shape, "items") if index == size - 1 else None
            asked.append(Asked(shape.side, schema["items"], way))
    return asked


def _forced_size(shape: Asked) -> int:
    steps = shape.steps
    if not steps:
        return 0
    step, rest = steps
    if step == "prefixItems" and rest:
        return count(int(rest[0])) + 1 if str(rest[0]).isdecimal() else 0
    if step in {"items", "unevaluatedItems"}:
        return len(listing(mapping(shape.schema).get("prefixItems"))) + 1
    return _wanted(shape)


def _wanted(shape: Asked) -> int:
    return 1 if shape.steps and shape.steps[0] == "contains" else 0


def _least_contained(shape: Asked) -> int:
    least = mapping(shape.schema).get("minContains")
    return 1 if least is None else count(plain(least))


def _contained(shape: Asked) -> Asked:
    return Asked(shape.side, mapping(shape.schema)["contains"], child_way(shape, "contains"))
