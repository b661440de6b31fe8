"""A contract document to the normal form of events."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from retailctl.contracts.api.model import Place
from retailctl.contracts.api.reading import access
from retailctl.contracts.events import asyncapi2, asyncapi3
from retailctl.contracts.events.layers import Follow
from retailctl.contracts.events.messages import MessageReader
from retailctl.contracts.events.model import (
    JSON_SCHEMA,
    Channel,
    EventDocument,
    Exchange,
    Message,
    Payload,
    mapping,
    text,
)
from retailctl.contracts.events.schema_resources import SchemaResources
from retailctl.contracts.events.servers import read_servers
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.contracts.schemas.document_store import DocumentStore
from retailctl.contracts.schemas.normalise import Dialect
from retailctl.workspace.formats import schema_language

Family = Literal["asyncapi-2", "asyncapi-3", "json-schema", "avro", "protobuf"]
SUPPORTED: Final = "AsyncAPI 2.0 to 2.6, 3.0 and 3.1"
_VERSION: Final = re.compile(r"(2\.[0-6]|3\.[01])\.(0|[1-9][0-9]*)(-[0-9A-Za-z.\-]+)?")
_TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_SCHEMA_FILE: Final = re.compile(r"\.schema\.(json|ya?ml)$", re.IGNORECASE)
_FORMS: Final = {
    "avro": ("application/vnd.apache.avro", "Avro"),
    "protobuf": ("application/vnd.google.protobuf", "Protobuf"),
}
_DRAFT: Final = re.compile(r"draft[-/](?:v)?(0[3-7]|2019-09|2020-12)")
_DIALECTS: Final[Mapping[str, Dialect]] = {
    "03": "draft-04", "04": "draft-04", "05": "draft-04", "06": "draft-06", "07": "draft-07",
}  # fmt: skip
_KEYWORDS: Final = frozenset({
    "$defs", "definitions", "properties", "patternProperties", "additionalProperties", "required", "items", "enum",
    "const", "allOf", "anyOf", "oneOf", "$id",
})  # fmt: skip


def event_family(raw: Any, path: str) -> Family | None:
    """The family of an event contract; None for everything else. The version of AsyncAPI counts only as text.

    Protobuf goes by the name of the file, Avro by that or by a type that only Avro has. A JSON Schema says so in its
    file name or in ``$schema``, or has a ``type`` of JSON Schema beside another keyword, or ``$defs``.
    """
    if (language := schema_language(path)) is not None:
        return language
    if isinstance(raw, bool):  # takes everything, or nothing (draft-06 and later)
        return "json-schema"
    if not isinstance(raw, Mapping) or "openapi" in raw or "swagger" in raw:
        return None
    if "asyncapi" in raw:
        version = raw["asyncapi"]
        found = _VERSION.fullmatch(version) if isinstance(version, str) else None
        if found is None:
            return None
        return "asyncapi-2" if found[1].startswith("2") else "asyncapi-3"
    if _SCHEMA_FILE.search(path) or "json-schema.org/" in text(raw.get("$schema")):
        return "json-schema"
    if "type" not in raw:
        return "json-schema" if isinstance(raw.get("$defs"), dict) else None
    kinds = raw["type"] if isinstance(raw["type"], list) else [raw["type"]]
    is_type = bool(kinds) and all(isinstance(kind, str) and kind in _TYPES for kind in kinds)
    if is_type:
        return None if raw.keys().isdisjoint(_KEYWORDS) else "json-schema"
    from retailctl.contracts.avro.detection import is_avro

    return "avro" if is_avro(raw) else None


def read_events(library: Library) -> EventDocument | None:
    """The event contract at the root of a library; None when :func:`event_family` knows no family for it."""
    raw: Any = library.data(library.root_path)
    family = event_family(raw, library.root_path)
    if family is None:
        return None
    ways = access(library)
    if family in _FORMS:
        return _language_document(raw, library, family, DocumentStore(ways.lookup, ways.value_of, "2020-12"))
    if family == "json-schema":
        store = DocumentStore(ways.lookup, ways.value_of, _dialect(mapping(raw)), SchemaResources(library))
        return _schema_document(raw, library.root_path, store)
    store = DocumentStore(ways.lookup, ways.value_of, "draft-07")
    return _asyncapi(raw, family, store, ways.follow)


def _asyncapi(raw: Mapping[str, Any], family: Family, store: DocumentStore, follow: Follow) -> EventDocument:
    info = mapping(raw.get("info"))
    messages = MessageReader(store, follow, text(raw.get("defaultContentType")), trait_wins=family == "asyncapi-2")
    read = asyncapi2.read_channels if family == "asyncapi-2" else asyncapi3.read_channels
    components = {name: mapping(value) for name, value in mapping(raw.get("components")).items()}
    return EventDocument(
        path="",
        family=family,
        version=f"AsyncAPI {raw['asyncapi']}",
        title=text(info.get("title")),
        info_version=text(info.get("version")),
        components=components,
        schema_names=_names(components.get("schemas", {}), Place("", "/components/schemas")),
        schemas=store,
        raw=raw,
        channels=read(raw, messages, follow),
        event_servers=read_servers(raw.get("servers"), Place("", "/servers"), follow),
    )


def _names(schemas: Mapping[str, Any], place: Place) -> dict[str, str]:
    """Store key -> name; the schema of a multi-format object stands one step deeper."""
    found = {}
    for name, value in schemas.items():
        deeper = isinstance(value, dict) and "schemaFormat" in value and "schema" in value
        found[(place.at(name, "schema") if deeper else place.at(name)).key] = name
    return found


def _schema_document(written: Any, path: str, store: DocumentStore) -> EventDocument:
    root, raw = Place("", ""), mapping(written)
    file = posixpath.basename(path)
    name = text(raw.get("title")) or _SCHEMA_FILE.sub("", file).rpartition(".json")[0] or file
    message = Message(name=name, place=root, payload=Payload(root.key, JSON_SCHEMA, root, raw))
    exchange = Exchange(role="send", place=root, messages={name: message})
    definitions = {
        Place("", f"/{folder}").at(key).key: key
        for folder in ("definitions", "$defs")
        for key in mapping(raw.get(folder))
    }
    draft = _DRAFT.search(text(raw.get("$schema")))
    return EventDocument(
        path="",
        family="json-schema",
        version=f"JSON Schema {draft[1]}" if draft else "JSON Schema",
        title=text(raw.get("title")),
        info_version=text(raw.get("version")),
        schema_names=definitions,
        schemas=store,
        raw=raw,
        channels={"": Channel(key="", address="", place=root, exchanges={"send": exchange})},
    )


def _language_document(raw: Any, library: Library, family: Family, store: DocumentStore) -> EventDocument:
    """A schema that data is read with: one message, whose payload is the whole file."""
    root = Place("", "")
    form, version = _FORMS[family]
    name = text(mapping(raw).get("name")) or posixpath.basename(library.root_path).rpartition(".")[0]
    locator = None
    if family == "protobuf":
        from retailctl.contracts.protobuf.source import ProtoText

        raw = ProtoText(text(raw), library.root_path, texts_of(library))
        locator = raw.locate
    message = Message(name=name, place=root, payload=Payload(root.key, form, root, raw))
    exchange = Exchange(role="send", place=root, messages={name: message})
    return EventDocument(
        path="", family=family, version=version, title=name, info_version=text(mapping(raw).get("version")),
        schemas=store, raw=mapping(raw), locator=locator,
        channels={"": Channel(key="", address="", place=root, exchanges={"send": exchange})},
    )  # fmt: skip


def texts_of(library: Library) -> Callable[[str], str]:
    """The text of other files of the workspace by path; KeyError for what is not there or no text."""

    def read(path: str) -> str:
        try:
            data = library.document(path).data
        except ReferenceProblem:
            raise KeyError(path) from None
        if not isinstance(data, str):
            raise KeyError(path)
        return data

    return read


def _dialect(raw: Mapping[str, Any]) -> Dialect:
    """Up to draft-07 whatever stands beside a reference is ignored; a schema that names no draft is a current one."""
    draft = _DRAFT.search(text(raw.get("$schema")))
    return _DIALECTS.get(draft[1], "2020-12") if draft else "2020-12"
