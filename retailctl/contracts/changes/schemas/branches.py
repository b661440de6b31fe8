"""The facts of ``allOf``, ``anyOf`` and ``oneOf``: which branch of the one side is which of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from retailctl.contracts.changes.schemas.fact import Child, SchemaFact, Spot, same
from retailctl.contracts.changes.schemas.objects import Found, listed
from retailctl.contracts.schemas.normalise import ANNOTATIONS
from retailctl.contracts.schemas.store import Schema

Resolve = Callable[[Schema], Mapping[str, object]]
_FAMILIES: Final = {"allOf": "all-of", "anyOf": "any-of", "oneOf": "one-of"}
BRANCHING: Final = frozenset(_FAMILIES)
"""The keywords that ``combinators`` reads."""
_MOST_PAIRS: Final = 10_000
_STRUCTURE: Final = frozenset({"properties", "allOf", "anyOf", "oneOf"})


class Matched(NamedTuple):
    """Pairs of indexes that are the same branch, and what is left over on either side."""

    pairs: list[tuple[int, int]]
    removed: list[int]
    added: list[int]

    def pair(self, left: int, right: int) -> None:
        """Take two branches for the same one."""
        self.pairs.append((left, right))
        self.removed.remove(left)
        self.added.remove(right)


def combinators(spot: Spot, resolve_old: Resolve, resolve_new: Resolve) -> Iterator[Found]:
    """Branches added and removed; those on both sides are compared."""
    for keyword, family in _FAMILIES.items():
        old, new = listed(spot.old, keyword), listed(spot.new, keyword)
        if not old and not new:
            continue
        found = match(old, new)
        if keyword != "oneOf":
            found = _without_repeats(found, old, new)
        for left, right in found.pairs:
            if not same(old[left], new[right]) or has_reference(old[left]):
                yield Child(
                    old[left], new[right], (*spot.old_steps, keyword, left), (*spot.new_steps, keyword, right)
                )  # fmt: skip
        yield from left_over(spot, keyword, f"{family}-added", new, found.added, resolve_new)
        yield from left_over(spot, keyword, f"{family}-removed", old, found.removed, resolve_old)


def match(old: list[Schema], new: list[Schema]) -> Matched:
    """Pair the branches: references by name, then equal ones, then by title, then the only two that are left."""
    found = Matched([], list(range(len(old))), list(range(len(new))))
    by_name: dict[str, list[int]] = {}
    for index in found.added:
        by_name.setdefault(_name(new[index]), []).append(index)
    for left in list(found.removed):
        name = _name(old[left])
        if name and by_name.get(name):
            found.pair(left, by_name[name].pop(0))
    if len(found.removed) * len(found.added) <= _MOST_PAIRS:
        _pair_if(found, old, new, same)
        _pair_if(found, old, new, _same_title)
    alone = [[index for index in rest if not _name(side[index])] for rest, side in _sides(found, old, new)]
    if len(alone[0]) == len(alone[1]) == 1:
        left, right = alone[0][0], alone[1][0]
        if not _title(old[left]) and not _title(new[right]):
            found.pair(left, right)
    found.pairs.sort()
    return found


def _without_repeats(found: Matched, old: list[Schema], new: list[Schema]) -> Matched:
    """Without the left over branches beside an equal matched one: to ask for the same twice is to ask for it once."""
    if not found.pairs or len(found.removed) + len(found.added) > _MOST_PAIRS:
        return found
    removed = _not_among(found.removed, old, [left for left, _ in found.pairs])
    return Matched(found.pairs, removed, _not_among(found.added, new, [right for _, right in found.pairs]))


def _not_among(left: list[int], side: list[Schema], paired: list[int]) -> list[int]:
    names = {_name(side[index]) for index in paired} - {""}
    inline = [index for index in paired if not _name(side[index])][: _MOST_PAIRS // max(len(left), 1)]
    return [
        index for index in left
        if _name(side[index]) not in names and not any(same(side[index], side[other]) for other in inline)
    ]  # fmt: skip


def _sides(found: Matched, old: list[Schema], new: list[Schema]) -> tuple[tuple[list[int], list[Schema]], ...]:
    return (found.removed, old), (found.added, new)


def _pair_if(found: Matched, old: list[Schema], new: list[Schema], same: Callable[[Schema, Schema], bool]) -> None:
    for left in list(found.removed):
        right = next((index for index in found.added if same(old[left], new[index])), None)
        if right is not None:
            found.pair(left, right)


def _same_title(one: Schema, other: Schema) -> bool:
    return not _name(one) and not _name(other) and bool(_title(one)) and _title(one) == _title(other)


def type_list(spot: Spot, resolve_old: Resolve, resolve_new: Resolve) -> SchemaFact | None:
    """One type that became a choice between types, or the reverse: what the choice gained or lost."""
    old, new = _pattern(spot.old, resolve_old), _pattern(spot.new, resolve_new)
    if old is None or new is None or set(old[0]) == set(new[0]) or not (old[1] or new[1]):
        return None
    added = [kind for kind in dict.fromkeys(new[0]) if kind not in old[0]]
    deleted = [kind for kind in dict.fromkeys(old[0]) if kind not in new[0]]
    keyword = next((name for name in ("oneOf", "anyOf") if name in spot.new or name in spot.old), "type")
    return spot.fact(
        "list-of-types", keyword, old=" or ".join(old[0]), new=" or ".join(new[0]),
        data={"added": added, "deleted": deleted},
    )  # fmt: skip


def wrapped(spot: Spot, resolve_new: Resolve) -> frozenset[str] | None:
    """The properties that moved into the branches of a new ``oneOf``, when an object became a choice of objects."""
    old = spot.old.get("properties")
    if "oneOf" in spot.old or not isinstance(old, dict) or "properties" in spot.new or "type" in spot.new:
        return None
    inside: set[str] = set()
    for branch in listed(spot.new, "oneOf"):
        found = resolve_new(branch).get("properties")
        inside |= set(found) if isinstance(found, dict) else set()
    moved = frozenset(inside & old.keys())
    return moved or None


def has_reference(schema: Schema) -> bool:
    """True if the schema holds a reference anywhere."""
    stack: list[object] = [schema]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                return True
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return False


def left_over(
    spot: Spot, keyword: str, family: str, branches: list[Schema], indexes: list[int], resolve: Resolve
) -> Iterator[SchemaFact]:
    """One fact for the branches that only one side has; those of ``allOf`` that constrain nothing apart."""
    plain = [index for index in indexes if keyword != "allOf" or not _annotation_only(resolve(branches[index]))]
    for group, suffix in ((plain, ""), ([index for index in indexes if index not in plain], "-annotation-only")):
        if group:
            shown = ", ".join(_shown(branches[index], index) for index in group)
            yield spot.fact(family + suffix, keyword, name=shown, value=group[0], data={"indexes": tuple(group)})


def _annotation_only(schema: Mapping[str, object]) -> bool:
    return not {name for name in schema if not name.startswith("x-")} - ANNOTATIONS


def _pattern(schema: Mapping[str, object], resolve: Resolve) -> tuple[list[str], bool] | None:
    if {"not", "allOf", "properties"} & schema.keys():
        return None
    kinds = schema.get("type")
    if kinds:
        rest = [kind for kind in kinds if kind != "null"]  # type: ignore[attr-defined]
        return (rest[:1], False) if rest else None
    for keyword in ("oneOf", "anyOf"):
        branches = [resolve(branch) for branch in listed(schema, keyword)]
        if branches:
            found = []
            for branch in branches:
                only = branch.get("type")
                if not isinstance(only, tuple) or len(only) != 1 or _STRUCTURE & branch.keys():
                    return None
                found.append(only[0])
            return found, True
    return None


def _name(schema: Schema) -> str:
    if isinstance(schema, bool):
        return ""
    key = schema.get("$ref")
    return key if isinstance(key, str) else ""


def _title(schema: Schema) -> str:
    return "" if isinstance(schema, bool) else str(schema.get("title") or "")


def _shown(schema: Schema, index: int) -> str:
    name = _name(schema).rpartition("/")[2]
    return name or _title(schema) or f"branch {index + 1}"
