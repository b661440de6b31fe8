"""What stayed and means something else: values and reserved numbers of enums, options of messages, methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.protobuf.features import said_of
from retailctl.contracts.protobuf.locating import option_mark
from retailctl.contracts.protobuf.model import Enum, EnumValue, Message, Rpc
from retailctl.contracts.protobuf.ranges import freed
from retailctl.contracts.protobuf.rules.hits import Hit, Rule, Sides, at


def enum_value_same_name(sides: Sides) -> Iterator[Hit]:
    """Numbers of an enum that lost a name; each name that the number has now is told."""
    for old, new in sides.enums:
        before, after = by_number(old), by_number(new)
        for number in sorted(before.keys() & after.keys()):
            names = [one.name for one in before[number]]
            if not set(names) <= {one.name for one in after[number]}:
                for one in after[number]:
                    told = {"before": ", ".join(sorted(names)), "after": one.name, "where": new.full_name}
                    yield at(one, new.file, one.number_mark, before[number][0], old.file, what=str(number), **told)


def by_number(enum: Enum) -> Mapping[int, list[EnumValue]]:
    """The values of an enum by number; aliases share one."""
    found: dict[int, list[EnumValue]] = {}
    for value in enum.values:
        found.setdefault(value.number, []).append(value)
    return found


def feature(kind: str, name: str, *, only_from: str = "") -> Rule:
    """A feature of messages or enums that changed; ``only_from``: only the change away from this value is told."""

    def find(sides: Sides) -> Iterator[Hit]:
        pairs: list[tuple[Message, Message]] | list[tuple[Enum, Enum]]
        pairs = sides.messages if kind == "message" else sides.enums
        for old, new in pairs:
            if isinstance(new, Message) and new.is_map_entry:
                continue
            before, after = old.features[name], new.features[name]
            if before != after and only_from in ("", before):
                mark = option_mark(new, f"features.{name}")
                place = new.mark if mark is None else mark
                yield at(new, new.file, place, old, old.file, before=before, after=after)

    return find


def reserved_no_delete(kind: str) -> Rule:
    """Reserved numbers and names that are free again."""

    def find(sides: Sides) -> Iterator[Hit]:
        pairs: list[tuple[Message, Message]] | list[tuple[Enum, Enum]]
        pairs = sides.messages if kind == "message" else sides.enums
        for old, new in pairs:
            free = [str(one) for one in freed(old.reserved, new.reserved)]
            kept = {one.name for one in new.reserved_names}
            free += [f'"{one.name}"' for one in old.reserved_names if one.name not in kept]
            for one in free:
                yield at(new, new.file, new.mark, old, old.file, what=one, where=new.full_name)

    return find


def extensions_no_delete(sides: Sides) -> Iterator[Hit]:
    """Ranges for extensions that a message keeps no more."""
    for old, new in sides.messages:
        for one in freed(old.extensions, new.extensions):
            yield at(new, new.file, new.mark, old, old.file, what=str(one), where=new.full_name)


def message_option(name: str, *, only_to: str = "") -> Rule:
    """A flag of messages that changed; ``only_to``: only the change to this value is told."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old, new in sides.messages:
            before, after = (said_of(one, name) or "false" for one in (old, new))
            if before != after and only_to in ("", after):
                mark = option_mark(new, name)
                place = new.mark if mark is None else mark
                yield at(new, new.file, place, old, old.file, before=before, after=after)

    return find


_IDEMPOTENCY: Final = "idempotency_level"


def rpc_same(part: str) -> Rule:
    """A part of a method that changed: ``request``, ``response``, ``client_streaming``, ``server_streaming``, or the
    level of idempotency."""

    def find(sides: Sides) -> Iterator[Hit]:
        for old_service, new_service in sides.services:
            after = {one.name: one for one in new_service.rpcs}
            for old in old_service.rpcs:
                new = after.get(old.name)
                if new is not None and (before := rpc_part(old, part)) != (now := rpc_part(new, part)):
                    mark = _part_mark(new, part)
                    yield at(new, new_service.file, mark, old, old_service.file, before=before, after=now)

    return find


def rpc_part(rpc: Rpc, part: str) -> str:
    """What a method says of a part of it; see :func:`rpc_same`."""
    match part:
        case "request":
            return rpc.request
        case "response":
            return rpc.response
        case "client_streaming":
            return "a stream" if rpc.client_streaming else "one message"
        case "server_streaming":
            return "a stream" if rpc.server_streaming else "one message"
    return said_of(rpc, _IDEMPOTENCY) or "IDEMPOTENCY_UNKNOWN"


def _part_mark(rpc: Rpc, part: str) -> int:
    if part == "request":
        return rpc.request_mark
    if part == "response":
        return rpc.response_mark
    mark = option_mark(rpc, _IDEMPOTENCY) if part == _IDEMPOTENCY else None
    return rpc.mark if mark is None else mark
