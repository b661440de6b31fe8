"""The outline of a Protobuf schema: messages, enums and services by full name, fields by number.

A field that is neither required nor in a oneof may be added, and so may types and services: who does not know a number
passes it over. Source: protobuf.dev/programming-guides/proto3/#updating.
"""

from __future__ import annotations

from collections.abc import Iterable

from retailctl.contracts.compatibility.outline import NoOutlineError, Outline
from retailctl.contracts.protobuf.features import presence
from retailctl.contracts.protobuf.model import Enum, Message, Option
from retailctl.contracts.protobuf.reading import ProtoTree


def proto_outline(tree: ProtoTree) -> Outline:
    """The outline of a tree. Raises NoOutlineError for one with a problem or with extensions."""
    if tree.problems or any(True for file in tree.files.values() for _ in file.all_extensions()):
        raise NoOutlineError
    found = Outline()
    for path, file in tree.files.items():
        found.parts["file", "" if path == tree.root else path] = file.package
        for service in file.services:
            found.parts["service", service.full_name] = (
                _options(service.options),
                [
                    (one.name, one.request, one.response, one.client_streaming, one.server_streaming,
                     _options(one.options))
                    for one in service.rpcs
                ],
            )  # fmt: skip
    for name, one in tree.types.items():
        found.parts[name] = (
            isinstance(one, Enum), [(each.start, each.end) for each in one.reserved],
            [each.name for each in one.reserved_names], _options(one.options),
        )  # fmt: skip
        if isinstance(one, Enum):
            found.parts[name, ""] = (
                dict(one.features), [(value.name, value.number, _options(value.options)) for value in one.values]
            )  # fmt: skip
        else:
            _message(name, one, tree, found)
    return found


def _message(name: str, message: Message, tree: ProtoTree, found: Outline) -> None:
    found.parts[name, ""] = (
        message.is_map_entry, message.is_group, [(one.start, one.end) for one in message.extensions],
        [one.name for one in message.oneofs],
    )  # fmt: skip
    names = set()
    for field in message.fields:
        how = presence(field, tree.files[field.file])
        key = (name, field.number)
        found.parts[key] = (field.name, how, field.kind, field.type, field.oneof, _options(field.options))
        names.add(field.name)
        if how == "required" or field.oneof:
            found.holders[key] = name
    if len(names) < len(message.fields):
        raise NoOutlineError


def _options(options: Iterable[Option]) -> tuple[object, ...]:
    """Options as written; one that is a message is taken with its places, so that it is the same only in its place."""
    return tuple((one.name, one.value) for one in options) if options else ()
