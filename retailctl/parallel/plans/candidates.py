"""Ways in which the texts of one column might become the values of another: what is worth trying."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers.conversions import NUMBER, WHOLE

Steps = tuple[Any, ...]
ZONES: Final = ("Europe/Berlin", "Europe/London", "America/New_York")
"""Zones that are tried where none is named; Berlin stands for all of central Europe."""
_NUMBERS: Final = {
    "de": r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?-?",
    "en": r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?-?",
    "fr": "[+-]?(\\d{1,3}([ \u00a0\u202f]\\d{3})+|\\d+)(,\\d+)?-?",
    "ch": "[+-]?(\\d{1,3}(['\u2019]\\d{3})+|\\d+)(\\.\\d+)?-?",
}
_DAYS: Final = {"%d.%m.%Y": r"\d\d\.\d\d\.\d{4}", "%d/%m/%Y": r"\d\d/\d\d/\d{4}", "%m/%d/%Y": r"\d\d/\d\d/\d{4}",
                "%d-%m-%Y": r"\d\d-\d\d-\d{4}", "%Y%m%d": r"\d{8}", "%Y/%m/%d": r"\d{4}/\d\d/\d\d",
                "%Y-%m-%d": r"\d{4}-\d\d-\d\d", "%d.%m.%y": r"\d\d\.\d\d\.\d\d"}  # fmt: skip
_TIMES: Final = {"": "", " %H:%M:%S": r" \d\d:\d\d:\d\d", " %H:%M": r" \d\d:\d\d", "T%H:%M:%S": r"T\d\d:\d\d:\d\d",
                 " %H:%M:%S.%f": r" \d\d:\d\d:\d\d\.\d{1,6}", " %H%M%S": r" \d{6}"}  # fmt: skip
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?")
_OFFSET: Final = re.compile(r".*(Z|[+-]\d\d(:?\d\d)?)")
_CODED: Final = re.compile(r"([A-Za-z_-]{1,10})(\d+)")


@dataclass(frozen=True, slots=True)
class Form:
    """What all texts of a column have alike: letters in front of digits, and how many digits, where it is always so."""

    prefix: str = ""
    digits: bool = False
    width: int = 0


def form_of(values: Sequence[str]) -> Form:
    """The form of some texts."""
    found = [_CODED.fullmatch(value) for value in values]
    coded = [match for match in found if match is not None]
    prefixes = {match[1] for match in coded}
    if values and len(coded) == len(values) and len(prefixes) == 1:
        return Form(prefixes.pop(), digits=True, width=_only({len(match[2]) for match in coded}))
    if values and all(value.isascii() and value.isdecimal() for value in values):
        return Form("", digits=True, width=_only({len(value) for value in values}))
    return Form()


def _only(numbers: set[int]) -> int:
    return numbers.pop() if len(numbers) == 1 else 0


def candidates(values: Sequence[str], target: Type, other: Form, zones: Sequence[str]) -> Iterator[Steps]:
    """Chains of steps, the simplest first, that take (nearly) all of these texts."""
    base: Steps = ("trim",) if any(value != value.strip() for value in values) else ()
    bare = [value.strip() for value in values if value.strip()]
    if not bare:
        return
    if target.kind == "text":
        yield from (base + steps for steps in _texts(bare, other))
    elif target.kind in {"int", "decimal", "float"}:
        yield from (base + steps for steps in _numbers(bare, target))
    elif target.kind in {"date", "timestamp"}:
        yield from (base + steps for steps in _times(bare, target, zones))
    else:
        yield base


def _texts(values: Sequence[str], other: Form) -> Iterator[Steps]:
    yield ()
    own = form_of(values)
    if own.digits and other.digits and not own.prefix:
        if other.width and own.width != other.width:
            yield ({"pad": {"width": other.width}}, *(({"prefix": other.prefix},) if other.prefix else ()))
        elif other.prefix:
            yield ({"prefix": other.prefix},)
        if not other.prefix and any(value.startswith("0") for value in values):
            yield ("strip_zeros",)
    elif own.prefix and other.digits and not other.prefix:
        zeros = "" if own.width == other.width else "0*"
        yield ({"regex": {"match": f"^{re.escape(own.prefix)}{zeros}([0-9]+)$", "replace": "\\1"}},)
    if any(value != value.upper() for value in values):
        yield ({"casefold_ascii": "upper"},)
    if any(value != value.lower() for value in values):
        yield ("casefold_ascii",)


def _numbers(values: Sequence[str], target: Type) -> Iterator[Steps]:
    if _all(WHOLE if target.kind == "int" else NUMBER, values):
        yield ()
    if target.kind == "decimal" and _all(WHOLE, values):
        yield ({"minor_units": "EUR"},)
    for name, pattern in _NUMBERS.items():
        if not _all(NUMBER, values) and _all(pattern, values):
            yield ({"decimal": name},)


def _times(values: Sequence[str], target: Type, zones: Sequence[str]) -> Iterator[Steps]:
    local: tuple[Steps, ...] = ((), *(({"tz": zone},) for zone in zones)) if target.kind == "timestamp" else ((),)
    if all(_ISO.fullmatch(value) for value in values):
        yield from local if not _OFFSET.fullmatch(values[0]) or len(values[0]) <= 10 else ((),)
        return
    for day, day_pattern in _DAYS.items():
        for time, time_pattern in _TIMES.items():
            if _all(day_pattern + time_pattern, values):
                yield from (({"date_format": day + time}, *steps) for steps in local)


def _all(pattern: str, values: Sequence[str]) -> bool:
    """Nearly all: a few broken values are what a run shall find."""
    wrong = sum(re.fullmatch(pattern, value, re.ASCII) is None for value in values)
    return wrong * 50 <= len(values)
