"""Pairs of schemas that meet, each compared once, and the slots that reach them (contracts.md sections 4.4 and 4.6)."""

from __future__ import annotations

import json
import marshal
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.contracts.api.model import escape
from retailctl.contracts.changes.schemas.compare import Meeting, SchemaComparer, follow
from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.schemas.document_store import DocumentStore
from retailctl.contracts.schemas.normalise import ALONE, NAMED
from retailctl.contracts.schemas.store import Schema, Steps

_VALUES: Final = frozenset({"example", "examples", "default", "enum", "const", "discriminator", "externalDocs", "xml"})
_BOTH: Final = frozenset({"in", "out"})
Cut = frozenset[str]


@dataclass(slots=True, eq=False)
class Node:
    """One pair of schemas. ``old_key`` and ``new_key`` say where they stand; ``root`` and ``nested`` are bit sets of
    the slots that hold the pair itself, or something that leads to it; ``use`` is where it was met first, as keys."""

    old_key: str
    new_key: str
    facts: list[SchemaFact] = field(default_factory=list)
    children: list[tuple[Node, Cut]] = field(default_factory=list)
    root: int = 0
    nested: int = 0
    use: tuple[str, str] | None = None
    via: tuple[Node, int] | None = None


class SchemaGraph:
    """The pairs of schemas of two documents."""

    def __init__(self, old: DocumentStore, new: DocumentStore, *, concise: bool = True) -> None:
        self.old, self.new = old, new
        self._comparer = SchemaComparer(old, new, concise=concise)
        self._nodes: dict[tuple[str, str], Node] = {}
        self._overlaid_old: dict[str, Schema] = {}
        self._overlaid_new: dict[str, Schema] = self._overlaid_old if old is new else {}
        self._places: dict[str, str] = {}
        self._meetings: dict[Node, list[tuple[Meeting, Node]]] = {}
        self._waiting: deque[Node] = deque()
        self._same_dialect = old.dialect == new.dialect

    @property
    def nodes(self) -> Iterator[Node]:
        """Every pair that was met, in the order of meeting."""
        return iter(self._nodes.values())

    def add(self, old_key: str, new_key: str, bit: int) -> None:
        """Put a pair under a slot."""
        node = self._node(old_key, new_key)
        node.root |= 1 << bit

    def run(self) -> bool:
        """Compare everything that was put in and everything that is reached from there, then spread the slots.

        False when it was given up: two rings of references of lengths without a common factor meet in as many pairs
        as the product of their lengths.
        """
        while self._waiting and len(self._nodes) <= self.most_pairs:
            self._visit(self._waiting.popleft())
        self._spread()
        return not self._waiting

    def schema(self, key: str, *, new: bool) -> Schema:
        """The schema of one side of a node, references followed."""
        store = self.new if new else self.old
        overlaid = self._overlaid(store)
        if key in overlaid:
            return overlaid[key]
        try:
            return follow(store.resolve(key), store)[0]
        except KeyError:
            return {}

    def meetings(self, node: Node) -> list[tuple[Meeting, Node]]:
        """The references below a pair with the steps that lead to them; worked out when a path is asked for."""
        found = self._meetings.get(node)
        if found is None:
            old, new = self.schema(node.old_key, new=False), self.schema(node.new_key, new=True)
            found = [(meeting, self._met(node, meeting)) for meeting in self._comparer.compare(old, new).meetings]
            self._meetings[node] = found
        return found

    def _node(self, old_key: str, new_key: str) -> Node:
        old_key, new_key = self._end(old_key, self.old), self._end(new_key, self.new)
        node = self._nodes.get((old_key, new_key))
        if node is None:
            node = self._nodes[(old_key, new_key)] = Node(old_key, new_key)
            self._waiting.append(node)
        return node

    def _end(self, key: str, store: DocumentStore) -> str:
        """The end of a chain of references, where nothing was laid over it."""
        seen = {key}
        while key not in self._overlaid(store):
            try:
                raw = store.raw(key)
            except KeyError:
                return key
            if not isinstance(raw, dict) or not isinstance(raw.get("$ref"), str):
                return key
            if len(raw) > 1 and store.dialect not in ALONE:
                return key
            key = store.key_of(raw["$ref"], key.partition("#")[0])
            if key in seen:
                return key
            seen.add(key)
        return key

    def _visit(self, node: Node) -> None:
        if self._same_dialect and node.old_key not in self._overlaid_old and node.new_key not in self._overlaid_new:
            try:
                old_raw, new_raw = self.old.raw(node.old_key), self.new.raw(node.new_key)
            except KeyError:
                return  # a reference that leads nowhere says nothing; it is a finding of its own
            if isinstance(old_raw, dict) and old_raw == new_raw and _is_same(old_raw, new_raw):
                old_base, new_base = node.old_key.partition("#")[0], node.new_key.partition("#")[0]
                for reference, cut in references(old_raw):
                    child = self._node(self.old.key_of(reference, old_base), self.new.key_of(reference, new_base))
                    node.children.append((child, cut))
                return
        found = self._comparer.compare(self.schema(node.old_key, new=False), self.schema(node.new_key, new=True))
        node.facts = found.facts
        for meeting in found.meetings:
            node.children.append((self._met(node, meeting), meeting.cut))

    def _met(self, node: Node, meeting: Meeting) -> Node:
        old = self._key(meeting.old, node.old_key, meeting.old_steps, self.old)
        new = self._key(meeting.new, node.new_key, meeting.new_steps, self.new)
        found = self._node(old, new)
        if found.use is None:
            found.use = (
                self.place_of(node.old_key) + pointer(meeting.old_steps),
                self.place_of(node.new_key) + pointer(meeting.new_steps),
            )
        return found

    def _key(self, schema: Schema, owner: str, steps: Steps, store: DocumentStore) -> str:
        """The key of one side of a meeting: of the target of a plain reference, else of the place it stands at."""
        if not steps:  # the other side was inside a combinator that says nothing: this one is the pair's own
            return owner
        if isinstance(schema, dict) and isinstance(schema.get("$ref"), str) and len(schema) == 1:
            return str(schema["$ref"])
        if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
            # What is laid over a reference belongs to the pair: the same over the same is the same pair, or a schema
            # that leads back to itself through such a reference would never come to an end.
            over = {name: value for name, value in schema.items() if name != "$ref"}
            key = f"{schema['$ref']}?{json.dumps(over, sort_keys=True, default=str)}"
            self._places.setdefault(key, str(schema["$ref"]))
        else:
            key = self.place_of(owner) + pointer(steps)
        overlaid = self._overlaid(store)
        if key not in overlaid:
            overlaid[key] = follow(schema, store)[0]
        return key

    def _overlaid(self, store: DocumentStore) -> dict[str, Schema]:
        """The schemas of one side that stand in a pair as something else than what its key leads to."""
        return self._overlaid_old if store is self.old else self._overlaid_new

    def place_of(self, key: str) -> str:
        """Where the schema of a key stands in the document."""
        return self._places.get(key, key)

    def _spread(self) -> None:
        """Give every pair the slots that reach it: sets only grow, so the order of the work list does not matter."""
        wanted = self._leading_to_facts()
        waiting = deque(node for node in self._nodes.values() if node.root and node in wanted)
        for node in waiting:
            node.via = None
        queued = set(waiting)
        while waiting:
            node = waiting.popleft()
            queued.discard(node)
            whole = node.root | node.nested
            for index, (child, cut) in enumerate(node.children):
                if child not in wanted or cut >= _BOTH:
                    continue
                mask = whole & ~self._cut_mask(cut)
                if mask & ~child.nested:
                    child.nested |= mask
                    if child.via is None and not child.root:
                        child.via = (node, index)
                    if child not in queued:
                        queued.add(child)
                        waiting.append(child)

    def _leading_to_facts(self) -> set[Node]:
        parents: dict[Node, list[Node]] = {}
        for node in self._nodes.values():
            for child, _ in node.children:
                parents.setdefault(child, []).append(node)
        stack = [node for node in self._nodes.values() if node.facts]
        found = set(stack)
        while stack:
            for parent in parents.get(stack.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    stack.append(parent)
        return found

    in_mask: int = 0
    out_mask: int = 0
    most_pairs: int = 25_000

    def _cut_mask(self, cut: Cut) -> int:
        if not cut:
            return 0
        return self.in_mask if "in" in cut else self.out_mask


def _is_same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """True for what is equal as JSON too, where ``true`` is not 1: written out, equal values have equal bytes."""
    try:
        return marshal.dumps(old, 2) == marshal.dumps(new, 2)
    except ValueError:  # numbers and booleans of YAML that remember how they were written
        return json.dumps(old, default=str) == json.dumps(new, default=str)


def pointer(steps: Steps) -> str:
    """The JSON Pointer of steps inside a schema."""
    return "".join(f"/{escape(str(step))}" for step in steps)


def references(raw: dict[str, Any]) -> dict[tuple[str, Cut], None]:
    """The texts of the references inside a schema as written, with what ``readOnly`` and ``writeOnly`` cut."""
    found: dict[tuple[str, Cut], None] = {}
    nothing: Cut = frozenset()
    stack: list[tuple[Any, Cut, bool]] = [(raw, nothing, False)]
    while stack:
        value, cut, by_name = stack.pop()
        if isinstance(value, list):
            stack.extend((item, cut, False) for item in value if isinstance(item, dict | list))
            continue
        if not by_name:
            reference = value.get("$ref")
            if isinstance(reference, str):
                found[(reference, cut)] = None
            if value.get("readOnly") is True:
                cut |= {"in"}
            if value.get("writeOnly") is True:
                cut |= {"out"}
        for name, item in value.items():
            if isinstance(item, dict | list) and (by_name or (name not in _VALUES and not name.startswith("x-"))):
                stack.append((item, cut, not by_name and name in NAMED))
    return dict.fromkeys(found)
