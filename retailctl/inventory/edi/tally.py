"""Messages of an interchange file, counted: one sighting per sender, receiver, message and environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Reading
from retailctl.model.interface_key import EdiKey
from retailctl.model.seen import Seen

_PARTIES: Final = 20  # identifiers kept per role
_KEPT: Final = 20_000  # different triples of one file


@dataclass(slots=True)
class Count:
    """Messages of one kind so far; ``line`` is the first of them."""

    line: int
    messages: int = 0
    interchanges: set[int] = field(default_factory=set)
    first: date | None = None
    last: date | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    parties: dict[str, set[str]] = field(default_factory=dict)


class Tally:
    """Counts messages; ``full`` tells that there were too many different ones to keep all."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, str], Count] = {}
        self.full = False

    def add(
        self, key: tuple[str, str, str, str], line: int, interchange: int, day: date | None, figures: dict[str, Any]
    ) -> Count | None:
        """One message of (sender, receiver, message, environment); the count to which parties may be added."""
        count = self._counts.get(key)
        if count is None:
            if len(self._counts) >= _KEPT:
                self.full = True
                return None
            count = self._counts[key] = Count(line, figures=figures)
        count.messages += 1
        count.interchanges.add(interchange)
        if day is not None:
            count.first = min(day, count.first or day)
            count.last = max(day, count.last or day)
        return count

    def seen(self, artefact: Artefact, reading: Reading, source: str) -> Iterator[Seen]:
        """What was counted, in the order in which it first stood in the file."""
        for (sender, receiver, message, environment), count in self._counts.items():
            figures: dict[str, Any] = {
                **count.figures,
                "count": count.messages,
                "interchanges": len(count.interchanges),
                "first_seen": count.first.isoformat() if count.first else None,
                "last_seen": count.last.isoformat() if count.last else None,
                "parties": {role: sorted(ids) for role, ids in sorted(count.parties.items())},
            }
            yield Seen(
                source=source,
                ref=artefact.ref(count.line),
                at=count.last or reading.as_of,
                name=message,
                key=EdiKey(protocol="edi", sender=sender or None, receiver=receiver or None, message=message or None),
                environment=environment or reading.environment,
                figures={name: value for name, value in figures.items() if value not in (None, "", {}, [])},
            )


def add_party(count: Count | None, role: str, identifier: str) -> None:
    """A party of a message by role (``BY``), as ``qualifier:id``. Names and addresses are never kept."""
    if count is not None and role and identifier:
        known = count.parties.setdefault(role, set()) if len(count.parties) < _PARTIES else set()
        if len(known) < _PARTIES:
            known.add(identifier)


def day_of(text: str) -> date | None:
    """A date of an envelope: YYMMDD or CCYYMMDD. Two digits of a year up to 69 are of this century."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in (6, 8):
        return None
    if len(digits) == 6:
        digits = ("20" if digits < "70" else "19") + digits
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def party(identifier: str, qualifier: str) -> str:
    """``14:5450534000000``; without a qualifier the identifier alone."""
    identifier, qualifier = identifier.strip(), qualifier.strip()
    return f"{qualifier}:{identifier}" if qualifier and identifier else identifier
