"""The fields of payloads: which properties there are, and which of them no valid body lacks.

Every schema is looked at once per side, however often it is referred to, so that the cost is that of the document.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from retailctl.contracts.schemas.store import Schema, SchemaStore
from retailctl.model.contract_facts import FieldFact, Place, Side

_PARTS: Final = ("items", "additionalProperties", "contains", "if", "then", "else", "not", "unevaluatedProperties")
_BRANCHES: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MARKS: Final = ("x-pii", "x-classification", "x-sensitive", "x-data-classification")
_PURPOSE: Final = ("x-purpose", "x-data-purpose")
_CHAIN: Final = 64
_DEPTH: Final = 12

Key = tuple[str, str]
"""Path and pointer."""


def fields_of(
    store: SchemaStore,
    roots: Mapping[Side, Iterable[str]],
    *,
    purpose: bool = False,
    outer: Callable[[str], str] = str,
) -> tuple[FieldFact, ...]:
    """Every property below the schemas with these keys, once per place, in order of place.

    ``purpose``: the document as a whole says what its data is for. ``outer`` gives the path of a document as others
    know it. A reference that leads nowhere is passed over.
    """
    found: dict[Key, tuple[str, Mapping[str, object], Schema]] = {}
    sides: dict[Key, list[Side]] = {}
    for side, keys in roots.items():
        for place, name, holder, schema in _properties(store, keys):
            found.setdefault(place, (name, holder, schema))
            sides.setdefault(place, []).append(side)
    return tuple(
        _field(store, found[path, pointer], Place(path=outer(path), pointer=pointer), sides[path, pointer], purpose)
        for path, pointer in sorted(found)
    )


def _properties(store: SchemaStore, keys: Iterable[str]) -> Iterator[tuple[Key, str, Mapping[str, object], Schema]]:
    """(place, name, object that holds it, schema) of every property; each schema is entered once."""
    waiting: deque[tuple[Mapping[str, object], Key]] = deque()
    entered: set[Key] = set()

    def enter(schema: Schema, place: Key) -> None:
        if place not in entered and not isinstance(schema, bool):
            entered.add(place)
            waiting.append((schema, place))

    for key in dict.fromkeys(keys):
        enter(_resolved(store, key), _place(key))
    while waiting:
        schema, (path, pointer) = waiting.popleft()
        target = schema.get("$ref")
        if isinstance(target, str):
            enter(_resolved(store, target), _place(target))
        for name, value in _mapping(schema.get("properties")).items():
            place = (path, f"{pointer}/properties/{_escaped(name)}")
            yield place, str(name), schema, value
            enter(value, place)
        for part, value in _parts(schema):
            enter(value, (path, f"{pointer}/{part}"))


def _parts(schema: Mapping[str, object]) -> Iterator[tuple[str, Schema]]:
    """The schemas inside a schema, those of its properties apart, with the way to each."""
    for name, value in _mapping(schema.get("patternProperties")).items():
        yield f"patternProperties/{_escaped(name)}", value
    for part in _PARTS:
        found = schema.get(part)
        if isinstance(found, dict):
            yield part, found
    for part in _BRANCHES:
        for number, branch in enumerate(_list(schema.get(part))):
            yield f"{part}/{number}", branch


def _field(
    store: SchemaStore,
    written: tuple[str, Mapping[str, object], Schema],
    place: Place,
    sides: list[Side],
    purpose: bool,
) -> FieldFact:
    name, holder, schema = written
    own = list(_behind(store, schema))
    marks = [one[mark] for one in own for mark in _MARKS if mark in one]
    items = next((one["items"] for one in own if "items" in one), None)
    prefix = next((_list(one["prefixItems"]) for one in own if "prefixItems" in one), [])
    return FieldFact(
        name=name,
        place=place,
        types=_types(own),
        sides=tuple(sorted(sides)),
        item_types=tuple(sorted({kind for item in (items, *prefix) for kind in _types(list(_behind(store, item)))})),
        sensitive=_class(marks[0]) if marks else None,
        purpose=purpose or any(_stated(one) for one in (*own, holder)) or any(_has_purpose(mark) for mark in marks),
        canonical=next((str(one["x-canonical"]) for one in own if isinstance(one.get("x-canonical"), str)), None),
        described=any(isinstance(one.get("description"), str) and one["description"] for one in own),
    )


def _behind(store: SchemaStore, schema: object) -> Iterator[Mapping[str, object]]:
    """The schema and what its reference leads to, in turn."""
    for _ in range(_CHAIN):
        if not isinstance(schema, dict):
            return
        yield schema
        target = schema.get("$ref")
        if not isinstance(target, str):
            return
        schema = _resolved(store, target)


def _types(schemas: list[Mapping[str, object]]) -> tuple[str, ...]:
    return next((tuple(_texts(one["type"])) for one in schemas if "type" in one), ())


def _class(mark: object) -> str:
    """The class that a mark gives: ``true`` is "pii", and a mapping may name it."""
    if isinstance(mark, Mapping):
        mark = mark.get("class", mark.get("classification", True))
    return "pii" if mark is True else str(mark).lower()


def _has_purpose(mark: object) -> bool:
    return isinstance(mark, Mapping) and bool(mark.get("purpose"))


def _stated(schema: Mapping[str, object]) -> bool:
    return any(schema.get(name) for name in _PURPOSE)


class Required:
    """Names of the fields that every valid body has, by schema; remembered by key."""

    def __init__(self, store: SchemaStore) -> None:
        self._store = store
        self._known: dict[str, frozenset[str]] = {}

    def of(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The names that are required under each of these keys."""
        sets = [self._key(key, 0) for key in keys]
        return tuple(sorted(frozenset.intersection(*sets))) if sets else ()

    def _key(self, key: str, depth: int) -> frozenset[str]:
        known = self._known.get(key)
        if known is None:
            self._known[key] = frozenset()  # a cycle adds nothing
            known = self._known[key] = self._schema(_resolved(self._store, key), depth)
        return known

    def _schema(self, schema: object, depth: int) -> frozenset[str]:
        if not isinstance(schema, Mapping) or depth > _DEPTH:
            return frozenset()
        required = frozenset(_texts(schema.get("required")))
        found = set(required)
        if isinstance(schema.get("$ref"), str):
            found |= self._key(str(schema["$ref"]), depth + 1)
        for name, value in _mapping(schema.get("properties")).items():
            if name in required:
                found |= self._schema(value, depth + 1)
        found |= self._schema(schema.get("items"), depth + 1)
        for branch in _list(schema.get("allOf")):
            found |= self._schema(branch, depth + 1)
        for part in ("anyOf", "oneOf"):
            branches = [self._schema(branch, depth + 1) for branch in _list(schema.get(part))]
            found |= frozenset.intersection(*branches) if branches else frozenset()
        return frozenset(found)


