"""Enums and reservations: numbers that lost their name, and numbers that a reader does not know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.protobuf.features import is_closed
from retailctl.contracts.protobuf.model import Enum, EnumValue, Message
from retailctl.contracts.protobuf.ranges import Numbers, freed
from retailctl.contracts.protobuf.readings.facts import BACKWARD, BOTH, FORWARD, NOTHING, Focus, Pair
from retailctl.contracts.protobuf.rules.declarations import by_number

_FREED: Final = "the datum is older than both versions: the number or the name was reserved because of it"


def enum_changes(pair: Pair, old: Enum, new: Enum) -> Iterator[ReadingChange]:
    """The differences between two forms of an enum."""
    before, after = by_number(old), by_number(new)
    reserved = {one.name for one in new.reserved_names}
    numbers = Numbers(new.reserved)
    for number in before:
        if number not in after:
            yield _removed(pair, old, new, before[number], reserved, numbers)
        else:
            yield from _renamed(pair, old, new, before[number], after[number])
    for number in after.keys() - before.keys():
        one = after[number][0]
        focus = Focus(old.full_name, new.full_name, values=(number,))
        broken = FORWARD if is_closed(old) else NOTHING
        yield pair.change("enum-value-added", new, new=one, told=("", "", str(number)), broken=broken, focus=focus)
    if is_closed(old) != is_closed(new):
        unnamed = next(number for number in range(1, len(before) + len(after) + 2) if number not in {*before, *after})
        focus = Focus(old.full_name, new.full_name, values=(unnamed,))
        broken = pair.readings(lambda written, read: not is_closed(written) and is_closed(read), old, new)
        shown = ("CLOSED", "OPEN") if is_closed(old) else ("OPEN", "CLOSED")
        yield pair.change(
            "enum-same-type",
            new,
            old=old,
            new=new,
            old_file=old.file,
            told=(new.full_name, *shown),
            broken=broken,
            focus=focus,
        )


def _removed(
    pair: Pair, old: Enum, new: Enum, values: list[EnumValue], reserved: set[str], numbers: Numbers
) -> ReadingChange:
    one = values[0]
    id_, broken = "enum-value-removed", NOTHING
    if not numbers.holds(one.number):
        id_, broken = "enum-value-no-delete-unless-number-reserved", BACKWARD
    elif pair.view.names and not {value.name for value in values} <= reserved:
        id_, broken = "enum-value-no-delete-unless-name-reserved", BACKWARD
    elif is_closed(new):
        # Reserved or not: a closed enum does not keep a number that it does not know.
        broken = BACKWARD
    focus = Focus(old.full_name, new.full_name, values=(one.number,))
    return pair.change(id_, new, old=one, old_file=old.file, told=("", str(one.number), ""), broken=broken, focus=focus)


def _renamed(
    pair: Pair, old: Enum, new: Enum, before: list[EnumValue], after: list[EnumValue]
) -> Iterator[ReadingChange]:
    names, known = [one.name for one in before], [one.name for one in after]
    if set(names) <= set(known) and known[0] in names:
        return
    focus = Focus(old.full_name, new.full_name, values=(before[0].number,))
    lost = not set(names) <= set(known)
    broken = (BOTH if known[0] not in names else BACKWARD) if lost else FORWARD
    told = (str(before[0].number), ", ".join(names), ", ".join(known))
    yield pair.change(
        "enum-value-same-name",
        new,
        old=before[0],
        new=after[0],
        old_file=old.file,
        broken=broken if pair.view.names else NOTHING,
        focus=focus,
        told=told,
    )


def reserved_changes(pair: Pair, old: Message | Enum, new: Message | Enum) -> Iterator[ReadingChange]:
    """Numbers and names that are free again."""
    kept = {one.name for one in new.reserved_names}
    free = [str(one) for one in freed(old.reserved, new.reserved)]
    free += [f'"{one.name}"' for one in old.reserved_names if one.name not in kept]
    kind = "enum" if isinstance(new, Enum) else "message"
    for one in free:
        focus = Focus(reason=_FREED)
        yield pair.change(
            f"reserved-{kind}-no-delete",
            new,
            old=old,
            new=new,
            old_file=old.file,
            told=(one, "", ""),
            broken=BACKWARD,
            focus=focus,
        )
