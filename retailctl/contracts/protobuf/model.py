"""What a ``.proto`` file declares. Marks are offsets into its text; :class:`ProtoFile` turns them into lines.

The words are those of the language specifications (proto2, proto3, editions). ``features`` of an element are the ones
in force after inheritance; linking fills them, and what type names mean.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, NamedTuple

MAX_NUMBER = 536_870_911  # 2**29 - 1, the largest number of a field
MAX_INT32 = 2_147_483_647
Label = Literal["", "optional", "required", "repeated"]
Syntax = Literal["proto2", "proto3", "editions"]


class Position(NamedTuple):
    """Where in a file: the line and the column, both from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Value:
    """The value of an option. ``fields`` are the members of a message (names as written) or the items of a list."""

    kind: Literal["name", "string", "number", "message", "list"]
    text: str
    fields: tuple[tuple[str, Value, int], ...] = ()


@dataclass(slots=True)
class Option:
    """One option; the name without spaces, an extension in parentheses: ``(retail.pii).level``."""

    name: str
    value: Value
    mark: int


class Range(NamedTuple):
    """Numbers from ``start`` to ``end``, both included."""

    start: int
    end: int
    mark: int

    def __str__(self) -> str:
        return str(self.start) if self.start == self.end else f"{self.start} to {self.end}"


class ReservedName(NamedTuple):
    """A name that no field or value may have again."""

    name: str
    mark: int


@dataclass(slots=True)
class Element:
    """What everything with a name has: where it stands, its options and the features in force."""

    name: str
    full_name: str
    mark: int
    name_mark: int
    options: list[Option] = field(default_factory=list)
    features: Mapping[str, str] = field(default_factory=dict)
    pointer: str = ""

    def option(self, name: str) -> Option | None:
        """The option with this name, or None; members of ``features = {…}`` are found by their own names."""
        return next((one for one in self.options if one.name == name), None)


@dataclass(slots=True)
class Field(Element):
    """A field or an extension. ``type_name`` is as written; linking sets ``kind`` and ``type``.

    ``kind`` is a scalar type, "message", "group", "enum", or "" where the type is not known; ``type`` is the full name
    of the message or enum.
    """

    number: int = 0
    label: Label = ""
    type_name: str = ""
    type_mark: int = 0
    number_mark: int = 0
    oneof: str = ""
    extendee: str = ""
    extendee_mark: int = 0
    is_group: bool = False
    is_map: bool = False
    scope: str = ""
    kind: str = ""
    type: str = ""
    nested_in: str = ""
    file: str = ""


@dataclass(slots=True)
class Oneof(Element):
    """A oneof, and by name the fields in it."""

    fields: list[Field] = field(default_factory=list)


@dataclass(slots=True)
class EnumValue(Element):
    """A constant of an enum."""

    number: int = 0
    number_mark: int = 0


@dataclass(slots=True)
class Enum(Element):
    """An enum with its constants in their order."""

    values: list[EnumValue] = field(default_factory=list)
    reserved: list[Range] = field(default_factory=list)
    reserved_names: list[ReservedName] = field(default_factory=list)
    file: str = ""
    nested_in: str = ""


@dataclass(slots=True)
class Message(Element):
    """A message, the body of a group, or the entry of a map (``is_map_entry``)."""

    fields: list[Field] = field(default_factory=list)
    oneofs: list[Oneof] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    extends: list[Field] = field(default_factory=list)
    extensions: list[Range] = field(default_factory=list)
    reserved: list[Range] = field(default_factory=list)
    reserved_names: list[ReservedName] = field(default_factory=list)
    is_map_entry: bool = False
    is_group: bool = False
    file: str = ""
    nested_in: str = ""


@dataclass(slots=True)
class Rpc(Element):
    """A method of a service; linking replaces the names of the types by full names."""

    request: str = ""
    response: str = ""
    request_mark: int = 0
    response_mark: int = 0
    client_streaming: bool = False
    server_streaming: bool = False


@dataclass(slots=True)
class Service(Element):
    """A service with its methods."""

    rpcs: list[Rpc] = field(default_factory=list)
    file: str = ""


class Import(NamedTuple):
    """An import; ``kind`` is "", "public", "weak" or "option"."""

    path: str
    kind: str
    mark: int


@dataclass(slots=True)
class ProtoFile:
    """One file. ``complete`` is False where the text ends in a syntax error: what stands behind it is unknown."""

    path: str
    text: str
    syntax: Syntax = "proto2"
    edition: str = ""
    syntax_mark: int = 0
    package: str = ""
    package_mark: int | None = None
    imports: list[Import] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    features: Mapping[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    extends: list[Field] = field(default_factory=list)
    complete: bool = True
    _lines: list[int] = field(default_factory=list, repr=False)

    def option(self, name: str) -> Option | None:
        """The option of the file with this name, or None."""
        return next((one for one in self.options if one.name == name), None)

    def position(self, mark: int) -> Position:
        """The line and column of an offset."""
        if not self._lines:
            self._lines = list(accumulate((len(line) + 1 for line in self.text.split("\n")), initial=0))[:-1]
        line = bisect_right(self._lines, mark)
        return Position(line, mark - self._lines[line - 1] + 1)

    def all_messages(self) -> Iterator[Message]:
        """Every message of the file with the nested ones, outer ones first."""
        waiting = list(reversed(self.messages))
        while waiting:
            message = waiting.pop()
            yield message
            waiting.extend(reversed(message.messages))

    def all_enums(self) -> Iterator[Enum]:
        """Every enum of the file with the nested ones."""
        yield from self.enums
        for message in self.all_messages():
            yield from message.enums

    def all_extensions(self) -> Iterator[Field]:
        """Every extension that the file declares, inside of messages too."""
        yield from self.extends
        for message in self.all_messages():
            yield from message.extends


def nested_name(full_name: str, package: str) -> str:
    """The name of an element inside its package: ``Order.Line`` of ``shop.Order.Line``."""
    return full_name[len(package) + 1 :] if package else full_name