class FirstNames:
    """Names of the properties on the first levels of a body, whatever branch they stand in."""

    def __init__(self, store: SchemaStore, levels: int = 2) -> None:
        self._store, self._levels = store, levels
        self._known: dict[tuple[str, int], frozenset[str]] = {}

    def of(self, keys: Iterable[str]) -> frozenset[str]:
        """The names below these keys."""
        return frozenset(name for key in keys for name in self._key(key, self._levels, 0))

    def _key(self, key: str, levels: int, depth: int) -> frozenset[str]:
        known = self._known.get((key, levels))
        if known is None:
            self._known[key, levels] = frozenset()
            known = self._known[key, levels] = self._schema(_resolved(self._store, key), levels, depth)
        return known

    def _schema(self, schema: object, levels: int, depth: int) -> frozenset[str]:
        if not isinstance(schema, Mapping) or levels == 0 or depth > _DEPTH:
            return frozenset()
        found: set[str] = set()
        if isinstance(schema.get("$ref"), str):
            found |= self._key(str(schema["$ref"]), levels, depth + 1)
        for name, value in _mapping(schema.get("properties")).items():
            found.add(str(name))
            found |= self._schema(value, levels - 1, depth + 1)
        for branch in [*_list(schema.get("allOf")), *_list(schema.get("anyOf")), *_list(schema.get("oneOf"))]:
            found |= self._schema(branch, levels, depth + 1)
        return frozenset(found) | self._schema(schema.get("items"), levels, depth + 1)


def _resolved(store: SchemaStore, key: str) -> Schema:
    try:
        return store.resolve(key)
    except KeyError:
        return {}


def _place(key: str) -> Key:
    path, _, pointer = key.partition("#")
    return path, pointer


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list | tuple) else [value]
    return [one for one in found if isinstance(one, str)]
