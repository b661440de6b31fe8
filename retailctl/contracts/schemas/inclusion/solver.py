"""A worklist that settles questions which depend on each other, without recursion.

A question starts with the most hopeful answer of its kind and may only get worse (or, for examples, only go from none
to one). When an answer changes, the questions that relied on it are evaluated again. Because a cycle of questions
always goes into a property or an item, and JSON values are finite, what nobody could disprove along a cycle holds: the
greatest fixpoint.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class OutOfBudget(Exception):
    """The question costs more work than allowed."""


@dataclass(slots=True)
class _Cell(Generic[V]):
    value: V
    born: int
    dependants: dict[int, None] = field(default_factory=dict)
    fresh: bool = True
    queued: bool = False


class Solver(Generic[K, V]):
    """Memo, dependencies and budget. `evaluate` computes an answer, asking others through `ask`."""

    def __init__(self, start: Callable[[K], V], evaluate: Callable[[K, V], V]) -> None:
        self._start = start
        self._evaluate = evaluate
        self._cells: dict[K, _Cell[V]] = {}
        self._keys: list[K] = []
        self._fresh: list[K] = []
        self._dirty: list[int] = []  # youngest first: what lies deepest settles before those who asked for it
        self._current = -1
        self._left = 0

    def spend(self, amount: int = 1) -> None:
        """Count work. Raises OutOfBudget when none is left."""
        self._left -= amount
        if self._left < 0:
            raise OutOfBudget

    def ask(self, key: K) -> V:
        """Return the answer as known so far, and note that the question under evaluation relied on it."""
        cell = self._cells.get(key)
        if cell is None:
            self.spend()
            cell = self._cells[key] = _Cell(self._start(key), len(self._keys))
            self._keys.append(key)
            self._fresh.append(key)
        if self._current >= 0:
            cell.dependants[self._current] = None
        return cell.value

    @property
    def left(self) -> int:
        """The work that the last question has not used."""
        return max(self._left, 0)

    def peek(self, key: K) -> V | None:
        """Return the answer of a question that was asked before; None if it was given up."""
        cell = self._cells.get(key)
        return None if cell is None else cell.value

    def settle(self, key: K, budget: int) -> V:
        """Answer a question. Raises OutOfBudget or RecursionError, after which nothing unsettled is kept."""
        self._left = budget
        first = len(self._keys)
        try:
            self.ask(key)
            while self._fresh or self._dirty:
                self._run(self._fresh.pop() if self._fresh else self._keys[-heapq.heappop(self._dirty)])
        except (OutOfBudget, RecursionError):
            for late in self._keys[first:]:
                del self._cells[late]
            del self._keys[first:]
            self._fresh.clear()
            self._dirty.clear()
            for cell in self._cells.values():
                cell.dependants = {born: None for born in cell.dependants if born < first}
            raise
        finally:
            self._current = -1
        return self._cells[key].value

    def _run(self, key: K) -> None:
        cell = self._cells[key]
        cell.fresh = cell.queued = False
        self.spend()
        self._current = cell.born
        value = self._evaluate(key, cell.value)
        self._current = -1
        if value is cell.value:
            return
        cell.value = value
        for born in cell.dependants:
            other = self._cells[self._keys[born]]
            if not (other.queued or other.fresh):
                other.queued = True
                heapq.heappush(self._dirty, -born)
