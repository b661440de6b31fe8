"""One side of a comparison, seen in one direction of flow: its references, and the properties that do not flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from retailctl.contracts.schemas.store import Polarity, Schema, SchemaStore

_LEVELS = 64  # references and allOf branches looked through for a readOnly or writeOnly mark


class Unusable(Exception):
    """A schema that cannot be put to the question; the text says why."""


MOST_WORK = 25_000  # parts of schemas looked at in one search, about 0.2 seconds


class Side:
    """A store in one polarity. Holds every schema it was asked about, so that ``id`` stays a key for it."""

    def __init__(self, store: SchemaStore, polarity: Polarity) -> None:
        self._store = store
        self._work = 0
        self._mark = "readOnly" if polarity == "in" else "writeOnly"
        self._resolved: dict[str, Schema] = {}
        self._final: dict[str, object] = {}
        self._uncut: dict[int, tuple[object, frozenset[str]]] = {}
        self._non_null: dict[int, tuple[object, Mapping[str, object]]] = {}

    def begin(self) -> None:
        """Start a new search: what was spent before no longer counts."""
        self._work = 0

    def spend(self, parts: int = 1) -> None:
        """Count work. Raises Unusable when one search has had its share."""
        self._work += parts
        if self._work > MOST_WORK:
            raise Unusable("the search was ended: too many parts of the schemas meet")

    def resolve(self, key: object) -> Schema:
        """Return the schema behind a reference. Raises Unusable when it leads nowhere."""
        if not isinstance(key, str):
            raise Unusable("a reference is not a text")
        found = self._resolved.get(key)
        if found is None:
            try:
                found = self._store.resolve(key)
            except KeyError:
                raise Unusable("a reference leads nowhere") from None
            if not isinstance(found, bool | Mapping):
                raise Unusable("a reference leads to something that is no schema")
            self._resolved[key] = found
        return found

    def final(self, key: object) -> object:
        """Return the key that *key* stands for, behind schemas that are nothing but one reference."""
        if isinstance(key, str) and key in self._final:
            return self._final[key]
        passed: dict[object, None] = {}
        at = key
        while at not in passed:
            passed[at] = None
            target = self.resolve(at)
            inner = target
            if isinstance(inner, (dict, Mapping)) and len(inner) == 1 and len(listing(inner.get("allOf"))) == 1:
                inner = listing(inner["allOf"])[0]  # type: ignore[assignment]
            if not isinstance(inner, (dict, Mapping)) or set(inner) != {"$ref"}:
                break
            at = inner["$ref"]
        self._final.update((str(one), at) for one in passed)
        return at

    def hidden(self, schema: Mapping[str, object]) -> frozenset[str]:
        """Return the names of properties that do not flow in this direction, here or in any allOf branch."""
        if len(schema) == 1 and ("$ref" in schema or len(listing(schema.get("allOf"))) == 1):
            return frozenset()  # nothing here depends on names; what is inside will ask again
        known = self._uncut.get(id(schema))
        if known is not None:
            return known[1]
        names: set[str] = set()
        seen: set[int] = set()
        pending: list[object] = [schema]
        while pending:
            at = pending.pop()
            if not isinstance(at, (dict, Mapping)) or id(at) in seen or len(seen) > _LEVELS:
                continue
            seen.add(id(at))
            names.update(name for name, part in mapping(at.get("properties")).items() if self._marked(part))
            pending.extend(listing(at.get("allOf")))
            if "$ref" in at:
                pending.append(self.resolve(at["$ref"]))
        found = frozenset(names)
        self._uncut[id(schema)] = (schema, found)
        return found

    def _marked(self, part: object) -> bool:
        for _ in range(_LEVELS):
            if not isinstance(part, (dict, Mapping)):
                return False
            if part.get(self._mark) is True:
                return True
            if "$ref" not in part:
                return False
            try:
                part = self.resolve(part["$ref"])
            except Unusable:
                return False
        return False

    def non_null(self, schema: Mapping[str, object]) -> Mapping[str, object]:
        """Return what *schema* asks of a value other than null, where ``nullable`` stands without a type."""
        known = self._non_null.get(id(schema))
        if known is None:
            known = (schema, {key: value for key, value in schema.items() if key != "nullable"})
            self._non_null[id(schema)] = known
        return known[1]


def nullable(schema: Mapping[str, object]) -> bool:
    """Tell whether the internal keyword lets null pass whatever else the schema says."""
    return schema.get("nullable") is True and "type" not in schema


def mapping(value: object) -> Mapping[str, object]:
    """Return *value* if it is a mapping, else an empty one."""
    if isinstance(value, dict):  # nearly always, and asking for any mapping costs ten times as much
        return value
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def listing(value: object) -> list[object] | tuple[object, ...]:
    """Return *value* if it is a list, else an empty one."""
    return value if isinstance(value, list | tuple) else ()
