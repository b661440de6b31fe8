"""What the names of types mean, by scope and import; what cannot be resolved is a problem, and stays known by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retailctl.contracts.protobuf import wellknown
from retailctl.contracts.protobuf.features import SCALARS, spread
from retailctl.contracts.protobuf.model import Enum, Field, Message, ProtoFile, Rpc
from retailctl.contracts.protobuf.problems import ProtoProblem

Index = dict[str, str]
"""Full name of a type -> the file that declares it."""


class Linker:
    """Resolves the names of one tree. The elements are changed in place; problems are collected."""

    def __init__(self, files: Mapping[str, ProtoFile]) -> None:
        self._files = files
        self.problems: list[ProtoProblem] = []
        self.types: dict[str, Message | Enum] = {}
        self._home: Index = {}
        self._packages: set[str] = set()
        for file in files.values():
            declared: list[Message | Enum] = [*file.all_messages(), *file.all_enums()]
            for one in declared:
                self.types.setdefault(one.full_name, one)
                self._home.setdefault(one.full_name, file.path)
            self._packages.update(_prefixes(file.package))
        self._packages.update(_prefixes("google.protobuf"))

    def link(self) -> None:
        """Resolve every name of every file, then set the features."""
        for file in self._files.values():
            visible = self._visible(file)
            for message in list(file.all_messages()):
                for field in (*message.fields, *message.extends):
                    self._field(file, field, visible)
            for field in file.extends:
                self._field(file, field, visible)
            for service in file.services:
                for rpc in service.rpcs:
                    self._rpc(file, rpc, service.full_name, visible)
            spread(file)
        for file in self._files.values():
            for field in _fields(file):
                self._delimited(field)

    def _delimited(self, field: Field) -> None:
        inherited = field.features.get("message_encoding") == "DELIMITED"
        entry = self.types.get(field.nested_in) if field.nested_in else None
        in_entry = isinstance(entry, Message) and entry.is_map_entry and not field.extendee
        if field.kind == "message" and inherited and not field.is_map and not in_entry:
            field.kind = "group"

    def _visible(self, file: ProtoFile) -> set[str]:
        """The paths whose types a file may use: its own, its imports, and what these import publicly."""
        seen, waiting = {file.path}, [one.path for one in file.imports]
        while waiting:
            path = waiting.pop()
            if path not in seen:
                seen.add(path)
                if path in self._files:
                    waiting += [one.path for one in self._files[path].imports if one.kind == "public"]
        return seen

    def _field(self, file: ProtoFile, field: Field, visible: set[str]) -> None:
        if field.extendee:
            field.extendee = self._resolve(file, field.extendee, field.scope, field.extendee_mark, visible)
        if field.is_map:
            field.kind = "message"
            return
        if field.type_name in SCALARS:
            field.kind = field.type_name
            return
        field.type = self._resolve(file, field.type_name, field.scope, field.type_mark, visible)
        found = self.types.get(field.type)
        if found is not None:
            field.kind = "enum" if isinstance(found, Enum) else "group" if field.is_group else "message"
        else:
            field.kind = wellknown.TYPES.get(field.type, "")

    def _rpc(self, file: ProtoFile, rpc: Rpc, scope: str, visible: set[str]) -> None:
        rpc.request = self._resolve(file, rpc.request, scope, rpc.request_mark, visible)
        rpc.response = self._resolve(file, rpc.response, scope, rpc.response_mark, visible)

    def _resolve(self, file: ProtoFile, name: str, scope: str, mark: int, visible: set[str]) -> str:
        """The full name behind a name; the name itself where nothing has it.

        The innermost scope that knows the first part of the name decides (the rule of C++), unless what it knows is
        not visible here.
        """
        if name.startswith("."):
            full = name[1:]
            return full if self._known(full) else self._unknown(file, name, full, mark)
        fallback = ""
        for outer in _scopes(scope):
            full = f"{outer}.{name}" if outer else name
            if self._known(full):
                home = self._home.get(full)
                if home is None or home in visible:
                    return full
                fallback = fallback or full
        if fallback:
            told = f"{name} is declared in {self._home[fallback]}, which is not imported here: import it"
            self._problem(file, mark, told)
            return fallback
        return self._unknown(file, name, name, mark)

    def _known(self, full: str) -> bool:
        return full in self.types or full in wellknown.TYPES

    def _unknown(self, file: ProtoFile, name: str, full: str, mark: int) -> str:
        self._problem(file, mark, f"the type {name} is declared nowhere: declare it, or import the file that does")
        return full

    def _problem(self, file: ProtoFile, mark: int, told: str) -> None:
        self.problems.append(ProtoProblem("proto-type-unknown", file.path, *file.position(mark), told))


def _fields(file: ProtoFile) -> Iterator[Field]:
    for message in file.all_messages():
        yield from message.fields
    yield from file.all_extensions()


def _scopes(scope: str) -> Iterator[str]:
    while scope:
        yield scope
        scope = scope.rpartition(".")[0]
    yield ""


def _prefixes(package: str) -> Iterator[str]:
    return (one for one in _scopes(package) if one)
