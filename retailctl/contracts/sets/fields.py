"""A field of a schema in any language, and how a path leads to it. Nothing is expanded before somebody asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from typing import Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.sets.paths import LIST, MAP, Path, plain_name

_DEPTH: Final = 6
_MOST: Final = 2000


class FieldNode(ABC):
    """One field, or the whole schema. ``types`` are words of :mod:`.types`, () where the schema says none.

    ``unit`` is "" where none is said, and ``required`` is None where the language does not tell. ``identity`` is equal
    for two fields with the same schema, so that a recursion is seen.
    """

    __slots__ = ("_fields", "_named", "identity", "name", "place", "required", "types", "unit")

    def __init__(
        self, name: str, types: tuple[str, ...], place: Place, identity: Hashable, *, required: bool | None, unit: str
    ) -> None:
        self.name, self.types, self.place, self.identity = name, types, place, identity
        self.required, self.unit = required, unit
        self._fields: Mapping[str, FieldNode] | None = None
        self._named: dict[str, FieldNode] | None = None

    @abstractmethod
    def _read_fields(self) -> Mapping[str, FieldNode]: ...

    @abstractmethod
    def items(self) -> FieldNode | None:
        """The items, if it is an array."""

    @abstractmethod
    def values(self) -> FieldNode | None:
        """The values, if it is a map."""

    def fields(self) -> Mapping[str, FieldNode]:
        """The fields of an object, in the order of the document."""
        if self._fields is None:
            self._fields = self._read_fields()
        return self._fields

    def step(self, step: str) -> FieldNode | None:
        """What one step of a path leads to."""
        if step == LIST:
            return self.items()
        return self.values() if step == MAP else self.fields().get(step)

    def like(self, step: str) -> FieldNode | None:
        """The same for a name in any spelling; the exact one wins, then the first."""
        found = self.step(step)
        if found is not None or step in (LIST, MAP):
            return found
        if self._named is None:
            self._named = {}
            for name, field in self.fields().items():
                self._named.setdefault(plain_name(name), field)
        return self._named.get(plain_name(step))


def find(root: FieldNode, path: Path) -> tuple[FieldNode | None, int]:
    """The field at a path, and how many of its steps were found."""
    node = root
    for count, step in enumerate(path):
        found = node.step(step)
        if found is None:
            return None, count
        node = found
    return node, len(path)


def find_like(root: FieldNode, path: Path) -> tuple[FieldNode | None, Path]:
    """The field at a path with names in any spelling, and its path as the schema spells it, as far as it goes."""
    node, spelled = root, list[str]()
    for step in path:
        found = node.like(step)
        if found is None:
            return None, tuple(spelled)
        node = found
        spelled.append(step if step in (LIST, MAP) else found.name)
    return node, tuple(spelled)


def every_field(root: FieldNode) -> Iterator[tuple[Path, FieldNode]]:
    """The fields below a schema, the upper ones first; a schema inside itself is entered once. Bounded."""
    waiting: deque[tuple[Path, FieldNode, tuple[Hashable, ...]]] = deque([((), root, (root.identity,))])
    given = 0
    while waiting:
        path, node, around = waiting.popleft()
        inner = [((*path, name), field) for name, field in node.fields().items()]
        inner += [((*path, step), found) for step in (LIST, MAP) if (found := node.step(step)) is not None]
        for way, field in inner:
            if way[-1] not in (LIST, MAP):
                yield way, field
                given += 1
            if given >= _MOST:
                return
            if field.identity not in around and len(way) < _DEPTH:
                waiting.append((way, field, (*around, field.identity)))
