"""From a contract document to what the policy may know of it (``model/contract_facts.py``). Nothing is judged here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from retailctl.contracts import fact_fields
from retailctl.contracts.api import model as api
from retailctl.contracts.api.reading import Paths, family_of, read_api
from retailctl.contracts.compatibility.languages import read_proto_text
from retailctl.contracts.events.reading import SUPPORTED, event_family, read_events
from retailctl.contracts.governance.messages import message_facts
from retailctl.contracts.governance.plain_schemas import proto_problem
from retailctl.contracts.governance.webhooks import scheme_headers, webhook_message
from retailctl.contracts.references import Library, ReferenceProblem, find_references
from retailctl.contracts.references.pointers import Missing, split_pointer, value_at
from retailctl.contracts.schemas.document_store import DocumentStore
from retailctl.contracts.schemas.store import Schema, SchemaStore
from retailctl.model.contract_facts import (
    ContractDocument,
    FieldFact,
    OperationFact,
    Place,
    ResponseFact,
    Side,
    Unresolved,
)

_BINARY: Final = (
    "image/",
    "audio/",
    "video/",
    "font/",
    *(f"application/{kind}" for kind in ("octet-stream", "pdf", "zip")),
)
_LIMITS: Final = ("x-rate-limit", "x-ratelimit", "x-throttl", "x-quota")
_IN_URL: Final = frozenset({"path", "query", "querystring"})
_MOST_UNRESOLVED: Final = 20


def contract_document(library: Library, known: ContractDocument) -> ContractDocument:
    """``known`` (path, contract, version and what ``contract.yaml`` says) completed by what the document says.

    A document that says it is an API, or AsyncAPI, and is none of a version we read has a ``problem``. One that is none
    of these, no JSON Schema and no file of Avro or Protobuf, keeps the format "unknown" without a problem.
    """
    raw = library.root.data
    if isinstance(raw, Mapping) and ("openapi" in raw or "swagger" in raw):
        return _api(library, known)
    if event_family(raw, known.path) in ("avro", "protobuf"):
        return _language(library, known)
    if isinstance(raw, Mapping) and "asyncapi" in raw:
        return _asyncapi(library, known)
    if isinstance(raw, Mapping) and ("$schema" in raw or "properties" in raw):
        return _schema(library, known)
    return known


def _asyncapi(library: Library, known: ContractDocument) -> ContractDocument:
    document = read_events(library)
    if document is None:
        return replace(known, format="asyncapi", problem=f"no version of AsyncAPI that is known here ({SUPPORTED})")
    messages = message_facts(library, document)
    return replace(
        known,
        format="asyncapi",
        declared_version=document.info_version or None,
        messages=messages,
        unresolved=_unresolved(library, met=library.met_problems),
    )


def _api(library: Library, known: ContractDocument) -> ContractDocument:
    raw = library.root.data
    document = read_api(library)
    if document is None:
        version = raw.get("openapi", raw.get("swagger"))
        return replace(known, problem=f"no version of OpenAPI that is known here ({str(version)[:40]})")
    store = _Watched(document.schemas)
    reader = _Reader(document, store, Paths(library.root_path))
    described = [*document.operations, *document.webhooks]
    operations = tuple(reader.operation(operation) for operation in described)
    called_back = [one for operation in described for group in operation.callbacks.values() for one in group]
    return replace(
        known,
        format="swagger" if family_of(raw) == "swagger-2.0" else "openapi",
        declared_version=document.info_version or None,
        operations=operations,
        fields=reader.fields(described),
        schemes=tuple(sorted((name, str(one.get("type", ""))) for name, one in document.security_schemes.items())),
        scheme_headers=scheme_headers(document),
        callbacks=tuple(reader.operation(operation) for operation in called_back),
        messages=tuple(webhook_message(operation) for operation in operations if operation.webhook),
        unresolved=(*_misshapen(raw, known.path), *_unresolved(library, met=store.met_problems)),
    )


def _schema(library: Library, known: ContractDocument) -> ContractDocument:
    def lookup(reference: str, base: str) -> tuple[str, str, Any]:
        try:
            target = library.target(reference, base)
        except ReferenceProblem:
            raise KeyError(reference) from None
        return target.path, target.pointer, target.value

    def value(path: str, pointer: str) -> Any:
        try:
            return value_at(library.document(path).data, split_pointer(pointer))
        except (ReferenceProblem, Missing, ValueError):
            raise KeyError(f"{path}#{pointer}") from None

    store = _Watched(DocumentStore(lookup, value, "2020-12"))
    fields = fact_fields.fields_of(store, {"response": [f"{library.root_path}#"]})
    unresolved = _unresolved(library, met=store.met_problems)
    document = read_events(library)
    messages = message_facts(library, document) if document is not None and document.family == "json-schema" else ()
    return replace(known, format="jsonschema", fields=fields, messages=messages, unresolved=unresolved)


def _language(library: Library, known: ContractDocument) -> ContractDocument:
    """A schema of Avro or Protobuf in a file of its own: one message. A ``.proto`` file without one has a problem."""
    document = read_events(library)
    if document is None:
        return known
    payloads = [message.payload for message in document.messages if message.payload is not None]
    is_proto = document.family == "protobuf"
    problem = "".join(proto_problem(payload.form(read_proto_text)) for payload in payloads) if is_proto else ""
    return replace(
        known,
        format="protobuf" if is_proto else "avro",
        declared_version=document.info_version or None,
        messages=() if problem else message_facts(library, document),
        problem=problem,
    )


class _Watched:
    """A store that remembers whether a reference led nowhere."""

    def __init__(self, store: SchemaStore) -> None:
        self._store = store
        self.met_problems = False

    def resolve(self, key: str) -> Schema:
        """The schema. Raises KeyError for a reference that leads nowhere."""
        try:
            return self._store.resolve(key)
        except KeyError:
            self.met_problems = True
            raise


@dataclass(frozen=True, slots=True)
class _Payloads:
    """Keys of the schemas of one operation; those of its errors are left out."""

    request: tuple[str, ...]
    response: tuple[str, ...]


class _Reader:
    """Facts of the operations of one document."""

    def __init__(self, document: api.ApiDocument, store: SchemaStore, paths: Paths) -> None:
        self._document, self._store, self._paths = document, store, paths
        self._required = fact_fields.Required(store)
        self._names = fact_fields.FirstNames(store)
        self._labels: dict[str, str] = {}
        self._responses: dict[tuple[str, api.Place], ResponseFact] = {}

    def operation(self, operation: api.Operation) -> OperationFact:
        payloads = _payloads(operation)
        media = operation.body.content.values() if operation.body is not None else ()
        in_url = [parameter for parameter in operation.parameters if parameter.location in _IN_URL]
        stated = operation.own_security or bool(self._document.security) or "security" in self._document.raw
        return OperationFact(
            method=operation.method,
            path=operation.path,
            place=self._place(operation.place),
            webhook=operation.provider_sends,
            body="none" if operation.body is None else "typed" if media and all(map(self._typed, media)) else "untyped",
            parameters=tuple(sorted(parameter.name for parameter in in_url)),
            untyped_parameters=tuple(sorted(p.name for p in in_url if p.schema is None and not p.content)),
            responses=tuple(self._response(response) for response in operation.responses.values()),
            security=tuple(tuple(sorted(names)) for names in operation.security) if stated else None,
            deprecated=operation.deprecated,
            sunset=_text(operation.raw.get("x-sunset")),
            request_headers=tuple(sorted(p.name.lower() for p in operation.parameters if p.location == "header")),
            required_fields=self._required.of(payloads.request),
            body_fields=tuple(sorted(self._names.of((*payloads.request, *payloads.response)))),
            limits_declared=_limits(operation.raw) or _limits(self._document.raw),
            urls=() if operation.provider_sends else operation.urls,
        )

    def fields(self, operations: Iterable[api.Operation]) -> tuple[FieldFact, ...]:
        """The fields of all payloads of the document."""
        roots: dict[Side, list[str]] = {"request": [], "response": []}
        for operation in operations:
            payloads = _payloads(operation)
            roots["request"].extend(payloads.request)
            roots["response"].extend(payloads.response)
        raw = self._document.raw
        info = raw.get("info")
        purpose = bool(raw.get("x-purpose") or (isinstance(info, Mapping) and info.get("x-purpose")))
        return fact_fields.fields_of(self._store, roots, purpose=purpose, outer=self._paths.outer)

    def _response(self, response: api.Response) -> ResponseFact:
        """Remembered by place: the answers of all operations mostly refer to a few."""
        known = self._responses.get((response.status, response.place))
        if known is None:
            known = self._responses[response.status, response.place] = self._read_response(response)
        return known

    def _read_response(self, response: api.Response) -> ResponseFact:
        media = response.content.values()
        return ResponseFact(
            status=response.status,
            place=self._place(response.place),
            media_types=tuple(sorted(response.content)),
            typed=all(map(self._typed, media)),
            schemas=tuple(sorted({self._label(one.schema) for one in media if one.schema is not None})),
            headers=tuple(sorted(name.lower() for name in response.headers)),
        )

    def _typed(self, media: api.MediaType) -> bool:
        """A schema that says something; bytes of a known kind need none (OpenAPI 3.1, Media Type Object)."""
        if media.item_schema is not None or media.name.lower().startswith(_BINARY):
            return True
        try:
            return media.schema is not None and self._store.resolve(media.schema) not in (True, {})
        except KeyError:
            return True  # a dangling reference is told as such

    def _label(self, key: str) -> str:
        """One name for one schema: what it refers to, or a digest of what stands there."""
        if key not in self._labels:
            self._labels[key] = self._made_label(key)
        return self._labels[key]

    def _made_label(self, key: str) -> str:
        try:
            schema = self._store.resolve(key)
        except KeyError:
            return key
        parts = schema.get("allOf") if isinstance(schema, Mapping) else None
        for part in (schema, *(parts if isinstance(parts, list | tuple) else ())):
            if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
                return str(part["$ref"])
        text = json.dumps(schema, sort_keys=True, default=str)
        return f"inline-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def _place(self, place: api.Place) -> Place:
        return self._outer(place.path, place.pointer)

    def _outer(self, path: str, pointer: str) -> Place:
        return Place(path=self._paths.outer(path), pointer=pointer)


def _payloads(operation: api.Operation) -> _Payloads:
    bodies = operation.body.content.values() if operation.body is not None else ()
    answers = [one for one in operation.responses.values() if one.status[:1] not in ("4", "5", "d")]
    return _Payloads(
        tuple(key for media in bodies for key in _keys(media)),
        tuple(key for answer in answers for media in answer.content.values() for key in _keys(media)),
    )


def _keys(media: api.MediaType) -> Iterator[str]:
    return (key for key in (media.schema, media.item_schema) if key is not None)


def _limits(raw: Mapping[str, Any]) -> bool:
    return any(str(key).lower().startswith(_LIMITS) for key in raw)


def _misshapen(raw: Mapping[str, Any], path: str) -> Iterator[Unresolved]:
    """What stands in the place of paths and operations and is none, so that the normal form lacks it."""
    paths = raw.get("paths", {})
    if not isinstance(paths, dict):
        yield Unresolved(place=Place(path=path, pointer="/paths"), reason="paths, which is no object in the document")
        return
    for name, item in paths.items():
        where = "/paths/" + api.escape(str(name))
        if not isinstance(item, dict):
            if not str(name).startswith("x-"):
                yield Unresolved(place=Place(path=path, pointer=where), reason=f"{name}, which is no path item")
            continue
        for method in ("get", "put", "post", "delete", "patch"):
            operation = item.get(method, {})
            if not (isinstance(operation, dict) and isinstance(operation.get("responses", {}), dict)):
                place = Place(path=path, pointer=f"{where}/{method}")
                yield Unresolved(place=place, reason=f"{method.upper()} {name}, which is no operation")


def _unresolved(library: Library, *, met: bool) -> tuple[Unresolved, ...]:
    """References that lead nowhere or may not be followed, in every document that was read, in order of place.

    They are looked for only when one was met on the way: what nothing leads to hides nothing.
    """
    if not met and not library.met_problems:
        return ()
    found: list[Unresolved] = []
    done: set[str] = set()
    while waiting := [path for path in library.paths if path not in done]:
        for path in waiting:
            done.add(path)
            for pointer, reference in find_references(library.document(path).data):
                try:
                    library.target(reference, path)
                except ReferenceProblem as problem:
                    place = Place(path=path, pointer=pointer)
                    found.append(Unresolved(place=place, reason=f"what {problem.ref} leads to: {problem.message}"))
    return tuple(sorted(found, key=lambda one: (one.place.path, one.place.pointer))[:_MOST_UNRESOLVED])


def _text(value: object) -> str | None:
    return str(value) if value not in (None, "", False) else None
