"""Witness instances as JSON that can always be written: a value may come from a hostile document."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from retailctl.model.contract_change import ChangeWitness
from retailctl.report import escape

ONE_LINE = 160
_PART = 80
_DEPTH = 100
_NODES = 20_000
# Python refuses to write integers of more than 4,300 digits (hostile.md, case 16).
_BITS = 14_000
_CUT = "…"


def plain(value: object) -> Any:
    """The value in the types of JSON. What JSON has no form for, or what is endless, becomes visible text."""
    return _plain(value, _DEPTH, [_NODES])


def one_line(witness: ChangeWitness, limit: int = ONE_LINE) -> str:
    """Compact JSON of at most ``limit`` characters, shortened in the middle; a request line stays as it is."""
    if witness.kind == "request" and isinstance(witness.value, str):
        return escape.clip_middle(escape.terminal(witness.value), limit)
    return escape.clip_middle(escape.json_compact(plain(witness.value)), limit)


def offending(witness: ChangeWitness) -> str:
    """The part of an instance that is refused, as compact JSON, where one line is too short to be sure to show it.

    Empty for a short instance, and where the part is the whole of it or is not there.
    """
    if witness.kind == "request" or not witness.pointer or not _is_long(witness.value):
        return ""
    value: object = witness.value
    for step in witness.pointer[1:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list | tuple) and name.isascii() and name.isdigit() and _within(name, len(value)):
            value = value[int(name)]
        else:
            return ""
    return escape.clip_middle(escape.json_compact(plain(value)), _PART)


def _within(index: str, length: int) -> bool:
    return len(index) <= len(str(length)) and int(index) < length


def _is_long(value: object) -> bool:
    return len(escape.json_compact(plain(value))) > ONE_LINE


def several_lines(witness: ChangeWitness, limit: int) -> str:
    """Indented JSON of at most ``limit`` characters."""
    if witness.kind == "request" and isinstance(witness.value, str):
        return escape.clip(escape.terminal(witness.value), limit)
    return escape.clip(escape.json_text(plain(witness.value), indent=2), limit)


def _plain(value: object, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if depth == 0 or left[0] < 0:
        return _CUT
    if isinstance(value, Mapping):
        return {_key(key): _plain(part, depth - 1, left) for key, part in value.items() if left[0] >= 0}
    if isinstance(value, list | tuple):
        return [_plain(part, depth - 1, left) for part in value if left[0] >= 0]
    return str(value)


def _key(key: object) -> str:
    return key if isinstance(key, str) else str(plain(key))


def _number(number: float | Decimal) -> int | float | str:
    if isinstance(number, int):
        return number if number.bit_length() < _BITS else f"an integer of {number.bit_length():,} bits"
    if isinstance(number, Decimal):
        if not number.is_finite():
            return str(number)
        if number == number.to_integral_value():
            return int(number) if number.adjusted() < _BITS // 4 else str(number)
    return float(number) if isfinite(float(number)) else str(number)
