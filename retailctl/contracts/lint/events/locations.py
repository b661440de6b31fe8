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
_BUDGET: Final = 100_000
"""Schemas looked into in one run; beyond it every location is taken as declared."""


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Correlation ID Object, Parameter Object, Operation Reply Address Object, Runtime Expression.

    A parameter and a reply address are in some message of the channel: one that declares the location is enough.
    """
    finder = _Finder(context)
    for message in context.things("message"):
        yield from _correlation(context, message, finder)
    for channel in context.things("channel"):
        yield from _parameters(context, channel, finder)
    for operation in context.things("operation"):
        yield from _reply_address(context, operation, finder)


def _correlation(context: EventContext, message: Thing, finder: _Finder) -> Iterator[LintFact]:
    written = [layer for layer in context.layers(message) if "correlationId" in layer.value]
    for layer in written[-1:]:
        path, pointer, value = context.resolve(*layer.below("correlationId"), layer.value["correlationId"])
        location = mapping(value).get("location")
        if isinstance(location, str) and not finder.leads_somewhere(message, location):
            at = layer.below("correlationId") if "$ref" in mapping(layer.value["correlationId"]) else (path, pointer)
            yield fact("correlation-location", at, location=location, name=label(message))


def _parameters(context: EventContext, channel: Thing, finder: _Finder) -> Iterator[LintFact]:
    for name, value in mapping(channel.value.get("parameters")).items():
        where = context.resolve(*channel.below("parameters", name), value)
        location = mapping(where[2]).get("location")
        if isinstance(location, str) and not finder.in_any(channel, location):
            at = (where[0], f"{where[1]}/location")
            yield fact("parameter-location", at, location=location, name=name)


def _reply_address(context: EventContext, operation: Thing, finder: _Finder) -> Iterator[LintFact]:
    """The address of the reply stands in the request."""
    reply = context.resolve(*operation.below("reply"), operation.value.get("reply"))
    where = context.resolve(reply[0], f"{reply[1]}/address", mapping(reply[2]).get("address"))
    location = mapping(where[2]).get("location")
    path, pointer, channel = context.resolve(*operation.below("channel"), operation.value.get("channel"))
    if not isinstance(location, str) or not isinstance(channel, Mapping):
        return
    if not finder.in_any(Thing("channel", path, pointer, "", channel), location):
        yield fact("reply-location", (where[0], f"{where[1]}/location"), location=location)


class _Finder:
    """Looks for locations in the schemas of messages, with a bound on the work of all of it."""

    def __init__(self, context: EventContext) -> None:
        self._context = context
        self._left = _BUDGET
        self._messages = {thing.place: thing for thing in context.things("message")}
        self._carried: dict[tuple[str, str], list[Thing]] = {}

    def in_any(self, channel: Thing, location: str) -> bool:
        """Whether a message of a channel declares a location; true where it has none."""
        if channel.place not in self._carried:
            self._carried[channel.place] = _carried(self._context, channel, self._messages)
        messages = self._carried[channel.place]
        return not messages or any(self.leads_somewhere(message, location) for message in messages)

    def leads_somewhere(self, message: Thing, location: str) -> bool:
        """Whether a location names something that a schema of the message declares; true where nobody can tell."""
        found = _LOCATION.fullmatch(location)
        if found is None or self._left <= 0:
            return True  # the structure pass tells of what is no location
        self._left -= 1
        part = _PARTS[found[1]]
        context = self._context
        layers = [layer for layer in context.layers(message) if part in layer.value]
        schemas = [context.json_schema((*layer.below(part), layer.value[part])) for layer in layers]
        try:
            steps = split_pointer(found[2])
        except ValueError:
            return True
        return any(schema is None or self._declares(schema, steps) for schema in schemas)

    def _declares(self, start: Where, steps: tuple[str, ...]) -> bool:
        """Whether a schema, or what it is made of, declares a path of names; schemas may be recursive."""
        waiting: list[tuple[Where, int]] = [(start, 0)]
        seen: set[tuple[str, str, int]] = set()
        while waiting:
            where, depth = waiting.pop()
            if depth == len(steps) or self._left <= 0:
                return True
            key = (where[0], where[1], depth)
            if not isinstance(where[2], Mapping) or key in seen:
                continue
            seen.add(key)
            self._left -= 1
            behind = self._context.resolve(*where)
            if behind[2] is None or _takes_any(where[2], steps[depth]):
                return True  # what was not followed may declare it; names that nobody lists are expected
            if "$ref" in where[2]:
                waiting.append((behind, depth))
            waiting += [(one, depth) for one in _parts(where)]
            waiting += [(one, depth + 1) for one in _members(where, steps[depth])]
        return False


def _carried(context: EventContext, channel: Thing, messages: Mapping[tuple[str, str], Thing]) -> list[Thing]:
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
