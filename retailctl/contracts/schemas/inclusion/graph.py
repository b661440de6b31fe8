"""Schemas of both sides as numbered nodes, and the conjuncts a set of them stands for.

A *conjunction* is a sorted tuple of node numbers: what all of them accept. It may hold nodes of both sides, which is
how "what `a` accepts and the condition of `b` as well" is asked. Nothing is copied or inlined: a reference is followed
when a conjunction is laid out, and each node is visited once, so fan-out costs no more than the nodes there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from retailctl.contracts.schemas.inclusion.values import listed, table
from retailctl.contracts.schemas.store import Polarity, Schema, SchemaStore, Step, Steps

Conj = tuple[int, ...]

CONSTRAINTS: Final = frozenset(
    {
        *("type", "nullable", "enum", "const", "not", "anyOf", "oneOf", "if"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format", "contentMediaType", "contentEncoding"),
        *("prefixItems", "items", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"),
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"),
        *("maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "$dynamicRef"),
    }
)
"""Keywords that constrain by themselves; ``$ref`` and ``allOf`` only bring conjuncts. All else is annotation."""

NULL: Final[Mapping[str, object]] = {"type": ("null",)}


@dataclass(frozen=True, slots=True)
class Where:
    """A place: the member of the conjunction it lies under, and the steps from there."""

    member: int
    trail: tuple[object, ...] = ()  # linked: (trail, step), so that a chain of 5,000 references stays small

    def step(self, *steps: Step) -> Where:
        """Return the place further in."""
        trail = self.trail
        for step in steps:
            trail = (trail, step)
        return Where(self.member, trail)

    def steps(self) -> Steps:
        """Return the steps from the member to the place."""
        found: list[Step] = []
        trail = self.trail
        while trail:
            trail, step = trail  # type: ignore[assignment]
            found.append(step)  # type: ignore[arg-type]
        return tuple(reversed(found))


Places = Mapping[int, Where]
"""Nodes with the places they were found at; the keys are a conjunction."""


@dataclass(frozen=True, slots=True)
class Atom:
    """The own keywords of one schema; whatever it refers to is an atom of its own."""

    node: int
    schema: Mapping[str, object]
    where: Where


@dataclass(slots=True)
class Flat:
    """A conjunction laid out: all atoms that hold together, and what was passed on the way."""

    atoms: list[Atom] = field(default_factory=list)
    nodes: dict[int, Where] = field(default_factory=dict)
    never: Where | None = None  # a schema that is false
    dangling: Where | None = None  # a reference that leads nowhere: what it says is unknown
    cut: bool = False  # marked as not travelling in this direction


class Graph:
    """Numbers schemas by identity. The stores are asked once per key."""

    def __init__(
        self, a_store: SchemaStore, b_store: SchemaStore, polarity: Polarity | None, *, asserting: bool
    ) -> None:
        self.asserting = asserting  # formats and content are constraints
        self._stores = (a_store, b_store)
        self._cut = {"in": "readOnly", "out": "writeOnly", None: None}[polarity]
        self.schemas: list[Schema] = []
        self.sides: list[int] = []
        self._numbers: dict[tuple[int, object], int] = {}
        self._targets: dict[tuple[int, str], int | None] = {}
        self._flats: dict[Conj, Flat] = {}
        self._rests: dict[int, int] = {}
        self._choices: dict[int, tuple[int, Mapping[str, object]]] = {}
        self._negations: dict[int, int] = {}
        self._branches: dict[tuple[int, str], tuple[int, ...]] = {}
        self._cuts: dict[int, frozenset[str]] = {}
        self._holders: dict[tuple[int, str], int] = {}
        self.scopes: dict[int, object] = {}  # filled by scope

    @property
    def one_store(self) -> bool:
        """Whether both sides read the same store."""
        return self._stores[0] is self._stores[1]

    @property
    def cutting(self) -> bool:
        """Whether some properties do not travel in the direction at hand."""
        return self._cut is not None

    def node(self, side: int, schema: object) -> int:
        """Return the number of a schema. What is no schema counts as one that accepts all."""
        value: Schema = schema if isinstance(schema, (bool, dict, Mapping)) else True
        key = (side, value if isinstance(value, bool) else ("id", id(value)))
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.schemas)
            self.schemas.append(value)  # also keeps it alive, so that its id stays its own
            self.sides.append(side)
        return number

    def child(self, node: int, schema: object) -> int:
        """Return the number of a schema nested in that of a node."""
        return self.node(self.sides[node], schema)

    def target(self, node: int, key: str) -> int | None:
        """Return the node a reference leads to; None if nowhere."""
        side = self.sides[node]
        if (side, key) not in self._targets:
            try:
                found: int | None = self.node(side, self._stores[side].resolve(key))
            except KeyError:
                found = None
            self._targets[side, key] = found
        return self._targets[side, key]

    def flat(self, conj: Conj) -> Flat:
        """Return the conjuncts of a conjunction. Iterative; a cycle of references without content accepts all."""
        flat = self._flats.get(conj)
        if flat is None:
            flat = self._flats[conj] = Flat()
            todo = [(node, Where(node)) for node in reversed(conj)]
            while todo:
                node, where = todo.pop()
                if node not in flat.nodes:
                    flat.nodes[node] = where
                    todo.extend(reversed(list(self._enter(flat, node, where))))
        return flat

    def _enter(self, flat: Flat, node: int, where: Where) -> Iterator[tuple[int, Where]]:
        schema = self.schemas[node]
        if isinstance(schema, bool):
            if not schema:
                flat.never = flat.never or where
            return
        if self._cut is not None and schema.get(self._cut) is True:
            flat.cut = True
        if schema.get("nullable") is True and "type" not in schema:
            choice = self._or_null(node)
            if choice is not None:
                flat.atoms.append(Atom(*choice, where))
            return
        yield from self._followed(flat, node, schema, where)
        if not CONSTRAINTS.isdisjoint(schema):
            flat.atoms.append(Atom(node, schema, where))

    def _followed(
        self, flat: Flat, node: int, schema: Mapping[str, object], where: Where
    ) -> Iterator[tuple[int, Where]]:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            target = self.target(node, reference)
            if target is None:
                flat.dangling = flat.dangling or where.step("$ref")
            else:
                yield target, where.step("$ref")
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = branches_of(schema, keyword)
            if keyword == "allOf" or len(branches) == 1:
                for index, branch in enumerate(branches):
                    yield self.child(node, branch), where.step(keyword, index)

    def _or_null(self, node: int) -> tuple[int, Mapping[str, object]] | None:
        """Return ``nullable`` as the choice it is; None if the schema says nothing besides."""
        rest = self.rest(node)
        if rest is None:
            return None
        if node not in self._choices:
            schema: Mapping[str, object] = {"anyOf": (NULL, self.schemas[rest])}
            self._choices[node] = self.child(node, schema), schema
        return self._choices[node]

    def rest(self, node: int) -> int | None:
        """Return what a schema with ``nullable`` says besides it; None if nothing."""
        schema = self.schemas[node]
        if node not in self._rests and isinstance(schema, Mapping):
            self._rests[node] = self.child(node, {key: item for key, item in schema.items() if key != "nullable"})
        rest = self._rests[node]
        return None if self.trivial((rest,)) else rest

    def negation(self, node: int) -> int:
        """Return the node of all that a schema does not accept."""
        if node not in self._negations:
            self._negations[node] = self.child(node, {"not": self.schemas[node]})
        return self._negations[node]

    def holder(self, node: int, name: str) -> int:
        """Return the node, on the side of another, of all objects that have a property."""
        key = (self.sides[node], name)
        if key not in self._holders:
            self._holders[key] = self.child(node, {"required": (name,)})
        return self._holders[key]

    def branches(self, node: int, keyword: str) -> tuple[int, ...]:
        """Return the branches of a combinator of a node."""
        key = (node, keyword)
        found = self._branches.get(key)
        if found is None:
            schema = self.schemas[node]
            own = branches_of(schema, keyword) if isinstance(schema, Mapping) else ()
            found = self._branches[key] = tuple(self.child(node, branch) for branch in own)
        return found

    def trivial(self, conj: Conj) -> bool:
        """Tell if a conjunction plainly accepts everything."""
        flat = self.flat(conj)
        return not flat.atoms and flat.never is None and flat.dangling is None

    def cut(self, node: int) -> bool:
        """Tell if a property with this schema does not travel in the direction at hand."""
        return self._cut is not None and self.flat((node,)).cut

    def cuts(self, node: int) -> frozenset[str]:
        """Return the properties named by the schema itself that do not travel in the direction at hand."""
        found = self._cuts.get(node)
        if found is None:
            schema = self.schemas[node]
            named = table(schema.get("properties")) if isinstance(schema, Mapping) else {}
            found = frozenset(str(name) for name, own in named.items() if self.cut(self.child(node, own)))
            self._cuts[node] = found
        return found


def branches_of(schema: Mapping[str, object], keyword: str) -> tuple[object, ...]:
    """Return the branches of a combinator; an ``anyOf`` that refers to one schema several times has one branch."""
    if keyword not in schema:
        return ()
    own = listed(schema[keyword])
    if keyword == "anyOf" and len(own) > 1 and all(isinstance(each, Mapping) and len(each) == 1 for each in own):
        targets = {each.get("$ref") for each in own if isinstance(each, Mapping)}
        if len(targets) == 1 and isinstance(next(iter(targets)), str):
            return own[:1]
    return own


def conjunction(places: Mapping[int, object]) -> Conj:
    """Return the conjunction of these nodes."""
    return tuple(sorted(places))
