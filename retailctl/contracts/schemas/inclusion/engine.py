"""The questions the relation is made of, and how one asks another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.contracts.schemas.inclusion.automata import Found, shortest
from retailctl.contracts.schemas.inclusion.formats import formed
from retailctl.contracts.schemas.inclusion.graph import Atom, Conj, Graph, Places, Where, conjunction
from retailctl.contracts.schemas.inclusion.judge import NO_CUTS, Cuts, Judge
from retailctl.contracts.schemas.inclusion.shape import Forms, Shapes
from retailctl.contracts.schemas.inclusion.solver import Solver
from retailctl.contracts.schemas.inclusion.values import Domain
from retailctl.contracts.schemas.inclusion.view import View

FUEL: Final = 3
"""How many combinators of one place may be split one inside the other."""

INCLUDED, UNDECIDED, EXCLUDED = 0, 1, 2


class Within(NamedTuple):
    """Does `b` accept all values of a kind that `a` accepts?"""

    a: Conj
    b: Conj
    kind: Domain
    fuel: int
    declared: bool
    cuts: Cuts


class Same(NamedTuple):
    """Do two schemas say the same, word for word?"""

    a: int
    b: int


class Empty(NamedTuple):
    """Does `a` accept no value of a kind?"""

    a: Conj
    kind: Domain
    fuel: int


class Example(NamedTuple):
    """A value of a kind that `a` accepts; another one for another `turn`."""

    a: Conj
    kind: Domain
    fuel: int
    turn: int


Key = Within | Same | Empty | Example


@dataclass(frozen=True, slots=True)
class Link:
    """A question that another was reduced to, and where its schemas stand in the places of the other."""

    key: Within
    a: Places
    b: Places


@dataclass(frozen=True, slots=True)
class Gap:
    """A constraint of `b` that the constraints of `a` do not imply, with values that may show it."""

    keyword: str
    b_where: Where
    b_value: object
    text: str
    a_where: Where | None = None
    a_value: object = None
    node: int = -1  # of b, whose keyword a counterexample must break
    candidates: Iterable[object] = ()
    links: tuple[Link, ...] = ()
    excluded: bool = False


@dataclass(slots=True)
class Outcome:
    """The answer to a Within; gaps and counterexample are there if it is not included."""

    status: int = INCLUDED
    gaps: Sequence[Gap] = ()
    witness: tuple[object, ...] = ()


@dataclass(slots=True)
class Sub:
    """The answer for all kinds of value together."""

    status: int = INCLUDED
    links: list[Link] = field(default_factory=list)
    witnesses: list[object] = field(default_factory=list)


@dataclass(slots=True)
class Tried:
    """How far a choice was looked through: a question is asked again for every branch that turns out to be none.

    A refused branch has a counterexample and stays refused, so the next look begins behind it.
    """

    able: list[int] | None = None
    refused: int = 0
    witnesses: list[object] = field(default_factory=list)


class Engine:
    """Everything a rule may ask. An answer is remembered, and asked for again when one it relied on has changed."""

    def __init__(self, graph: Graph, solver: Solver[Key, object], forms: Forms | None = None) -> None:
        self.graph = graph
        self.judge = Judge(graph, solver.spend)
        self.shapes = Shapes(graph, forms)
        self._solver = solver
        self._views: dict[Conj, View] = {}
        self.partners: dict[tuple[Conj, int], Conj] = {}  # filled by combinators
        self.tried: dict[tuple[Within, int, str], Tried] = {}  # and this too

    def spend(self, amount: int = 1) -> None:
        """Count work. Raises OutOfBudget when none is left."""
        self._solver.spend(amount)

    def view(self, conj: Conj) -> View:
        """Return what a conjunction says."""
        view = self._views.get(conj)
        if view is None:
            view = self._views[conj] = View(self.graph, self.judge, conj)
        return view

    def same(self, a: int, b: int) -> bool:
        """Tell if two schemas say the same, as far as known."""
        if a == b:
            return True
        graph = self.graph
        if graph.one_store and graph.schemas[a] is graph.schemas[b]:
            return True
        if self.shapes.of(a)[0] != self.shapes.of(b)[0]:
            return False
        return self._solver.ask(Same(a, b)) is True if self.shapes.of(a)[1] else True

    def found(self, node: int, among: Iterable[int]) -> bool:
        """Tell if a schema says the same as one of others."""
        return any(self.same(other, node) for other in among)

    def within(
        self,
        a: Places,
        b: Places,
        *,
        declared: bool,
        fuel: int = FUEL,
        cuts: Cuts = NO_CUTS,
        kind: Domain | None = None,
    ) -> Sub:
        """Tell if `b` accepts all that `a` accepts, of one kind or of any."""
        sub = Sub()
        view = self.view(conjunction(a))
        known = list(view.flat.nodes)[:64]
        left = {n: w for n, w in b.items() if not self.graph.trivial((n,)) and (cuts or not self.found(n, known))}
        if not left:
            return sub
        for each in view.types if kind is None else (kind,):
            key = Within(view.conj, conjunction(left), each, fuel, declared, cuts)
            outcome = self._solver.ask(key)
            if isinstance(outcome, Outcome) and outcome.status != INCLUDED:
                sub.status = max(sub.status, outcome.status)
                sub.links.append(Link(key, a, left))
                sub.witnesses.extend(outcome.witness)
        return sub

    def empty(self, conj: Iterable[int], kind: Domain | None = None, fuel: int = FUEL) -> bool:
        """Tell if a conjunction accepts no value, of one kind or at all."""
        view = self.view(tuple(sorted(set(conj))))
        kinds = view.types if kind is None else (kind,)
        return all(self._solver.ask(Empty(view.conj, each, fuel)) is True for each in kinds)

    def example(
        self, conj: Iterable[int], kind: Domain | None = None, *, fuel: int = FUEL, turn: int = 0
    ) -> tuple[object, ...]:
        """Return a value that a conjunction accepts, in a tuple; empty if none is known."""
        view = self.view(tuple(sorted(set(conj))))
        for each in view.types if kind is None else (kind,):
            found = self._solver.ask(Example(view.conj, each, fuel, turn))
            if found and isinstance(found, tuple):
                return found
        return ()

    def text(
        self, view: View, *, refused: tuple[str, ...] = (), low: int | None = None, high: int | None = None
    ) -> Found:
        """Return the shortest text that the patterns and lengths of a conjunction allow and others do not match.

        ``low`` and ``high`` narrow the lengths further.
        """
        own = view.texts
        sizes = view.lengths
        least = max(sizes.low, own.low, low or 0)
        ends = [each for each in (sizes.high, high) if each is not None]
        found = shortest(own.must, tuple(sorted({*own.must_not, *refused})), least, min(ends) if ends else None)
        self.spend(found.cost // 8)
        return found

    def formed(self, view: View, value: object) -> object:
        """Return a value to be tried; a text gets the formats that are asked of it, where formats are constraints."""
        if self.graph.asserting and type(value) is str:
            return formed(value, view.marks)
        return value

    def examples(self, conj: Conj, kind: Domain | None = None) -> Iterator[object]:
        """Return a few values that a conjunction accepts."""
        for turn in (0, 1):
            yield from self.example(conj, kind, turn=turn)


@dataclass(slots=True)
class Pair:
    """One conjunct of `b` against all of `a`, for one kind of value: what a rule looks at."""

    engine: Engine
    key: Within
    view: View
    atom: Atom
    cuts: Cuts

    @property
    def schema(self) -> Mapping[str, object]:
        """The conjunct of `b`."""
        return self.atom.schema

    @property
    def kind(self) -> Domain:
        """The kind of value at hand."""
        return self.key.kind

    def examples(self) -> Iterator[object]:
        """Return values of `a`, to be tried."""
        return self.engine.examples(self.key.a, self.key.kind)

    def nested(self, a: Places, b: Places) -> Sub:
        """Compare schemas of a property or an item."""
        return self.engine.within(a, b, declared=self.key.declared)

    def inplace(self, a: Places, b: Places, *, spent: int = 0) -> Sub:
        """Compare further schemas for the same value."""
        key = self.key
        return self.engine.within(a, b, declared=key.declared, fuel=key.fuel - spent, cuts=self.cuts, kind=key.kind)

    def here(self, *more: int, where: Where | None = None) -> Places:
        """Return the conjuncts of `a` with others added."""
        place = where or self.atom.where
        added = {node: place for node in more if node not in self.key.a}
        return {**{node: Where(node) for node in self.key.a}, **added}

    def gap(
        self,
        keyword: str,
        text: str,
        candidates: Iterable[object] = (),
        *,
        by: Atom | None = None,
        a_keyword: str | None = None,
        steps: tuple[str | int, ...] = (),
        links: Iterable[Link] = (),
        node: int | None = None,
    ) -> Gap:
        """Return a constraint that is not implied; `by` is the conjunct of `a` it meets."""
        own = a_keyword or keyword
        return Gap(
            keyword,
            self.atom.where.step(*steps),
            self.schema.get(keyword),
            text,
            by.where if by is not None else None,
            by.schema.get(own) if by is not None else None,
            self.atom.node if node is None else node,
            candidates,
            tuple(links),
        )
