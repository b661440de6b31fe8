"""The two ends of an interface: in columns of their own, or in a name such as ``Workday → Aviva``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ARROW: Final = re.compile(r"\s*(?:<?[-=]{1,3}>|→|⇒|➔|➜|➝|⟶|↔|⇔|⟷)\s*")
_BOTH: Final = re.compile(r"<[-=]{1,3}>|↔|⇔|⟷")
_TITLE: Final = re.compile(r"^.{0,200}:\s+")
_REMARK: Final = re.compile(r"\s*[(\[][^()\[\]]{0,80}[)\]]\s*$")
_SEVERAL: Final = re.compile(r"\s*[\n;|]\s*")
_MANY: Final = re.compile(r"\s*[\n;|,]\s*")
_EMPTY: Final = frozenset({"", "-", "--", "?", "n/a", "na", "tbd", "unknown", "various", "many", "diverse", "divers", "onbekend", "unbekannt"})  # fmt: skip # noqa: E501


@dataclass(frozen=True, slots=True)
class Ends:
    """``provider`` and ``consumers`` where the table says who is which; ``source`` and ``target`` are the ends of the
    data. Empty is not said. ``via`` stands between them; ``both`` when data goes both ways."""

    provider: str = ""
    consumers: tuple[str, ...] = ()
    source: str = ""
    target: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    both: bool = False

    def __bool__(self) -> bool:
        return bool(self.provider or self.consumers or self.source or self.target)


def ends_of(cells: Mapping[str, str]) -> Ends:
    """The ends that a row names, by field; columns come before the name."""
    provider, consumers = _first(cells.get("provider", "")), _split(cells.get("consumers", ""))
    source, target = cells.get("source", ""), cells.get("target", "")
    if source and not target and _ARROW.search(source):
        return _of_arrow(source)
    if source or target:
        return Ends(provider, consumers, _first(source), _split(target))
    if provider or consumers:
        return Ends(provider, consumers)
    return _of_arrow(cells.get("name", ""))


def _of_arrow(text: str) -> Ends:
    parts = _ARROW.split(text)
    if len(parts) < 2:
        return Ends()
    first, *middle, last = (part.strip() for part in parts)
    first, last = _TITLE.sub("", first), _REMARK.sub("", last)
    if first.lower() in _EMPTY or last.lower() in _EMPTY:
        return Ends()
    return Ends(source=first, target=_split(last), via=tuple(middle), both=bool(_BOTH.search(text)))


def _first(cell: str) -> str:
    """One system. Of several in one cell the first counts: the others would be rows of their own."""
    parts = [part for part in _SEVERAL.split(cell.strip()) if part.lower() not in _EMPTY]
    return parts[0] if parts else ""


def _split(cell: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _MANY.split(cell.strip()))
    return tuple(dict.fromkeys(part for part in parts if part.lower() not in _EMPTY))
