"""AsyncAPI 3.0 and 3.1: the ``action`` of an operation is that of the described application.

A reply whose address stands in the request goes there, whatever address its channel has (3.0, Operation Reply Object:
that channel has none then); so what else is sent on such a channel is the reply itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from retailctl.contracts.api.model import Place
from retailctl.contracts.events.bindings import bindings_of, read_bindings
from retailctl.contracts.events.gathering import Channels
from retailctl.contracts.events.layers import Follow, Layers, Part, followed, last, layers
from retailctl.contracts.events.messages import MessageReader
from retailctl.contracts.events.model import Channel, Message, Reply, Role, mapping, text

_OTHER: Final[Mapping[Role, Role]] = {"send": "receive", "receive": "send"}


@dataclass(frozen=True, slots=True)
class _Written:
    """A channel as written; ``address`` is "" while nothing says where it is."""

    name: str
    address: str
    part: Part


@dataclass(frozen=True, slots=True)
class _Operation:
    role: Role
    channel: Place
    fields: Layers
    place: Place


def read_channels(raw: Mapping[str, Any], messages: MessageReader, follow: Follow) -> dict[str, Channel]:
    """The channels of a document of version 3."""
    return _Reader(raw, messages, follow).read()


class _Reader:
    def __init__(self, raw: Mapping[str, Any], messages: MessageReader, follow: Follow) -> None:
        self._messages, self._follow = messages, follow
        self._channels = {one.part.place: one for one in self._written(raw)}
        self._operations = list(self._read_operations(raw))
        self._found = Channels()

    def read(self) -> dict[str, Channel]:
        replies = {place: address for _, place, address, _ in self._replies() if address}
        keys = {}
        for place, channel in self._channels.items():
            address = replies.get(place) or channel.address or f"(unknown address of {channel.name})"
            keys[place] = self._found.add(address, place, bindings_of(channel.part, self._follow))
        answers = {}
        for operation, place, address, reply in self._replies():
            answers[operation.place] = Reply(address or self._address(place), reply.place)
            if place in keys:
                written = self._list(mapping(reply.value).get("messages"), reply.place) or self._all(place)
                self._found.exchange(keys[place], _OTHER[operation.role], reply.place, written)
        for operation in self._operations:
            if operation.channel in keys:
                parts = operation.fields.get("messages", ())[-1:]
                listed = [one for part in parts for one in self._list(part.value, operation.place)]
                self._found.exchange(
                    keys[operation.channel], operation.role, operation.place,
                    listed if parts else self._all(operation.channel),
                    read_bindings(operation.fields.get("bindings", ()), self._follow), answers.get(operation.place),
                )  # fmt: skip
        return self._found.result()

    def _written(self, raw: Mapping[str, Any]) -> Iterator[_Written]:
        for name, value in mapping(raw.get("channels")).items():
            part = followed(Part(value, Place("", "/channels").at(name)), self._follow)
            if part is not None and isinstance(part.value, dict) and not name.startswith("x-"):
                yield _Written(name, text(part.value.get("address")), part)

    def _read_operations(self, raw: Mapping[str, Any]) -> Iterator[_Operation]:
        for name, value in mapping(raw.get("operations")).items():
            part = followed(Part(value, Place("", "/operations").at(name)), self._follow)
            if part is None or not isinstance(part.value, dict) or name.startswith("x-"):
                continue
            fields = layers(part.value, part.place, self._follow, trait_wins=False)
            channel = self._end(fields.get("channel", ()))
            action = last(fields, "action")
            if channel is not None and action in ("send", "receive"):
                yield _Operation(action, channel, fields, part.place)

    def _replies(self) -> Iterator[tuple[_Operation, Place, str, Part]]:
        """(operation, place of the channel, location in the request or "", reply) of every reply."""
        nowhere = Place("", "/channels")
        for operation in self._operations:
            parts = operation.fields.get("reply", ())
            reply = followed(parts[-1], self._follow) if parts else None
            if reply is None or not isinstance(reply.value, dict):
                continue
            at = reply.value.get("address")
            address = followed(Part(at, reply.place.at("address")), self._follow) if at is not None else None
            location = text(mapping(address.value).get("location")) if address is not None else ""
            channel = reply.value.get("channel")
            place = self._end((Part(channel, reply.place.at("channel")),)) if channel is not None else None
            shown = f"{location} of {self._address(operation.channel)}" if location else ""
            yield operation, place or nowhere, shown, reply

    def _end(self, parts: tuple[Part, ...]) -> Place | None:
        found = followed(parts[-1], self._follow) if parts else None
        return found.place if found is not None else None

    def _address(self, place: Place) -> str:
        known = self._channels.get(place)
        return known.address if known else ""

    def _all(self, channel: Place) -> list[Message]:
        part = self._channels[channel].part
        listed = mapping(part.value.get("messages"))
        found = [
            self._messages.read(value, part.place.at("messages", name), name)
            for name, value in listed.items()
            if not name.startswith("x-")
        ]
        return [message for message in found if message is not None]

    def _list(self, value: Any, place: Place) -> list[Message]:
        found = []
        for index, item in enumerate(value if isinstance(value, list) else ()):
            name = text(mapping(item).get("$ref")).rpartition("/")[2] or f"message {index + 1}"
            found.append(self._messages.read(item, place.at("messages", index), name))
        return [message for message in found if message is not None]
