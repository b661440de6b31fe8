"""Examples of messages and the defaults and examples of schemas, each against its schema. Values are never shown."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.events.walk import Thing
from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.outline import mapping, text
from retailctl.contracts.lint.values import Value, check_values, is_json, values_in_schemas


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Message Example Object ("MUST validate against" payload and headers)."""
    yield from check_values(context, _values(context))


def _values(context: EventContext) -> Iterator[Value]:
    yield from values_in_schemas(context)
    for message in context.things("message"):
        for layer in context.layers(message):
            for part in ("headers", "payload"):
                yield from _examples(context, message, layer, part)


def _examples(context: EventContext, message: Thing, layer: Thing, part: str) -> Iterator[Value]:
    """The examples of one layer against every schema that the message has for the part."""
    examples = layer.value.get("examples")
    if not isinstance(examples, list) or (part == "payload" and not _holds_json(context, message)):
        return
    written = [one for one in context.layers(message) if part in one.value]
    schemas = [context.json_schema((*one.below(part), one.value[part])) for one in written]
    for index, example in enumerate(examples):
        if part in mapping(example):
            path, pointer = layer.below("examples", index, part)
            for schema in schemas:
                if schema is not None:
                    yield Value("example-invalid", path, pointer, mapping(example)[part], *schema)


def _holds_json(context: EventContext, message: Thing) -> bool:
    kind = text(context.field(message, "contentType")) or text(context.root.get("defaultContentType"))
    return not kind or is_json(kind)
