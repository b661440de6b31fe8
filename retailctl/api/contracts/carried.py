"""Whether an interface of an inventory carries the messages of a change, and on which side of them its systems are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from retailctl.contracts.api.urls import erased
from retailctl.contracts.events.model import EventDocument, label
from retailctl.graph.estate_graph import direction_of
from retailctl.model.contract_change import Role, Uses
from retailctl.model.interface import Interface
from retailctl.model.interface_key import EventKey

_PATTERN: Final = frozenset("*#+")


def addresses_of(document: EventDocument) -> Mapping[str, str]:
    """Label of a message or channel, as findings have it, to the address of its channel; "" for a schema by itself."""
    found = {}
    for channel in document.channels.values():
        found[f"channel {channel.address}"] = channel.address
        for exchange in channel.exchanges.values():
            found |= {label(message, channel): channel.address for message in exchange.messages.values()}
    return found


def carries(interface: Interface, addresses: Collection[str]) -> tuple[Uses, str]:
    """Whether messages of these addresses go over the interface, as far as its key says, and how that is known."""
    key = interface.key
    if "" in addresses or not addresses:
        return "yes", "the change is about the whole contract"
    if not isinstance(key, EventKey):
        return "unknown", "the inventory does not say which messages go over it"
    declared = [text for text in (key.topic, key.routing_key, key.address, key.type) if text]
    wanted = {erased(address) for address in addresses}
    for text in declared:
        if erased(text) in wanted:
            return "yes", f"declared: {text}"
    if not declared or any(not _PATTERN.isdisjoint(text) for text in declared):
        return "unknown", "the inventory does not say which messages go over it"
    return "no", f"declared: {declared[0]}"


def role_in(interface: Interface) -> Role:
    """Of the systems at an interface: who writes to the broker produces, who takes from it consumes."""
    return "producer" if direction_of(interface) == "in" else "consumer"
