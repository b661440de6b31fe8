"""The case that shows a broken reading: bytes of the writer, parsed by the reader with the protobuf library itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from retailctl.contracts.compatibility.change import ReadingWitness
from retailctl.contracts.compatibility.modes import Reading
from retailctl.contracts.protobuf.data import cases, difference, filled, put, values
from retailctl.contracts.protobuf.descriptors import Classes, Unbuildable, messages_with
from retailctl.contracts.protobuf.model import Message
from retailctl.contracts.protobuf.reading import ProtoTree
from retailctl.contracts.protobuf.readings.facts import Focus

if TYPE_CHECKING:
    from google.protobuf.message import Message as Datum

_MOST: Final = 60
_UNUSED: Final = "no message that both versions have holds this enum, so no datum shows it"
_UNSHOWN: Final = "no message that both versions have shows it: the reader does not read the value as one of this enum"
_NONE: Final = "no small datum shows it: what is written reads as the same value, and only its type has another name"


class Workshop:
    """Builds witnesses for one pair of trees; the classes of both sides are made once."""

    def __init__(self, old: ProtoTree, new: ProtoTree, *, json: bool) -> None:
        self._trees = {"old": old, "new": new}
        self._classes = {"old": Classes(old), "new": Classes(new)}
        self._json = json

    def witness(self, focus: Focus, reading: Reading) -> ReadingWitness | str:
        """A datum that its writer writes and the reader cannot read, or the reason why there is none."""
        if focus.reason:
            return focus.reason
        writer, reader = ("old", "new") if reading == "backward" else ("new", "old")
        types = list(self._types(focus, writer, reader))
        if not types:
            return _UNUSED
        try:
            for name, other, numbers in types:
                found = self._search(self._classes[writer].of(name), self._classes[reader].of(other), focus, numbers)
                if found is not None:
                    return found
        except Unbuildable as error:
            return str(error)
        return _UNSHOWN if focus.values else _NONE

    def _types(self, focus: Focus, writer: str, reader: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """The messages to write and to read, with the numbers of the fields that matter."""
        names = {"old": focus.old, "new": focus.new}
        if not focus.values:
            numbers = {"old": focus.old_numbers, "new": focus.new_numbers}
            yield names[writer], names[reader], numbers[writer]
            return
        others = {one.full_name for one in self._messages(reader)}
        for message, field in list(messages_with(self._trees[writer], names[writer]))[:_MOST]:
            if message.full_name in others:
                yield message.full_name, message.full_name, (field.number,)

    def _messages(self, side: str) -> list[Message]:
        return [one for one in self._trees[side].types.values() if isinstance(one, Message)]

    def _search(
        self, written: type[Datum], read: type[Datum], focus: Focus, numbers: tuple[int, ...]
    ) -> ReadingWitness | None:
        data = list(_data(written, focus, numbers))
        for datum in data:
            if found := _binary(datum, read, numbers):
                return found
        for datum in data:
            if found := _json(datum, read):
                return found
        return None


def _data(written: type[Datum], focus: Focus, numbers: tuple[int, ...]) -> Iterator[Datum]:
    by_number = written.DESCRIPTOR.fields_by_number
    fields = [by_number[number] for number in numbers if number in by_number]
    if len(fields) > 1:
        # Members of a oneof that the writer can set together with the one that moved.
        for mate in fields[1:]:
            datum = filled(written)
            for field in (fields[0], mate):
                put(datum, field, next(iter(values(field))))
            yield datum
        return
    for field in fields:
        yield from cases(field, written, focus.values)
    yield filled(written)


def _binary(datum: Datum, read: type[Datum], numbers: tuple[int, ...]) -> ReadingWitness | None:
    from google.protobuf.message import DecodeError

    try:
        parsed = read.FromString(datum.SerializePartialToString())
    except DecodeError:
        return _told(datum, "", "the reader refuses the bytes: a text is not UTF-8 or a part is cut off")
    if not parsed.IsInitialized() and datum.IsInitialized():
        return _told(datum, "", "the reader requires a field that the writer does not write")
    wrong = difference(datum, parsed, names=True)
    if wrong is None or (numbers and wrong.number not in numbers):
        return None
    return _told(datum, wrong.pointer, wrong.error)


def _json(datum: Datum, read: type[Datum]) -> ReadingWitness | None:
    from google.protobuf import json_format

    text = json_format.MessageToJson(datum)
    try:
        parsed = json_format.Parse(text, read())
    except json_format.ParseError:
        return _told(datum, "", "the reader refuses the JSON of the writer: a name or a value in it is not known")
    wrong = difference(datum, parsed, names=True)
    if wrong is not None:
        return _told(datum, wrong.pointer, f"read from JSON, {wrong.error}")
    if json_format.MessageToDict(datum) != json_format.MessageToDict(parsed):
        return _told(datum, "", "the reader writes the same data as another JSON")
    return None


def _told(datum: Datum, pointer: str, error: str) -> ReadingWitness:
    from google.protobuf import json_format

    return ReadingWitness(json_format.MessageToDict(datum), pointer, error)
