"""Samples of differences, masked as they are taken: no value is kept, but for those marked ``pii: none``."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from retailctl.parallel.replay.answers import HEADER, STATUS
from retailctl.parallel.replay.codec import Opaque
from retailctl.parallel.replay.difference import ABSENT, Difference
from retailctl.parallel.replay.field_class import FieldClass, field_class
from retailctl.parallel.replay.rules import DiffRules
from retailctl.parallel.replay.shapes import type_name
from retailctl.workspace.pseudonyms import Pseudonyms as Keyed

SAMPLES: Final = 3
_CLIP: Final = 80
_MEDIA: Final = re.compile(r"[\w!#$&^.+-]{1,60}/[\w!#$&^.+-]{1,60}(?: ?; ?charset=[\w-]{1,20})?", re.ASCII)
_LONGEST: Final = 300


class Pseudonyms:
    """Keyed names for values: equal values have equal names, and nobody can go back without the key."""

    def __init__(self, key: bytes) -> None:
        self._keyed = Keyed(key)

    def of(self, value: str) -> str:
        """64 bits of HMAC-SHA256, as text."""
        return f"p:{self._keyed.of(value)}"


class Sample(NamedTuple):
    """Which request, and what is said of the difference."""

    number: int
    line: int
    text: str


@dataclass(slots=True)
class SpotSamples:
    """The samples of the lowest requests at one spot, and how often each class of difference occurred there."""

    classes: Counter[FieldClass] = field(default_factory=Counter)
    statuses: Counter[tuple[int, int]] = field(default_factory=Counter)
    rows: list[Sample] = field(default_factory=list)

    def wants(self, number: int) -> bool:
        """Whether a sample of this request would be kept: the lowest numbers win, whoever came first."""
        if any(row.number == number for row in self.rows):
            return False
        return len(self.rows) < SAMPLES or number < self.rows[-1].number

    def keep(self, sample: Sample) -> None:
        """Put a sample in its place."""
        insort(self.rows, sample)
        del self.rows[SAMPLES:]


class Masker:
    """Says what may be said of a difference."""

    def __init__(self, rules: DiffRules, names: Pseudonyms) -> None:
        self._rules, self._names = rules, names

    def take(self, one: Difference, number: int, line: int, into: SpotSamples) -> None:
        """Count the class of a difference, and keep a masked sample of it where one is wanted."""
        rule = self._rules.at(one.path)
        kind = field_class(one, rule.scale, rule.units)
        into.classes[kind] += 1
        if one.path == STATUS:
            into.statuses[one.legacy, one.new] += 1
        if not rule.is_dropped and into.wants(number):
            into.keep(Sample(number, line, self._text(one, kind)))

    def _text(self, one: Difference, kind: FieldClass) -> str:
        sides = f"legacy {self._shown(one.path, one.legacy)}, new {self._shown(one.path, one.new)}"
        where = "" if one.path == STATUS or one.path.startswith(HEADER) else f"{_place(one.where) or 'body'}: "
        return f"{where}{sides}" + ("" if kind == one.kind else f" ({kind})")

    def _shown(self, path: str, value: Any) -> str:
        if value is ABSENT:
            return "absent"
        if isinstance(value, Opaque):
            return self._opaque(value)
        if path == STATUS or self._rules.at(path).is_shown or _is_media(path, value):
            return _clipped(value)
        if isinstance(value, str):
            return self._names.of(value) if value else "an empty text"
        name = type_name(value)
        words = {"null": "null", "object": "an object", "array": "a list", "integer": "a whole number"}
        return words.get(name, f"a {name}")

    def _opaque(self, body: Opaque) -> str:
        if body.digest:
            return f"a body of {body.size:,} bytes, compared by its digest {self._names.of(body.digest)} ({body.why})"
        return f"a body that is not JSON{f' ({body.why})' if body.why else ''}"


def _is_media(path: str, value: Any) -> bool:
    return path == f"{HEADER}content-type" and isinstance(value, str) and _MEDIA.fullmatch(value) is not None


def _clipped(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value)[1:-1] if isinstance(value, str) else "null" if value is None else _number(value)
    return text if len(text) <= _CLIP else f"{text[:_CLIP]}…"


def _number(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"


def _place(where: str) -> str:
    return where if len(where) <= _LONGEST else f"{where[:_LONGEST]}…"
