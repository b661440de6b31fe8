"""The class of a difference between two values (parallel.md section 13): what kind of fault it looks like."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from re import compile as pattern
from typing import Any, Final, Literal

from retailctl.parallel.replay.difference import Difference

FieldClass = Literal[
    "ROUNDING", "SCALE", "SIGN", "TZ_SHIFT", "TRUNCATION", "FORMAT", "NULL_DEFAULT", "TYPE", "VALUE",
    "MISSING_FIELD", "EXTRA_FIELD", "MISSING_ITEM", "EXTRA_ITEM", "DUPLICATE_ITEM", "ORDER", "DUPLICATE_KEY",
]  # fmt: skip
_DECIMAL: Final = pattern(r"-?\d{1,30}(?:\.\d{1,30})?")
_TIME: Final = pattern(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?")
_QUARTER: Final = timedelta(minutes=15)
_FARTHEST: Final = timedelta(hours=14)
_SHORTEST: Final = 3
_LONGEST: Final = 10_000


def field_class(one: Difference, scale: int = 2, units: int = 1) -> FieldClass:
    """The first class that fits. ROUNDING is at most ``units`` of the last of ``scale`` decimals, on fractions only."""
    if one.kind not in ("VALUE", "TYPE"):
        return one.kind
    left, right = one.legacy, one.new
    if (left is None and _is_default(right)) or (right is None and _is_default(left)):
        return "NULL_DEFAULT"
    numbers = as_number(left), as_number(right)
    if numbers[0] is not None and numbers[1] is not None and type(left) is not bool and type(right) is not bool:
        fractions = any(not isinstance(value, int) and "." in str(value) for value in (left, right))
        found = _of_numbers(numbers[0], numbers[1], Decimal(units).scaleb(-scale) if fractions else None)
        if found is not None:
            return found
    if isinstance(left, str) and isinstance(right, str):
        return _of_texts(left[:_LONGEST], right[:_LONGEST])
    return "TYPE" if one.kind == "TYPE" else "VALUE"


def as_number(value: Any) -> Decimal | None:
    """A number, or a text that is written as one; None for all else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        try:
            made = Decimal(str(value))
        except (InvalidOperation, ValueError):  # a whole number of more digits than Python writes
            return None
        return made if made.is_finite() and abs(made.adjusted()) <= 400 else None
    return Decimal(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else None


def _of_numbers(left: Decimal, right: Decimal, near: Decimal | None) -> FieldClass | None:
    if left == right:
        return None
    if near is not None and abs(left - right) <= near:
        return "ROUNDING"
    if left == -right:
        return "SIGN"
    if left and right:
        small, large = sorted((abs(left), abs(right)))
        if (left > 0) is (right > 0) and large in (small * 100, small * 1000):
            return "SCALE"
    return None


def _of_texts(left: str, right: str) -> FieldClass:
    if _plain(left) == _plain(right):
        return "FORMAT"
    if _is_shifted(left, right):
        return "TZ_SHIFT"
    short, long = sorted((left, right), key=len)
    if len(short) >= _SHORTEST and long.startswith(short):
        return "TRUNCATION"
    return "VALUE"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _is_shifted(left: str, right: str) -> bool:
    """Whether two times are apart by whole quarters of an hour, as time zones are; the same instant is no shift."""
    if not (_TIME.fullmatch(left) and _TIME.fullmatch(right)):
        return False
    try:
        apart = _instant(left) - _instant(right)
    except (ValueError, OverflowError):
        return False
    return timedelta(0) < abs(apart) <= _FARTHEST and not apart % _QUARTER


def _instant(text: str) -> datetime:
    made = datetime.fromisoformat(text)
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _is_default(value: Any) -> bool:
    return value in ("", "0") or (value.__class__ in (int, float, bool, list, dict) and not value)
