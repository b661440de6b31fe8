"""What a conjunction says, keyword group by keyword group: the left side of the relation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from retailctl.contracts.schemas.inclusion.graph import CONSTRAINTS, Atom, Conj, Flat, Graph, Places, Where
from retailctl.contracts.schemas.inclusion.judge import Cuts, Judge
from retailctl.contracts.schemas.inclusion.regex import alternatives, matches
from retailctl.contracts.schemas.inclusion.scalars import Numbers, Sizes, numbers, sizes
from retailctl.contracts.schemas.inclusion.values import (
    DOMAINS,
    Domain,
    canonical,
    count,
    domain,
    domains_of,
    listed,
    names,
    table,
)

_FEW: Final = 64
_INPLACE: Final = ("allOf", "anyOf", "oneOf")


Finite = tuple[tuple[object, ...], str, Atom | None]
"""Values, the keyword that lists them, and its conjunct."""


class Texts(NamedTuple):
    """Patterns that a string matches, patterns that it does not match, and how long it is at least."""

    must: tuple[str, ...]
    must_not: tuple[str, ...]
    low: int


class View:
    """Facts that follow from all conjuncts together. Combinators are left out here: see ``splits``."""

    def __init__(self, graph: Graph, judge: Judge, conj: Conj) -> None:
        self.graph = graph
        self.judge = judge
        self.conj = conj
        self.flat: Flat = graph.flat(conj)
        self.atoms = self.flat.atoms
        self._properties: dict[str, Places] = {}
        self._items: dict[int, Places] = {}

    @cached_property
    def types(self) -> tuple[Domain, ...]:
        """The kinds of value that are possible."""
        if self.flat.never is not None:
            return ()
        left = frozenset(DOMAINS)
        for atom in self.atoms:
            if "type" in atom.schema:
                left &= domains_of(atom.schema["type"])
        if self._listed is not None:
            left &= {kind for kind in map(domain, self._listed[0]) if kind is not None}
        return tuple(kind for kind in DOMAINS if kind in left)

    @cached_property
    def _listed(self) -> tuple[tuple[object, ...], str, Atom] | None:
        """The shortest list of values of any conjunct."""
        found: tuple[tuple[object, ...], str, Atom] | None = None
        for atom in self.atoms:
            for keyword in ("enum", "const"):
                if keyword not in atom.schema:
                    continue
                own = (atom.schema["const"],) if keyword == "const" else listed(atom.schema["enum"])
                if found is None or len(own) < len(found[0]):
                    found = (own, keyword, atom)
        return found

    def finite(self, kind: Domain) -> Finite | None:
        """Every value of a kind that may be accepted, if they can be listed, with the keyword that lists them."""
        if kind == "null":
            return (None,), "type", None
        if self._listed is not None:
            own, keyword, atom = self._listed
            return tuple(value for value in own if domain(value) == kind), keyword, atom
        if kind == "boolean":
            return (True, False), "type", None
        if kind == "integer":
            few = self.numbers(kind).listing(_FEW)
            return None if few is None else (tuple(int(value) for value in few), "minimum", None)
        if kind == "string":
            for atom in self.atoms:
                words = alternatives(pattern) if isinstance(pattern := atom.schema.get("pattern"), str) else None
                if words is not None:
                    return words, "pattern", atom
        return None

    def numbers(self, kind: Domain) -> Numbers:
        """The numbers of a kind that are possible."""
        return self._numbers[kind == "integer"]

    @cached_property
    def _numbers(self) -> tuple[Numbers, Numbers]:
        return numbers(self.atoms, whole=False), numbers(self.atoms, whole=True)

    @cached_property
    def lengths(self) -> Sizes:
        """The lengths of strings that are possible."""
        return sizes(self.atoms, "Length")

    @cached_property
    def texts(self) -> Texts:
        """What patterns say of strings, and what is negated of them."""
        must = [each for atom in self.having("pattern") if isinstance(each := atom.schema["pattern"], str)]
        must_not: list[str] = []
        low = 0
        for atom in self.having("not"):
            negated = self.graph.flat((self.graph.child(atom.node, atom.schema["not"]),))
            if len(negated.atoms) != 1 or negated.never is not None or negated.dangling is not None:
                continue
            own = negated.atoms[0].schema
            said = CONSTRAINTS.intersection(own) - {"type"}
            if "string" not in domains_of(own.get("type")):
                continue
            if said == {"pattern"} and isinstance(pattern := own["pattern"], str):
                must_not.append(pattern)
            elif said == {"maxLength"} and (most := count(own["maxLength"])) is not None:
                low = max(low, most + 1)
        return Texts(tuple(sorted(set(must))), tuple(sorted(set(must_not))), low)

    @cached_property
    def marks(self) -> frozenset[tuple[str, str]]:
        """The formats and the content asked of strings."""
        return frozenset(
            (keyword, own)
            for keyword in ("format", "contentEncoding", "contentMediaType")
            for atom in self.having(keyword)
            if isinstance(own := atom.schema[keyword], str)
        )

    def having(self, keyword: str) -> Iterator[Atom]:
        """The conjuncts with a keyword."""
        return (atom for atom in self.atoms if keyword in atom.schema)

    # Objects

    @cached_property
    def cuts(self) -> Cuts:
        """Properties that do not travel here."""
        return self.judge.cuts(self.conj)

    @cached_property
    def required(self) -> Mapping[str, Atom]:
        """Properties every object has, with the conjunct that asks for them; what they need in turn as well."""
        found: dict[str, Atom] = {}
        for atom in self.having("required"):
            for name in names(atom.schema["required"]):
                if name not in self.cuts:
                    found.setdefault(name, atom)
        needs = [(atom, table(atom.schema["dependentRequired"])) for atom in self.having("dependentRequired")]
        todo = list(found) if needs else []
        while todo:
            name = todo.pop()
            for atom, own in needs:
                for other in names(own.get(name)):
                    if other not in found and other not in self.cuts:
                        found[other] = atom
                        todo.append(other)
        return found

    @cached_property
    def tags(self) -> Mapping[str, frozenset[object]]:
        """Required properties whose values are listed: what tells branches apart at a glance."""
        found: dict[str, frozenset[object]] = {}
        for name in self.required:
            for atom in self.graph.flat(tuple(sorted(self.property(name)))).atoms:
                for keyword in ("const", "enum"):
                    if keyword in atom.schema:
                        own = (atom.schema["const"],) if keyword == "const" else listed(atom.schema["enum"])
                        values = frozenset(canonical(value) for value in own)
                        found[name] = found[name] & values if name in found else values
        return found

    def apart(self, other: View) -> bool:
        """Tell if no object can meet both, by the value of a property that both require."""
        return any(name in other.tags and values.isdisjoint(other.tags[name]) for name, values in self.tags.items())

    @cached_property
    def declared(self) -> Mapping[str, None]:
        """The properties that the accepting side names, in any conjunct or open branch."""
        found: dict[str, None] = {}
        seen: set[int] = set()
        todo = [node for node in reversed(self.conj) if self.graph.sides[node] == 0]
        while todo:
            node = todo.pop()
            schema = self.graph.schemas[node]
            if node in seen or isinstance(schema, bool):
                continue
            seen.add(node)
            found.update(dict.fromkeys(map(str, table(schema.get("properties")))))
            todo.extend(self._applied(node, schema))
        found.update(dict.fromkeys(self.required))
        return {name: None for name in found if name not in self.cuts}

    def _applied(self, node: int, schema: Mapping[str, object]) -> Iterator[int]:
        reference = schema.get("$ref")
        target = self.graph.target(node, reference) if isinstance(reference, str) else None
        if target is not None:
            yield target
        for keyword in _INPLACE:
            branches = [self.graph.child(node, branch) for branch in listed(schema.get(keyword))]
            chosen = [branch for branch in branches if branch in self.flat.nodes]
            yield from branches if keyword == "allOf" else chosen or branches
        for keyword in ("then", "else", "if"):
            if keyword in schema:
                yield self.graph.child(node, schema[keyword])
        for own in table(schema.get("dependentSchemas")).values():
            yield self.graph.child(node, own)

    @cached_property
    def patterns(self) -> Mapping[str, Places]:
        """Patterns of property names, with the schemas under them."""
        found: dict[str, dict[int, Where]] = {}
        for atom in self.having("patternProperties"):
            for pattern, own in table(atom.schema["patternProperties"]).items():
                place = atom.where.step("patternProperties", pattern)
                found.setdefault(str(pattern), {})[self.graph.child(atom.node, own)] = place
        return found

    def property(self, name: str) -> Places:
        """The schemas that the value of a property must meet."""
        known = self._properties.get(name)
        if known is None:
            known = self._properties[name] = {} if name in self.cuts else dict(self._property(name))
        return known

    def _property(self, name: str) -> Iterator[tuple[int, Where]]:
        for atom in self.atoms:
            own = table(atom.schema.get("properties"))
            sure = unsure = name in own
            if sure:
                yield self.graph.child(atom.node, own[name]), atom.where.step("properties", name)
            for pattern, schema in table(atom.schema.get("patternProperties")).items():
                hit = matches(str(pattern), name)
                unsure = unsure or hit is not False
                if hit:
                    yield self.graph.child(atom.node, schema), atom.where.step("patternProperties", str(pattern))
            if not unsure and "additionalProperties" in atom.schema:
                node = self.graph.child(atom.node, atom.schema["additionalProperties"])
                yield node, atom.where.step("additionalProperties")
            if "unevaluatedProperties" in atom.schema and self._unevaluated(atom, name):
                node = self.graph.child(atom.node, atom.schema["unevaluatedProperties"])
                yield node, atom.where.step("unevaluatedProperties")

    def _unevaluated(self, atom: Atom, name: str | None) -> bool:
        """Tell if a name surely is not evaluated by any keyword beside or below the conjunct."""
        from retailctl.contracts.schemas.inclusion.scope import scope

        found = scope(self.graph, atom.node)
        if found.open or (name is not None and name in found.names):
            return False
        return name is None or all(matches(pattern, name) is False for pattern in found.patterns)

    @cached_property
    def rest(self) -> Places:
        """The schemas that a property nobody names must meet."""
        found: dict[int, Where] = {}
        for atom in self.atoms:
            for keyword in ("additionalProperties", "unevaluatedProperties"):
                if keyword in atom.schema and (keyword[0] == "a" or self._unevaluated(atom, None)):
                    found[self.graph.child(atom.node, atom.schema[keyword])] = atom.where.step(keyword)
        return found

    def rest_counts(self, *, declared: bool) -> bool:
        """Tell if properties nobody names may occur; among declared ones only if the contract gives them a schema."""
        if any(self.graph.flat((node,)).never is not None for node in self.rest):
            return False
        return not declared or any(not self.graph.trivial((node,)) for node in self.rest)

    def closed(self) -> bool:
        """Tell if only named properties may occur, patterns aside."""
        return not self.rest_counts(declared=False)

    @cached_property
    def properties(self) -> Sizes:
        """How many properties an object may have."""
        found = sizes(self.atoms, "Properties")
        return Sizes(max(found.low, len(self.required)), found.high, found.low_atom, found.high_atom)

    # Arrays

    @cached_property
    def prefix(self) -> int:
        """How many items have schemas of their own."""
        return max((len(listed(atom.schema["prefixItems"])) for atom in self.having("prefixItems")), default=0)

    def item(self, index: int) -> Places:
        """The schemas that the item at an index must meet."""
        index = min(index, self.prefix)
        if index not in self._items:
            self._items[index] = dict(self._item(index))
        return self._items[index]

    def _item(self, index: int) -> Iterator[tuple[int, Where]]:
        from retailctl.contracts.schemas.inclusion.scope import scope

        for atom in self.atoms:
            own = listed(atom.schema.get("prefixItems"))
            if index < len(own):
                yield self.graph.child(atom.node, own[index]), atom.where.step("prefixItems", index)
            elif "items" in atom.schema:
                yield self.graph.child(atom.node, atom.schema["items"]), atom.where.step("items")
            elif "unevaluatedItems" in atom.schema:
                found = scope(self.graph, atom.node)
                if not found.open_items and index >= found.items:
                    node = self.graph.child(atom.node, atom.schema["unevaluatedItems"])
                    yield node, atom.where.step("unevaluatedItems")

    @cached_property
    def lengths_of_arrays(self) -> Sizes:
        """How many items an array may have; a position nothing fits ends it."""
        found = sizes(self.atoms, "Items")
        for index in range(self.prefix + 1):
            if any(self.graph.flat((node,)).never is not None for node in self.item(index)):
                if found.high is None or index < found.high:
                    return Sizes(found.low, index, found.low_atom, None)
                break
        return found
