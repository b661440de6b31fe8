"""Messages as rows of a scratch file: every value as text, for the engine to make canonical."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from retailctl.errors import IncompleteError
from retailctl.model.event_message import Message
from retailctl.parallel.events.envelopes import NOT_UTF8, TOO_DEEP, TOO_LARGE, Event, Fault, Opening
from retailctl.parallel.events.paths import Path as EventPath
from retailctl.parallel.events.paths import text_of, value_at

ID: Final = "id"
ARRIVED: Final = "arrived"
PARTITION: Final = "part"
POSITION: Final = "pos"
_LONGEST: Final = 14 << 20  # bytes of a row: the engine reads objects of up to 16 MiB


@dataclass(slots=True)
class Taken:
    """What became of the messages of a side: rows written, faults by reason, events of other types."""

    rows: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    others: int = 0

    @property
    def events(self) -> int:
        """Messages in all."""
        return self.rows + self.others + sum(self.faults.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is taken out of each event: column -> place; ``types`` are those that are compared, () for all."""

    columns: Mapping[str, EventPath]
    types: frozenset[str] = frozenset()


def write_rows(messages: Iterable[Message | Fault], opening: Opening, wanted: Wanted, target: Path) -> Taken:
    """Write a row per event that can be read. Raises IncompleteError where the disk is full."""
    taken = Taken()
    try:
        with target.open("wb") as stream:
            for message in messages:
                _take(message, opening, wanted, stream, taken)
    except OSError as error:
        hint = "give it a larger disk (--scratch), then run it again; nothing was written"
        raise IncompleteError(f"the scratch file cannot be written ({type(error).__name__})", hint=hint) from None
    return taken


def _take(message: Message | Fault, opening: Opening, wanted: Wanted, stream: IO[bytes], taken: Taken) -> None:
    try:
        if isinstance(message, Fault):
            raise message
        event = opening.event(message)
        if wanted.types and event.attributes.get("type", "") not in wanted.types:
            taken.others += 1
            return
        line = _row(event, wanted, message.partition, taken.rows)
    except Fault as fault:
        taken.faults[fault.reason] += 1
        return
    except RecursionError:
        taken.faults[TOO_DEEP] += 1
        return
    stream.write(line)
    taken.rows += 1


def _row(event: Event, wanted: Wanted, partition: int, position: int) -> bytes:
    row = {name: _text(event, place) for name, place in wanted.columns.items()}
    row[ID] = event.attributes.get("id")
    row[ARRIVED] = event.attributes.get("arrived")
    told = {**row, PARTITION: partition, POSITION: position}
    try:
        line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        raise Fault(NOT_UTF8) from None
    if len(line) > _LONGEST:
        raise Fault(TOO_LARGE)
    return line


def _text(event: Event, place: EventPath) -> str | None:
    if place.root == "attribute":
        return event.attributes.get(str(place.steps[0]))
    if place.root == "header":
        return event.headers.get(str(place.steps[0]))
    return text_of(value_at(event.payload, place.steps))
