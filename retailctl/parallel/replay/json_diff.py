"""Two JSON values compared: canonical bytes where they settle it, our own walk where they do not.

The generic path (``lines[].price``) is what is counted; the concrete one (``lines[3].price``) is for samples. Types are
compared too: Python calls ``1``, ``1.0`` and ``True`` equal, and readers of the new service may not. The walk keeps its
own stack, goes 100 levels deep and visits each value once; below that two values are equal or not, as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from retailctl.parallel.replay.codec import STANDARD, Codec
from retailctl.parallel.replay.lists import pair_items
from retailctl.parallel.replay.rules import DiffRules

Kind = Literal[
    "TYPE", "VALUE", "MISSING_FIELD", "EXTRA_FIELD", "MISSING_ITEM", "EXTRA_ITEM", "DUPLICATE_ITEM", "ORDER",
    "DUPLICATE_KEY",
]  # fmt: skip
MIRROR: Final[dict[Kind, Kind]] = {
    "MISSING_FIELD": "EXTRA_FIELD", "EXTRA_FIELD": "MISSING_FIELD",
    "MISSING_ITEM": "EXTRA_ITEM", "EXTRA_ITEM": "MISSING_ITEM",
}  # fmt: skip
DEPTH: Final = 100
MOST: Final = 1000
_PRUNED: Final = 6
"""Only so deep are subtrees compared at once before they are walked: each further level would read all below again."""
_FEW: Final = 2
"""So small objects are walked faster than they are written twice."""
_OF_EACH: Final = 10
_KEYED: Final = 12
"""So deep lists are looked through for items that moved: to know an item, all below it is read."""
_LONGEST: Final = 500
_SCALARS: Final = frozenset((str, int, bool, float, type(None), Decimal))


class _Absent:
    """The side that has no such value; it has no equal in JSON."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final[Any] = _Absent()


class Difference(NamedTuple):
    """One place where two bodies differ. ``legacy`` and ``new`` are the values themselves: never to be shown."""

    kind: Kind
    path: str
    where: str
    legacy: Any
    new: Any


class Differences(NamedTuple):
    """``excused`` counts values that differ as they may: within tolerance, or under two names of one thing.

    Of very many differences (``cut``) some are left out, and the whole counts as a difference as well.
    """

    found: list[Difference]
    excused: int = 0
    cut: bool = False


Excuse = Callable[[str, Any, Any], bool]
"""(generic path, legacy value, new value) -> whether two scalars may differ there."""


def diff(
    legacy: Any,
    new: Any,
    rules: DiffRules,
    *,
    using: Codec = STANDARD,
    exact: bool = False,
    excuse: Excuse | None = None,
) -> Differences:
    """Everything in which two values differ, at most 1,000 places. ``exact`` values hold Decimal fractions."""
    return _Walk(rules, using, exact, excuse).run(legacy, new)


