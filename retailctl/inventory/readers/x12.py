"""ANSI X12 interchanges as sightings: who sends which transaction set to whom.

* interface: one per (sender, receiver, message) and file; keys as ``qualifier:id`` of ISA and ``850 004010`` of ST and
  GS, ``TA1`` of an acknowledgement. As in EDIFACT there is no provider and no consumer. Usage
  ``T`` makes the environment ``test``.
* credential: the security information of ISA, where it is a password (ISA03 = 01), as a fingerprint.
* figures: version of ISA, functional group, application sender and receiver of GS.
* The separators are where ISA, which has a fixed width, puts them: anew for each interchange. An ISA of another width
  is read by its own separators. A missing IEA is a mistake of its own. No coverage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.edi.scan import SEGMENTS, end_of, next_wanted
from retailctl.inventory.edi.tally import Tally, day_of, party
from retailctl.inventory.found_secrets import credential
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import refused
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.workspace import input_codes as codes

_KIND: Final = "X12 interchange"
_WIDTH: Final = 106
_LONGEST: Final = 2_000  # of one segment
_WANTED: Final = rb"ISA|GS|ST|IEA|TA1"
_SPACE: Final = b"\xef\xbb\xbf \t\r\n"


@dataclass(slots=True)
class _Open:
    """The interchange that is being read; ``fields`` are those of ISA by number."""

    fields: list[str]
    line: int
    number: int
    group: list[str]
    groups: int = 0

    @property
    def parties(self) -> tuple[str, str]:
        return party(self.fields[6], self.fields[5]), party(self.fields[8], self.fields[7])


def _detect(artefact: Artefact) -> float:
    head = artefact.head.lstrip(_SPACE)
    if head[:3] != b"ISA" or head[3:4].isalnum() or not head[3:4]:
        return 0.0
    return 0.95 if head[:_WIDTH].count(head[3:4]) >= 16 else 0.3


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    data = artefact.content
    if data.lstrip(_SPACE)[:3] != b"ISA":
        raise refused(artefact, _KIND, "it does not begin with ISA")
    counted = _Counted(artefact, reading)
    for read, (line, fields) in enumerate(_segments(artefact, data)):
        if read >= SEGMENTS:
            yield artefact.error(codes.NODES, f"more than {SEGMENTS:,} segments", line, hint="split the file")
        yield from counted.take(line, fields)
    yield from counted.end()
    yield from counted.tally.seen(artefact, reading, "x12")


class _Counted:
    """What was read so far; a mistake is yielded where it shows."""

    def __init__(self, artefact: Artefact, reading: Reading) -> None:
        self.artefact, self.reading, self.tally, self._number = artefact, reading, Tally(), 0
        self._open: _Open | None = None

    def take(self, line: int, fields: list[str]) -> Iterator[Found]:
        """One segment."""
        tag, current = fields[0], self._open
        if tag == "ISA":
            yield from self._cut()
            self._number += 1
            self._open = _Open(fields, line, self._number, [])
            if fields[3] == "01":
                name = party(fields[6], fields[5]) or self.artefact.name
                ref, secret = self.artefact.ref(line), fields[4].strip()
                yield from credential(self.reading, "x12", ref, name, secret, setting="ISA04")
        elif current is None:
            return
        elif tag == "GS":
            current.group, current.groups = fields, current.groups + 1
        elif tag == "ST":
            _count(self.tally, current, fields, line)
        elif tag == "TA1":  # stands in no group, often alone: the interchange before was received
            _count(self.tally, replace(current, group=[]), ["TA1", "TA1"], line)
        elif tag == "IEA":
            yield from self._closed(current, line, fields)

    def _closed(self, current: _Open, line: int, fields: list[str]) -> Iterator[Found]:
        told = fields[1].strip() if len(fields) > 1 else ""
        if told.isdigit() and len(told) < 9 and int(told) != current.groups:
            yield self.artefact.error(
                codes.SCHEMA,
                f"IEA counts {int(told):,} groups, the interchange holds {current.groups:,}",
                line,
                hint="the file is cut or was put together; ask the sender for it again",
            )
        self._open = None

    def _cut(self) -> Iterator[Found]:
        if self._open is not None:
            yield self.artefact.error(
                codes.SYNTAX,
                "the interchange has no IEA: it is cut off",
                self._open.line,
                hint="ask the sender for it again",
            )

    def end(self) -> Iterator[Found]:
        """After the last segment."""
        yield from self._cut()
        if self.tally.full:
            yield self.artefact.error(
                codes.NODES, "has too many different senders, receivers and messages", 1, hint="split it"
            )


def _count(tally: Tally, current: _Open, fields: list[str], line: int) -> None:
    sender, receiver = current.parties
    group = current.group
    version = group[8].strip() if len(group) > 8 else ""
    implementation = fields[3].strip() if len(fields) > 3 else ""
    message = " ".join(filter(None, (fields[1].strip() if len(fields) > 1 else "", implementation or version)))
    environment = "test" if current.fields[15].strip() == "T" else ""
    figures: dict[str, Any] = {
        "isa_version": current.fields[12].strip(),
        "functional_group": group[1].strip() if len(group) > 1 else "",
        "application_sender": group[2].strip() if len(group) > 2 else "",
        "application_receiver": group[3].strip() if len(group) > 3 else "",
    }
    kept = {name: value for name, value in figures.items() if value}
    tally.add((sender, receiver, message, environment), line, current.number, day_of(current.fields[9]), kept)


def _segments(artefact: Artefact, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line, elements) of the segments of envelopes. Raises InputError for an ISA that cannot be read."""
    line, counted, size, seen = 1, 0, len(data), 0
    at, element, terminator = size - len(data.lstrip(_SPACE)), b"*", b"~"
    while at < size and seen <= SEGMENTS:
        line, counted = line + data.count(b"\n", counted, at), at
        if data.startswith(b"ISA", at):
            element, terminator = _signs(artefact, data, at, line)
        end = end_of(data, at, terminator, b"")
        fields = data[at : min(end, at + _LONGEST)].decode("latin-1").split(element.decode("latin-1"))
        if fields[0] == "ISA" and len(fields) < 17:  # the end of segments stands inside it
            raise artefact.error(codes.SYNTAX, "ISA is cut off", line, hint="ask the sender for the file again")
        if fields[0] in ("ISA", "GS", "ST", "IEA", "TA1"):
            seen += 1
            yield line, fields
        at = next_wanted(data, end, terminator, b"", _WANTED)


def _signs(artefact: Artefact, data: bytes, at: int, line: int) -> tuple[bytes, bytes]:
    """The separator of elements and the end of segments, of the ISA at a place."""
    element = data[at + 3 : at + 4]
    head = data[at : at + _WIDTH]
    if len(head) == _WIDTH and head.count(element) == 16 and head[103:104] == element:
        return element, head[105:106]
    parts = data[at : at + 400].split(element)
    if element.isalnum() or len(parts) < 17 or len(parts[16]) < 2:
        raise artefact.error(codes.SYNTAX, "ISA is cut off", line, hint="ask the sender for the file again")
    return element, parts[16][1:2]


READER = Reader("x12", "ANSI X12 interchange", _detect, guarded(_read))
