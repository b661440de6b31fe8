"""Why data of a writer cannot be read: one fact per cause, with both places and the way there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.avro.model import MOST_STEPS, Node, Spot

IncompatibilityKind = Literal[
    "name_mismatch", "fixed_size_mismatch", "missing_enum_symbols", "reader_field_missing_default_value",
    "type_mismatch", "missing_union_branch",
]  # fmt: skip
WriterStep = tuple[str, str | int]
"""One step into a datum of the writer: ("field", name), ("items", 0), ("values", "") or ("branch", index)."""


class Local(NamedTuple):
    """What is wrong between two types themselves, not between their parts.

    ``names`` are the symbols that the reader lacks, or the field that it cannot fill; ``field`` its index.
    """

    kind: IncompatibilityKind
    names: tuple[str, ...] = ()
    field: int = -1


class Trail(NamedTuple):
    """The way from the roots to a pair of types: a step of the reader's pointer and one into the writer's datum.

    ``pair`` is the number of the pair where the step begins.
    """

    before: Trail | None
    pair: int
    pointer: str = ""
    step: WriterStep | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Incompatibility:
    """One reason why ``reader`` cannot read what was written as ``writer``."""

    kind: IncompatibilityKind
    reader: Node
    writer: Node
    names: tuple[str, ...] = ()
    field: int = -1
    trail: Trail | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} of {self.reader.label}>"

    @property
    def location(self) -> str:
        """The place in the reader as the checkers of the Apache project write it; "/" for the whole schema."""
        return f"{self._pointer()}{self._suffix()}" or "/"

    @property
    def reader_place(self) -> Place:
        """Where the reader says what does not fit."""
        if self.kind == "reader_field_missing_default_value":
            return self.reader.fields[self.field].spot.place
        return _part(self.reader, self.kind).place

    @property
    def writer_place(self) -> Place:
        """Where the writer says what does not fit."""
        return _part(self.writer, self.kind).place

    @property
    def detail(self) -> str:
        """The facts of the message: what was expected and what is there."""
        if self.kind == "name_mismatch":
            return f"expected: {self.writer.name}"
        if self.kind == "fixed_size_mismatch":
            return f"expected: {self.writer.size}, found: {self.reader.size}"
        if self.kind == "type_mismatch":
            return f"reader type: {self.reader.kind} not compatible with writer type: {self.writer.kind}"
        if self.kind == "missing_union_branch":
            return f"reader union lacking writer type: {self.writer.kind.upper()}"
        return ", ".join(self.names)

    def about(self, name: str) -> Incompatibility:
        """The same, of one of its names only."""
        return replace(self, names=(name,))

    @property
    def depth(self) -> int:
        """The number of steps from the roots."""
        return self.trail.depth if self.trail else 0

    def steps(self) -> list[WriterStep]:
        """The way into a datum of the writer."""
        found: list[WriterStep] = []
        trail = self.trail
        while trail is not None:
            if trail.step is not None:
                found.append(trail.step)
            trail = trail.before
        return found[::-1]

    def _pointer(self) -> str:
        parts: list[str] = []
        trail = self.trail
        while trail is not None:
            parts.append(trail.pointer)
            trail = trail.before
        return "".join(parts[:-MOST_STEPS:-1])

    def _suffix(self) -> str:
        if self.kind == "reader_field_missing_default_value":
            return f"/fields/{self.field}"
        return {"name_mismatch": "/name", "fixed_size_mismatch": "/size", "missing_enum_symbols": "/symbols"}.get(
            self.kind, ""
        )


def _part(node: Node, kind: IncompatibilityKind) -> Spot:
    """The part of a type that a fact is about."""
    if kind == "name_mismatch":
        return node.spot.at("name") if node.name else node.spot
    if kind == "fixed_size_mismatch":
        return node.spot.at("size")
    return node.spot.at("symbols") if kind == "missing_enum_symbols" else node.spot
