"""Which channel and which message of one side is which of the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retailctl.contracts.events.model import Channel, Message


@dataclass(frozen=True, slots=True)
class MatchedChannels:
    """``moved`` are pairs under two addresses."""

    pairs: tuple[tuple[Channel, Channel], ...]
    moved: tuple[tuple[Channel, Channel], ...]
    removed: tuple[Channel, ...]
    added: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class MatchedMessages:
    """``renamed`` are pairs under two names that the documents give themselves."""

    pairs: tuple[tuple[Message, Message], ...]
    renamed: tuple[tuple[Message, Message], ...]
    removed: tuple[Message, ...]
    added: tuple[Message, ...]


def match_channels(old: Mapping[str, Channel], new: Mapping[str, Channel]) -> MatchedChannels:
    """By address. Of the rest, those are the same that alone carry the same named messages in the same roles."""
    pairs = tuple((old[key], new[key]) for key in sorted(old.keys() & new.keys()))
    removed = [old[key] for key in sorted(old.keys() - new.keys())]
    added = [new[key] for key in sorted(new.keys() - old.keys())]
    before, after = _by_content(removed), _by_content(added)
    moved = [
        (before[content][0], after[content][0])
        for content in before
        if content and len(before[content]) == len(after.get(content, ())) == 1
    ]
    gone = {id(channel) for pair in moved for channel in pair}
    return MatchedChannels(
        pairs,
        tuple(moved),
        tuple(channel for channel in removed if id(channel) not in gone),
        tuple(channel for channel in added if id(channel) not in gone),
    )


def match_messages(old: Mapping[str, Message], new: Mapping[str, Message]) -> MatchedMessages:
    """By name, then by a payload that only these two have, then the only two that are left where the document names
    at most one of them."""
    pairs = [(old[name], new[name]) for name in old if name in new]
    removed = [message for name, message in old.items() if name not in new]
    added = [message for name, message in new.items() if name not in old]
    before, after = _by_payload(removed), _by_payload(added)
    renamed = [
        (before[written][0], after[written][0])
        for written in before
        if len(before[written]) == len(after.get(written, ())) == 1
    ]
    gone = {id(message) for pair in renamed for message in pair}
    removed = [message for message in removed if id(message) not in gone]
    added = [message for message in added if id(message) not in gone]
    if len(removed) == len(added) == 1 and not (removed[0].is_named and added[0].is_named):
        renamed.append((removed.pop(), added.pop()))
    told = tuple(pair for pair in renamed if pair[0].is_named and pair[1].is_named)
    return MatchedMessages((*pairs, *renamed), told, tuple(removed), tuple(added))


def _by_payload(messages: Iterable[Message]) -> dict[str, list[Message]]:
    """Messages by the language and the text of their payload."""
    found: dict[str, list[Message]] = {}
    for message in messages:
        if message.payload is not None:
            written = json.dumps([message.payload.format, message.payload.raw], sort_keys=True, default=str)
            found.setdefault(written, []).append(message)
    return found


def _by_content(channels: Iterable[Channel]) -> dict[tuple[tuple[str, str], ...], list[Channel]]:
    found: dict[tuple[tuple[str, str], ...], list[Channel]] = {}
    for channel in channels:
        content = sorted((role, name) for role, exchange in channel.exchanges.items() for name in exchange.messages)
        found.setdefault(tuple(content), []).append(channel)
    return found
