"""``contract.yaml``: the promise around the versions of a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from retailctl.model.compatibility import Category, Compatibility
from retailctl.model.fields import STRICT, EventKind, Id, Lifecycle, Text, Texts, doc

ContractKind = Literal["openapi", "asyncapi", "jsonschema", "avro", "protobuf", "edi", "xsd", "csv", "wsdl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVersion:
    """One version of a contract and where it stands in its life."""

    __pydantic_config__: ClassVar = STRICT

    version: Text
    lifecycle: Lifecycle | None = None
    released: date | None = None
    deprecated: date | None = None
    sunset: Annotated[date | None, doc("Last day on which it is served.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StripPrefix:
    """What is cut from the paths of two versions before they are compared. Not used for one version over time."""

    __pydantic_config__: ClassVar = STRICT

    base: Annotated[Text | None, doc("Cut from the paths of the earlier version.", "/v1")] = None
    revision: Annotated[Text | None, doc("Cut from the paths of the later version.", "/v2")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPromise:
    """How the events of a contract are delivered, where the document cannot say it. A message may say otherwise.

    The fields are those of an event in the inventory.
    """

    __pydantic_config__: ClassVar = STRICT

    kind: EventKind | None = None
    ordering: Annotated[Text | None, doc("Ordering guarantee; none = in any order.", "per order_id")] = None
    partition_key: Annotated[Text | None, doc("Field that the broker partitions by.", "order_id")] = None
    idempotency: Annotated[Text | None, doc("Field that tells repeats apart.", "event_id")] = None
    retention: Annotated[Text | None, doc("How long messages are kept.", "14d")] = None
    replay: Annotated[Text | None, doc("How they are read again.", "offset_or_window", "window 7d")] = None
    dlq: Annotated[Text | None, doc("Queue or topic of what nobody could read.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFile:
    """Owner, lifecycle, compatibility mode and consumers of one contract."""

    __pydantic_config__: ClassVar = STRICT

    id: Id
    name: Text | None = None
    note: Text | None = None
    kind: ContractKind
    domain: Text | None = None
    set: Annotated[Text | None, doc("Contracts on one business object; they move together.", "order")] = None
    owner: Text | None = None
    provider: Text | None = None
    lifecycle: Lifecycle | None = None
    compatibility: Compatibility | None = None
    category: Annotated[
        Category | None,
        doc("What a Protobuf contract promises; default CSR, what registries ask.", "WIRE_JSON"),
    ] = None
    consumers: Texts | None = None
    event: Annotated[EventPromise | None, Field(description="What holds for every event of the contract.")] = None
    versions: Annotated[tuple[ContractVersion, ...] | None, Field(description="Oldest first.")] = None
    content_model: Annotated[
        Literal["declared", "all", "lenient", "strict"] | None,
        doc("What clients send: what the contract names (declared, lenient; default), or anything that it accepts."),
    ] = None
    strip_prefix: StripPrefix | None = None
