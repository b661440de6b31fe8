"""The normal form of an API document (contracts.md section 4.2).

Nothing is inlined: a schema is named by its store key, and whatever stood behind a reference says where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

from retailctl.contracts.schemas.document_store import DocumentStore
from retailctl.errors import Location

Family = Literal[
    "swagger-2.0", "openapi-3.0", "openapi-3.1", "openapi-3.2", "asyncapi-2", "asyncapi-3", "json-schema", "avro",
    "protobuf",
]  # fmt: skip
EVENTS: Final = frozenset({"asyncapi-2", "asyncapi-3", "json-schema", "avro", "protobuf"})
"""The families that describe messages; :mod:`retailctl.contracts.events` reads them."""


class Place(NamedTuple):
    """A value in a document: the file ("" is the root document), and the JSON Pointer in it."""

    path: str
    pointer: str

    def at(self, *steps: str | int) -> Place:
        """The place of something inside this one."""
        return Place(self.path, self.pointer + "".join(f"/{escape(str(step))}" for step in steps))

    @property
    def key(self) -> str:
        """The store key of a schema that stands here."""
        return f"{self.path}#{self.pointer}"


def escape(step: str) -> str:
    """One step of a JSON Pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1") if "~" in step or "/" in step else step


@dataclass(frozen=True, slots=True)
class MediaType:
    """One representation of a body. ``item_schema`` is of a streamed body (3.2)."""

    name: str
    place: Place
    schema: str | None = None
    item_schema: str | None = None
    encoding: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter or a header. Its value is described by ``schema``, or by one media type in ``content``.

    ``shared`` is True for what the path item declares for all its operations.
    """

    name: str
    location: str
    place: Place
    required: bool = False
    schema: str | None = None
    content: Mapping[str, MediaType] = field(default_factory=dict)
    style: str = ""
    explode: bool = False
    allow_reserved: bool = False
    allow_empty: bool = False
    deprecated: bool = False
    shared: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """A request body."""

    place: Place
    required: bool
    content: Mapping[str, MediaType]


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered under one status. ``headers`` by name as written; ``links`` are the raw objects."""

    status: str
    place: Place
    headers: Mapping[str, Parameter] = field(default_factory=dict)
    content: Mapping[str, MediaType] = field(default_factory=dict)
    links: Mapping[str, Any] = field(default_factory=dict)


# One way in: every scheme of it must be satisfied, with these scopes.
Alternative = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path, webhook or callback expression.

    ``urls`` are the effective paths (server base and path) under which a client calls it. ``security`` is what holds
    for it: the alternatives of the operation, else those of the document; ``()`` means that anybody may call.
    ``own_security`` is False when the document's requirement applies.
    """

    method: str
    path: str
    place: Place
    urls: tuple[str, ...] = ()
    bases: tuple[str, ...] = ("",)
    kind: Literal["path", "webhook", "callback"] = "path"
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: Mapping[str, Response] = field(default_factory=dict)
    security: tuple[Alternative, ...] = ()
    own_security: bool = False
    callbacks: Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)
    operation_id: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """How people name it: ``GET /items/{id}``, ``webhook order.created POST``."""
        return f"{self.method} {self.path}" if self.kind == "path" else f"{self.kind} {self.path} {self.method}"

    @property
    def provider_sends(self) -> bool:
        """True where the described provider sends the request (webhooks and callbacks)."""
        return self.kind != "path"


@dataclass(frozen=True, slots=True)
class Server:
    """One server URL with its variables filled in by default and by enum. ``place`` is of its entry."""

    url: str
    scheme: str
    host: str
    base: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class ApiDocument:
    """One API document with everything that can be reached from it.

    ``locator`` knows the places of a document whose language is neither YAML nor JSON.
    """

    path: str
    family: Family
    version: str
    title: str = ""
    info_version: str = ""
    servers: tuple[Server, ...] = ()
    operations: tuple[Operation, ...] = ()
    webhooks: tuple[Operation, ...] = ()
    security: tuple[Alternative, ...] = ()
    security_schemes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    components: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    schema_names: Mapping[str, str] = field(default_factory=dict)
    schemas: DocumentStore
    raw: Mapping[str, Any] = field(default_factory=dict)
    locator: Callable[[Place], Location] | None = None

    @cached_property
    def by_label(self) -> Mapping[str, Operation]:
        """The operations that clients call, by label."""
        return {operation.label: operation for operation in self.operations}
