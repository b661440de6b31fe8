"""The index of schema languages: how the fields of a document are got at, by its file name and its content.

For maps of a business object (``contract map``). A further language is a module that makes a :class:`FieldNode`, and
one line in :data:`BY_LANGUAGE` for its files and one in :data:`BY_FORMAT` for payloads of messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from retailctl.contracts.api.model import EVENTS, ApiDocument, Place
from retailctl.contracts.api.reading import locate, read_api
from retailctl.contracts.events.model import EventDocument, Message, Payload
from retailctl.contracts.events.reading import read_events, texts_of
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.source import ProtoText
from retailctl.contracts.references import Library
from retailctl.contracts.sets.avro import avro_at, avro_schema
from retailctl.contracts.sets.fields import FieldNode
from retailctl.contracts.sets.json_schema import json_schema
from retailctl.contracts.sets.paths import plain_name
from retailctl.contracts.sets.protobuf import messages_of, proto_message
from retailctl.errors import Location
from retailctl.workspace.formats import SchemaLanguage, ending_of, schema_language


class NotThereError(Exception):
    """The document has no schema of that name; ``known`` are the names that it has."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        super().__init__("not there")
        self.known = tuple(dict.fromkeys(known))


class UnreadError(Exception):
    """The schema is in a language that is not read; the message names it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The fields of one schema, and where its places are in files."""

    root: FieldNode
    locate: Callable[[Place], Location]


def open_schema(library: Library, at: str, entity: str) -> Opened:
    """The schema ``at`` (a component, message, record, or pointer) in the root document of a library.

    Without ``at`` it is the one named as the entity, or the only one. Raises NotThereError and UnreadError.
    """
    require_readable(library.root_path)
    return BY_LANGUAGE[schema_language(library.root_path)](library, at, entity)


def require_readable(path: str) -> None:
    """Raise UnreadError for a document whose ending no reader knows."""
    if ending_of(path) is None:
        raise UnreadError(f".{path.rpartition('.')[2].lower()} documents")


def _document(library: Library, at: str, entity: str) -> Opened:
    api = read_api(library) or read_events(library)
    if api is None:
        raise UnreadError("documents that are no OpenAPI, AsyncAPI or JSON Schema")
    if at.startswith("#"):
        return _opened(library, _by_pointer(api, at))
    if isinstance(api, EventDocument) and api.family != "json-schema":
        message = _message(api, at, entity)
        if message is not None:
            return _payload(library, api, message)
    elif api.family in EVENTS and not at:
        return _opened(library, json_schema(api.schemas, "#", entity))
    wanted = at or entity
    names = {name: key for key, name in api.schema_names.items()}
    key = names.get(wanted) or next((key for name, key in names.items() if plain_name(name) == plain_name(wanted)), "")
    if not key:
        raise NotThereError((*_message_names(api), *names))
    return _opened(library, json_schema(api.schemas, key, wanted))


def _opened(library: Library, node: FieldNode | None) -> Opened:
    if node is None:
        raise NotThereError
    return Opened(node, lambda place: locate(library, place))


def _by_pointer(api: ApiDocument, at: str) -> FieldNode:
    try:
        api.schemas.raw(at)
        return json_schema(api.schemas, at, at.rpartition("/")[2])
    except KeyError:
        raise NotThereError from None


def _message_names(api: ApiDocument) -> list[str]:
    if not isinstance(api, EventDocument) or api.family == "json-schema":
        return []
    return [message.name for message in api.messages]


def _message(api: EventDocument, at: str, entity: str) -> Message | None:
    """The message of that name, or whose key ends so; without a name, the only one."""
    messages = {message.place: message for message in api.messages}
    if not at and len(messages) == 1:
        return next(iter(messages.values()))
    wanted = plain_name(at or entity)
    for message in messages.values():
        if wanted in (plain_name(message.name), plain_name(message.place.pointer.rpartition("/")[2])):
            return message
    return None


def _payload(library: Library, api: EventDocument, message: Message) -> Opened:
    payload = message.payload
    if payload is None:
        raise NotThereError
    if payload.is_json_schema:
        return _opened(library, json_schema(api.schemas, payload.key, message.name))
    for start, reader in BY_FORMAT.items():
        if payload.format.startswith(start):
            return reader(library, payload, message.name)
    raise UnreadError(f"payloads in {payload.format}")


def _avro_payload(library: Library, payload: Payload, _name: str) -> Opened:
    return _opened(library, avro_schema(avro_at(payload.raw, payload.place)))


def _proto_payload(library: Library, payload: Payload, name: str) -> Opened:
    text = payload.raw
    if not isinstance(text, str):
        raise NotThereError
    tree = ProtoText(text).tree
    # The text is one value of the document, so that a place in it is the place of the value.
    return Opened(_proto(tree, "", name), lambda _: locate(library, payload.place))


def _avro_file(library: Library, at: str, entity: str) -> Opened:
    schema = avro_at(library.root.data, Place("", ""))
    found = avro_schema(schema, at)
    if not at and schema.root.kind == "union":  # several records: the one of the entity
        found = avro_schema(schema, entity) or found
    if found is None:
        raise NotThereError(schema.types)
    return _opened(library, found)


def _proto_file(library: Library, at: str, entity: str) -> Opened:
    data = library.root.data
    if not isinstance(data, str):
        raise NotThereError
    text = ProtoText(data, library.root_path, texts_of(library))
    return Opened(_proto(text.tree, at, entity), text.locate)


def _proto(tree: ProtoTree, at: str, entity: str) -> FieldNode:
    if not tree.readable:
        first = next(problem for problem in tree.problems if problem.unreadable)
        raise UnreadError(f"schemas that end in an error ({first.message}, line {first.line})")
    found = proto_message(tree, at, entity)
    if found is None:
        raise NotThereError(message.full_name for message in messages_of(tree))
    return found


BY_LANGUAGE: Final[Mapping[SchemaLanguage | None, Callable[[Library, str, str], Opened]]] = {
    None: _document,  # YAML and JSON say themselves what they are
    "avro": _avro_file,
    "protobuf": _proto_file,
}
BY_FORMAT: Final[Mapping[str, Callable[[Library, Payload, str], Opened]]] = {
    "application/vnd.apache.avro": _avro_payload,
    "application/vnd.google.protobuf": _proto_payload,
}
