"""Versions of one schema share what they have in common: a field that is written as before is not read again.

A field of the outermost record stands by itself where its type is spelt out: what it means then depends on nothing but
its text, its number and the namespace around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.avro.checks import check, endless
from retailctl.contracts.avro.model import NAMED, AvroSchema, Field, Node, Spot
from retailctl.contracts.avro.problems import Problems
from retailctl.contracts.avro.reading import Reader, read_avro
from retailctl.contracts.compatibility.outline import NoOutlineError, written


class _Piece(NamedTuple):
    """A field that stands by itself, with the types that it defines and all nodes in it."""

    field: Field
    types: Mapping[str, Node]
    nodes: tuple[Node, ...]


_Key = tuple[str, int, bytes]


@dataclass(slots=True)
class SharedFields:
    """The fields of the versions read so far, of schemas without a problem. ``parts`` are what outlines say of them."""

    pieces: dict[_Key, _Piece] = field(default_factory=dict)
    parts: dict[Field, tuple[object, ...]] = field(default_factory=dict)


class _UnsharedError(Exception):
    """The schema has something that is told as it is told of a schema alone."""


def read_shared(raw: object, shared: SharedFields) -> AvroSchema:
    """The same as :func:`~retailctl.contracts.avro.reading.read_avro` of a schema that is a file of its own."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("fields"), list):
        return read_avro(raw)
    reader = _SharingReader(shared)
    try:
        root = reader.read(raw, Spot(None, (), Place("", "")))
        reader.check()
    except _UnsharedError:
        return read_avro(raw)
    shared.pieces.update(reader.fresh)
    return AvroSchema(root, reader.types)


class _SharingReader(Reader):
    """Reads the fields of the outermost record one after the other; ``fresh`` are those that may be shared."""

    def __init__(self, shared: SharedFields) -> None:
        super().__init__(Problems(), {})
        self.fresh: dict[_Key, _Piece] = {}
        self._shared = shared
        self._met: list[_Piece] = []

    def fields(self, node: Node, raw: Mapping[str, Any], namespace: str, spot: Spot, depth: int) -> None:
        if depth:
            super().fields(node, raw, namespace, spot, depth)
            return
        fields: list[Field] = []
        node.fields = fields
        for index, item in enumerate(raw["fields"]):
            try:
                key = namespace, index, written(item)
            except NoOutlineError:
                raise _UnsharedError from None
            piece = self._shared.pieces.get(key)
            if piece is None or not piece.types.keys().isdisjoint(self.types.keys()):
                piece = self._read(item, key, spot.at("fields", index))
            else:
                self.types.update(piece.types)
                self._met.append(piece)
            fields.append(piece.field)
        if len({one.name for one in fields}) < len(fields):
            raise _UnsharedError

    def _read(self, raw: object, key: _Key, spot: Spot) -> _Piece:
        if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
            raise _UnsharedError
        count, used = len(self.nodes), len(self.used)
        made = self.field(raw, raw["name"], key[0], spot, 0)
        self.drain()
        nodes = tuple(self.nodes[count:])
        defined = {node.name: node for node in nodes if node.kind in NAMED and self.types.get(node.name) is node}
        piece = _Piece(made, defined, nodes)
        if all(defined.get(name) is target for name, target in self.used[used:]):
            self.fresh[key] = piece
        return piece

    def check(self) -> None:
        """Raise where there is a problem; of fields that were met before there is none."""
        if not self.waiting:
            known = {piece.field for piece in self._met}
            check(self.nodes, self.problems, known)
            if self.used or any(node.kind == "union" and not node.children for node in self.nodes):
                endless([*self.nodes, *(node for piece in self._met for node in piece.nodes)], self.problems)
        if self.waiting or self.problems.found():
            raise _UnsharedError
