"""Our model as descriptors of the protobuf library, in a pool of its own.

Every file becomes one of edition 2023 with each resolved feature written out: to the library proto2 and proto3 are
editions with other defaults, so what it then reads and writes is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from retailctl.contracts.protobuf import wellknown
from retailctl.contracts.protobuf.features import is_closed, is_packed, json_name, presence, said_of
from retailctl.contracts.protobuf.model import Enum, Field, Message, ProtoFile
from retailctl.contracts.protobuf.reading import ProtoTree

if TYPE_CHECKING:
    from google.protobuf import descriptor_pb2, descriptor_pool
    from google.protobuf.message import Message as Datum

_TYPES: Final[Mapping[str, int]] = {
    "double": 1,
    "float": 2,
    "int64": 3,
    "uint64": 4,
    "int32": 5,
    "fixed64": 6,
    "fixed32": 7,
    "bool": 8,
    "string": 9,
    "group": 11,
    "message": 11,
    "bytes": 12,
    "uint32": 13,
    "enum": 14,
    "sfixed32": 15,
    "sfixed64": 16,
    "sint32": 17,
    "sint64": 18,
}
_OPTIONAL, _REPEATED = 1, 3


class Unbuildable(Exception):
    """The tree cannot be given to the library; the text says why."""


class Classes:
    """The message classes of a tree by full name. They are built at the first question."""

    def __init__(self, tree: ProtoTree) -> None:
        self._tree = tree
        self._pool: descriptor_pool.DescriptorPool | None = None
        self._reason = ""

    def of(self, name: str) -> type[Datum]:
        """The class of a message. Raises :class:`Unbuildable` where the library refuses the tree."""
        from google.protobuf import message_factory

        if self._reason:
            raise Unbuildable(self._reason)
        try:
            if self._pool is None:
                self._pool = self._build()
            return message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))
        except (TypeError, KeyError, ValueError) as error:
            self._reason = f"the protobuf library refuses the schema: {str(error)[:200]}"
            raise Unbuildable(self._reason) from error

    def _build(self) -> descriptor_pool.DescriptorPool:
        from google.protobuf import descriptor_pb2, descriptor_pool

        pool = descriptor_pool.DescriptorPool()
        done: set[str] = set()
        for path in _order(self._tree.files):
            file = self._tree.files[path]
            needed = _dependencies(file, self._tree)
            for one in needed:
                if one in wellknown.MODULES and one not in self._tree.files and one not in done:
                    _add_known(pool, one, done)
            described = descriptor_pb2.FileDescriptorProto(name=path, package=file.package, syntax="editions")
            described.edition = descriptor_pb2.EDITION_2023
            described.dependency.extend(one for one in needed if one in done)
            described.options.features.json_format = descriptor_pb2.FeatureSet.LEGACY_BEST_EFFORT
            for message in file.messages:
                _message(described.message_type.add(), message, file, self._tree)
            for enum in file.enums:
                _enum(described.enum_type.add(), enum)
            pool.AddSerializedFile(described.SerializeToString())
            done.add(path)
        return pool


def _add_known(pool: descriptor_pool.DescriptorPool, path: str, done: set[str]) -> None:
    descriptor: Any = import_module(wellknown.MODULES[path]).DESCRIPTOR
    for needed in descriptor.dependencies:
        if needed.name not in done:
            _add_known(pool, needed.name, done)
    pool.AddSerializedFile(descriptor.serialized_pb)
    done.add(path)


def _order(files: Mapping[str, ProtoFile]) -> list[str]:
    """The paths with imported files first; those on a circle in any order."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(files):
        waiting = [(start, False)]
        while waiting:
            path, done = waiting.pop()
            if done:
                order.append(path)
            elif path in files and path not in seen:
                seen.add(path)
                waiting.append((path, True))
                waiting += [(one.path, False) for one in files[path].imports]
    return order


