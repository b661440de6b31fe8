"""Does a schema accept a value: yes, no, or not known. The counterexamples of the relation are checked with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Final

from retailctl.contracts.schemas.inclusion.formats import Formed
from retailctl.contracts.schemas.inclusion.graph import Atom, Conj, Graph, branches_of
from retailctl.contracts.schemas.inclusion.values import canonical

Answer = bool | None
Cuts = frozenset[str]
"""Properties that do not travel at this place: neither required nor constrained."""

NO_CUTS: Final[Cuts] = frozenset()
_MAX_DEPTH: Final = 60
_MOST_PLAIN: Final = 200_000
_BRANCHES: Final = frozenset({"anyOf", "oneOf"})
_CONTAINERS = (dict, list, Formed)
_COSTLY: Final = ("properties", "additionalProperties", "items", "prefixItems", "not", "if", "allOf", "anyOf", "oneOf")
Check = Callable[["Judge", int, Mapping[str, object], object, Cuts], Answer]


def _cheap_first(keyword: str) -> int:
    return _COSTLY.index(keyword) + 1 if keyword in _COSTLY else 0


def every(answers: Iterable[Answer]) -> Answer:
    """Return the conjunction of three-valued answers."""
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def some(answers: Iterable[Answer]) -> Answer:
    """Return the disjunction of three-valued answers."""
    unknown = False
    for answer in answers:
        if answer is True:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


class Judge:
    """Evaluates values; remembers containers, so that a value built from checked parts is checked at its top only."""

    def __init__(self, graph: Graph, spend: Callable[[int], None]) -> None:
        self.graph = graph
        self._spend = spend
        self._known: dict[tuple[int, int, Cuts], Answer] = {}
        self._plain: dict[tuple[int, type, object, Cuts], Answer] = {}
        self._alive: list[object] = []
        self._depth = 0
        self._open: set[tuple[int, int, Cuts]] = set()
        self._checks: dict[int, tuple[Check, ...]] = {}
        self.indices: dict[Conj, object] = {}  # filled by branches
        self._forms: dict[tuple[int, str], frozenset[Hashable]] = {}

    def all(self, conj: Conj, value: object, cuts: Cuts = NO_CUTS) -> Answer:
        """Tell if every schema of a conjunction accepts the value."""
        return every(self.one(node, value, cuts) for node in conj)

    def nested(self, node: int, schema: object, value: object, cuts: Cuts = NO_CUTS) -> Answer:
        """Tell if a schema nested in that of a node accepts the value."""
        return self.one(self.graph.child(node, schema), value, cuts)

    def one(self, node: int, value: object, cuts: Cuts = NO_CUTS) -> Answer:
        """Tell if a schema accepts the value."""
        schema = self.graph.schemas[node]
        if isinstance(schema, bool):
            return schema
        container = isinstance(value, _CONTAINERS)  # or a text that is more than its characters
        key = (node, id(value), cuts)
        plain = None if container else (node, value.__class__, value, cuts)
        if container and key in self._known:
            return self._known[key]
        if plain is not None and plain in self._plain:
            return self._plain[plain]
        if self._depth > _MAX_DEPTH or key in self._open:  # too deep, or defined by itself
            return None
        self._spend(1)
        self._depth += 1
        self._open.add(key)
        try:
            answer = self._own(node, value, cuts)
        finally:
            self._depth -= 1
            self._open.discard(key)
        if answer is None and self._depth:  # it may be for the way that led here
            return answer
        if plain is not None:
            if len(self._plain) >= _MOST_PLAIN:
                self._plain.clear()
            self._plain[plain] = answer
        else:
            self._known[key] = answer
            self._alive.append(value)
        return answer

    def _own(self, node: int, value: object, cuts: Cuts) -> Answer:
        """Check all conjuncts, which were found without recursion: chains of references may be thousands long."""
        flat = self.graph.flat((node,))
        if flat.never is not None:
            return False
        cuts = self.cuts((node,), cuts)
        answer = every(self._atom(atom, value, cuts) for atom in flat.atoms)
        return None if answer and flat.dangling is not None else answer

    def _atom(self, atom: Atom, value: object, cuts: Cuts) -> Answer:
        checks = self._checks.get(atom.node)
        if checks is None:
            checks = self._checks[atom.node] = self._checks_of(atom)
        unknown = False
        for check in checks:
            answer = check(self, atom.node, atom.schema, value, cuts)
            if answer is False:
                return False
            unknown = unknown or answer is None
        return None if unknown else True

    def _checks_of(self, atom: Atom) -> tuple[Check, ...]:
        """What the keywords of a conjunct ask, the cheap ones first: one refusal is enough."""
        from retailctl.contracts.schemas.inclusion.keywords import KEYWORDS

        schema = atom.schema
        asking = (
            key for key in schema
            if key in KEYWORDS and not (key in _BRANCHES and len(branches_of(schema, key)) == 1)
        )  # fmt: skip
        return tuple(KEYWORDS[key] for key in sorted(asking, key=_cheap_first))

    def keyword(self, node: int, keyword: str, value: object, cuts: Cuts = NO_CUTS) -> Answer:
        """Tell if one keyword of a schema accepts the value."""
        from retailctl.contracts.schemas.inclusion.keywords import KEYWORDS

        schema = self.graph.schemas[node]
        if isinstance(schema, bool) or keyword not in KEYWORDS or keyword not in schema:
            return self.one(node, value, cuts)
        return KEYWORDS[keyword](self, node, schema, value, cuts)

    def among(self, node: int, keyword: str, value: object, allowed: tuple[object, ...]) -> Answer:
        """Tell if a value is one of those that a keyword of a schema lists."""
        forms = self._forms.get((node, keyword))
        if forms is None:
            forms = self._forms[node, keyword] = frozenset(canonical(item) for item in allowed)
        form = canonical(value)
        if form is None:  # nested deeper than what stands in a schema
            return False if isinstance(value, (dict, list)) else None
        return form in forms

    def cuts(self, conj: Conj, outer: Cuts = NO_CUTS) -> Cuts:
        """Return the properties that any conjunct here marks as not travelling."""
        if not self.graph.cutting:
            return outer
        for atom in self.graph.flat(conj).atoms:
            if "properties" in atom.schema:
                outer |= self.graph.cuts(atom.node)
        return outer
