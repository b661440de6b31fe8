"""Message Objects of AsyncAPI 2 and 3, and their multi-format schemas."""

from __future__ import annotations

from typing import Any, Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.events import openapi_schema
from retailctl.contracts.events.bindings import kafka_key, read_bindings
from retailctl.contracts.events.layers import Follow, Layers, Part, followed, last, layers, schema_key
from retailctl.contracts.events.model import JSON_SCHEMA, Message, Payload, mapping, text
from retailctl.contracts.schemas.document_store import DocumentStore

_RELATIONAL: Final = ("application/vnd.aai.asyncapi", "application/schema+")


class MessageReader:
    """Reads messages of one document; ``trait_wins`` is the rule of AsyncAPI 2."""

    def __init__(self, store: DocumentStore, follow: Follow, content_type: str, *, trait_wins: bool) -> None:
        self._store, self._follow, self._content_type = store, follow, content_type
        self._trait_wins = trait_wins

    def read(self, raw: Any, place: Place, name: str) -> Message | None:
        """One message; ``name`` stands for it where it has none. None for a reference that leads nowhere."""
        found = followed(Part(raw, place), self._follow)
        if found is None:
            return None
        fields = layers(mapping(found.value), found.place, self._follow, trait_wins=self._trait_wins)
        own = text(last(fields, "name")) or text(last(fields, "messageId"))
        bindings = fields.get("bindings", ())
        payload = self._schema(fields, "payload", text(last(fields, "schemaFormat")))
        return Message(
            name=own or name,
            is_named=bool(own),
            place=found.place,
            payload=payload,
            headers=self._schema(fields, "headers", ""),
            key_schema=self._key_schema(kafka_key(bindings, self._follow), payload),
            content_type=text(last(fields, "contentType")) or self._content_type,
            correlation_id=self._location(fields),
            bindings=read_bindings(bindings, self._follow),
        )

    def _schema(self, fields: Layers, name: str, written: str) -> Payload | None:
        parts = fields.get(name)
        if not parts:
            return None
        top = parts[-1]
        behind = followed(top, self._follow) if _is_local(top.value) else None
        if behind is not None and "schema" in mapping(behind.value) and "schemaFormat" in behind.value:
            written = text(behind.value["schemaFormat"])
            top = Part(behind.value["schema"], behind.place.at("schema"))
            parts = (top,)
        form = canonical(written)
        if form == JSON_SCHEMA:
            return Payload(schema_key(parts, self._store), form, top.place, top.value)
        if form == openapi_schema.FORMAT:
            behind = followed(top, self._follow) if _is_local(top.value) else None
            made = openapi_schema.as_json_schema((behind or top).value)
            if isinstance(made, dict) and "$ref" not in made:
                return Payload(self._store.make(top.place.key, made), JSON_SCHEMA, top.place, made)
        return self._opaque(top, form)

    def _opaque(self, part: Part, form: str) -> Payload:
        """A schema in another language: what is written, or what a reference inside the workspace leads to."""
        behind = followed(part, self._follow) if _is_local(part.value) else None
        return Payload(part.place.key, form, part.place, (behind or part).value)

    def _key_schema(self, part: Part | None, payload: Payload | None) -> Payload | None:
        """The key is written in the language of the payload (Kafka binding, Message Binding Object)."""
        if part is None:
            return None
        if payload is None or payload.is_json_schema:
            return Payload(part.place.key, JSON_SCHEMA, part.place, part.value)
        return self._opaque(part, payload.format)

    def _location(self, fields: Layers) -> str:
        parts = fields.get("correlationId")
        found = followed(parts[-1], self._follow) if parts else None
        return text(mapping(found.value).get("location")) if found is not None else ""


def canonical(written: str) -> str:
    """The language of a schema: JSON Schema in all its spellings is one, versions and notations do not count."""
    bare = written.partition(";")[0].strip().lower()
    if not bare or bare.startswith(_RELATIONAL):
        return JSON_SCHEMA
    return bare.removesuffix("+json").removesuffix("+yaml")


def _is_local(value: object) -> bool:
    """False for a reference to the network: what is behind it is not part of the contract that we have."""
    reference = value.get("$ref") if isinstance(value, dict) else None
    return not (isinstance(reference, str) and "://" in reference)
