"""One artefact, and what its lines are about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from retailctl.model.estate import Estate
from retailctl.model.interface import Interface

UNDECLARED: Final = ""
_PARAMETER: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True)
class Made:
    """``truth``: (first line, interface id) of each part, in order; several ids where the artefact cannot tell them apart,
    and the empty one for what nobody declared."""

    path: str
    lines: list[str] = field(default_factory=list)
    truth: list[tuple[int, str]] = field(default_factory=list)

    def add(self, id_: str | None, *lines: str) -> None:
        """Append lines; with an id, what they are about."""
        if id_ is not None:
            self.truth.append((len(self.lines) + 1, id_))
        self.lines.extend(lines)

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(self.lines) + "\n"

    def about(self, line: int) -> str | None:
        """The interface that a line is about; None before the first part."""
        return next((id_ for start, id_ in reversed(self.truth) if start <= line), None)


def json_part(value: Any, indent: int, *, last: bool) -> list[str]:
    """A value as lines of a larger JSON text."""
    text = json.dumps(value, indent=2).split("\n")
    return [" " * indent + line for line in text[:-1]] + [" " * indent + text[-1] + ("" if last else ",")]


def json_list(made: Made, parts: Iterable[tuple[str | None, Any]], indent: int) -> None:
    """The items of a list, each with what it is about."""
    items = list(parts)
    for number, (id_, value) in enumerate(items):
        made.add(id_, *json_part(value, indent, last=number == len(items) - 1))


def interfaces(estate: Estate, *protocols: str) -> Iterator[Interface]:
    """Interfaces with a key of one of the protocols, in order of id."""
    for entry in estate.of("interface").values():
        noun: Interface = entry.noun
        if noun.key is not None and noun.key.protocol in protocols:
            yield noun


def concrete(address: str, number: int) -> str:
    """A path as a client sends it: every parameter has a value."""

    def value(found: re.Match[str]) -> str:
        name = found[1].lower()
        if "date" in name or name == "day":
            return f"2026-11-{number % 20 + 1:02d}"
        return f"SKU-{10_000 + number}" if "sku" in name else str(400_000 + 37 * number)

    return _PARAMETER.sub(value, address)


def calls(interface: Interface, share: int = 24) -> int:
    """How many calls a log of a fraction of a day holds: at least one, and not more than two hundred."""
    volume = interface.classification.volume_per_day if interface.classification else None
    return max(1, min((volume or 0) // share, 200))
