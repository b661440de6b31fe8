"""Channel addresses: their parameters, the braces around them, and addresses that two channels share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from retailctl.contracts.lint.events.context import EventContext
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping, text
from retailctl.contracts.references.pointers import escape

_EXPRESSION: Final = re.compile(r"\{([^{}]*)\}")


class Address(NamedTuple):
    """The address of a channel where it is written, and the channel that has it."""

    text: str
    path: str
    pointer: str
    holder: tuple[str, str]
    channel: Mapping[str, object]


def check(context: EventContext) -> Iterator[LintFact]:
    """Source: Channel Address Expressions; Parameters Object ("MUST contain all the parameters used")."""
    seen: dict[str, dict[str, str]] = {}
    for address in addresses(context):
        names = _EXPRESSION.findall(address.text)
        if re.search(r"[{}]", _EXPRESSION.sub("", address.text)) or "" in names:
            yield fact("channel-address-malformed", (address.path, address.pointer), address=address.text)
            continue
        declared = mapping(address.channel.get("parameters"))
        for name in dict.fromkeys(names):
            if name not in declared:
                at = (address.path, address.pointer)
                yield fact("channel-parameter-undeclared", at, name=name, address=address.text)
        for name in declared:
            if name not in names and not name.startswith("x-"):
                at = (address.holder[0], f"{address.holder[1]}/parameters/{escape(name)}")
                yield fact("channel-parameter-unused", at, name=name, address=address.text)
        first = _met(address, seen.setdefault(_EXPRESSION.sub("{}", address.text), {}))
        if first:
            yield fact("channel-address-duplicate", (address.path, address.pointer), address=address.text, first=first)


def addresses(context: EventContext) -> Iterator[Address]:
    """The addresses of the channels of the document: their keys in 2.x, a field of theirs in 3.x."""
    path = context.library.root_path
    for name, (found_path, pointer, value) in context.named("channels"):
        channel = mapping(value)
        holder = (found_path, pointer)
        if context.specification.major == 2:
            yield Address(name, path, f"/channels/{escape(name)}", holder, channel)
        elif address := text(channel.get("address")):
            yield Address(address, found_path, f"{pointer}/address", holder, channel)


def _met(address: Address, known: dict[str, str]) -> str:
    """The channel met before at this address on one of the same servers; without a list a channel is on all of them."""
    listed = address.channel.get("servers")
    servers = [str(mapping(item).get("$ref", item)) for item in listed] if isinstance(listed, list) else []
    first = next(iter(known.values()), "") if not servers else ""
    for server in ("", *servers):
        first = first or known.get(server, "")
    for server in servers or [""]:
        known.setdefault(server, address.pointer)
    return first
