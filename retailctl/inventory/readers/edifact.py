"""EDIFACT interchanges as sightings: who sends which message to whom.

* interface: one per (sender, receiver, message) and file, with the number of messages and interchanges and the days of
  UNB. Keys as ``qualifier:id`` and ``ORDERS D96A EAN008``. Which of the two offers the interface an envelope does not
  say: no provider and no consumer. A test indicator makes the environment ``test``.
* figures: syntax, character set (from the syntax identifier), groups, application reference, agreement, parties of NAD
  by role (identifiers only; names and addresses are never kept).
* The password field of UNB and UNG is not kept. UNA redefines the separators, anew for each interchange.
* Several interchanges may stand in one file. One that is cut off, or whose UNZ counts something else, is a mistake of
  its own; what was read before counts. No coverage: a file of messages shows only itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.edi.scan import SEGMENTS, end_of, next_wanted
from retailctl.inventory.edi.tally import Count, Tally, add_party, day_of, party
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import refused
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.workspace import input_codes as codes

_KIND: Final = "EDIFACT interchange"
_CHARSETS: Final = {
    "UNOA": "ascii", "UNOB": "ascii", "UNOC": "iso8859-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5",
    "UNOF": "iso8859-7", "UNOG": "iso8859-3", "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9", "UNOW": "utf-8", "UNOX": "iso2022_jp", "UNOY": "utf-8",
}  # fmt: skip
_PUBLIC: Final = frozenset({"9", "14", "31B"})  # numbers of GS1; those that a partner gives may name a person
_SPACE: Final = b"\xef\xbb\xbf \t\r\n"
_LONGEST: Final = 20_000  # of one segment that is looked into
_WANTED: Final = rb"UN[ABGHZ]|NAD"


@dataclass(slots=True)
class _Signs:
    """The separators in force; a space as release character means that there is none."""

    component: bytes = b":"
    element: bytes = b"+"
    release: bytes = b"?"
    terminator: bytes = b"'"
    repeat: bytes = b""


@dataclass(slots=True)
class _Open:
    """The interchange that is being read."""

    line: int
    number: int
    sender: str
    receiver: str
    day: date | None
    test: bool
    charset: str
    figures: dict[str, Any] = field(default_factory=dict)
    messages: int = 0
    groups: int = 0


def _detect(artefact: Artefact) -> float:
    head = artefact.head.lstrip(_SPACE)
    if head[:3] == b"UNB" and head[3:4] and not head[3:4].isalnum():
        return 0.95
    return 0.95 if head[:3] == b"UNA" and b"UNB" in head[9:40] else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    data = artefact.content
    if data.lstrip(_SPACE)[:3] not in (b"UNA", b"UNB"):
        raise refused(artefact, _KIND, "it does not begin with UNA or UNB")
    counted = _Counted(artefact)
    for read, (line, elements, signs) in enumerate(_segments(data)):
        if read >= SEGMENTS:
            yield artefact.error(codes.NODES, f"more than {SEGMENTS:,} segments", line, hint="split the file")
        yield from counted.take(line, elements, signs)
    yield from counted.end()
    if not counted.interchanges:
        raise refused(artefact, _KIND, "no UNB segment is in it")
    yield from counted.tally.seen(artefact, reading, "edifact")


class _Counted:
    """What was read so far; a mistake is yielded where it shows."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact, self.tally, self.interchanges = artefact, Tally(), 0
        self._open: _Open | None = None
        self._message: Count | None = None

    def take(self, line: int, elements: list[list[str]], signs: _Signs) -> Iterator[Found]:
        """One segment."""
        tag, current = elements[0][0], self._open
        if tag == "UNB":
            yield from self._cut()
            self.interchanges += 1
            self._open = _interchange(elements, line, self.interchanges, signs)
        elif current is None:
            return
        elif tag == "UNZ":
            yield from self._closed(current, line, elements)
        elif tag == "UNG":
            current.groups += 1
            current.figures["group"] = f"{party(*_pair(elements, 2))} > {party(*_pair(elements, 3))}"
        elif tag == "UNH":
            current.messages += 1
            key = (current.sender, current.receiver, _message(elements), "test" if current.test else "")
            self._message = self.tally.add(key, line, current.number, current.day, dict(current.figures))
        elif tag == "NAD" and _get(elements, 2, 2) in _PUBLIC:
            add_party(self._message, _get(elements, 1, 0), party(_get(elements, 2, 0), _get(elements, 2, 2)))

    def _closed(self, current: _Open, line: int, elements: list[list[str]]) -> Iterator[Found]:
        told, real = _get(elements, 1, 0), current.groups or current.messages
        if told.isdigit() and len(told) < 9 and int(told) != real:
            yield self.artefact.error(
                codes.SCHEMA,
                f"UNZ counts {int(told):,}, the interchange holds {real:,}",
                line,
                hint="the file is cut or was put together; ask the sender for it again",
            )
        self._open = None

    def _cut(self) -> Iterator[Found]:
        if self._open is not None:
            yield self.artefact.error(
                codes.SYNTAX,
                "the interchange has no UNZ: it is cut off",
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


def _segments(data: bytes) -> Iterator[tuple[int, list[list[str]], _Signs]]:
    """(line, elements of components, separators) of the segments of envelopes and parties, ``SEGMENTS`` at most."""
    signs, charset, line, counted, size = _Signs(), "latin-1", 1, 0, len(data)
    at, seen = size - len(data.lstrip(_SPACE)), 0
    while at < size and seen <= SEGMENTS:
        if data.startswith(b"UNA", at) and at + 9 <= size:
            signs = _signs(data[at + 3 : at + 9])
            at += 9 + len(data[at + 9 : at + 40]) - len(data[at + 9 : at + 40].lstrip(_SPACE))
            continue
        end = end_of(data, at, signs.terminator, signs.release)
        line, counted = line + data.count(b"\n", counted, at), at
        segment = data[at : min(end, at + _LONGEST)]
        if segment.startswith(b"UNB"):
            charset = _CHARSETS.get(segment[4:8].decode("latin-1"), "latin-1")
        seen += 1
        yield line, _elements(segment, signs, charset), signs
        at = next_wanted(data, end, signs.terminator, signs.release, _WANTED)


def _signs(marks: bytes) -> _Signs:
    """What UNA says. A space as release character means that there is none; so does one as repeat separator."""
    one = [marks[index : index + 1] for index in range(6)]
    return _Signs(one[0], one[1], one[3].strip(), one[5], one[4].strip())


def _split(text: bytes, mark: bytes, release: bytes) -> list[bytes]:
    if not mark:
        return [text]
    if not release or release not in text:
        return text.split(mark)
    parts, held = [], b""
    for piece in text.split(mark):
        held += piece
        if (len(held) - len(held.rstrip(release))) % 2:
            held += mark
        else:
            parts.append(held)
            held = b""
    return [*parts, held] if held else parts


def _elements(segment: bytes, signs: _Signs, charset: str) -> list[list[str]]:
    found = []
    for element in _split(segment, signs.element, signs.release):
        first = _split(element, signs.repeat, signs.release)[0] if signs.repeat else element
        components = _split(first, signs.component, signs.release)
        found.append([_plain(one, signs.release).decode(charset, "replace").strip() for one in components])
    return found or [[""]]


def _plain(text: bytes, release: bytes) -> bytes:
    """Without release characters; a doubled one stands for itself."""
    if not release or release not in text:
        return text
    return (release).join(part.replace(release, b"") for part in text.split(release * 2))


def _get(elements: list[list[str]], element: int, component: int) -> str:
    if element >= len(elements) or component >= len(elements[element]):
        return ""
    return elements[element][component]


def _pair(elements: list[list[str]], element: int) -> tuple[str, str]:
    return _get(elements, element, 0), _get(elements, element, 1)


def _interchange(elements: list[list[str]], line: int, number: int, signs: _Signs) -> _Open:
    syntax = _get(elements, 1, 0)
    charset = _CHARSETS.get(syntax, "latin-1")
    figures: dict[str, Any] = {
        "syntax": ":".join(filter(None, (syntax, _get(elements, 1, 1)))),
        "charset": charset,
        "application_reference": _get(elements, 7, 0),
        "agreement": _get(elements, 10, 0),
        "decimal": "," if signs.component == b"," else "",
    }
    kept = {name: value for name, value in figures.items() if value}
    sender, receiver = party(*_pair(elements, 2)), party(*_pair(elements, 3))
    test = _get(elements, 11, 0) == "1"
    return _Open(line, number, sender, receiver, day_of(_get(elements, 4, 0)), test, charset, kept)


def _message(elements: list[list[str]]) -> str:
    """``ORDERS D96A EAN008`` of ``UNH+1+ORDERS:D:96A:UN:EAN008``."""
    kind, version, release, association = (_get(elements, 2, index) for index in (0, 1, 2, 4))
    return " ".join(filter(None, (kind, version + release, association)))


READER = Reader("edifact", "EDIFACT interchange", _detect, guarded(_read))
