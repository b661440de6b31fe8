"""Is a schema change really a break? The relation says whether, a witness shows it (contracts.md sections 4.4, 4.7)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from retailctl.contracts.changes.change import SchemaEvidence
from retailctl.contracts.changes.compare import Comparison
from retailctl.contracts.changes.schemas.compare import is_reference
from retailctl.contracts.changes.schemas.graph import Node
from retailctl.contracts.changes.slots import Slot
from retailctl.contracts.compatibility.json_schema import Verdicts
from retailctl.contracts.schemas.inclusion import Forms, Relation
from retailctl.contracts.schemas.inclusion import Inclusion as Included
from retailctl.contracts.schemas.store import ContentModel, Polarity, Schema, SchemaStore, Step, Steps
from retailctl.contracts.witness import NoWitness, Witness, Workshop

_BRANCHES: Final = frozenset(
    {
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "$ref",
        "dependentSchemas",
        "propertyNames",
        "contains",
        "unevaluatedProperties",
        "unevaluatedItems",
    }
)
_TURNS: Final = frozenset({"oneOf", "not", "if", "then", "else"})
# Units of the relation, about ten microseconds each: of one place, of all that stands around it, of a whole run.
_HERE, _AROUND, _RUN = 60_000, 15_000, 150_000
_OF_NAMES: Final = frozenset({
    "additionalProperties", "patternProperties", "unevaluatedProperties", "propertyNames",
    "allOf", "anyOf", "oneOf", "$ref", "not", "if", "then", "else",
})  # fmt: skip
Inclusion = Literal["included", "excluded", "undecided"]
_PAIRED: Final = frozenset({
    "properties", "patternProperties", "dependentSchemas", "items", "prefixItems", "additionalProperties",
    "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "contentSchema",
})  # fmt: skip


class Path(NamedTuple):
    """From a position to a pair of schemas: the schemas of the position and the steps on both sides.

    ``position`` is what the position is called.
    """

    old: Schema
    new: Schema
    old_steps: Steps
    new_steps: Steps
    position: str


class Prover:
    """Answers for the schema changes of one comparison."""

    def __init__(self, comparison: Comparison, content: ContentModel) -> None:
        self._graph = comparison.graph
        self._slots = comparison.slots
        old, new = comparison.graph.old, comparison.graph.new
        self._workshop = Workshop(old, new, content=content)
        self._forms = Forms()
        self._relations: dict[Polarity, Relation] = {
            "in": Relation(old, new, polarity="in", content=content, forms=self._forms),
            "out": Relation(new, old, polarity="out", content=content, forms=self._forms),
        }
        self._content = content
        self._verdicts: dict[Polarity, Verdicts] = {}
        self._parents: dict[Node, list[Node]] | None = None
        self._here: dict[tuple[Node, Steps, Steps, str, Polarity], Inclusion] = {}
        self._left = _RUN
        self._covered: dict[tuple[Node, Polarity], bool] = {}
        self._harmless: dict[tuple[str, Polarity], bool] = {}
        self._paths: dict[tuple[Node, Polarity], Path | None] = {}

    def here(self, evidence: SchemaEvidence, polarity: Polarity) -> Inclusion:
        """What the relation says of the one place, everything compared on its own taken as equal."""
        fact = evidence.fact
        name = fact.name if fact.family.startswith("property-") and "undeclared" not in fact.flags else ""
        key = (evidence.node, fact.old_steps, fact.new_steps, name, polarity)
        if key not in self._here:
            old, new = self._spots(evidence)
            # A property that came, went or became required is judged alone: others beside it are changes of their own.
            flat = (_only(old, name), _only(new, name)) if name else (_flat(old, new), _flat(new, old))
            self._here[key] = self._included(*flat, polarity, _HERE)
        return self._here[key]

    def around(self, evidence: SchemaEvidence, polarity: Polarity) -> Inclusion | None:
        """What the relation says of the outermost place that may turn the meaning of a change around: ``not``, ``if``,
        ``oneOf`` (a branch that takes more may take what another one took). None where there is no such place."""
        fact = evidence.fact
        steps = [*fact.new_steps, fact.keyword]
        turn = next((index for index, step in enumerate(steps) if step in _TURNS), None)
        if turn is None:
            return None
        place = fact.old_steps[:turn], fact.new_steps[:turn]
        key = (evidence.node, *place, "", polarity)
        if key not in self._here:
            old = _at(self._graph.schema(evidence.node.old_key, new=False), place[0])
            new = _at(self._graph.schema(evidence.node.new_key, new=True), place[1])
            self._here[key] = self._included(_flat(old, new), _flat(new, old), polarity, _HERE)
        return self._here[key]

    def is_covered(self, evidence: SchemaEvidence, polarity: Polarity) -> bool:
        """True if the constraints around the place make the difference harmless: a branch that another one covers.

        Only asked where there are branches around it: elsewhere what differs at the place differs as a whole.
        """
        node, fact = evidence.node, evidence.fact
        old, new = self._graph.schema(node.old_key, new=False), self._graph.schema(node.new_key, new=True)
        if not (_has_branches(old, fact.old_steps) or _has_branches(new, fact.new_steps)):
            return False
        key = (node, polarity)
        if key not in self._covered:
            self._covered[key] = self._included(old, new, polarity, _AROUND) == "included"
        return self._covered[key]

    def witness(self, evidence: SchemaEvidence, polarity: Polarity) -> tuple[Witness | NoWitness, str]:
        """A case, and the position it is a value of: "" if only the schema by itself gives one."""
        fact = evidence.fact
        path = self._path(evidence, polarity)
        first: Witness | NoWitness = NoWitness("no position of this direction leads to the schema")
        if path is not None:
            first = self._workshop.find(
                path.old, path.new, polarity=polarity, old_steps=path.old_steps + fact.old_steps,
                new_steps=path.new_steps + fact.new_steps, keyword=fact.keyword, value=fact.value,
            )  # fmt: skip
            if isinstance(first, Witness) or not (path.old_steps or path.new_steps):
                return first, path.position
        node = evidence.node
        second = self._workshop.find(
            self._graph.schema(node.old_key, new=False), self._graph.schema(node.new_key, new=True),
            polarity=polarity, old_steps=fact.old_steps, new_steps=fact.new_steps, keyword=fact.keyword,
            value=fact.value,
        )  # fmt: skip
        return (second, "") if isinstance(second, Witness) else (first, path.position if path else "")

    def whole(self, slot: Slot, polarity: Polarity) -> Included:
        """What the relation says of one position as a whole."""
        old, new = self._graph.schema(slot.old, new=False), self._graph.schema(slot.new, new=True)
        a, b = (old, new) if polarity == "in" else (new, old)
        if polarity not in self._verdicts:
            stores = (self._graph.old, self._graph.new)
            writer, reader = stores if polarity == "in" else stores[::-1]
            self._verdicts[polarity] = Verdicts(
                writer, reader, content=self._content, polarity=polarity, forms=self._forms
            )
        return self._verdicts[polarity].of(a, b)

    def is_harmless(self, evidence: SchemaEvidence, polarity: Polarity) -> bool:
        """True if the whole position takes every value that it took: what changed is covered somewhere around it."""
        path = self._path(evidence, polarity)
        if path is None:
            return False
        key = (path.position, polarity)
        if key not in self._harmless:
            self._harmless[key] = self._included(path.old, path.new, polarity, _AROUND) == "included"
        return self._harmless[key]

    def has_alternatives(self, evidence: SchemaEvidence, polarity: Polarity) -> bool:
        """True if the way from the position to the place leads through a choice."""
        path = self._path(evidence, polarity)
        steps = (*path.old_steps, *path.new_steps) if path is not None else ()
        return not {"anyOf", "oneOf", "not", "if", "then", "else"}.isdisjoint(steps)

    def has_moved(self, evidence: SchemaEvidence) -> bool:
        """True if a property that one object names no more is named all the same, in a branch or around it."""
        node, fact = evidence.node, evidence.fact
        steps = fact.new_steps
        while len(steps) > 1 and steps[-2] in ("allOf", "anyOf", "oneOf"):
            steps = steps[:-2]
        side = _at(self._graph.schema(node.new_key, new=True), steps)
        return fact.name in set(_declared(side, self._graph.new))

    def _included(self, old: Schema, new: Schema, polarity: Polarity, most: int) -> Inclusion:
        relation = self._relations[polarity]
        a, b = (old, new) if polarity == "in" else (new, old)
        verdict = relation.included(a, b, min(most, self._left)).verdict
        self._left = max(self._left - relation.spent, 0)
        return verdict

    def _spots(self, evidence: SchemaEvidence) -> tuple[Schema, Schema]:
        node, fact = evidence.node, evidence.fact
        return (
            _at(self._graph.schema(node.old_key, new=False), fact.old_steps),
            _at(self._graph.schema(node.new_key, new=True), fact.new_steps),
        )

    def _path(self, evidence: SchemaEvidence, polarity: Polarity) -> Path | None:
        key = (evidence.node, polarity)
        if key not in self._paths:
            self._paths[key] = self._path_to(evidence.node, polarity)
        return self._paths[key]

    def _path_to(self, target: Node, polarity: Polarity) -> Path | None:
        mask = self._graph.in_mask if polarity == "in" else self._graph.out_mask
        chain = self._chain(target, mask, polarity)
        if chain is None:
            return None
        root = chain[0]
        old, new = self._graph.schema(root.old_key, new=False), self._graph.schema(root.new_key, new=True)
        old_steps: list[Step] = []
        new_steps: list[Step] = []
        for parent, child in pairwise(chain):
            meeting = next((one for one, node in self._graph.meetings(parent) if node is child), None)
            if meeting is None:
                return None
            old_steps += [*meeting.old_steps, *_references(meeting.old, self._graph.old)]
            new_steps += [*meeting.new_steps, *_references(meeting.new, self._graph.new)]
        here = root.root & mask
        slot = self._slots[(here & -here).bit_length() - 1]
        return Path(old, new, tuple(old_steps), tuple(new_steps), f"{slot.operation} {slot.label}")

    def _chain(self, target: Node, mask: int, polarity: str) -> list[Node] | None:
        """The shortest way down to a pair from one that a slot of the direction holds."""
        parents = self._known_parents()
        before: dict[Node, Node | None] = {target: None}
        waiting = deque([target])
        while waiting:
            node = waiting.popleft()
            if node.root & mask:
                chain = [node]
                while (below := before[chain[-1]]) is not None:
                    chain.append(below)
                return chain
            for parent in parents.get(node, ()):
                cuts = [cut for child, cut in parent.children if child is node]
                if parent not in before and not all(polarity in cut for cut in cuts):
                    before[parent] = node
                    waiting.append(parent)
        return None

    def _known_parents(self) -> dict[Node, list[Node]]:
        if self._parents is None:
            self._parents = {}
            for node in self._graph.nodes:
                for child in dict.fromkeys(child for child, _ in node.children):
                    self._parents.setdefault(child, []).append(node)
        return self._parents


def _references(schema: Schema, store: SchemaStore) -> Iterator[str]:
    """One step for each plain reference of a chain."""
    seen: set[str] = set()
    while isinstance(schema, dict) and is_reference(schema):
        key = str(schema["$ref"])
        if key in seen:
            return
        seen.add(key)
        yield "$ref"
        try:
            schema = store.resolve(key)
        except KeyError:
            return


def _at(schema: Schema, steps: Steps) -> Schema:
    value: object = schema
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return {}
    return value if isinstance(value, dict | bool) else {}


def _has_branches(schema: Schema, steps: Steps) -> bool:
    """True if a combinator stands at the root, at the place, or anywhere between."""
    value: object = schema
    for step in (*steps, ""):
        if isinstance(value, dict):
            if not _BRANCHES.isdisjoint(value):
                return True
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return False
    return False


def _flat(schema: Schema, other: Schema) -> Schema:
    """The schema with everything that has a partner on the other side accepting anything."""
    if not isinstance(schema, dict) or not isinstance(other, dict):
        return schema
    result: dict[str, object] = {}
    for name, value in schema.items():
        partner = other.get(name)
        if name not in _PAIRED or partner is None:
            result[name] = value
        elif isinstance(value, dict) and isinstance(partner, dict) and name in (
            "properties", "patternProperties", "dependentSchemas"
        ):  # fmt: skip
            result[name] = {key: _marks(item) if key in partner else item for key, item in value.items()}
        elif isinstance(value, list) and isinstance(partner, list):
            result[name] = [{} if index < len(partner) else item for index, item in enumerate(value)]
        elif isinstance(value, dict) and isinstance(partner, dict):
            result[name] = {}
        else:
            result[name] = value
    return result


def _only(schema: Schema, name: str) -> Schema:
    """What an object says of one property, and of those it does not name."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key in _OF_NAMES}
    properties, required = schema.get("properties"), schema.get("required")
    if isinstance(properties, dict) and name in properties:
        kept["properties"] = {name: properties[name]}
    if isinstance(required, list) and name in required:
        kept["required"] = [name]
    return kept


def _marks(schema: object) -> Schema:
    """What stays of a partner: where its data flows."""
    if not isinstance(schema, dict):
        return {}
    return {name: True for name in ("readOnly", "writeOnly") if schema.get(name) is True}


def _declared(schema: Schema, store: SchemaStore) -> Iterator[str]:
    """The names of the properties that a schema declares itself, behind references, or in a branch."""
    stack: list[Schema] = [schema]
    seen: set[str] = set()
    while stack:
        current = stack.pop()
        if not isinstance(current, dict):
            continue
        properties = current.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = current.get(keyword)
            if isinstance(branches, list):
                stack.extend(branches)
        key = current.get("$ref")
        if isinstance(key, str) and key not in seen and len(seen) < 1_000:
            seen.add(key)
            try:
                stack.append(store.resolve(key))
            except KeyError:
                continue
