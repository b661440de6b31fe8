"""Which item of one list belongs to which item of the other: by a key, as a multiset, or by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple

from retailctl.parallel.replay.rules import ListRule

Key = Callable[[Any], Hashable]
Single = tuple[int, Any, bool]
"""(index in its list, item, whether it is one more of an item that the other side has as well)."""


class Paired(NamedTuple):
    """``pairs`` are (index in legacy, legacy item, new item) of items that belong together but may differ."""

    pairs: list[tuple[int, Any, Any]]
    missing: list[Single]
    extra: list[Single]
    reordered: bool = False


def pair_items(left: list[Any], right: list[Any], rule: ListRule | None, key: Key, *, plain: bool = False) -> Paired:
    """Pair the items of two lists. Without a rule place decides, and a mere change of order is told as one.

    ``key`` is equal for equal items. Linear in the number of items. ``plain``: without a rule the key is not asked.
    """
    if rule is None or rule.mode == "ordered":
        return _in_order(left, right) if plain else _by_place(left, right, key)
    if rule.mode == "multiset":
        return _as_multiset(list(enumerate(left)), list(enumerate(right)), key)
    return _by_key(left, right, rule.key, key)


def _by_place(left: list[Any], right: list[Any], key: Key) -> Paired:
    """Equal items at both ends are set aside: one line more at the top does not make all the others differ."""
    short = min(len(left), len(right))
    start = 0
    while start < short and _alike(left[start], right[start], key):
        start += 1
    end = 0
    while end < short - start and _alike(left[-1 - end], right[-1 - end], key):
        end += 1
    rest, others = len(left) - end, len(right) - end
    if rest == others and rest - start > 1 and _is_reordered(left[start:rest], right[start:rest], key):
        return Paired([], [], [], reordered=True)
    return _in_order(left, right, start, end)


def _in_order(left: list[Any], right: list[Any], start: int = 0, end: int = 0) -> Paired:
    """The n-th with the n-th, but for items at both ends that are known to be equal."""
    rest, others = len(left) - end, len(right) - end
    both = min(rest, others)
    pairs = [(number, left[number], right[number]) for number in range(start, both)]
    missing = [(number, left[number], False) for number in range(max(both, start), rest)]
    extra = [(number, right[number], False) for number in range(max(both, start), others)]
    return Paired(pairs, missing, extra)


def _alike(left: Any, right: Any, key: Key) -> bool:
    kind = left.__class__
    if kind is not right.__class__:
        return False
    return key(left) == key(right) if kind in (dict, list) else bool(left == right)


def _is_reordered(left: list[Any], right: list[Any], key: Key) -> bool:
    return Counter(map(key, left)) == Counter(map(key, right))


def _as_multiset(left: list[tuple[int, Any]], right: list[tuple[int, Any]], key: Key) -> Paired:
    """Equal items cancel each other; those left over are paired in their order, for they may be nearly equal."""
    mine, theirs = _cancel(left, right, key)
    both = min(len(mine), len(theirs))
    pairs = [(number, item, other) for (number, item), (_, other) in zip(mine[:both], theirs[:both], strict=True)]
    return Paired(
        pairs,
        [(number, item, False) for number, item in mine[both:]],
        [(number, item, False) for number, item in theirs[both:]],
    )


def _cancel(
    left: list[tuple[int, Any]], right: list[tuple[int, Any]], key: Key
) -> tuple[list[tuple[int, Any]], list[tuple[int, Any]]]:
    mine, theirs = [key(item) for _, item in left], [key(item) for _, item in right]
    common = Counter(mine) & Counter(theirs)
    return _rest(left, mine, common.copy()), _rest(right, theirs, common)


def _rest(items: list[tuple[int, Any]], keys: list[Hashable], common: Counter[Hashable]) -> list[tuple[int, Any]]:
    left_over = []
    for item, own in zip(items, keys, strict=True):
        if common[own] > 0:
            common[own] -= 1
        else:
            left_over.append(item)
    return left_over


def _by_key(left: list[Any], right: list[Any], field: str, key: Key) -> Paired:
    """Items under one key on each side belong together; further ones under it are duplicates. Those without a key are
    compared as a multiset of their own."""
    mine, theirs = _grouped(left, field, key), _grouped(right, field, key)
    made = Paired([], [], [])
    for name in dict.fromkeys((*mine, *theirs)):
        ours, others = mine.get(name, []), theirs.get(name, [])
        if len(ours) == len(others) == 1:
            made.pairs.append((*ours[0], others[0][1]))
            continue
        paired = _as_multiset(ours, others, key)
        again = name is not None and bool(ours) and bool(others)
        made.pairs.extend(paired.pairs)
        made.missing.extend(_marked(paired.missing, again))
        made.extra.extend(_marked(paired.extra, again))
    return made


def _marked(items: Iterable[Single], again: bool) -> Iterable[Single]:
    return ((number, item, again) for number, item, _ in items)


def _grouped(items: list[Any], field: str, key: Key) -> dict[Hashable, list[tuple[int, Any]]]:
    groups: dict[Hashable, list[tuple[int, Any]]] = {}
    for number, item in enumerate(items):
        value = item.get(field) if isinstance(item, dict) else None
        groups.setdefault(None if value is None else (key(value),), []).append((number, item))
    return groups
