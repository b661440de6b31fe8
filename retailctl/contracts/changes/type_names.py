"""How a change of type or format is called: does a value written for the old type still pass?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.changes.slots import SlotClass
from retailctl.contracts.schemas.normalise import ANNOTATIONS

_SUBTYPES: Final = {("integer", "number")}
_WIDER_FORMATS: Final = {
    "number": {("float", "double")},
    "integer": {("int32", "int64"), ("int32", "bigint"), ("int64", "bigint")},
}


def type_change(fact: SchemaFact, group: SlotClass, nested: bool) -> str:
    """The part of a rule id that follows the position: ``type-changed``, ``type-generalized`` and so on."""
    old, new = _words(fact, "old_types"), _words(fact, "new_types")
    formats = (fact.data["old_format"], fact.data["new_format"])
    if group.kind == "request-parameter" and nested and group.strong:
        return "type-specialized" if _breaks(old, new, formats, strong=True) else "type-generalized"
    if group.kind == "request-parameter" and nested:
        strong = _breaks(old, new, formats, strong=True)
        if strong != _breaks(old, new, formats, strong=False):
            return "type-changed"
        return "type-specialized" if strong else "type-generalized"
    if group.kind == "request-parameter":
        breaks = _breaks(old, new, formats, strong=group.strong) and not _array_of_the_same(fact, group, old, new)
        return "type-changed" if breaks else "type-generalized"
    if group.kind == "request-body":
        covered = _covered(old, new)
        if _breaks(() if covered else old, () if covered else new, formats, strong=group.strong, to=new):
            return "type-changed"
        loose = old != new and old and new and not covered
        return "type-compatible" if loose else "type-generalized"
    covered = _covered(new, old)
    back = (formats[1], formats[0])
    if _breaks(() if covered else new, () if covered else old, back, strong=group.strong, to=old):
        return "type-generalized" if _covered(old, new) else "type-changed"
    loose = old != new and old and new and not covered
    return "type-compatible" if loose else "type-specialized"


def _breaks(
    old: tuple[str, ...],
    new: tuple[str, ...],
    formats: tuple[object, object],
    *,
    strong: bool,
    to: tuple[str, ...] | None = None,
) -> bool:
    """True if a value written for the old types is refused by the new ones."""
    added, deleted = set(new) - set(old), set(old) - set(new)
    if added or deleted:
        one = len(added) == len(deleted) == 1 and (next(iter(deleted)), next(iter(added))) in _SUBTYPES
        text = not strong and (not added or added == {"string"})
        if new and not one and not text:
            return True
    return formats[0] != formats[1] and not _format_contained(to if to is not None else new, formats)


def _format_contained(types: tuple[str, ...], formats: tuple[object, object]) -> bool:
    if not formats[1]:
        return True
    return len(types) == 1 and formats in _WIDER_FORMATS.get(types[0], set())


def _covered(some: tuple[str, ...], all_of: tuple[str, ...]) -> bool:
    return bool(some) and some != all_of and all(
        kind in all_of or any((kind, other) in _SUBTYPES for other in all_of) for kind in some
    )  # fmt: skip


def _array_of_the_same(fact: SchemaFact, group: SlotClass, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """A single value in a query is written like a list of one, where lists are written as repeated names."""
    item = fact.data.get("new_items")
    if not group.explode or set(new) - set(old) != {"array"} or not old or not isinstance(item, dict):
        return False
    kinds = tuple(kind for kind in item.get("type") or () if kind != "null")
    before, after = fact.data["rest"], {**item, "type": (), "format": None}
    same = (
        not kinds
        or kinds == ("string",)
        or (len(kinds) == len(old) == 1 and (kinds == old or (old[0], kinds[0]) in _SUBTYPES))
    )
    return same and _constraints(before) == _constraints(after)


def _constraints(schema: object) -> Mapping[str, object]:
    if not isinstance(schema, Mapping):
        return {}
    return {name: value for name, value in schema.items() if name not in ANNOTATIONS and not name.startswith("x-")}


def _words(fact: SchemaFact, name: str) -> tuple[str, ...]:
    value = fact.data[name]
    return value if isinstance(value, tuple) else ()
