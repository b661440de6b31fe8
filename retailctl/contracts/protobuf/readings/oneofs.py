"""Fields that joined, left or changed a oneof: the reader keeps one of its members, whatever was written together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.protobuf.model import Field, Message
from retailctl.contracts.protobuf.readings.facts import Focus, Pair

_KEPT: Final = 3
# The oneof of a reader -> some of its members that the writer has, with their oneof there: enough to find, for any
# field, one of another oneof.
_Members = Mapping[str, list[tuple[int, str]]]


class Oneofs:
    """The oneofs of two forms of a message."""

    def __init__(self, old: Message, new: Message) -> None:
        self._old, self._new = old, new
        self._members: dict[Reading, _Members] = {"backward": _members(old, new), "forward": _members(new, old)}
        self._sets = [_sets(old), _sets(new)]

    def changes(self, pair: Pair, one: Field, other: Field) -> Iterator[ReadingChange]:
        """The move of a field, with the readings in which it clashes with a field that was written beside it."""
        if one.oneof == other.oneof or self._only_renamed(one, other):
            return
        clashes: dict[Reading, list[int]] = {
            "backward": self._clash("backward", one, other),
            "forward": self._clash("forward", other, one),
        }
        numbers = (one.number, *sorted({*clashes["backward"], *clashes["forward"]}))
        broken: frozenset[Reading] = frozenset(reading for reading, clash in clashes.items() if clash)
        yield pair.change(
            "field-same-oneof",
            self._new,
            old=one,
            new=other,
            old_file=self._old.file,
            told=(other.full_name, _shown(one), _shown(other)),
            broken=broken,
            focus=Focus(self._old.full_name, self._new.full_name, numbers, numbers),
        )

    def _only_renamed(self, one: Field, other: Field) -> bool:
        """Whether the members stayed together; the name of a oneof is nowhere in the data."""
        before, after = (sets.get(field.oneof) for sets, field in zip(self._sets, (one, other), strict=True))
        return before is not None and before == after

    def _clash(self, reading: Reading, written: Field, read: Field) -> list[int]:
        found = [
            number
            for number, oneof in self._members[reading].get(read.oneof, ())
            if read.oneof and number != read.number and not (oneof and oneof == written.oneof)
        ]
        return found[:1]


def _members(writer: Message, reader: Message) -> _Members:
    written = {one.number: one.oneof for one in writer.fields}
    found: dict[str, list[tuple[int, str]]] = {}
    for one in reader.fields:
        if not one.oneof or one.number not in written:
            continue
        kept = found.setdefault(one.oneof, [])
        oneof = written[one.number]
        same = sum(other == oneof for _, other in kept)
        if len(kept) < 2 * _KEPT and same < (1 if oneof else _KEPT):
            kept.append((one.number, oneof))
    return found


def _sets(message: Message) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for one in message.fields:
        if one.oneof:
            found.setdefault(one.oneof, set()).add(one.number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _shown(field: Field) -> str:
    return f"oneof {field.oneof}" if field.oneof else "no oneof"
