"""What is wrong with an Avro or Protobuf schema that stands in a file of its own, as located problems of input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.api.model import ApiDocument
from retailctl.contracts.events.model import EventDocument
from retailctl.contracts.references import Library
from retailctl.errors import InputError, Location
from retailctl.workspace import input_codes as codes

LANGUAGES: Final = (".avsc", ".proto")
_CODES: Final = {"proto-syntax": codes.SYNTAX, "proto-size": codes.SIZE, "proto-depth": codes.DEPTH}


def is_of_language(path: str) -> bool:
    """True for a file whose name says that it is a schema in Avro or Protobuf."""
    return path.lower().endswith(LANGUAGES)


def lint_language(library: Library) -> Iterator[InputError]:
    """Everything that is wrong with the schema at the root of a library, in the order in which it was found."""
    from retailctl.contracts.events.reading import read_events

    api = read_events(library)
    if api is not None and api.family == "avro":
        yield from avro_errors(library)
    elif api is not None:
        yield from _proto_errors(api)


def avro_errors(library: Library) -> Iterator[InputError]:
    """Why implementations of Avro refuse the schema."""
    from retailctl.contracts.avro import avro_problems, read_avro

    for one in avro_problems(read_avro(library.data(library.root_path))):
        if not one.ignored:
            at = library.root.locate(one.place.pointer)
            yield InputError(codes.SCHEMA, f"{at.path}: {one.message}", at=at, hint=one.hint)


def require_readable(api: ApiDocument) -> None:
    """Raise InputError for a Protobuf schema that was not read to its end: what is missing in it is not known.

    What only an import could tell is no reason: files of others are often not beside a schema.
    """
    if api.family == "protobuf" and isinstance(api, EventDocument):
        for error in _proto_errors(api, unreadable_only=True):
            raise error


def _proto_errors(api: EventDocument, *, unreadable_only: bool = False) -> Iterator[InputError]:
    from retailctl.contracts.protobuf.source import ProtoText

    messages = (one for channel in api.channels.values() for one in channel.exchanges["send"].messages.values())
    for raw in (message.payload.raw for message in messages if message.payload is not None):
        if isinstance(raw, ProtoText):
            for found in raw.tree.problems:
                if found.unreadable or not unreadable_only:
                    code = _CODES.get(found.code, codes.SCHEMA)
                    at = Location(raw.path_of(found.file), found.line, found.column)
                    yield InputError(code, f"{at.path}: {found.message}", at=at, hint=codes.FIX[code])
