"""Two trees side by side, and what a rule finds in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from retailctl.contracts.protobuf.model import Element, Enum, Field, Message, ProtoFile, Service
from retailctl.contracts.protobuf.reading import ProtoTree

_One = TypeVar("_One", Message, Enum, Service)


class Hit(NamedTuple):
    """One finding of a rule: where it is on the new side, what it is on the old one, and what fills the message.

    A ``mark`` of None is the file as a whole, an empty ``file`` nothing on that side.
    """

    file: str
    mark: int | None
    pointer: str
    old_file: str
    old_pointer: str
    what: str
    old: str = ""
    new: str = ""
    where: str = ""


Rule = Callable[["Sides"], Iterator[Hit]]


@dataclass(frozen=True)
class Sides:
    """The old and the new tree with their elements in pairs: files by path, types and services by full name, fields by
    number, extensions by what they extend and their number."""

    old: ProtoTree
    new: ProtoTree

    @cached_property
    def files(self) -> list[tuple[ProtoFile, ProtoFile]]:
        """Files that are on both sides."""
        return [(file, self.new.files[path]) for path, file in sorted(self.old.files.items()) if path in self.new.files]

    @cached_property
    def messages(self) -> list[tuple[Message, Message]]:
        """Messages that are on both sides, in any file; entries of maps too."""
        return _pairs(self.old_messages, self.new_messages)

    @cached_property
    def enums(self) -> list[tuple[Enum, Enum]]:
        """Enums that are on both sides."""
        return _pairs(_by_name(self.old, ProtoFile.all_enums), self.new_enums)

    @cached_property
    def services(self) -> list[tuple[Service, Service]]:
        """Services that are on both sides."""
        return _pairs(
            _by_name(self.old, lambda file: iter(file.services)), _by_name(self.new, lambda file: iter(file.services))
        )

    @cached_property
    def old_messages(self) -> Mapping[str, Message]:
        """The messages of the old side by full name."""
        return _by_name(self.old, ProtoFile.all_messages)

    @cached_property
    def new_messages(self) -> Mapping[str, Message]:
        """The messages of the new side by full name."""
        return _by_name(self.new, ProtoFile.all_messages)

    @cached_property
    def new_enums(self) -> Mapping[str, Enum]:
        """The enums of the new side by full name."""
        return _by_name(self.new, ProtoFile.all_enums)

    @cached_property
    def fields(self) -> list[tuple[Field, Field]]:
        """Fields with the same number in the same message, and extensions with the same number of the same message."""
        found: list[tuple[Field, Field]] = []
        for old, new in self.messages:
            numbers = {one.number: one for one in new.fields}
            found += [(one, numbers[one.number]) for one in old.fields if one.number in numbers]
        after = _extensions(self.new)
        found += [(one, after[key]) for key, one in _extensions(self.old).items() if key in after]
        return found


def at(
    new: Element | ProtoFile,
    file: str,
    mark: int | None,
    old: Element | ProtoFile,
    old_file: str,
    *,
    what: str = "",
    before: str = "",
    after: str = "",
    where: str = "",
) -> Hit:
    """A hit at an element of the new side."""
    named = what or (new.full_name if isinstance(new, Element) else new.path)
    pointer = new.pointer if isinstance(new, Element) else ""
    old_pointer = old.pointer if isinstance(old, Element) else ""
    return Hit(file, mark, pointer, old_file, old_pointer, named, before, after, where)


def at_field(old: Field, new: Field, mark: int | None = None, *, before: str = "", after: str = "") -> Hit:
    """A hit at a field of the new side."""
    told = field_name(new)
    place = new.mark if mark is None else mark
    return at(new, new.file, place, old, old.file, what=told, before=before, after=after)


def printable(text: str) -> str:
    """Text of a schema that can be written anywhere: lone surrogates and control characters are escaped."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def field_name(field: Field) -> str:
    """How messages name a field: the message and the field, an extension by its full name in brackets."""
    if field.extendee:
        return f"{field.extendee}.[{field.full_name}]"
    return field.full_name


def _pairs(old: Mapping[str, _One], new: Mapping[str, _One]) -> list[tuple[_One, _One]]:
    return [(one, new[name]) for name, one in sorted(old.items()) if name in new]


def _by_name(tree: ProtoTree, of: Callable[[ProtoFile], Iterator[_One]]) -> dict[str, _One]:
    found: dict[str, _One] = {}
    for path in sorted(tree.files):
        for one in of(tree.files[path]):
            found.setdefault(one.full_name, one)
    return found


def _extensions(tree: ProtoTree) -> dict[tuple[str, int], Field]:
    found: dict[tuple[str, int], Field] = {}
    for path in sorted(tree.files):
        for one in tree.files[path].all_extensions():
            found.setdefault((one.extendee, one.number), one)
    return found
