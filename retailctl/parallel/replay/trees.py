"""Values of JSON as a whole: whether two are equal with their types, and bytes that are equal for equal ones."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any, Final

from retailctl.parallel.replay.codec import STANDARD, Codec
from retailctl.parallel.replay.rules import Place

SCALARS: Final = frozenset((str, int, bool, float, type(None), Decimal))
DEPTH: Final = 100
"""So deep a tree is looked into; below that two values are equal or not, as a whole."""


class Writer:
    """Writes values so that equal ones have equal bytes."""

    __slots__ = ("_canonical", "_unwritten")

    def __init__(self, using: Codec) -> None:
        self._canonical = using.canonical
        self._unwritten = 0

    def bytes_of(self, value: Any) -> bytes:
        """Canonical bytes; of a value that no library writes, bytes that no other value has."""
        for write in (self._canonical, STANDARD.canonical):
            try:
                return write(value)
            except (RecursionError, TypeError, ValueError):  # nested too deep for it, or a lone surrogate
                continue
        self._unwritten += 1
        return b"#%d" % self._unwritten

    def key_of(self, item: Any, place: Place) -> Hashable:
        """What is equal for equal items of a list, what is ignored left out."""
        if item.__class__ in SCALARS:
            return item.__class__, item
        if not item:
            return (item.__class__,)
        if place.ignores_below:
            item = without(item, place)
        return b"%b" % self.bytes_of(item)  # a copy: what orjson gives holds on to a far larger buffer


def same_scalars(left: list[Any], right: list[Any]) -> bool:
    """True for two lists of equal scalars of equal types, which is what most lists of them are."""
    kinds = list(map(type, left))
    return SCALARS.issuperset(kinds) and kinds == list(map(type, right)) and left == right


def differ_in_value(left: Any, right: Any) -> bool:
    """Whether two numbers of different types differ in value as well: then that is what matters."""
    numbers = (int, float, Decimal)
    kinds = (left.__class__, right.__class__)
    return all(kind in numbers for kind in kinds) and bool(left != right)


def without(item: Any, place: Place, depth: int = 0) -> Any:
    """A copy without what is ignored; deeper than we look nothing is left out."""
    if depth >= DEPTH:
        return item
    if isinstance(item, list):
        return [without(one, place.items(), depth + 1) for one in item]
    if not isinstance(item, dict):
        return item
    members = ((key, value, place.child(key)) for key, value in item.items())
    return {key: without(value, at, depth + 1) for key, value, at in members if not at.rule.ignored}
