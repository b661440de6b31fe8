"""The relation ``accepts(a) within accepts(b)`` over schemas."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from retailctl.contracts.schemas.inclusion import evaluate, existence
from retailctl.contracts.schemas.inclusion.engine import (
    EXCLUDED,
    FUEL,
    INCLUDED,
    UNDECIDED,
    Empty,
    Engine,
    Example,
    Gap,
    Key,
    Link,
    Outcome,
    Same,
    Within,
)
from retailctl.contracts.schemas.inclusion.formats import written
from retailctl.contracts.schemas.inclusion.graph import Graph, Places, Where
from retailctl.contracts.schemas.inclusion.judge import NO_CUTS
from retailctl.contracts.schemas.inclusion.shape import Forms
from retailctl.contracts.schemas.inclusion.solver import OutOfBudget, Solver
from retailctl.contracts.schemas.store import ContentModel, Polarity, Schema, SchemaStore, Steps

Verdict = Literal["included", "excluded", "undecided"]

DEFAULT_BUDGET: Final = 1_500_000
_MAX_REASONS: Final = 100
_MAX_LOOKED_AT: Final = 20_000  # questions, on the way to the reasons
_Path = tuple[object, ...]  # linked: (path, step)
_Paths = Mapping[int, _Path]
_VERDICTS: Final[tuple[Verdict, ...]] = ("included", "undecided", "excluded")


@dataclass(frozen=True, slots=True)
class Reason:
    """One place where `a` is not known to lie within `b`.

    ``a_steps`` and ``b_steps`` lead from the compared schemas to the place on either side; ``a_value`` and ``b_value``
    are the values of the keyword that meet there (None where a side does not have it).
    """

    verdict: Literal["excluded", "undecided"]
    keyword: str
    a_steps: Steps
    b_steps: Steps
    a_value: object
    b_value: object
    text: str


class Inclusion:
    """The answer, and why it is not *included*.

    ``witness`` holds one value that `a` accepts and `b` rejects if the answer is *excluded*, and is empty otherwise.
    ``reasons`` are looked up when they are asked for: they may lie far behind references, and few answers need them.
    """

    def __init__(self, verdict: Verdict, witness: tuple[object, ...], tell: Callable[[], Iterable[Reason]]) -> None:
        self.verdict: Final = verdict
        self.witness: Final = witness
        self._tell = tell

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Where `a` leaves `b`, nearest first; at most 100 places."""
        return tuple(self._tell())

    def __repr__(self) -> str:
        return f"Inclusion({self.verdict!r})"


