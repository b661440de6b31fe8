"""What a contract says of the events in it: one fact per message, each statement with its source and its place.

Plain data without judgement, as in :mod:`retailctl.model.contract_facts`: the contracts capability fills it from
documents, the graph joins it with the inventory, rules read the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retailctl.model.places import Place

Attribute = Literal[
    "owner",
    "kind",
    "idempotency",
    "ordering",
    "partition_key",
    "partitions",
    "retention",
    "replay",
    "dead_letter",
    "dead_letter_exchange",
    "consumers",
    "publisher",
]
"""What may be said of an event; ``dead_letter_exchange`` is where a broker routes to, not the queue behind it."""

SchemaLanguage = Literal["jsonschema", "avro", "protobuf", "openapi", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that is said of an event. ``source`` names who says it: an extension, a binding, ``contract.yaml``.

    ``values`` has several entries for a list only. ``default`` is True for what is said of a whole document or
    contract: an exception of one event contradicts nobody.
    """

    attribute: Attribute
    values: tuple[str, ...]
    source: str
    place: Place
    default: bool = False

    @property
    def value(self) -> str:
        """The values as people write them."""
        return ", ".join(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFact:
    """One message on one channel; ``address`` is "" for a schema that stands alone.

    ``fields`` are the names in payload and headers, ``required`` those that no valid message lacks; None where the
    schema is in a language that is not looked into. ``statements`` come in order of precedence.
    """

    name: str
    place: Place
    address: str = ""
    language: SchemaLanguage | None = None
    typed: bool = False
    fields: tuple[str, ...] | None = None
    required: tuple[str, ...] | None = None
    protocols: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
