"""Channels as they are put together from what several places of a document say about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from retailctl.contracts.api.model import Place
from retailctl.contracts.api.urls import erased
from retailctl.contracts.events.model import Binding, Channel, Exchange, Message, Reply, Role


class Channels:
    """The channels of one document by key. The same address written twice is one channel."""

    def __init__(self) -> None:
        self._found: dict[str, Channel] = {}

    def add(self, address: str, place: Place, bindings: tuple[Binding, ...] = ()) -> str:
        """A channel; returns its key."""
        key = erased(address)
        if key not in self._found:
            self._found[key] = Channel(key=key, address=address, place=place, bindings=bindings)
        return key

    def exchange(
        self,
        key: str,
        role: Role,
        place: Place,
        messages: Iterable[Message],
        bindings: tuple[Binding, ...] = (),
        reply: Reply | None = None,
    ) -> None:
        """What an operation does on a channel; several operations of one role are taken together."""
        channel = self._found[key]
        known = channel.exchanges.get(role)
        merged = dict(known.messages) if known else {}
        for message in messages:
            _put(merged, message)
        fresh = Exchange(
            role=role,
            place=known.place if known else place,
            messages=merged,
            bindings=(known.bindings or bindings) if known else bindings,
            reply=(known.reply or reply) if known else reply,
        )
        self._found[key] = replace(channel, exchanges={**channel.exchanges, role: fresh})

    def result(self) -> dict[str, Channel]:
        """The channels in the order of their keys."""
        return {key: self._found[key] for key in sorted(self._found)}


def _put(found: dict[str, Message], message: Message) -> None:
    """Under its name; under a numbered name where another message has it."""
    name, number = message.name, 1
    while name in found:
        if found[name].place == message.place:
            return
        number += 1
        name = f"{message.name} ({number})"
    found[name] = message if name == message.name else replace(message, name=name)