class Relation:
    """Compares schemas of two stores; remembers every pair it met, so many questions cost little more than one.

    ``polarity`` cuts the properties that do not travel in that direction (``readOnly`` in, ``writeOnly`` out). Under
    the content model ``declared`` an instance of `a` has no properties but those `a` declares; under ``all`` it may
    have any that `a` accepts. ``budget`` bounds the work of one call; beyond it the answer is *undecided*.
    With ``asserting``, ``format`` and the content keywords are constraints known by name: a text has those that are
    asked of it and no others, unless its characters tell. *Excluded* may then come without a witness. ``forms`` may be
    shared by relations over the same schemas.
    """

    def __init__(
        self,
        a_store: SchemaStore,
        b_store: SchemaStore,
        *,
        polarity: Polarity | None = None,
        content: ContentModel = "declared",
        budget: int = DEFAULT_BUDGET,
        asserting: bool = False,
        forms: Forms | None = None,
    ) -> None:
        self._graph = Graph(a_store, b_store, polarity, asserting=asserting)
        self._solver: Solver[Key, object] = Solver(_start, self._evaluate)
        self._engine = Engine(self._graph, self._solver, forms)
        self._declared = content == "declared"
        self._budget = budget
        self.spent = 0

    @property
    def patterns(self) -> frozenset[str]:
        """The patterns of strings in all schemas that were looked at."""
        found = (schema.get("pattern") for schema in self._graph.schemas if not isinstance(schema, bool))
        return frozenset(each for each in found if isinstance(each, str))

    def included(self, a: Schema, b: Schema, budget: int | None = None) -> Inclusion:
        """Tell if `b` accepts every instance of `a`. Never raises for what schemas may hold.

        ``budget`` is for this question alone; :attr:`spent` then says how much of it was used.
        """
        total = self._budget if budget is None else budget
        try:
            return self._included(a, b, total)
        finally:
            self.spent = total - self._solver.left

    def _included(self, a: Schema, b: Schema, budget: int) -> Inclusion:
        left, right = self._graph.node(0, a), self._graph.node(1, b)
        a_places: Places = {left: Where(left)}
        b_places: Places = {right: Where(right)}
        worst = INCLUDED
        links: list[Link] = []
        witness: list[object] = []
        try:
            if self._settled_same(left, right, budget):
                return Inclusion("included", (), tuple)
            for kind in self._engine.view((left,)).types:
                key = Within((left,), (right,), kind, FUEL, self._declared, NO_CUTS)
                outcome = self._solver.settle(key, budget)
                budget = self._solver.left
                links.append(Link(key, a_places, b_places))
                if isinstance(outcome, Outcome):
                    worst = max(worst, outcome.status)
                    witness += outcome.witness
        except (OutOfBudget, RecursionError):
            told = (*self._reasons(links), _too_much())
            return Inclusion(_VERDICTS[max(worst, UNDECIDED)], self._shown(witness, left, right), lambda: told)
        return Inclusion(_VERDICTS[worst], self._shown(witness, left, right), lambda: self._reasons(links))

    def _shown(self, witness: list[object], a: int, b: int) -> tuple[object, ...]:
        """Return the first value that shows it in writing: where formats are constraints its characters must tell."""
        if not self._graph.asserting:
            return tuple(witness[:1])
        judge = self._engine.judge
        for value in map(written, witness):
            try:
                if judge.one(a, value) is True and judge.one(b, value) is False:
                    return (value,)
            except (OutOfBudget, RecursionError):
                break
        return ()

    def _settled_same(self, a: int, b: int, budget: int) -> bool:
        if self._engine.shapes.of(a)[0] != self._engine.shapes.of(b)[0]:
            return False
        return self._solver.settle(Same(a, b), budget) is True

    def _evaluate(self, key: Key, old: object) -> object:
        if isinstance(key, Within):
            return evaluate.within(self._engine, key, old if isinstance(old, Outcome) else Outcome())
        if isinstance(key, Same):
            return old and existence.same(self._engine, key)
        if isinstance(key, Empty):
            return old and existence.empty(self._engine, key)
        return existence.example(self._engine, key, old if isinstance(old, tuple) else ())

    def _reasons(self, links: list[Link]) -> Iterator[Reason]:
        """Go from the root to the places that are to blame, nearest first, each question once."""
        todo: deque[tuple[Within, _Paths, _Paths, bool]] = deque()
        seen: set[Within] = set()
        told: set[tuple[object, ...]] = set()
        for link in links:
            todo.append((link.key, dict.fromkeys(link.a, ()), dict.fromkeys(link.b, ()), True))
        while todo and len(told) < _MAX_REASONS and len(seen) < _MAX_LOOKED_AT:
            key, a_paths, b_paths, sure = todo.popleft()
            outcome = self._solver.peek(key)
            if key in seen or not isinstance(outcome, Outcome):
                continue
            seen.add(key)
            sure = sure and outcome.status == EXCLUDED
            for gap in outcome.gaps:
                further = [link for link in gap.links if self._open(link)]
                for link in further:
                    a, b = _paths(link.a, a_paths, b_paths), _paths(link.b, b_paths, a_paths)
                    todo.append((link.key, a, b, sure and gap.excluded))
                if not further:
                    reason = _reason(gap, a_paths, b_paths, sure=sure and gap.excluded)
                    mark = (reason.verdict, reason.keyword, reason.a_steps, reason.b_steps, reason.text)
                    if mark not in told:
                        told.add(mark)
                        yield reason

    def _open(self, link: Link) -> bool:
        outcome = self._solver.peek(link.key)
        return isinstance(outcome, Outcome) and outcome.status != INCLUDED


def _start(key: Key) -> object:
    if isinstance(key, Within):
        return Outcome()
    return () if isinstance(key, Example) else True


def _path(where: Where, paths: _Paths, others: _Paths) -> _Path:
    start = paths.get(where.member)
    if start is None:
        start = others.get(where.member, ())
    for step in where.steps():
        start = (start, step)
    return start


def _paths(places: Places, paths: _Paths, others: _Paths) -> _Paths:
    found = {node: _path(where, paths, others) for node, where in places.items()}
    return found or {-1: next(iter(paths.values()), ())}


def _steps(path: _Path) -> Steps:
    return Where(0, path).steps()


def _reason(gap: Gap, a_paths: _Paths, b_paths: _Paths, *, sure: bool) -> Reason:
    place = next(iter(a_paths.values()), ())
    a_path = place if gap.a_where is None else _path(gap.a_where, a_paths, b_paths)
    b_path = _path(gap.b_where, b_paths, a_paths)
    verdict: Literal["excluded", "undecided"] = "excluded" if sure else "undecided"
    return Reason(verdict, gap.keyword, _steps(a_path), _steps(b_path), gap.a_value, gap.b_value, gap.text)


def _too_much() -> Reason:
    return Reason("undecided", "", (), (), None, None, "comparing the schemas costs more work than allowed")
