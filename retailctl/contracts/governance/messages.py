"""The messages of an event contract as facts: names, schema, fields, and what is said of them on which level.

A statement on a message wins over one on its traits, its operation, its channel and the document, in that order; what
stands on the document is a default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.contracts import fact_fields
from retailctl.contracts.api import model as api
from retailctl.contracts.api.reading import Paths, access
from retailctl.contracts.compatibility.languages import read_avro_schema, read_proto_text
from retailctl.contracts.events.layers import Part, followed
from retailctl.contracts.events.model import Channel, EventDocument, Exchange, Message, Payload, mapping
from retailctl.contracts.governance.bindings import binding_statements, protocols_in
from retailctl.contracts.governance.extensions import statements_of
from retailctl.contracts.governance.plain_schemas import FieldNames, avro_names, proto_names
from retailctl.contracts.references import Library
from retailctl.model.event_facts import MessageFact, SchemaLanguage, Statement
from retailctl.model.places import Place

_LANGUAGES: Final[tuple[tuple[re.Pattern[str], SchemaLanguage], ...]] = (
    (re.compile(r"schema\+|asyncapi"), "jsonschema"),
    (re.compile(r"oai\.openapi"), "openapi"),
    (re.compile(r"avro"), "avro"),
    (re.compile(r"protobuf"), "protobuf"),
)
_MOST_TRAITS: Final = 50


def message_facts(library: Library, document: EventDocument) -> tuple[MessageFact, ...]:
    """Facts of every message on every channel, in order of channel and name."""
    reader = _Reader(library, document)
    return tuple(
        reader.fact(channel, exchange, message)
        for _, channel in sorted(document.channels.items())
        for _, exchange in sorted(channel.exchanges.items())
        for _, message in sorted(exchange.messages.items())
    )


class _Reader:
    def __init__(self, library: Library, document: EventDocument) -> None:
        self._ways, self._paths = access(library), Paths(library.root_path)
        self._document, self._store = document, document.schemas
        self._required = fact_fields.Required(self._store)
        self._names = fact_fields.FirstNames(self._store)
        self._alone = document.family in ("json-schema", "avro", "protobuf")
        self._said: dict[api.Place, tuple[Statement, ...]] = {}
        self._protocols = tuple(server.protocol for server in document.event_servers)

    def fact(self, channel: Channel, exchange: Exchange, message: Message) -> MessageFact:
        fields, required = self._fields(message)
        return MessageFact(
            name=message.name,
            place=self._outer(message.place),
            address=channel.address,
            language=language_of(message.payload),
            typed=self._typed(message.payload),
            fields=fields,
            required=required,
            protocols=tuple(sorted({*self._protocols, *self._bound(message.place), *self._bound(channel.place)})),
            statements=self._statements(channel, exchange, message),
        )

    def _statements(self, channel: Channel, exchange: Exchange, message: Message) -> tuple[Statement, ...]:
        root = api.Place("", "")
        levels = (message.place, exchange.place, channel.place)
        own = [one for place in levels if place != root or self._alone for one in self._level(place)]
        whole = () if self._alone else (*self._level(root), *self._level(root.at("info")))
        found = (*own, *(_as_default(one) for one in whole))
        return tuple(dict.fromkeys(found))

    def _level(self, place: api.Place) -> tuple[Statement, ...]:
        if place not in self._said:
            self._said[place] = tuple(self._read(place))
        return self._said[place]

    def _read(self, place: api.Place) -> Iterator[Statement]:
        """Extensions and tags of an object, then its bindings, then those of its traits."""
        raw = mapping(self._value(place))
        yield from statements_of(raw, self._outer(place))
        yield from self._bindings(raw, place)
        traits = raw.get("traits")
        for index, trait in enumerate(traits[:_MOST_TRAITS] if isinstance(traits, list) else ()):
            part = followed(Part(trait, place.at("traits", index)), self._ways.follow)
            if part is not None:
                yield from statements_of(mapping(part.value), self._outer(part.place))
                yield from self._bindings(mapping(part.value), part.place)

    def _bindings(self, raw: Mapping[str, Any], place: api.Place) -> Iterator[Statement]:
        part = followed(Part(raw.get("bindings"), place.at("bindings")), self._ways.follow) if raw else None
        if part is not None:
            yield from binding_statements(mapping(part.value), self._outer(part.place))

    def _bound(self, place: api.Place) -> Iterator[str]:
        raw = mapping(self._value(place))
        part = followed(Part(raw.get("bindings"), place.at("bindings")), self._ways.follow) if raw else None
        return protocols_in(mapping(part.value)) if part is not None else iter(())

    def _value(self, place: api.Place) -> Any:
        try:
            return self._ways.value_of(place.path, place.pointer)
        except KeyError:
            return None

    def _typed(self, payload: Payload | None) -> bool:
        if payload is None:
            return False
        if not payload.is_json_schema:
            return payload.raw not in (None, "", {}, [], True)
        try:
            return self._store.resolve(payload.key) not in (True, {})
        except KeyError:
            return True  # a dangling reference is told as such

    def _fields(self, message: Message) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        names: set[str] = set()
        required: set[str] = set()
        for payload in (message.payload, message.headers):
            found = self._names_in(payload) if payload is not None else FieldNames((), ())
            if found is None:
                return None, None
            names.update(found.all)
            required.update(found.required)
        return tuple(sorted(names)), tuple(sorted(required))

    def _names_in(self, payload: Payload) -> FieldNames | None:
        language = language_of(payload)
        if language in ("jsonschema", "openapi"):
            return FieldNames(tuple(self._names.of([payload.key])), self._required.of([payload.key]))
        if language == "avro":
            return avro_names(payload.form(read_avro_schema))
        return proto_names(payload.form(read_proto_text)) if language == "protobuf" else None

    def _outer(self, place: api.Place) -> Place:
        return Place(path=self._paths.outer(place.path), pointer=place.pointer)


def language_of(payload: Payload | None) -> SchemaLanguage | None:
    """The language that a payload is written in; None where there is no schema."""
    if payload is None:
        return None
    return next((language for pattern, language in _LANGUAGES if pattern.search(payload.format)), "other")


def _as_default(statement: Statement) -> Statement:
    return Statement(
        attribute=statement.attribute,
        values=statement.values,
        source=statement.source,
        place=statement.place,
        default=True,
    )
