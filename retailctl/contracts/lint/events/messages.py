"""Messages without payload or name, content types, and locations that lead to nothing that is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.lint.events.context import EventContext, Where
from retailctl.contracts.lint.events.walk import Thing
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping, text
from retailctl.contracts.references.pointers import escape, split_pointer

_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+\s*(;.*)?")
_LOCATION: Final = re.compile(r"\$message\.(header|payload)#(.*)", re.DOTALL)
_PARTS: Final = {"header": "headers", "payload": "payload"}
_IN_PLACE: Final = ("allOf", "anyOf", "oneOf")
_MOST: Final = 500


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Message Object, Correlation ID Object, Runtime Expression."""
    default = context.root.get("defaultContentType")
    path = context.library.root_path
    if isinstance(default, str) and not _MEDIA_TYPE.fullmatch(default):
        yield fact("content-type-invalid", (path, "/defaultContentType"))
    for message in context.things("message"):
        yield from _described(context, message)
        yield from _content_type(context, message, default)
        yield from _correlation(context, message)


def _described(context: EventContext, message: Thing) -> Iterator[LintFact]:
    if "payload" not in message.value:
        yield fact("message-without-payload", message.place, name=label(message))
    names = ("name", "title", "messageId")
    if not message.key and not any(context.field(message, name) for name in names):
        yield fact("message-without-name", message.place)


def _content_type(context: EventContext, message: Thing, default: object) -> Iterator[LintFact]:
    own = context.field(message, "contentType")
    if own is None and default is None and "payload" in message.value:
        yield fact("content-type-missing", message.place, name=label(message))
    elif isinstance(own, str) and not _MEDIA_TYPE.fullmatch(own):
        holder = next(layer for layer in reversed(context.layers(message)) if "contentType" in layer.value)
        yield fact("content-type-invalid", holder.below("contentType"))


def _correlation(context: EventContext, message: Thing) -> Iterator[LintFact]:
    written = [layer for layer in context.layers(message) if "correlationId" in layer.value]
    for layer in written[-1:]:
        path, pointer, value = context.resolve(*layer.below("correlationId"), layer.value["correlationId"])
        location = mapping(value).get("location")
        if isinstance(location, str) and not leads_somewhere(context, message, location):
            at = layer.below("correlationId") if "$ref" in mapping(layer.value["correlationId"]) else (path, pointer)
            yield fact("correlation-location", at, location=location, name=label(message))


def leads_somewhere(context: EventContext, message: Thing, location: str) -> bool:
    """Whether a location names something that a schema of the message declares; true where nobody can tell."""
    found = _LOCATION.fullmatch(location)
    if found is None:
        return True  # the structure pass tells
    part = _PARTS[found[1]]
    layers = [layer for layer in context.layers(message) if part in layer.value]
    if not layers:
        return False
    schemas = [context.json_schema((*layer.below(part), layer.value[part])) for layer in layers]
    try:
        steps = split_pointer(found[2])
    except ValueError:
        return True
    return any(schema is None or _declares(context, schema, steps) for schema in schemas)


def _declares(context: EventContext, start: Where, steps: tuple[str, ...]) -> bool:
    """Whether a schema, or what it is made of, declares a path of names; bounded, as schemas may be recursive."""
    waiting: list[tuple[Where, int]] = [(start, 0)]
    seen: set[tuple[str, str, int]] = set()
    while waiting:
        where, depth = waiting.pop()
        if depth == len(steps) or len(seen) > _MOST:
            return True
        key = (where[0], where[1], depth)
        if not isinstance(where[2], Mapping) or key in seen:
            continue
        seen.add(key)
        behind = context.resolve(*where)
        if behind[2] is None or _takes_any(where[2], steps[depth]):
            return True  # what was not followed may declare it; names that nobody lists are expected
        if "$ref" in where[2]:
            waiting.append((behind, depth))
        waiting += [(part, depth) for part in _parts(where)]
        waiting += [(part, depth + 1) for part in _members(where, steps[depth])]
    return False


def _parts(where: Where) -> Iterator[Where]:
    path, pointer, value = where
    for keyword in _IN_PLACE:
        parts = mapping(value).get(keyword)
        for index, one in enumerate(parts if isinstance(parts, list) else ()):
            yield path, f"{pointer}/{keyword}/{index}", one


def _members(where: Where, step: str) -> Iterator[Where]:
    path, pointer, value = where
    schema = mapping(value)
    properties = mapping(schema.get("properties"))
    if step in properties:
        yield path, f"{pointer}/properties/{escape(step)}", properties[step]
    elif step.isdigit() and isinstance(schema.get("items"), Mapping):
        yield path, f"{pointer}/items", schema["items"]


def _takes_any(schema: object, step: str) -> bool:
    content = mapping(schema)
    named = step in mapping(content.get("properties"))
    return not named and bool(content.get("patternProperties") or mapping(content.get("additionalProperties")))


def label(message: Thing) -> str:
    """How people find a message: its name, its key, or where it stands."""
    own = text(message.value.get("name")) or text(message.value.get("messageId"))
    return own or message.key or message.pointer.rpartition("/")[2]
