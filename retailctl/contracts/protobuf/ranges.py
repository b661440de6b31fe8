"""Sets of numbers given as ranges: what they hold, and which ranges another set no longer covers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from retailctl.contracts.protobuf.model import Range


class Numbers:
    """The numbers of some ranges; overlapping ones are joined, so that a question halves its way."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, ranges: Iterable[Range]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for one in sorted(ranges):
            if self._ends and one.start <= self._ends[-1] + 1:
                self._ends[-1] = max(self._ends[-1], one.end)
            else:
                self._starts.append(one.start)
                self._ends.append(one.end)

    def holds(self, start: int, end: int | None = None) -> bool:
        """Whether every number from ``start`` to ``end`` is in the set."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and (start if end is None else end) <= self._ends[at]


def freed(old: Iterable[Range], new: Iterable[Range]) -> list[Range]:
    """The old ranges of which the new ones do not cover every number."""
    numbers = Numbers(new)
    return [one for one in old if not numbers.holds(one.start, one.end)]
