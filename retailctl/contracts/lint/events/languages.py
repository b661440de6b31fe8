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
    """

    path: str
    pointer: str
    value: object
    language: str
    format: str


SchemaCheck = Callable[[ForeignSchema], Iterator[LintFact]]

LANGUAGES: Final[dict[str, SchemaCheck]] = {}
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
