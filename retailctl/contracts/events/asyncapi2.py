"""AsyncAPI 2.0 to 2.6: ``publish`` and ``subscribe`` say what a *client* does (contracts.md section 4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.events.bindings import bindings_of, read_bindings
from retailctl.contracts.events.gathering import Channels
from retailctl.contracts.events.layers import Follow, Part, followed, last, layers
from retailctl.contracts.events.messages import MessageReader
from retailctl.contracts.events.model import Channel, Message, Role, mapping, text

# What a client publishes the application receives.
_ROLES: Final[Mapping[str, Role]] = {"publish": "receive", "subscribe": "send"}


def read_channels(raw: Mapping[str, Any], messages: MessageReader, follow: Follow) -> dict[str, Channel]:
    """The channels of a document of version 2."""
    found = Channels()
    root = Place("", "/channels")
    for address, value in mapping(raw.get("channels")).items():
        item = followed(Part(value, root.at(address)), follow)
        if item is None or address.startswith("x-") or not isinstance(item.value, dict):
            continue
        key = found.add(address, item.place, bindings_of(item, follow))
        for word, role in _ROLES.items():
            if isinstance(item.value.get(word), dict):
                place = item.place.at(word)
                fields = layers(item.value[word], place, follow, trait_wins=True)
                written = [one for part in fields.get("message", ())[-1:] for one in _messages(part, messages, follow)]
                default = text(last(fields, "operationId"))
                named = [_named(message, default) for message in written]
                found.exchange(key, role, place, named, read_bindings(fields.get("bindings", ()), follow))
    return found.result()


def _messages(part: Part, messages: MessageReader, follow: Follow) -> Iterator[Message]:
    whole = followed(part, follow)
    if whole is None:
        return
    choices = mapping(whole.value).get("oneOf")
    parts = [part]
    if isinstance(choices, list):
        parts = [Part(item, whole.place.at("oneOf", index)) for index, item in enumerate(choices)]
    for one in parts:
        message = messages.read(one.value, one.place, _key(one.value))
        if message is not None:
            yield message


def _key(value: Any) -> str:
    """The name that a reference ends in."""
    reference = text(mapping(value).get("$ref"))
    return reference.rpartition("/")[2] if "#/" in reference else ""


def _named(message: Message, default: str) -> Message:
    return message if message.name else replace(message, name=default or "message")
