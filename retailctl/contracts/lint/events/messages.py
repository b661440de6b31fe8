"""Messages without payload or name, and their content types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.events.walk import Thing
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import text

_MEDIA_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+\s*(;.*)?")


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Message Object, Default Content Type."""
    default = context.root.get("defaultContentType")
    path = context.library.root_path
    if isinstance(default, str) and not _MEDIA_TYPE.fullmatch(default):
        yield fact("content-type-invalid", (path, "/defaultContentType"))
    unsaid = []
    for message in context.things("message"):
        yield from _described(context, message)
        if context.field(message, "contentType") is not None:
            yield from _content_type(context, message)
        elif default is None and "payload" in message.value:
            unsaid.append(label(message))
    if unsaid:
        yield fact("content-type-missing", (path, ""), names=unsaid)


def _described(context: EventContext, message: Thing) -> Iterator[LintFact]:
    if "payload" not in message.value:
        yield fact("message-without-payload", message.place, name=label(message))
    names = ("name", "title", "messageId")
    if not message.key and not any(context.field(message, name) for name in names):
        yield fact("message-without-name", message.place)


def _content_type(context: EventContext, message: Thing) -> Iterator[LintFact]:
    own = context.field(message, "contentType")
    if isinstance(own, str) and not _MEDIA_TYPE.fullmatch(own):
        holder = next(layer for layer in reversed(context.layers(message)) if "contentType" in layer.value)
        yield fact("content-type-invalid", holder.below("contentType"))


def label(message: Thing) -> str:
    """How people find a message: its name, its key, or where it stands."""
    own = text(message.value.get("name")) or text(message.value.get("messageId"))
    return own or message.key or message.pointer.rpartition("/")[2]