class _Walk:
    __slots__ = ("_canonical", "_excuse", "_excused", "_found", "_prunes", "_rules", "_stack", "_unwritten")

    def __init__(self, rules: DiffRules, using: Codec, exact: bool, excuse: Excuse | None) -> None:
        self._rules, self._excuse = rules, excuse
        self._canonical = STANDARD.canonical if exact else using.canonical
        self._prunes = using is not STANDARD and not exact  # json writes more slowly than the walk goes
        self._stack: list[tuple[Any, Any, str, str, int]] = []
        self._found: list[Difference] = []
        self._excused = self._unwritten = 0

    def run(self, legacy: Any, new: Any) -> Differences:
        stack = self._stack
        stack.append((legacy, new, "", "", 0))
        while stack and len(self._found) < MOST:
            left, right, path, where, depth = stack.pop()
            kind = left.__class__
            if kind is right.__class__ and kind in (dict, list):
                if depth >= DEPTH:
                    self._whole(left, right, path, where)
                elif kind is dict:
                    self._objects(left, right, path, where, depth)
                else:
                    self._lists(left, right, path, where, depth)
            else:
                self._scalars(left, right, path, where)
        found = self._found
        if not found:
            return Differences(found, self._excused)
        cut = bool(stack) or len(found) > MOST
        if cut:
            found = _varied(found)
            found.append(Difference("VALUE", "", "", legacy, new))  # what was not looked at may differ gravely
        found.sort(key=lambda one: (one.path, one.kind, one.where))
        return Differences(found, self._excused, cut)

    def _objects(  # noqa: C901 - the loop in which the time goes: calls would double it
        self, left: dict[str, Any], right: dict[str, Any], path: str, where: str, depth: int
    ) -> None:
        prune = self._prunes and depth < _PRUNED
        canonical = self._canonical
        common = 0
        for key, mine in left.items():
            theirs = right.get(key, ABSENT)
            kind = mine.__class__
            if kind is theirs.__class__:
                common += 1
                if kind in _SCALARS:
                    if mine == theirs:
                        continue
                elif prune and len(mine) == len(theirs) > _FEW:
                    try:  # as _equal does, without the call: this is where the time goes
                        if canonical(mine) == canonical(theirs):
                            continue
                    except (RecursionError, TypeError, ValueError):
                        pass
            elif theirs is not ABSENT:
                common += 1
            self._child(mine, theirs, key, path, where, depth)
        if common < len(right):
            for key, theirs in right.items():
                if key not in left:
                    self._child(ABSENT, theirs, key, path, where, depth)

    def _child(self, mine: Any, theirs: Any, key: str, path: str, where: str, depth: int) -> None:
        at, rule = self._rules.child(path, key)
        if rule.ignored:
            return
        name = at[len(path) + 1 :] if path else at  # not the key: it may be data
        place = where if len(where) > _LONGEST else f"{where}.{name}" if where else name
        if mine is ABSENT:
            self._found.append(Difference("EXTRA_FIELD", at, place, mine, theirs))
        elif theirs is ABSENT:
            self._found.append(Difference("MISSING_FIELD", at, place, mine, theirs))
        else:
            self._stack.append((mine, theirs, at, place, depth + 1))

    def _lists(  # noqa: C901 - as above
        self, left: list[Any], right: list[Any], path: str, where: str, depth: int
    ) -> None:
        prune = self._prunes and depth < _PRUNED
        if depth >= _PRUNED or not self._prunes:
            if _same_scalars(left, right):
                return
        elif len(left) <= _FEW and self._equal(left, right):
            return
        at = f"{path}[]"
        if self._rules.at(at).ignored:
            return
        deep = depth >= _KEYED
        paired = pair_items(left, right, self._rules.at(path).list, lambda item: self._key(item, at), plain=deep)
        if paired.reordered:
            self._found.append(Difference("ORDER", path, where, left, right))
        for number, mine, theirs in paired.pairs:
            kind = mine.__class__
            if kind is theirs.__class__ and kind in _SCALARS and mine == theirs:
                continue
            if not (prune and self._equal(mine, theirs)):
                self._stack.append((mine, theirs, at, f"{where}[{number}]", depth + 1))
        for number, item, again in paired.missing[:MOST]:
            kind_of: Kind = "DUPLICATE_ITEM" if again else "MISSING_ITEM"
            self._found.append(Difference(kind_of, at, f"{where}[{number}]", item, ABSENT))
        for number, item, again in paired.extra[:MOST]:
            kind_of = "DUPLICATE_ITEM" if again else "EXTRA_ITEM"
            self._found.append(Difference(kind_of, at, f"{where}[{number}]", ABSENT, item))

    def _key(self, item: Any, path: str) -> Hashable:
        """What is equal for equal items, what is ignored left out."""
        if item.__class__ in _SCALARS:
            return item.__class__, item
        if not item:
            return (item.__class__,)
        if self._rules.any_below(path):
            item = _without(item, path, self._rules, 0)
        return b"%b" % self._bytes(item)  # a copy: what orjson gives holds on to a far larger buffer

    def _bytes(self, value: Any) -> bytes:
        """Canonical bytes; of a value that no library writes, bytes that no other value has."""
        for write in (self._canonical, STANDARD.canonical):
            try:
                return write(value)
            except (RecursionError, TypeError, ValueError):  # nested too deep for it, or a lone surrogate
                continue
        self._unwritten += 1
        return b"#%d" % self._unwritten

    def _equal(self, left: Any, right: Any) -> bool:
        """Whether two trees are equal, types included; False as well where that cannot be told at once.

        Writing both is what asking ``==`` costs, and that would still leave the types to be compared.
        """
        try:
            return self._canonical(left) == self._canonical(right)
        except (RecursionError, TypeError, ValueError):
            return False

    def _whole(self, left: Any, right: Any, path: str, where: str) -> None:
        if self._bytes(left) != self._bytes(right):
            self._found.append(Difference("VALUE", path, where, left, right))

    def _scalars(self, left: Any, right: Any, path: str, where: str) -> None:
        same_type = left.__class__ is right.__class__
        if same_type and left == right:
            return
        if self._excuse is not None and self._excuse(path, left, right):
            self._excused += 1
            return
        self._found.append(
            Difference("VALUE" if same_type or _differ(left, right) else "TYPE", path, where, left, right)
        )


def _varied(found: list[Difference]) -> list[Difference]:
    """Of very many differences a few of each kind at each path."""
    seen: Counter[tuple[str, Kind]] = Counter()
    kept = []
    for one in found:
        seen[one.path, one.kind] += 1
        if seen[one.path, one.kind] <= _OF_EACH:
            kept.append(one)
    return kept[:MOST]


def _same_scalars(left: list[Any], right: list[Any]) -> bool:
    """True for two lists of equal scalars of equal types, which is what most lists of them are."""
    kinds = list(map(type, left))
    return kinds == list(map(type, right)) and _SCALARS.issuperset(kinds) and left == right


def _differ(left: Any, right: Any) -> bool:
    """Whether two numbers of different types differ in value as well: then that is what matters."""
    numbers = (int, float, Decimal)
    kinds = (left.__class__, right.__class__)
    return all(kind in numbers for kind in kinds) and bool(left != right)


def _without(item: Any, path: str, rules: DiffRules, depth: int) -> Any:
    """A copy without what is ignored; deeper than we look nothing is left out."""
    if depth >= DEPTH:
        return item
    if isinstance(item, list):
        return [_without(one, f"{path}[]", rules, depth + 1) for one in item]
    if not isinstance(item, dict):
        return item
    members = ((key, value, *rules.child(path, key)) for key, value in item.items())
    return {key: _without(value, at, rules, depth + 1) for key, value, at, rule in members if not rule.ignored}


def tally(differences: list[Difference]) -> Counter[tuple[str, Kind]]:
    """How often each kind of difference occurs at each generic path."""
    return Counter((one.path, one.kind) for one in differences)
