"""Schema resolution: can a reader with one schema read what was written with another (specification, same title)?

Types are compared in pairs, each pair once. First all pairs are found that the question reaches; then failures are
carried upwards from the pairs that fail by themselves. A pair that depends on itself and fails nowhere is readable:
that is the greatest fixpoint, and what recursive records need. No step recurses on the schema.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from retailctl.contracts.avro.incompatibility import Incompatibility, Local, Trail, WriterStep
from retailctl.contracts.avro.lookup import FieldIndex, UnionIndex
from retailctl.contracts.avro.model import NAMED, PRIMITIVES, PROMOTIONS, AvroSchema, Node

_READABLE: Final = -1
MOST_PAIRS: Final = 100_000
_Edge = tuple[int, str, WriterStep | None]


@dataclass(slots=True)
class _Pair:
    """Two types that meet. ``one_of`` tells that one readable part is enough (a union of the reader)."""

    reader: Node
    writer: Node
    one_of: bool = False
    local: list[Local] = field(default_factory=list)
    parts: list[_Edge] = field(default_factory=list)


class Resolution:
    """The answer for one reader and one writer.

    ``undecided`` is True where a type is not defined, or where more pairs of types meet than are looked at: then
    "readable" is not proven.
    """

    def __init__(self, reader: Node, writer: Node) -> None:
        self._pairs: list[_Pair] = []
        self._ids: dict[tuple[Node, Node], int] = {}
        self._unions: dict[Node, UnionIndex] = {}
        self._records: dict[Node, FieldIndex] = {}
        self.reader, self.writer = reader, writer
        self.undecided = False
        self._root = self._pair(reader, writer)
        done = 0
        while done < len(self._pairs):
            self._meet(self._pairs[done])
            done += 1
        self._failed = self._failures()

    @property
    def readable(self) -> bool:
        """Whether everything that was written can be read."""
        return self._root not in self._failed

    def fails(self, reader: Node, writer: Node) -> bool:
        """Whether this pair of types was met and cannot be read."""
        return self._ids.get((reader, writer), _READABLE) in self._failed

    def incompatibilities(self) -> list[Incompatibility]:
        """The facts as the Apache checkers list them: of a union only the branches of the writer that do not fit."""
        return list(self._walk(into_unions=False))

    def causes(self) -> list[Incompatibility]:
        """The facts at the root of the failure: also inside the branch of a union that was meant."""
        return list(self._walk(into_unions=True))

    def _walk(self, *, into_unions: bool) -> Iterator[Incompatibility]:
        """The shortest ways first; every pair of types once."""
        todo: deque[tuple[int, Trail | None]] = deque([(self._root, None)])
        seen: set[int] = set()
        while todo:
            here, trail = todo.popleft()
            if here in seen or here not in self._failed:
                continue
            seen.add(here)
            pair = self._pairs[here]
            for fact in pair.local:
                yield Incompatibility(fact.kind, pair.reader, pair.writer, fact.names, fact.field, trail)
            if pair.one_of and not into_unions and pair.parts:
                if not _leads_back(pair, trail):
                    yield Incompatibility("missing_union_branch", pair.reader, pair.writer, trail=trail)
                continue
            for part, pointer, step in pair.parts[:1] if pair.one_of else pair.parts:
                # Inside a union the branch of the reader is named, which is not always that of the writer.
                named = into_unions and self._pairs[part].one_of and pair.writer.kind == "union"
                depth = trail.depth + 1 if trail else 1
                todo.append((part, Trail(trail, here, "" if named else pointer, step, depth)))

    def _pair(self, reader: Node, writer: Node) -> int:
        """The number of a pair; READABLE where there is nothing to find out."""
        if reader is writer or (reader.kind == writer.kind and reader.kind in PRIMITIVES):
            return _READABLE
        if reader.kind in PROMOTIONS.get(writer.kind, ()):
            return _READABLE
        if writer.plain and set(reader.plain).issuperset(writer.plain):
            return _READABLE
        key = (reader, writer)
        if (known := self._ids.get(key)) is not None:
            return known
        if len(self._pairs) >= MOST_PAIRS or "unknown" in (reader.kind, writer.kind):
            self.undecided = True
            return _READABLE
        self._ids[key] = len(self._pairs)
        self._pairs.append(_Pair(reader, writer))
        return len(self._pairs) - 1

    def _meet(self, pair: _Pair) -> None:
        reader, writer = pair.reader, pair.writer
        if writer.kind == "union":
            for index, branch in enumerate(writer.children):
                pointer = f"/{index}" if reader.kind == "union" else ""
                self._part(pair, reader, branch, pointer, ("branch", index))
        elif reader.kind == "union":
            self._choose(pair)
        elif reader.kind != writer.kind:
            pair.local.append(Local("type_mismatch"))
        elif reader.kind in ("array", "map"):
            pointer = "items" if reader.kind == "array" else "values"
            self._part(pair, reader.children[0], writer.children[0], f"/{pointer}", (pointer, ""))
        elif reader.kind in NAMED:
            self._named(pair)

    def _part(self, pair: _Pair, reader: Node, writer: Node, pointer: str, step: WriterStep | None) -> None:
        if (part := self._pair(reader, writer)) != _READABLE:
            pair.parts.append((part, pointer, step))

    def _choose(self, pair: _Pair) -> None:
        """The branches of the reader that the writer's type can mean; any that reads it will do."""
        index = self._unions.get(pair.reader)
        if index is None:
            index = self._unions[pair.reader] = UnionIndex(pair.reader)
        chosen = index.candidates(pair.writer)
        if not chosen:
            pair.local.append(Local("missing_union_branch"))
            return
        parts = [(self._pair(branch, pair.writer), f"/{number}") for number, branch in chosen]
        if all(part != _READABLE for part, _ in parts):
            pair.one_of = True
            pair.parts = [(part, pointer, None) for part, pointer in parts]

    def _named(self, pair: _Pair) -> None:
        reader, writer = pair.reader, pair.writer
        if reader.short != writer.short and writer.name not in reader.aliases:
            pair.local.append(Local("name_mismatch"))
        if reader.kind == "fixed":
            if reader.size != writer.size:
                pair.local.append(Local("fixed_size_mismatch"))
        elif reader.kind == "enum":
            known = set(reader.symbols)
            unknown = tuple(symbol for symbol in writer.symbols if symbol not in known)
            if unknown and reader.default is None:
                pair.local.append(Local("missing_enum_symbols", unknown))
        else:
            self._fields(pair)

    def _fields(self, pair: _Pair) -> None:
        index = self._records.get(pair.writer)
        if index is None:
            index = self._records[pair.writer] = FieldIndex(pair.writer)
        for number, wanted in enumerate(pair.reader.fields):
            there = index.source(wanted)
            if there is not None:
                step = ("field", there.name)
                self._part(pair, wanted.type, there.type, f"/fields/{number}/type", step)
            elif not wanted.has_default:
                pair.local.append(Local("reader_field_missing_default_value", (wanted.name,), number))

    def _failures(self) -> set[int]:
        """The pairs that cannot be read, carried upwards from those that fail by themselves."""
        users: list[list[int]] = [[] for _ in self._pairs]
        open_parts = [len(pair.parts) if pair.one_of else 1 for pair in self._pairs]
        for number, pair in enumerate(self._pairs):
            for part, _, _ in pair.parts:
                users[part].append(number)
        todo = [number for number, pair in enumerate(self._pairs) if pair.local]
        failed = set(todo)
        while todo:
            for user in users[todo.pop()]:
                open_parts[user] -= 1
                if open_parts[user] <= 0 and user not in failed:
                    failed.add(user)
                    todo.append(user)
        return failed


def _leads_back(pair: _Pair, trail: Trail | None) -> bool:
    """Whether a branch contains the very types in which it stands: then it fails because they do."""
    around: set[int] = set()
    while trail is not None:
        around.add(trail.pair)
        trail = trail.before
    return any(part in around for part, _, _ in pair.parts)


def resolve(reader: AvroSchema, writer: AvroSchema) -> Resolution:
    """Resolve the writer's schema against the reader's."""
    return Resolution(reader.root, writer.root)
