"""The CloudEvents envelope that the schemas of a message declare, and what changed in it (contracts.md section 5.6).

Structured mode: the attributes are properties of the payload beside ``data``. Binary mode: they are headers with the
prefix of the protocol, the data is the payload, and the content type of the message is ``datacontenttype``.
Source: CloudEvents 1.0.2 with its bindings for HTTP, Kafka and AMQP.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, NamedTuple

from retailctl.contracts.api.model import Place
from retailctl.contracts.events.model import Message, Payload, mapping
from retailctl.contracts.schemas.document_store import DocumentStore

Mode = Literal["structured", "binary"]
REQUIRED: Final = ("id", "source", "specversion", "type")
OPTIONAL: Final = ("datacontenttype", "dataschema", "subject", "time")
SPECVERSION: Final = "1.0"
CONTENT_TYPE: Final = "application/cloudevents"
_DATA: Final = ("data", "data_base64")
_BATCH: Final = "application/cloudevents-batch"
_PREFIXES: Final = ("ce-", "ce_", "cloudevents:", "cloudevents_")
_MOST: Final = 1_000


@dataclass(slots=True)
class Work:
    """How many schemas may still be looked into; what is beyond is taken as not declared here."""

    left: int = _MOST


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of an envelope; ``values`` are those that its schema fixes, None when it fixes none.

    ``name`` is without the prefix of the protocol, ``key`` is the store key of its schema.
    """

    name: str
    required: bool
    values: tuple[object, ...] | None
    key: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message declares as its envelope, attributes by name. ``key`` is of the schema that holds them.

    ``complete`` is False where alternatives or references that were not followed may declare more. ``content_type`` is
    that of the data, "" when nothing says it.
    """

    mode: Mode
    key: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    complete: bool = True
    content_type: str = ""

    def fixed(self, name: str) -> tuple[object, ...] | None:
        """The values that an attribute is fixed to, None when it is open or absent."""
        found = self.attributes.get(name)
        return found.values if found is not None else None

    @property
    def extensions(self) -> tuple[str, ...]:
        """The attributes that CloudEvents does not define, sorted."""
        return tuple(sorted(self.attributes.keys() - {*REQUIRED, *OPTIONAL}))


class EnvelopeChange(NamedTuple):
    """One difference: the id of its rule, the attribute, both values as text, and where they stand."""

    id: str
    attribute: str
    old: str
    new: str
    old_key: str
    new_key: str


def read_envelope(message: Message, store: DocumentStore, work: Work | None = None) -> Envelope | None:
    """The envelope of a message, None when it is no CloudEvent or its schemas are in another language.

    ``work`` bounds what several calls look into; a call of its own looks into a thousand schemas.
    """
    work = work or Work()
    payload, headers, content_type = message.payload, message.headers, message.content_type
    said = content_type.partition(";")[0].strip().lower()
    if said.startswith(_BATCH):
        return None  # a list of envelopes
    if headers is not None and headers.is_json_schema:
        found = _declared(headers, store, work)
        bare = {
            _bare(name): replace(found.attribute(name, store), name=_bare(name))
            for name in found.properties
            if name.lower().startswith(_PREFIXES)
        }
        if "specversion" in bare or len(bare.keys() & set(REQUIRED)) > 1:
            return Envelope("binary", headers.key, bare, found.complete, content_type)
    if payload is None or not payload.is_json_schema:
        return None
    found = _declared(payload, store, work)
    names = found.properties.keys()
    if not said.startswith(CONTENT_TYPE) and not ("specversion" in names and names & {"type", "source"}):
        return None
    inner = {name: found.attribute(name, store) for name in names if name not in _DATA}
    kind = inner["datacontenttype"].values if "datacontenttype" in inner else None
    return Envelope("structured", payload.key, inner, found.complete, str(kind[0]) if kind else "")


def compare_envelopes(old: Envelope | None, new: Envelope | None) -> Iterator[EnvelopeChange]:
    """The changes of an envelope; an attribute whose values are open on one side is left to the schemas."""
    if old is None or new is None:
        if old is not None or new is not None:
            gone = new is None
            yield EnvelopeChange(
                f"cloudevents-envelope-{'removed' if gone else 'added'}", "", old.mode if old else "nothing",
                new.mode if new else "nothing", old.key if old else "", new.key if new else "",
            )  # fmt: skip
        return
    if old.mode != new.mode:
        yield EnvelopeChange("cloudevents-mode-changed", "", old.mode, new.mode, old.key, new.key)
    for name in ("type", "source", "dataschema", "datacontenttype", "specversion"):
        before, after = old.fixed(name), new.fixed(name)
        if before is not None and after is not None and _texts(before) != _texts(after):
            yield EnvelopeChange(
                f"cloudevents-{name}-changed", name, ", ".join(_texts(before)), ", ".join(_texts(after)),
                old.attributes[name].key, new.attributes[name].key,
            )  # fmt: skip
    for name in old.extensions:
        if name not in new.attributes and new.complete:
            yield EnvelopeChange("cloudevents-extension-removed", name, name, "", old.attributes[name].key, new.key)
    for name in new.extensions:
        if name not in old.attributes and old.complete:
            yield EnvelopeChange("cloudevents-extension-added", name, "", name, old.key, new.attributes[name].key)


def envelope_changes(
    old: tuple[Message, DocumentStore], new: tuple[Message, DocumentStore], *, sent: bool
) -> list[EnvelopeChange]:
    """What changed in the envelope of a message; an extension that a receiver no longer reads breaks nobody."""
    found = compare_envelopes(read_envelope(*old), read_envelope(*new))
    return [one for one in found if sent or one.id != "cloudevents-extension-removed"]


def place_of(key: str) -> Place:
    """The place of a store key."""
    path, _, pointer = key.partition("#")
    return Place(path, pointer)


class _Declared(NamedTuple):
    properties: Mapping[str, tuple[object, str]]
    required: frozenset[str]
    complete: bool

    def attribute(self, name: str, store: DocumentStore) -> Attribute:
        """A property with what it is fixed to."""
        value, holder = self.properties[name]
        key = place_of(holder).at("properties", name).key
        return Attribute(name, name in self.required, _fixed(value, key, store), key)


def _declared(payload: Payload, store: DocumentStore, work: Work) -> _Declared:
    """The properties of an object over references and allOf, and the schema that holds each. Iterative and bounded."""
    properties: dict[str, tuple[object, str]] = {}
    required: set[str] = set()
    complete = True
    waiting = [payload.key]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        work.left -= 1
        if work.left < 0:
            return _Declared(properties, frozenset(required), complete=False)
        schema = _raw(store, key)
        if key in seen or not isinstance(schema, Mapping):
            complete = complete and (key in seen or schema is not None)
            continue
        seen.add(key)
        if isinstance(reference := schema.get("$ref"), str):
            waiting.append(store.key_of(reference, key.partition("#")[0]))
        parts = schema.get("allOf")
        waiting += [f"{key}/allOf/{index}" for index in range(len(parts) if isinstance(parts, list) else 0)]
        complete = complete and not {"anyOf", "oneOf", "if"} & schema.keys()
        for name, value in mapping(schema.get("properties")).items():
            properties.setdefault(name, (value, key))
        listed = schema.get("required")
        required |= {name for name in (listed if isinstance(listed, list) else ()) if isinstance(name, str)}
    return _Declared(properties, frozenset(required), complete)


def _raw(store: DocumentStore, key: str) -> Any:
    """What is written at a key, or below one that was made; None where there is nothing."""
    try:
        return store.raw(key)
    except KeyError:
        head, merged, rest = key.partition("/(merged)")
        if not merged or not rest:
            return None
    value: Any = _raw(store, head + merged)
    for step in rest.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) and step.isdigit() else mapping(value).get(step)
    return value


def _fixed(value: object, key: str, store: DocumentStore) -> tuple[object, ...] | None:
    """The values of ``const`` or ``enum``, through references; None when there are none."""
    for _ in range(_MOST):
        schema = mapping(value)
        if "const" in schema:
            return (schema["const"],)
        if isinstance(options := schema.get("enum"), list) and options:
            return tuple(options)
        if not isinstance(reference := schema.get("$ref"), str):
            return None
        key = store.key_of(reference, key.partition("#")[0])
        value = _raw(store, key)
    return None


def _bare(name: str) -> str:
    """A header without its prefix; HTTP headers are the same in any case."""
    prefix = next(prefix for prefix in _PREFIXES if name.lower().startswith(prefix))
    return name[len(prefix) :].lower() if prefix == "ce-" else name[len(prefix) :]


def _texts(values: tuple[object, ...]) -> list[str]:
    return sorted(map(str, values))
