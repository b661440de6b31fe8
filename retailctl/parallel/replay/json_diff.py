"""Two JSON values compared: canonical bytes where they settle it, our own walk where they do not.

The generic path (``lines[].price``) is what is counted; the concrete one (``lines[3].price``) is for samples. Types are
compared too: Python calls ``1``, ``1.0`` and ``True`` equal, and readers of the new service may not. The walk keeps its
own stack, goes 100 levels deep and visits each value once; below that two values are equal or not, as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from retailctl.parallel.replay.codec import STANDARD, Codec
from retailctl.parallel.replay.difference import ABSENT, EQUAL, MOST, Difference, Differences, Excuse, Kind, varied
from retailctl.parallel.replay.lists import Single, pair_items
from retailctl.parallel.replay.rules import HIGHEST_HOPE, DiffRules, Place
from retailctl.parallel.replay.trees import DEPTH, SCALARS, Writer, differ_in_value, same_scalars

_WRITTEN: Final = 6
"""Only so deep are subtrees written before they are walked: each further level would read all below again."""
_FEW: Final = 2
"""So small values are walked faster than they are written twice."""
_KEYED: Final = 12
"""So deep lists are looked through for items that moved: to know an item, all below it is read."""
_LONGEST: Final = 500
_Pair = tuple[Any, Any, Place, str, int]
"""Legacy value, new value, generic place, concrete one, depth."""


def diff(
    legacy: Any,
    new: Any,
    rules: DiffRules,
    *,
    using: Codec = STANDARD,
    excuse: Excuse | None = None,
) -> Differences:
    """Everything in which two values differ, at most 1,000 places. Values with Decimal fractions need ``STANDARD``."""
    if _are_equal(legacy, new, rules.root, using):
        return EQUAL
    return _Walk(using, excuse).run(legacy, new, rules.root)


def _are_equal(left: Any, right: Any, place: Place, using: Codec) -> bool:
    """Whether two trees are equal, types included; False as well where that is not told at once.

    Writing both is what asking ``==`` costs, and that would still leave the types to be compared.
    """
    if place.hope <= 0 or using is STANDARD or left.__class__ is not right.__class__:
        return False  # json writes more slowly than the walk goes
    try:
        same = using.canonical(left) == using.canonical(right)
    except (RecursionError, TypeError, ValueError):
        return False
    if not same or place.hope < HIGHEST_HOPE:
        place.learn(same)
    return same


class _Walk:
    __slots__ = ("_excuse", "_excused", "_found", "_using", "_writer")

    def __init__(self, using: Codec, excuse: Excuse | None) -> None:
        self._excuse, self._using, self._writer = excuse, using, Writer(using)
        self._found: list[Difference] = []
        self._excused = 0

    def run(self, legacy: Any, new: Any, root: Place) -> Differences:
        found, using = self._found, self._using
        frames: list[Iterator[_Pair]] = [iter(((legacy, new, root, "", 0),))]
        while frames:
            pair = next(frames[-1], None)
            if pair is None:
                frames.pop()
                continue
            left, right, place, where, depth = pair
            kind = left.__class__
            if kind is not right.__class__ or kind in SCALARS:
                self._scalars(left, right, place.path, where)
            elif depth >= DEPTH:
                if self._writer.bytes_of(left) != self._writer.bytes_of(right):
                    found.append(Difference("VALUE", place.path, where, left, right))
            elif not (
                0 < depth < _WRITTEN and len(left) == len(right) > _FEW and _are_equal(left, right, place, using)
            ):
                # made one by one, for there may be a million
                frames.append(self._members(*pair) if kind is dict else self._items(*pair))
        if not found:
            return Differences(found, self._excused)
        cut = len(found) > MOST
        if cut:
            found = varied(found)
            found.append(Difference("VALUE", "", "", legacy, new))  # what was not looked at may differ gravely
        found.sort(key=lambda one: (one.path, one.kind, one.where))
        return Differences(found, self._excused, cut)

    def _members(
        self, left: dict[str, Any], right: dict[str, Any], here: Place, where: str, depth: int
    ) -> Iterator[_Pair]:
        common = 0
        for key, mine in left.items():
            theirs = right.get(key, ABSENT)
            kind = mine.__class__
            if kind is theirs.__class__:
                common += 1
                if kind in SCALARS and mine == theirs:
                    continue
            elif theirs is not ABSENT:
                common += 1
            at = here.child(key)
            if at.rule.ignored:
                continue
            place = _below(where, at)
            if theirs is ABSENT:
                self._found.append(Difference("MISSING_FIELD", at.path, place, mine, theirs))
            else:
                yield mine, theirs, at, place, depth + 1
            if len(self._found) > MOST:
                return
        if common < len(right):
            self._more(left, right, here, where)

    def _more(self, left: dict[str, Any], right: dict[str, Any], here: Place, where: str) -> None:
        for key, theirs in right.items():
            if key not in left and not (at := here.child(key)).rule.ignored:
                self._found.append(Difference("EXTRA_FIELD", at.path, _below(where, at), ABSENT, theirs))
                if len(self._found) > MOST:
                    return

    def _items(self, left: list[Any], right: list[Any], here: Place, where: str, depth: int) -> Iterator[_Pair]:
        at = here.items()
        if at.rule.ignored or same_scalars(left, right):
            return
        deep = depth >= _KEYED
        key = self._writer.key_of
        paired = pair_items(left, right, here.rule.list, lambda item: key(item, at), plain=deep)
        if paired.reordered:
            self._found.append(Difference("ORDER", here.path, where, left, right))
        for number, mine, theirs in paired.pairs:
            kind = mine.__class__
            if kind is theirs.__class__ and kind in SCALARS and mine == theirs:
                continue
            yield mine, theirs, at, f"{where}[{number}]", depth + 1
            if len(self._found) > MOST:
                return
        self._alone("MISSING_ITEM", paired.missing, at.path, where)
        self._alone("EXTRA_ITEM", paired.extra, at.path, where)

    def _alone(self, kind: Kind, items: list[Single], at: str, where: str) -> None:
        """Items that only one side has; ``again`` where it is one more of an item that the other has as well."""
        for number, item, again in items[: MOST + 1]:
            sides = (item, ABSENT) if kind == "MISSING_ITEM" else (ABSENT, item)
            self._found.append(Difference("DUPLICATE_ITEM" if again else kind, at, f"{where}[{number}]", *sides))

    def _scalars(self, left: Any, right: Any, path: str, where: str) -> None:
        same_type = left.__class__ is right.__class__
        if same_type and left == right:
            return
        if self._excuse is not None and self._excuse(path, left, right):
            self._excused += 1
            return
        kind: Kind = "VALUE" if same_type or differ_in_value(left, right) else "TYPE"
        self._found.append(Difference(kind, path, where, left, right))


def _below(where: str, at: Place) -> str:
    """The concrete place of a member. Not its key: that may be data."""
    if len(where) > _LONGEST:
        return where
    return f"{where}.{at.name}" if where else at.name
