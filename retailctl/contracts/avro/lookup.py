"""Who is meant: the branch of a union that reads a type, and the field of the writer that fills one of the reader."""

from __future__ import annotations

from retailctl.contracts.avro.model import NAMED, PROMOTIONS, Field, Node

Numbered = tuple[int, Node]


class UnionIndex:
    """The branches of a union of the reader, found without going through all of them."""

    def __init__(self, union: Node) -> None:
        self._by_kind: dict[str, Numbered] = {}
        self._by_name: dict[tuple[str, str], Numbered] = {}
        self._by_short: dict[tuple[str, str], list[Numbered]] = {}
        self._by_alias: dict[tuple[str, str], list[Numbered]] = {}
        for number, branch in enumerate(union.children):
            kind, found = branch.kind, (number, branch)
            self._by_kind.setdefault(kind, found)
            if kind in NAMED:
                self._by_name.setdefault((kind, branch.name), found)
                self._by_short.setdefault((kind, branch.short), []).append(found)
                for alias in branch.aliases:
                    self._by_alias.setdefault((kind, alias), []).append(found)

    def candidates(self, writer: Node) -> list[Numbered]:
        """The branches that can be meant by a type of the writer, the nearest first.

        The full name decides where it is there, as it does in the implementations; the specification asks only for
        the name without its namespace.
        """
        kind = writer.kind
        if kind in NAMED:
            if (exact := self._by_name.get((kind, writer.name))) is not None:
                return [exact]
            return [*self._by_short.get((kind, writer.short), ()), *self._by_alias.get((kind, writer.name), ())]
        kinds = (kind, *PROMOTIONS.get(kind, ()), "unknown")
        return [self._by_kind[one] for one in kinds if one in self._by_kind][:1]


class FieldIndex:
    """The fields of a record of the writer by name."""

    def __init__(self, record: Node) -> None:
        self._fields = {field.name: field for field in record.fields}

    def source(self, wanted: Field) -> Field | None:
        """The field that a field of the reader is filled from: the one of its name, else of its first alias."""
        for name in (wanted.name, *wanted.aliases):
            if (found := self._fields.get(name)) is not None:
                return found
        return None
