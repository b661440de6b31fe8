"""Operations that name channels, messages and servers which are not there, or not those of the channel; ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.events.walk import Thing
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping, text

_IDS: Final = (("operation", "operationId", "operation-id-duplicate"), ("message", "messageId", "message-id-duplicate"))


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Operation Object, Operation Reply Object, Channel Object (servers)."""
    if context.specification.major == 2:
        yield from _ids(context)
        yield from _servers_by_name(context)
        return
    for operation in context.things("operation"):
        root = operation.path == context.library.root_path and operation.pointer.startswith("/operations/")
        yield from _side(context, operation, operation, root=root)
        path, pointer, value = context.resolve(*operation.below("reply"), operation.value.get("reply"))
        reply = Thing("reply", path, pointer, "", mapping(value))
        yield from _side(context, operation, reply, root=root)
    for channel in context.things("channel"):
        if channel.path == context.library.root_path and channel.pointer.startswith("/channels/"):
            for at, target in _targets(context, channel, "servers"):
                if not _is_entry(context, target, "servers"):
                    yield fact("channel-server-unknown", at, name=_name(target))


def _side(context: EventContext, operation: Thing, holder: Thing, *, root: bool) -> Iterator[LintFact]:
    """The channel and the messages of an operation or of its reply, whose messages may be without a channel."""
    raw = mapping(holder.value.get("channel"))
    if not isinstance(raw.get("$ref"), str):
        return
    at = holder.below("channel", "$ref")
    found = context.found.targets.get(at)
    channel_path, channel_pointer, value = context.resolve(*holder.below("channel"), raw)
    if found is None or value is None or context.found.kinds.get(found[0], "channel") != "channel":
        return  # the reference leads nowhere or to something else, which other passes tell
    if root and not _is_entry(context, found[0], "channels"):
        yield fact("operation-channel-unlisted", at, ref=raw["$ref"])
        return
    messages = mapping(mapping(value).get("messages"))
    allowed = {
        context.resolve(channel_path, f"{channel_pointer}/messages/{name}", one)[:2] for name, one in messages.items()
    }
    for where, target in _targets(context, holder, "messages"):
        inside = target[0] == channel_path and target[1].startswith(f"{channel_pointer}/messages/")
        via = found[0][0] == target[0] and target[1].startswith(f"{found[0][1]}/messages/")
        if not inside and not via:
            known = "not pointed at as" if target in allowed else "not"
            yield fact("operation-message-foreign", where, name=_name(target), channel=_name(found[0]), how=known)


def _targets(context: EventContext, holder: Thing, name: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Where each reference of a list stands, and where it leads in one step; dangling ones are left out."""
    listed = holder.value.get(name)
    for index in range(len(listed) if isinstance(listed, list) else 0):
        at = holder.below(name, index, "$ref")
        if at in context.found.targets:
            yield at, context.found.targets[at][0]


def _is_entry(context: EventContext, target: tuple[str, str], section: str) -> bool:
    """Whether a place is an entry of a map of the root document."""
    steps = target[1].split("/")
    return target[0] == context.library.root_path and len(steps) == 3 and steps[1] == section


def _name(target: tuple[str, str]) -> str:
    return target[1].rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _ids(context: EventContext) -> Iterator[LintFact]:
    """Source: 2.x, operationId and messageId "MUST be unique"."""
    for kind, field, id in _IDS:
        seen: dict[str, str] = {}
        for thing in context.things(kind):
            name = text(thing.value.get(field))
            if name and seen.setdefault(name, thing.pointer) != thing.pointer:
                yield fact(id, thing.below(field), name=name, first=seen[name])


def _servers_by_name(context: EventContext) -> Iterator[LintFact]:
    known = mapping(context.root.get("servers"))
    for channel in context.things("channel"):
        listed = channel.value.get("servers")
        if channel.pointer.startswith("/components/"):
            continue
        for index, name in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(name, str) and name not in known:
                yield fact("channel-server-unknown", channel.below("servers", index), name=name)