def _dependencies(file: ProtoFile, tree: ProtoTree) -> list[str]:
    """All files that a file reaches, because public imports hand types on."""
    seen: set[str] = set()
    waiting = [one.path for one in file.imports]
    while waiting:
        path = waiting.pop()
        if path not in seen and path != file.path:
            seen.add(path)
            waiting += [one.path for one in tree.files[path].imports] if path in tree.files else []
    return sorted(seen)


def _message(to: descriptor_pb2.DescriptorProto, message: Message, file: ProtoFile, tree: ProtoTree) -> None:
    to.name = message.name
    if message.is_map_entry:
        to.options.map_entry = True
    oneofs = [one.name for one in message.oneofs]
    for name in oneofs:
        to.oneof_decl.add(name=name)
    for field in message.fields:
        if field.kind:
            described = to.field.add()
            _field(described, field, file, tree, in_map=message.is_map_entry)
            if field.oneof:
                described.oneof_index = oneofs.index(field.oneof)
    for enum in message.enums:
        _enum(to.enum_type.add(), enum)
    for nested in message.messages:
        _message(to.nested_type.add(), nested, file, tree)


def _field(
    to: descriptor_pb2.FieldDescriptorProto, field: Field, file: ProtoFile, tree: ProtoTree, *, in_map: bool
) -> None:
    from google.protobuf.descriptor_pb2 import FeatureSet

    to.name, to.number, to.json_name = field.name, field.number, json_name(field)
    to.type = _TYPES[field.kind]  # type: ignore[assignment]  # the stubs want the enum, the library takes its number
    many = field.label == "repeated"
    to.label = _REPEATED if many else _OPTIONAL  # type: ignore[assignment]  # as above
    if field.type:
        to.type_name = f".{field.type}"
    features = to.options.features
    if field.kind == "group":
        features.message_encoding = FeatureSet.DELIMITED
    if field.kind == "string":
        verify = field.features.get("utf8_validation") != "NONE"
        features.utf8_validation = FeatureSet.VERIFY if verify else FeatureSet.NONE
    enum = tree.types.get(field.type)
    if many and not field.is_map and field.kind not in ("string", "bytes", "message", "group"):
        features.repeated_field_encoding = FeatureSet.PACKED if is_packed(field) else FeatureSet.EXPANDED
    if not many and not in_map and not field.oneof:
        often = presence(field, file)
        closed = isinstance(enum, Enum) and is_closed(enum)
        if often == "required":
            features.field_presence = FeatureSet.LEGACY_REQUIRED
        elif often == "implicit" and not closed:
            features.field_presence = FeatureSet.IMPLICIT
            return
    if default := _default(field):
        to.default_value = default


def _default(field: Field) -> str:
    """The default as descriptors hold it; "" where there is none."""
    option = field.option("default")
    if option is None or field.label == "repeated":
        return ""
    text = option.value.text
    if field.kind == "bytes":
        raw = text.encode("utf-8", "surrogateescape")
        return "".join(chr(one) if 32 <= one < 127 and one != 92 else f"\\{one:03o}" for one in raw)
    if field.kind == "string":
        return text.encode("utf-8", "replace").decode()
    if text.lower().lstrip("-").startswith("0x"):
        return str(int(text, 16))
    return text


def _enum(to: descriptor_pb2.EnumDescriptorProto, enum: Enum) -> None:
    from google.protobuf.descriptor_pb2 import FeatureSet

    to.name = enum.name
    for value in enum.values:
        to.value.add(name=value.name, number=value.number)
    if said_of(enum, "allow_alias") == "true":
        to.options.allow_alias = True
    to.options.features.enum_type = FeatureSet.CLOSED if is_closed(enum) else FeatureSet.OPEN


def messages_with(tree: ProtoTree, enum: str) -> Iterator[tuple[Message, Field]]:
    """The messages of a tree that have a field, a list or a map of an enum, with that field."""
    for path in sorted(tree.files):
        for message in tree.files[path].all_messages():
            if message.is_map_entry:
                continue
            for field in message.fields:
                entry = tree.types.get(field.type) if field.is_map else None
                held = entry.fields[1].type if isinstance(entry, Message) else field.type
                if held == enum:
                    yield message, field
