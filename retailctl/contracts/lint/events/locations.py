"""Locations in a message that lead to nothing that a schema declares: correlation ids, parameters, reply addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.lint.events.context import EventContext, Where
from retailctl.contracts.lint.events.messages import label
from retailctl.contracts.lint.events.walk import Thing
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.references.pointers import escape, split_pointer

_LOCATION: Final = re.compile(r"\$message\.(header|payload)#(.*)", re.DOTALL)
_PARTS: Final = {"header": "headers", "payload": "payload"}
_IN_PLACE: Final = ("allOf", "anyOf", "oneOf")
_MOST: Final = 500


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Correlation ID Object, Parameter Object, Operation Reply Address Object, Runtime Expression.

    A parameter and a reply address are in some message of the channel: one that declares the location is enough.
    """
    messages = {thing.place: thing for thing in context.things("message")}
    for message in messages.values():
        yield from _correlation(context, message)
    for channel in context.things("channel"):
        yield from _parameters(context, channel, messages)
    for operation in context.things("operation"):
        yield from _reply_address(context, operation, messages)


Messages = Mapping[tuple[str, str], Thing]


def _parameters(context: EventContext, channel: Thing, messages: Messages) -> Iterator[LintFact]:
    for name, value in mapping(channel.value.get("parameters")).items():
        where = context.resolve(*channel.below("parameters", name), value)
        location = mapping(where[2]).get("location")
        if isinstance(location, str) and not _in_any(context, _carried(context, channel, messages), location):
            at = (where[0], f"{where[1]}/location")
            yield fact("parameter-location", at, location=location, name=name)


def _reply_address(context: EventContext, operation: Thing, messages: Messages) -> Iterator[LintFact]:
    """The address of the reply stands in the request."""
    reply = context.resolve(*operation.below("reply"), operation.value.get("reply"))
    raw = mapping(reply[2]).get("address")
    where = context.resolve(reply[0], f"{reply[1]}/address", raw)
    location = mapping(where[2]).get("location")
    channel = context.resolve(*operation.below("channel"), operation.value.get("channel"))
    if not isinstance(location, str) or not isinstance(channel[2], Mapping):
        return
    requests = _carried(context, Thing("channel", channel[0], channel[1], "", channel[2]), messages)
    if not _in_any(context, requests, location):
        yield fact("reply-location", (where[0], f"{where[1]}/location"), location=location)


def _carried(context: EventContext, channel: Thing, messages: Messages) -> list[Thing]:
    """The messages of a channel: listed by it in 3.x, by its operations in 2.x."""
    listed = mapping(channel.value.get("messages")).items()
    wheres = [context.resolve(*channel.below("messages", name), value) for name, value in listed]
    for word in ("publish", "subscribe"):
        written = mapping(channel.value.get(word)).get("message")
        choices = mapping(written).get("oneOf")
        if isinstance(choices, list):
            wheres += [
                context.resolve(*channel.below(word, "message", "oneOf", n), one) for n, one in enumerate(choices)
            ]
        elif written is not None:
            wheres.append(context.resolve(*channel.below(word, "message"), written))
    return [messages[path, pointer] for path, pointer, _ in wheres if (path, pointer) in messages]


def _in_any(context: EventContext, messages: list[Thing], location: str) -> bool:
    return not messages or any(leads_somewhere(context, message, location) for message in messages)


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
