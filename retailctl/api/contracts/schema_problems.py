"""What makes an Avro or Protobuf schema no schema at all: a comparison with it proves nothing, so it is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from retailctl.api.contracts.sources import Source
from retailctl.contracts.compatibility.languages import language_of, read_avro_schema, read_proto_text
from retailctl.contracts.events.model import EventDocument, Payload
from retailctl.errors import InputError, Location
from retailctl.workspace import input_codes as codes

if TYPE_CHECKING:
    from retailctl.contracts.protobuf.problems import ProtoProblem

_AVRO: Final = {"too-deep": codes.DEPTH, "not-a-schema": codes.SYNTAX}
_PROTOBUF: Final = {
    "proto-syntax": codes.SYNTAX, "proto-size": codes.SIZE, "proto-depth": codes.DEPTH,
    "proto-import-cycle": codes.REFERENCE_CYCLE,
}  # fmt: skip
"""What protoc cannot get past. The other problems are told by lint, and leave a tree that can be compared."""


def schema_problems(*sources: Source) -> list[InputError]:
    """The problems of the schemas of these documents that their own language refuses, each once, with its place."""
    found: dict[tuple[Location | None, str], InputError] = {}
    for source in sources:
        for payload in _payloads(source):
            for error in _problems(source, payload):
                found.setdefault((error.at, error.message), error)
    return list(found.values())


def _payloads(source: Source) -> list[Payload]:
    api = source.api
    if not isinstance(api, EventDocument):
        return []
    found = {
        schema.place: schema for message in api.messages for schema in message.schemas.values() if schema is not None
    }
    return list(found.values())


def _problems(source: Source, payload: Payload) -> Iterator[InputError]:
    language = language_of(payload.format)
    if language is None or (isinstance(payload.raw, dict) and "$ref" in payload.raw):
        return  # a reference that was not followed: what is behind it is not known
    yield from _BY_LANGUAGE[language.name](source, payload)


def _avro(source: Source, payload: Payload) -> Iterator[InputError]:
    for problem in payload.form(read_avro_schema).problems:
        if not problem.ignored:
            pointer = payload.place.pointer + problem.place.pointer
            at = source.library.document(payload.place.path or source.library.root_path).locate(pointer)
            code = _AVRO.get(problem.code, codes.SCHEMA)
            yield InputError(code, problem.message, at=at, hint=_fix(f"avro-{problem.code}"))


def _protobuf(source: Source, payload: Payload) -> Iterator[InputError]:
    text = payload.form(read_proto_text)
    inside = text is not payload.raw
    for problem, at in text.problems:
        note, place = "", at
        if inside:
            note = f" (line {at.line}, column {at.column} of the text)"
            path = payload.place.path or source.library.root_path
            place = source.library.document(path).locate(payload.place.pointer)
        error = proto_error(problem, place, note)
        if error is not None:
            yield error


_BY_LANGUAGE: Final = {"Avro": _avro, "Protobuf": _protobuf}


def proto_error(problem: ProtoProblem, at: Location, note: str = "") -> InputError | None:
    """A problem of a ``.proto`` file as an error at this place; None for one that leaves a tree to compare."""
    code = _PROTOBUF.get(problem.code)
    return None if code is None else InputError(code, problem.message + note, at=at, hint=_fix(problem.code))


def _fix(row: str) -> str:
    """The next step as lint tells it: that of the INP code speaks of settings, which these limits do not have."""
    from retailctl.contracts.lint.table import rows

    return rows()[row].fix
