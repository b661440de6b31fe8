"""The languages that a schema can be written in, and the function that says what is wrong with a schema of each.

A language is a row of :data:`LANGUAGES`: its engine is one function of a :class:`ForeignSchema`. What has no row is
left alone. Source of the formats: AsyncAPI, Schema formats table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from retailctl.contracts.lint.facts import LintFact

JSON_SCHEMA: Final = "json-schema"
_PREFIXES: Final = (
    ("application/vnd.aai.asyncapi", JSON_SCHEMA),
    ("application/schema+", JSON_SCHEMA),
    ("application/schema;", JSON_SCHEMA),
    ("application/vnd.apache.avro", "avro"),
    ("application/vnd.google.protobuf", "protobuf"),
    ("application/vnd.oai.openapi", "openapi"),
    ("application/raml", "raml"),
)


@dataclass(frozen=True, slots=True)
class ForeignSchema:
    """A schema in another language than JSON Schema: where it stands, and what is written there.

    ``value`` is the parsed value (text where the language is written as text); ``format`` is the media type as written.
    ``read`` gives the text of another file of the workspace and raises KeyError where there is none.
    """

    path: str
    pointer: str
    value: object
    language: str
    format: str
    read: Callable[[str], str] | None = None


SchemaCheck = Callable[[ForeignSchema], Iterator[LintFact]]


def _avro(schema: ForeignSchema) -> Iterator[LintFact]:
    from retailctl.contracts.lint.events.foreign import check_avro

    yield from check_avro(schema)


def _protobuf(schema: ForeignSchema) -> Iterator[LintFact]:
    from retailctl.contracts.lint.events.foreign import check_protobuf

    yield from check_protobuf(schema)


LANGUAGES: Final[dict[str, SchemaCheck]] = {"avro": _avro, "protobuf": _protobuf}
"""Language -> the check of its engine. The rows of what it yields go into ``table.tsv``."""


def language_of(format: str) -> str:
    """The language of a ``schemaFormat``; AsyncAPI's own when there is none, the format itself when it is unknown."""
    bare = format.strip().lower()
    if not bare:
        return JSON_SCHEMA
    return next((language for prefix, language in _PREFIXES if bare.startswith(prefix)), bare)


def check_foreign(schema: ForeignSchema) -> Iterator[LintFact]:
    """What the engine of its language says of a schema; nothing when there is no engine."""
    check = LANGUAGES.get(schema.language)
    if check is not None:
        yield from check(schema)
