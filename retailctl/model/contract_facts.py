"""What the policy engine may know of a contract: facts of API documents and of the steps between their versions.

Plain data without judgement. The contracts capability fills it from documents, rules read it through the estate; the
two never see each other. A pointer is an RFC 6901 JSON Pointer inside the document at ``path``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from retailctl.model.compatibility import Compatibility
from retailctl.model.event_facts import MessageFact, Statement
from retailctl.model.places import Place

__all__ = [
    "ContractDocument",
    "ContractFormat",
    "FieldFact",
    "OperationFact",
    "Place",
    "ResponseFact",
    "Side",
    "Unresolved",
    "VersionStep",
]

ContractFormat = Literal["openapi", "swagger", "asyncapi", "jsonschema", "avro", "protobuf", "unknown"]
Side = Literal["request", "response"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFact:
    """One property of a payload, once per place where it is written; the payloads of 4xx and 5xx are left out.

    ``sides``: where it is used. ``types`` are JSON type names, sorted; empty when the schema names none. ``item_types``
    are those of the items of an array. ``sensitive`` is the class that ``x-pii``, ``x-classification`` or
    ``x-sensitive`` gives it; ``purpose`` says whether ``x-purpose`` is set on it or around it; ``canonical`` is the
    name in the canonical model that ``x-canonical`` gives; ``described`` whether it has a description.
    """

    name: str
    place: Place
    types: tuple[str, ...] = ()
    item_types: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    sensitive: str | None = None
    purpose: bool = False
    canonical: str | None = None
    described: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFact:
    """One answer of an operation. ``media_types`` is empty for an answer without a body; ``typed`` says that each of
    them has a schema; ``schemas`` name the schemas (a reference, or the place of an inline one); headers in lower
    case."""

    status: str
    place: Place
    media_types: tuple[str, ...] = ()
    typed: bool = True
    schemas: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        """4xx, 5xx or ``default``."""
        return self.status[:1] in ("4", "5") or self.status == "default"

    @property
    def is_success(self) -> bool:
        """2xx."""
        return self.status[:1] == "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFact:
    """One operation. ``webhook``: the described provider sends the request.

    ``body``: none, typed (each media type has a schema) or untyped. ``parameters`` are those in path and query,
    ``untyped_parameters`` the ones without a schema. ``security``: the alternatives as names of schemes, the document's
    where the operation has none of its own; None when neither says anything, an empty alternative is "nobody signs in".
    ``required_fields``: names of the fields that no valid request body lacks. ``body_fields``: names of the first
    levels of request and response bodies. ``urls``: the effective paths that a client calls, server base included, with
    nameless parameters (``/api/orders/{}``). Header names in lower case.
    """

    method: str
    path: str
    place: Place
    webhook: bool = False
    body: Literal["none", "typed", "untyped"] = "none"
    parameters: tuple[str, ...] = ()
    untyped_parameters: tuple[str, ...] = ()
    responses: tuple[ResponseFact, ...] = ()
    security: tuple[tuple[str, ...], ...] | None = None
    deprecated: bool = False
    sunset: str | None = None
    request_headers: tuple[str, ...] = ()
    required_fields: tuple[str, ...] = ()
    body_fields: tuple[str, ...] = ()
    limits_declared: bool = False
    urls: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``GET /orders``."""
        return f"{self.method} {self.path}"

    def with_status(self, *firsts: str) -> Iterator[ResponseFact]:
        """The answers whose status begins with one of these."""
        return (response for response in self.responses if response.status.startswith(firsts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """Something that could not be followed, so that nothing can be said to be absent: a dangling reference, say."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDocument:
    """One document of one version of a contract.

    ``contract`` and ``version`` follow from the folder, ``declared_version`` is that of the document. What
    ``contract.yaml`` says of it stands in ``kind`` to ``listed_consumers``; None = not declared. ``problem`` says
    why the document could not be read as what it is; then there are no operations and no fields.
    """

    path: str
    contract: str
    version: str | None = None
    declared_version: str | None = None
    format: ContractFormat = "unknown"
    domain: str | None = None
    kind: str | None = None
    provider: str | None = None
    owner: str | None = None
    lifecycle: str | None = None
    sunset: date | None = None
    listed_consumers: tuple[str, ...] | None = None
    operations: tuple[OperationFact, ...] = ()
    callbacks: tuple[OperationFact, ...] = ()
    fields: tuple[FieldFact, ...] = ()
    schemes: tuple[tuple[str, str], ...] = ()
    scheme_headers: tuple[tuple[str, str], ...] = ()
    compatibility: Compatibility | None = None
    messages: tuple[MessageFact, ...] = ()
    promised: tuple[Statement, ...] = ()
    promise: str = ""
    unresolved: tuple[Unresolved, ...] = ()
    problem: str = ""

    @property
    def is_api(self) -> bool:
        """OpenAPI or Swagger, or a document that was to be one and cannot be read."""
        return self.format in ("openapi", "swagger") or (self.format == "unknown" and bool(self.problem))

    @property
    def is_events(self) -> bool:
        """AsyncAPI, or a schema of messages that stands alone."""
        return self.format in ("asyncapi", "jsonschema", "avro", "protobuf")

    @property
    def is_compared(self) -> bool:
        """A document whose versions are held against each other. A JSON Schema is one where ``contract.yaml`` says that
        it is the contract: elsewhere it is a part of others."""
        if self.format == "jsonschema":
            return self.kind == "jsonschema"
        return self.is_api or self.is_events


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStep:
    """Two consecutive versions of one contract, held against each other.

    ``path`` is the document of the later one. ``breaking`` is None while nobody compared them or the comparison could
    not decide; ``first_breaking`` says what breaks first, ``place`` where.
    """

    contract: str
    path: str
    from_version: str
    to_version: str
    mode: Compatibility | None = None
    breaking: bool | None = None
    required_bump: Literal["major", "minor", "patch", "none"] | None = None
    first_breaking: str = ""
    place: Place | None = None
