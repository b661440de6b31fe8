"""What values of a field look like where the values themselves mean nothing: a new token, a time, a node's name.

Only counts are kept, never a value. A shape that legacy has never shown counts against the new side when it is there so
often that chance cannot have kept all of them out of the legacy answers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

_CLASSES: Final = (
    ("uuid", r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"),
    ("date-time", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?"),
    ("date", r"\d{4}-\d\d-\d\d"),
    ("time", r"\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?"),
    ("digits", r"[0-9]+"),
    ("decimal", r"-?[0-9]+[.,][0-9]+"),
    ("hex", r"[0-9a-fA-F]+"),
    ("letters and digits", r"[0-9A-Za-z]+"),
    ("token", r"[0-9A-Za-z_.~+/=-]+"),
    ("address", r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    ("link", r"https?://\S+"),
    ("empty", r""),
)
_PATTERNS: Final = tuple((name, re.compile(pattern)) for name, pattern in _CLASSES)
_WIDER: Final[dict[str, tuple[str, ...]]] = {
    "digits": ("hex", "letters and digits", "token"), "hex": ("letters and digits", "token"),
    "letters and digits": ("token",), "uuid": ("token",), "date": ("token",), "decimal": ("token",),
    "integer": ("number",),
}  # fmt: skip
_TYPES: Final = ((bool, "boolean"), (int, "integer"), (str, "string"), (dict, "object"), (list, "array"))
_SHOWN: Final = 256
_MEMBERS: Final = 16
_LENGTHS: Final = 256


def type_name(value: Any) -> str:
    """The JSON type of a value; a number with a fraction is no integer."""
    if value is None:
        return "null"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "number")


def shape(value: Any) -> str:
    """The type of a value, and of a text what it looks like."""
    if not isinstance(value, str):
        return type_name(value)
    head = value[:_SHOWN]
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(head)), "text")


class Oddity(NamedTuple):
    """In how many new values which shape was seen that legacy does not have."""

    what: str
    seen: int
    values: int


@dataclass(slots=True)
class _Side:
    values: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    members: Counter[int] = field(default_factory=Counter)

    def add(self, value: Any) -> None:
        self.values += 1
        self.shapes[shape(value)] += 1
        if isinstance(value, str):
            self.lengths[min(len(value), _LENGTHS)] += 1
        if len(self.members) <= _LENGTHS:
            self.members[hash((type(value), value if isinstance(value, str | int | float) else None))] += 1


@dataclass(slots=True)
class ShapeBook:
    """The shapes of one field on both sides."""

    legacy: _Side = field(default_factory=_Side)
    new: _Side = field(default_factory=_Side)

    def oddity(self, risk: float) -> Oddity | None:
        """The first way in which new values do not look like legacy ones, with less than ``risk`` of chance."""
        total = self.new.values
        if not total or not self.legacy.values:
            return None
        for what, seen in (*self._shapes(), *self._length(), *self._membership()):
            if seen and self._chance(seen) < risk:
                return Oddity(what, seen, total)
        return self._constant(risk)

    def _chance(self, seen: int) -> float:
        """How likely all odd values fall on the new side if both sides have them alike (hypergeometric, from above)."""
        share = self.new.values / (self.new.values + self.legacy.values)
        return float(share**seen)

    def _shapes(self) -> list[tuple[str, int]]:
        known = self.legacy.shapes
        odd = {
            name: count
            for name, count in self.new.shapes.items()
            if name not in known
            and not ("text" in known and name not in _PLAIN)
            and not any(map(known.get, _WIDER.get(name, ())))
        }
        usual = " or ".join(sorted(known))
        return [(f"{name} instead of {usual}", count) for name, count in sorted(odd.items())]

    def _length(self) -> list[tuple[str, int]]:
        known = self.legacy.lengths
        if not known:
            return []
        low, high = min(known), max(known)
        if low != high:
            low, high = low // 2, high * 2
        odd = sum(count for length, count in self.new.lengths.items() if not low <= length <= high)
        return [("another length", odd)]

    def _membership(self) -> list[tuple[str, int]]:
        """A field with a handful of values, each seen often, has no others."""
        known = self.legacy.members
        if len(known) > _MEMBERS or min(known.values()) < 3:
            return []
        return [("a value that legacy never has", sum(n for one, n in self.new.members.items() if one not in known))]

    def _constant(self, risk: float) -> Oddity | None:
        """Always the same value where legacy hardly ever repeats one."""
        varied = len(self.legacy.members) > min(self.legacy.values, _LENGTHS) / 2
        if varied and len(self.new.members) == 1 and 0.5 ** (self.new.values - 1) < risk:
            return Oddity("always the same value", self.new.values, self.new.values)
        return None


_PLAIN: Final = frozenset(("null", "boolean", "integer", "number", "object", "array", "empty"))
"""Shapes that are no text: one that legacy has as free text may still not become these."""
