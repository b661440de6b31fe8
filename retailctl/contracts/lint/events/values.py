"""Examples of messages and the defaults and examples of schemas, each against its schema. Values are never shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.events.walk import Thing
from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.outline import mapping, text
from retailctl.contracts.lint.values import Value, check_values, is_json, values_in_schemas

_MOST: Final = 10
"""Schemas of a message and its traits that an example is held against; nobody writes more."""


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Message Example Object ("MUST validate against" payload and headers)."""
    yield from check_values(context, _values(context))


def _values(context: EventContext) -> Iterator[Value]:
    yield from values_in_schemas(context)
    for message in context.things("message"):
        layers = context.layers(message)
        for part in ("headers", "payload"):
            if part == "headers" or _holds_json(context, message):
                yield from _examples(context, layers, part)


def _examples(context: EventContext, layers: list[Thing], part: str) -> Iterator[Value]:
    """The examples of a message and its traits against each of the schemas that they have for a part."""
    written = [one for one in layers if part in one.value][-_MOST:]
    found = [context.json_schema((*one.below(part), one.value[part])) for one in written]
    schemas = [schema for schema in found if schema is not None]
    for layer in layers:
        examples = layer.value.get("examples")
        for index, example in enumerate(examples if isinstance(examples, list) else ()):
            if part in mapping(example):
                path, pointer = layer.below("examples", index, part)
                for schema in schemas:
                    yield Value("example-invalid", path, pointer, mapping(example)[part], *schema)


def _holds_json(context: EventContext, message: Thing) -> bool:
    kind = text(context.field(message, "contentType")) or text(context.root.get("defaultContentType"))
    return not kind or is_json(kind)
