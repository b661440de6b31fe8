"""Texts that match some regular expressions and not others: the shortest one, or the proof that there is none.

The expressions run side by side over one text; a state of the search is where all of them are. Characters that no
expression tells apart count as one, so that the search is small, and it is bounded all the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from retailctl.contracts.schemas.inclusion.expressions import (
    Char,
    Edge,
    Either,
    Node,
    Ranges,
    Repeat,
    Sequence,
    Unread,
    read,
)

_MAX_STATES: Final = 1_500
_MAX_SEEN: Final = 3_000
_MAX_STEPS: Final = 40_000
_MAX_COUNTED: Final = 300
_LIKED: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_- .:/@"


class Found(NamedTuple):
    """The shortest text, or None; ``sure`` says that None means that there is none; ``cost`` is the work it was."""

    text: str | None
    sure: bool
    cost: int


@dataclass(slots=True)
class _Machine:
    """States by number: 0 is the first, 1 the last. ``begin`` and ``end`` edges are open at the ends of the text."""

    empty: list[list[tuple[int, str]]] = field(default_factory=lambda: [[], []])
    reading: list[list[tuple[Ranges, int]]] = field(default_factory=lambda: [[], []])

    def state(self) -> int:
        if len(self.empty) >= _MAX_STATES:
            raise Unread
        self.empty.append([])
        self.reading.append([])
        return len(self.empty) - 1

    def add(self, node: Node, first: int, last: int) -> None:
        if isinstance(node, Char):
            self.reading[first].append((node.ranges, last))
        elif isinstance(node, Edge):
            self.empty[first].append((last, node.place))
        elif isinstance(node, Either):
            for part in node.parts:
                self.add(part, first, last)
        elif isinstance(node, Sequence):
            for part in node.parts:
                first = self._after(part, first)
            self.empty[first].append((last, ""))
        else:
            self._repeat(node, first, last)

    def _after(self, node: Node, first: int) -> int:
        last = self.state()
        self.add(node, first, last)
        return last

    def _repeat(self, node: Repeat, first: int, last: int) -> None:
        for _ in range(node.least):
            first = self._after(node.part, first)
        if node.most is None:
            loop = self.state()
            self.empty[first].append((loop, ""))
            self.empty[self._after(node.part, loop)].append((loop, ""))
            self.empty[loop].append((last, ""))
            return
        for _ in range(node.most - node.least):
            start = self.state()  # of its own, so that nothing leads back into what stands before
            self.empty[first] += [(start, ""), (last, "")]
            first = self._after(node.part, start)
        self.empty[first].append((last, ""))


_State = frozenset[int] | None
"""Where an expression may be; None once it has matched, whatever follows."""


class _Runner:
    """One expression, looked for anywhere in the text."""

    def __init__(self, pattern: str) -> None:
        self.machine = _Machine()
        start = self.machine.state()
        self.machine.empty[0].append((start, ""))
        self.machine.add(read(pattern), start, 1)
        self._again = self._closure([0], frozenset())
        self.start = self._closed([0], frozenset({"begin"}))
        self._ends: dict[_State, bool] = {}

    def _closure(self, states: list[int], edges: frozenset[str]) -> frozenset[int]:
        seen = set(states)
        todo = list(states)
        while todo:
            for other, edge in self.machine.empty[todo.pop()]:
                if other not in seen and (not edge or edge in edges):
                    seen.add(other)
                    todo.append(other)
        return frozenset(seen)

    def _closed(self, states: list[int], edges: frozenset[str]) -> _State:
        found = self._closure(states, edges)
        if 1 in found:
            return None
        empty, reading = self.machine.empty, self.machine.reading
        return frozenset(state for state in found if reading[state] or any(edge == "end" for _, edge in empty[state]))

    def step(self, state: _State, code: int) -> _State:
        """Return where the expression is after one more character."""
        if state is None:
            return None
        after = [
            target for one in state for ranges, target in self.machine.reading[one] if _within(ranges, code)
        ]  # fmt: skip
        return self._closed([*after, *self._again], frozenset())

    def matches(self, state: _State, *, at_start: bool) -> bool:
        """Tell if the text may end here."""
        if state is None:
            return True
        if at_start:
            return 1 in self._closure([0], frozenset({"begin", "end"}))
        if state not in self._ends:
            self._ends[state] = 1 in self._closure(list(state), frozenset({"end"}))
        return self._ends[state]


def _within(ranges: Ranges, code: int) -> bool:
    place = bisect_right(ranges, (code, 0x110000)) - 1
    return place >= 0 and ranges[place][0] <= code <= ranges[place][1]


@lru_cache(maxsize=1024)
def _runner(pattern: str) -> _Runner | None:
    try:
        return _Runner(pattern)
    except Unread:
        return None


@lru_cache(maxsize=2048)
def shortest(
    must: tuple[str, ...], must_not: tuple[str, ...] = (), low: int = 0, high: int | None = None
) -> Found:  # fmt: skip
    """Return the shortest text in which all of ``must`` occur and none of ``must_not``, of a length within bounds.

    An expression of ``must`` that cannot be read leaves the answer open unless those that can already say no; a text
    that is found may then not match it, so that none is returned.
    """
    wanted, refused = [_runner(each) for each in must], [_runner(each) for each in must_not]
    runners = [runner for runner in (*wanted, *refused) if runner is not None]
    read_all = len(runners) == len(must) + len(must_not)
    turn = sum(1 for runner in wanted if runner is not None)
    if low > _MAX_COUNTED or len(runners) > 12:
        return Found(None, sure=False, cost=1)
    found = _search(runners, turn, low, high)
    return found if read_all or (found.text is None and found.sure) else Found(None, sure=False, cost=found.cost)


def _search(runners: list[_Runner], turn: int, low: int, high: int | None) -> Found:
    letters = _letters(runners)
    start = tuple(runner.start for runner in runners)
    seen = {(start, 0)}
    todo: deque[tuple[tuple[_State, ...], int, tuple[object, ...]]] = deque([(start, 0, ())])
    cost = len(letters)
    while todo:
        states, size, trail = todo.popleft()
        ends = [runner.matches(state, at_start=not trail) for runner, state in zip(runners, states, strict=True)]
        if size >= low and all(ends[:turn]) and not any(ends[turn:]):
            return Found(_text(trail), sure=True, cost=cost)
        if high is not None and size >= high:
            continue
        for code in letters:
            cost += len(runners) or 1
            after = tuple(runner.step(state, code) for runner, state in zip(runners, states, strict=True))
            if None in after[turn:] or frozenset() in after[:turn]:
                continue
            # Beyond the shortest length only the longest counts, and what is met first is nearest to it.
            mark = (after, min(size + 1, low))
            if mark not in seen:
                if len(seen) >= _MAX_SEEN or cost > _MAX_STEPS:
                    return Found(None, sure=False, cost=cost)
                seen.add(mark)
                todo.append((after, size + 1, (trail, code)))
    return Found(None, sure=True, cost=cost)


def _text(trail: tuple[object, ...]) -> str:
    codes: list[int] = []
    while trail:
        trail, code = trail  # type: ignore[assignment]
        codes.append(code)  # type: ignore[arg-type]
    return "".join(map(chr, reversed(codes)))


def _letters(runners: list[_Runner]) -> list[int]:
    """Return one character for each set of characters that the expressions tell apart."""
    classes = {ranges for runner in runners for edges in runner.machine.reading for ranges, _ in edges}
    cuts = sorted({code for ranges in classes for first, last in ranges for code in (first, last + 1)} | {0})
    by_kind: dict[tuple[bool, ...], int] = {}
    for code in (*map(ord, _LIKED), *cuts):
        if code <= 0x10FFFF:
            kind = tuple(_within(ranges, code) for ranges in classes)
            by_kind.setdefault(kind, 0xE000 if 0xD800 <= code <= 0xDFFF else code)
    return list(by_kind.values())
