"""The outline of a ``.proto`` file that is written in plain lines, read without its tree.

Most files of messages are: every line is blank, a comment, or one whole declaration of proto3 (the head of a message or
an enum, a field, a value, an end), and says no options. Versions of one schema have most of their lines in common, so
a line is looked at once. Any other file goes through the parser; so does one that Protobuf would refuse.
Source: protobuf.dev/reference/protobuf/proto3-spec.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.outline import Outline
from retailctl.contracts.protobuf import wellknown
from retailctl.contracts.protobuf.features import DEFAULTS
from retailctl.contracts.protobuf.parser import MAX_LENGTH
from retailctl.contracts.protobuf.plain_lines import Line, Lines, presence_of, read_line

_DEEPEST: Final = 20
_MESSAGE: Final[tuple[object, ...]] = (False, [], [], ())
_ENUM: Final[tuple[object, ...]] = (True, [], [], ())
_BODY: Final[tuple[object, ...]] = (False, False, [], [])
_FEATURES: Final = dict(DEFAULTS["proto3"])


@dataclass(slots=True)
class _Scope:
    """A message or an enum whose end has not come yet."""

    name: str
    pointer: str
    is_enum: bool = False
    names: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    json: set[str] = field(default_factory=set)
    values: list[tuple[str, int, tuple[object, ...]]] = field(default_factory=list)


class PlainProto(NamedTuple):
    """The outline of a file, the names of its fields by the keys of that, the pointers of its types by full name, and
    the line and column of each pointer."""

    outline: Outline
    fields: Mapping[Hashable, str]
    pointers: Mapping[str, str]
    places: Mapping[str, tuple[int, int]]


class _NotPlainError(Exception):
    """The file is for the parser."""


def read_plain(text: str, lines: Lines, is_here: Callable[[str], bool]) -> PlainProto | None:
    """The outline that the tree of the file would have, or None. ``is_here`` tells if a file that comes with Protobuf
    is in the workspace too."""
    if len(text) > MAX_LENGTH:
        return None
    reader = _Reader()
    try:
        for number, written in enumerate(text.split("\n"), 1):
            if written not in lines:
                lines[written] = read_line(written)
            line = lines[written]
            if line is None:
                return None
            if line.kind:
                reader.take(line, number)
        if any(path not in wellknown.FILES or is_here(path) for path in reader.imports):
            return None
        return reader.end()
    except _NotPlainError:
        return None


def plain_additions(old: PlainProto, new: PlainProto, path: str) -> list[ReadingChange]:
    """The fields and types that a file has beyond another one, of which it is known that nothing else differs: the
    changes of :func:`~retailctl.contracts.protobuf.compare.compare_proto`, in their order."""
    found = []
    for key in new.outline.parts.keys() - old.outline.parts.keys():
        if isinstance(key, str):
            around = key.rpartition(".")[0]
            if around not in new.pointers or around in old.pointers:
                kind = new.pointers[key].split("/")[-2].removesuffix("s")
                found.append(_addition(f"proto-{kind}-added", key, "", key, "", Place(path, new.pointers[key])))
        elif isinstance(key, tuple) and key[1] and key[0] in old.pointers:
            holder, number = key
            name = new.fields[key]
            place = Place(path, f"{new.pointers[holder]}/fields/{name}")
            found.append(_addition("proto-field-added", holder, f"/fields/{name}", name, str(number), place))
    return sorted(found, key=lambda one: (one.subject, one.pointer, one.id, str(one.what)))


def _addition(id_: str, subject: str, pointer: str, what: str, number: str, place: Place) -> ReadingChange:
    return ReadingChange(
        id=id_, subject=subject, pointer=pointer, what=what, old=number, new=number, location=subject, new_place=place
    )


class _Reader:
    """Takes the declarations of a file in their order. Raises _NotPlainError where the parser has to look."""

    def __init__(self) -> None:
        self.imports: list[str] = []
        self._package: str | None = None
        self._has_syntax = False
        self._scopes: list[_Scope] = []
        self._types: dict[str, tuple[str, bool]] = {}
        self._parts: dict[Hashable, object] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._fields: dict[Hashable, str] = {}
        self._open: list[tuple[str, Line]] = []

    def take(self, line: Line, number: int) -> None:
        """Take the declaration of a line."""
        kind = line.kind
        if kind == "field":
            self._field(line, number)
        elif kind == "end":
            self._close()
        elif kind in ("message", "enum"):
            self._type(line, number)
        elif kind == "value":
            self._value(line)
        else:
            self._statement(line)

    def end(self) -> PlainProto:
        """The outline, when the types of all fields are known."""
        if self._scopes or not self._has_syntax:
            raise _NotPlainError
        for holder, line in self._open:
            kind, full = self._resolved(line.type, holder)
            self._parts[holder, line.number] = (line.name, presence_of(line.label, kind), kind, full, "", ())
        self._parts["file", ""] = self._package or ""
        pointers = {name: pointer for name, (pointer, _) in self._types.items()}
        return PlainProto(Outline(self._parts), self._fields, pointers, self._places)

    def _statement(self, line: Line) -> None:
        if self._scopes or self._has_syntax != (line.kind != "syntax"):
            raise _NotPlainError
        if line.kind == "syntax":
            self._has_syntax = True
        elif line.kind == "import":
            self.imports.append(line.name)
        elif line.kind == "package":
            if self._package is not None or self._types:
                raise _NotPlainError
            self._package = line.name

    def _type(self, line: Line, number: int) -> None:
        outer = self._scopes[-1] if self._scopes else None
        space = outer.name if outer is not None else self._package
        name = f"{space}.{line.name}" if space else line.name
        is_enum = line.kind == "enum"
        pointer = f"{outer.pointer if outer is not None else ''}/{line.kind}s/{line.name}"
        if not self._has_syntax or name in self._types or len(self._scopes) > _DEEPEST:
            raise _NotPlainError
        if outer is not None:
            self._name(outer, line.name)
            if outer.is_enum:
                raise _NotPlainError
        self._types[name] = (pointer, is_enum)
        self._parts[name] = _ENUM if is_enum else _MESSAGE
        if not is_enum:
            self._parts[name, ""] = _BODY
        self._places[pointer] = (number, line.column)
        self._scopes.append(_Scope(name, pointer, is_enum))

    def _close(self) -> None:
        if not self._scopes:
            raise _NotPlainError
        scope = self._scopes.pop()
        if scope.is_enum:
            if not scope.values or scope.values[0][1] != 0:
                raise _NotPlainError
            self._parts[scope.name, ""] = (_FEATURES, scope.values)

    def _field(self, line: Line, number: int) -> None:
        scope = self._scopes[-1] if self._scopes else None
        if scope is None or scope.is_enum or line.number in scope.numbers or line.json in scope.json:
            raise _NotPlainError
        self._name(scope, line.name)
        scope.numbers.add(line.number)
        scope.json.add(line.json)
        key = (scope.name, line.number)
        self._fields[key] = line.name
        if line.part is not None:
            self._parts[key] = line.part
        else:
            self._open.append((scope.name, line))
        self._places[f"{scope.pointer}/fields/{line.name}"] = (number, line.column)

    def _value(self, line: Line) -> None:
        scope = self._scopes[-1] if self._scopes else None
        if scope is None or not scope.is_enum or line.number in scope.numbers:
            raise _NotPlainError
        self._name(scope, line.name)
        scope.numbers.add(line.number)
        scope.values.append((line.name, line.number, ()))

    @staticmethod
    def _name(scope: _Scope, name: str) -> None:
        if name in scope.names:
            raise _NotPlainError
        scope.names.add(name)

    def _resolved(self, name: str, scope: str) -> tuple[str, str]:
        """What a type is, and its full name: the innermost scope that has it decides."""
        while True:
            full = f"{scope}.{name}" if scope else name
            if full in self._types:
                return "enum" if self._types[full][1] else "message", full
            if full in wellknown.TYPES:
                return wellknown.TYPES[full], full
            if not scope:
                raise _NotPlainError
            scope = scope.rpartition(".")[0]
