"""What a tree of files says that Protobuf forbids: located problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from retailctl.contracts.protobuf.features import is_closed, json_name
from retailctl.contracts.protobuf.model import (
    MAX_INT32,
    MAX_NUMBER,
    Element,
    Enum,
    Field,
    Message,
    ProtoFile,
    Range,
)
from retailctl.contracts.protobuf.problems import Code, ProtoProblem
from retailctl.contracts.protobuf.ranges import Numbers

_IMPLEMENTATION: Final = range(19_000, 20_000)
_Found = Iterator[tuple[Code, int, str]]


def check(files: Mapping[str, ProtoFile], cut: AbstractSet[str], known: AbstractSet[str]) -> list[ProtoProblem]:
    """The problems of all files; ``cut`` are those with a syntax error, ``known`` the files that need not be there."""
    problems: list[ProtoProblem] = []
    for file in files.values():
        for code, mark, told in _file(file, files, known):
            problems.append(ProtoProblem(code, file.path, *file.position(mark), told))
    problems += _twice_in_tree(files)
    problems += _cycles(files)
    return problems


def _file(file: ProtoFile, files: Mapping[str, ProtoFile], known: AbstractSet[str]) -> _Found:
    for one in file.imports:
        if one.path not in files and one.path not in known and one.kind != "option":
            told = f"{one.path!a} is imported and not there: add the file, or give the folder that holds it"
            yield "proto-import-missing", one.mark, told
    for message in file.all_messages():
        if not message.is_map_entry:
            yield from _message(message, file)
    for enum in file.all_enums():
        yield from _enum(enum)
    for service in file.services:
        yield from _twice(service.rpcs, "method")


def _message(message: Message, file: ProtoFile) -> _Found:
    yield from _twice((*message.fields, *message.oneofs, *message.enums, *message.extends, *_named(message)), "name")
    numbers: dict[int, Field] = {}
    names = {one.name for one in message.reserved_names}
    ordered = Numbers(message.reserved)
    extensions = Numbers(message.extensions)
    for field in message.fields:
        before = numbers.setdefault(field.number, field)
        if before is not field:
            told = f"field {field.name} has the number {field.number}, which is that of {before.name}: take another"
            yield "proto-number-twice", field.number_mark, told
        yield from _number(field, ordered, extensions)
        if field.name in names:
            told = f"field {field.name} has a name that the message reserves: take another"
            yield "proto-reserved-used", field.name_mark, told
        if field.label == "required" and file.syntax == "proto3":
            yield "proto-construct", field.mark, f"proto3 has no required fields: make {field.name} a plain field"
    yield from _json_names(message)
    yield from _ranges(message.reserved, "reserved", MAX_NUMBER, 1)
    yield from _ranges(message.extensions, "extension", MAX_NUMBER, 1)


def _json_names(message: Message) -> _Found:
    seen: dict[str, Field] = {}
    for field in message.fields:
        before = seen.setdefault(json_name(field), field)
        said = [one.option("json_name") is not None for one in (before, field)]
        if before is not field and (all(said) or message.features.get("json_format") == "ALLOW"):
            told = f"{field.name} has the name of {before.name} in JSON: give one of them another name"
            yield "proto-name-twice", field.name_mark, told


def _named(message: Message) -> Iterator[Element]:
    return (one for one in message.messages if not one.is_map_entry)


def _number(field: Field, reserved: Numbers, extensions: Numbers) -> _Found:
    number, mark = field.number, field.number_mark
    if not 1 <= number <= MAX_NUMBER:
        told = f"field {field.name} has the number {number}: numbers go from 1 to {MAX_NUMBER:,}"
        yield "proto-number-range", mark, told
    elif number in _IMPLEMENTATION:
        told = f"field {field.name} has the number {number}: 19000 to 19999 belong to the implementation"
        yield "proto-number-range", mark, told
    if reserved.holds(number):
        told = f"field {field.name} has the number {number}, which the message reserves: take another"
        yield "proto-reserved-used", mark, told
    elif extensions.holds(number):
        told = f"field {field.name} has the number {number}, which is kept for extensions: take another"
        yield "proto-reserved-used", mark, told


def _ranges(ranges: list[Range], what: str, most: int, least: int) -> _Found:
    for one in ranges:
        if one.start > one.end or one.start < least or one.end > most:
            yield "proto-number-range", one.mark, f"the {what} range {one} is empty or goes beyond {least} to {most:,}"


def _enum(enum: Enum) -> _Found:
    if not enum.values:
        yield "proto-enum-empty", enum.mark, f"enum {enum.name} has no values: give it one for 0"
        return
    first = enum.values[0]
    if not is_closed(enum) and first.number != 0:
        told = f"the first value of the open enum {enum.name} must be 0, and is {first.number}"
        yield "proto-enum-zero", first.number_mark, told
    yield from _twice(enum.values, "value")
    aliases = enum.option("allow_alias")
    numbers: dict[int, str] = {}
    names = {one.name for one in enum.reserved_names}
    reserved = Numbers(enum.reserved)
    for value in enum.values:
        before = numbers.setdefault(value.number, value.name)
        if before != value.name and not (aliases and aliases.value.text == "true"):
            told = f"{value.name} has the number of {before}: take another, or say option allow_alias = true"
            yield "proto-number-twice", value.number_mark, told
        if not -MAX_INT32 - 1 <= value.number <= MAX_INT32:
            told = f"{value.name} has the number {value.number}: numbers of enums have 32 bits"
            yield "proto-number-range", value.number_mark, told
        if reserved.holds(value.number) or value.name in names:
            told = f"{value.name} has a number or a name that the enum reserves: take another"
            yield "proto-reserved-used", value.mark, told
    yield from _ranges(enum.reserved, "reserved", MAX_INT32, -MAX_INT32 - 1)


def _twice(elements: Iterable[Element], what: str) -> _Found:
    seen: set[str] = set()
    for one in elements:
        if one.name in seen:
            yield "proto-name-twice", one.name_mark, f"{one.name} is declared twice: give one of them another {what}"
        seen.add(one.name)


def _twice_in_tree(files: Mapping[str, ProtoFile]) -> Iterator[ProtoProblem]:
    seen: dict[str, str] = {}
    for path in sorted(files):
        file = files[path]
        for one in (*file.messages, *file.enums, *file.services, *file.extends):
            if one.full_name in seen:
                told = f"{one.full_name} is declared in {seen[one.full_name]} too: rename or move one of them"
                yield ProtoProblem("proto-name-twice", path, *file.position(one.name_mark), told)
            seen.setdefault(one.full_name, path)


def _cycles(files: Mapping[str, ProtoFile]) -> Iterator[ProtoProblem]:
    """Each import that closes a circle, found by a walk without recursion."""
    done: set[str] = set()
    for start in sorted(files):
        path: list[str] = []
        on_path: set[str] = set()
        steps: list[tuple[str, int]] = [(start, 0)] if start not in done else []
        while steps:
            here, at = steps.pop()
            if at == 0:
                path.append(here)
                on_path.add(here)
            imports = files[here].imports
            if at == len(imports):
                done.add(here)
                on_path.discard(path.pop())
                continue
            steps.append((here, at + 1))
            target = imports[at]
            if target.path in on_path:
                ring = [*path[path.index(target.path) :], target.path]
                shown = " -> ".join(map(_short, ring if len(ring) <= 6 else [*ring[:3], "…", *ring[-2:]]))
                told = f"the imports go round in a circle, {shown}: move what both need into a file of its own"
                yield ProtoProblem("proto-import-cycle", here, *files[here].position(target.mark), told)
            elif target.path in files and target.path not in done:
                steps.append((target.path, 0))


def _short(path: str) -> str:
    return path if len(path) <= 60 else "…" + path[-59:]
