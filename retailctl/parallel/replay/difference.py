"""What a difference between two bodies is: its kind, where it is, and the two values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Literal, NamedTuple

Kind = Literal[
    "TYPE", "VALUE", "MISSING_FIELD", "EXTRA_FIELD", "MISSING_ITEM", "EXTRA_ITEM", "DUPLICATE_ITEM", "ORDER",
    "DUPLICATE_KEY",
]  # fmt: skip
MIRROR: Final[dict[Kind, Kind]] = {
    "MISSING_FIELD": "EXTRA_FIELD", "EXTRA_FIELD": "MISSING_FIELD",
    "MISSING_ITEM": "EXTRA_ITEM", "EXTRA_ITEM": "MISSING_ITEM",
}  # fmt: skip
MOST: Final = 1000
"""So many differences of one pair are looked at: a report needs no more."""
_OF_EACH: Final = 10


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


EQUAL: Final = Differences([])
Excuse = Callable[[str, Any, Any], bool]
"""(generic path, legacy value, new value) -> whether two scalars may differ there."""


def varied(found: list[Difference]) -> list[Difference]:
    """Of very many differences a few of each kind at each path."""
    seen: Counter[tuple[str, Kind]] = Counter()
    kept = []
    for one in found:
        seen[one.path, one.kind] += 1
        if seen[one.path, one.kind] <= _OF_EACH:
            kept.append(one)
    return kept[:MOST]


def tally(differences: list[Difference]) -> Counter[tuple[str, Kind]]:
    """How often each kind of difference occurs at each generic path."""
    return Counter((one.path, one.kind) for one in differences)
