"""What was there and is no more: files, packages, and what they declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal

from retailctl.contracts.protobuf.model import Element, Enum, Field, Message, ProtoFile, Service, nested_name
from retailctl.contracts.protobuf.ranges import Numbers
from retailctl.contracts.protobuf.rules.declarations import by_number
from retailctl.contracts.protobuf.rules.hits import Hit, Rule, Sides, at

Unless = Literal["", "number", "name"]
_Declared = Callable[[ProtoFile], Iterator[Element]]


def _messages(file: ProtoFile) -> Iterator[Element]:
    # The entry of a map has gone with its field, which is told.
    return (one for one in file.all_messages() if not one.is_map_entry)


DECLARED: Final[Mapping[str, _Declared]] = {
    "enum": lambda file: file.all_enums(),
    "message": _messages,
    "service": lambda file: iter(file.services),
    "extension": lambda file: file.all_extensions(),
}
"""What a file declares, by the word for it."""


def file_no_delete(sides: Sides) -> Iterator[Hit]:
    """Files that are gone."""
    for path in sorted(sides.old.files.keys() - sides.new.files.keys()):
        yield Hit("", None, "", path, "", path)


def gone_from_file(kind: str) -> Rule:
    """Declarations that a file has no more, told at the nearest message around them that is left."""
    declared = DECLARED[kind]

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.files:
            left = {nested_name(one.full_name, new.package) for one in declared(new)}
            around = {nested_name(one.full_name, new.package): one for one in new.all_messages()}
            for one in declared(old):
                name = nested_name(one.full_name, old.package)
                if name not in left:
                    yield _deleted(one, name, around, old.path, new.path)

    return find


def gone_from_package(kind: str) -> Rule:
    """Declarations that a package has no more, in any of its files."""
    declared = DECLARED[kind]

    def find(sides: Sides) -> Iterator[Hit]:
        left: dict[str, dict[str, Message]] = {}
        names: dict[str, set[str]] = {}
        for file in sides.new.files.values():
            names.setdefault(file.package, set()).update(one.full_name for one in declared(file))
            messages = left.setdefault(file.package, {})
            messages.update({nested_name(one.full_name, file.package): one for one in file.all_messages()})
        for path in sorted(sides.old.files):
            old = sides.old.files[path]
            for one in declared(old) if old.package in names else ():
                if one.full_name not in names[old.package]:
                    around = left[old.package] if kind in ("message", "extension") else {}
                    name = nested_name(one.full_name, old.package)
                    yield _deleted(one, name, around, path, path if path in sides.new.files else "")

    return find


def _deleted(one: Element, name: str, around: Mapping[str, Message], old_path: str, new_path: str) -> Hit:
    outer = name.rpartition(".")[0]
    while outer:
        if outer in around:
            message = around[outer]
            return Hit(message.file, message.mark, message.pointer, old_path, one.pointer, one.full_name)
        outer = outer.rpartition(".")[0]
    return Hit(new_path, None, "", old_path, one.pointer, one.full_name)


def package_no_delete(sides: Sides) -> Iterator[Hit]:
    """Packages that no file has any more."""
    left = {file.package for file in sides.new.files.values()}
    told: set[str] = set()
    for path in sorted(sides.old.files):
        package = sides.old.files[path].package
        if package not in left | told:
            told.add(package)
            yield Hit("", None, "", path, "/package", package or "(no package)")


def field_no_delete(unless: Unless) -> Rule:
    """Fields whose number a message has no more, unless the number or the name is reserved."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.messages:
            numbers = {one.number for one in new.fields}
            reserved = {one.name for one in new.reserved_names}
            kept_numbers = Numbers(new.reserved)
            for one in old.fields:
                kept = {"": False, "number": kept_numbers.holds(one.number), "name": one.name in reserved}[unless]
                if one.number not in numbers and not kept:
                    yield _member(one, old, new, str(one.number))

    return find


def enum_value_no_delete(unless: Unless) -> Rule:
    """Numbers that an enum has no more, unless the number is reserved or all names of it are."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.enums:
            numbers = {one.number for one in new.values}
            reserved = {one.name for one in new.reserved_names}
            kept_numbers = Numbers(new.reserved)
            for number, values in by_number(old).items():
                names = {one.name for one in values}
                kept = {"": False, "number": kept_numbers.holds(number), "name": names <= reserved}[unless]
                if number not in numbers and not kept:
                    yield _member(values[0], old, new, str(number))

    return find


def _member(one: Element, old: Message | Enum | Service, new: Message | Enum | Service, number: str) -> Hit:
    return at(new, new.file, new.mark, one, old.file, what=one.name, before=number, where=new.full_name)


def oneof_no_delete(sides: Sides) -> Iterator[Hit]:
    """Oneofs that a message has no more."""
    for old, new in sides.messages:
        left = {one.name for one in new.oneofs}
        yield from (_member(one, old, new, "") for one in old.oneofs if one.name not in left)


def rpc_no_delete(sides: Sides) -> Iterator[Hit]:
    """Methods that a service has no more."""
    for old, new in sides.services:
        left = {one.name for one in new.rpcs}
        yield from (_member(one, old, new, "") for one in old.rpcs if one.name not in left)


def required_fields(sides: Sides) -> Iterator[Hit]:
    """Required fields that came or went: what is written without one cannot be read with it."""
    for old, new in sides.messages:
        before = {one.number: one for one in old.fields if _required(one)}
        after = {one.number: one for one in new.fields if _required(one)}
        for number in sorted(before.keys() - after.keys()):
            yield _member(before[number], old, new, str(number))
        for number in sorted(after.keys() - before.keys()):
            one = after[number]
            yield at(one, new.file, one.mark, old, old.file, what=one.name, before=str(number), where=new.full_name)


def _required(field: Field) -> bool:
    return field.label == "required" or field.features.get("field_presence") == "LEGACY_REQUIRED"
