"""Deprecation, sunset and stability, read the same way from operations, parameters and properties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from retailctl.contracts.changes.change import CompareOptions

SUNSET: Final = "x-sunset"
STABILITY: Final = "x-stability-level"
LEVELS: Final = ("draft", "alpha", "beta", "stable")


def sunset_of(raw: Mapping[str, object]) -> tuple[bool, date | None]:
    """Whether a sunset is declared, and its date if it can be read (a date, or a time stamp of RFC 3339)."""
    value = raw.get(SUNSET)
    if value is None:
        return False, None
    if isinstance(value, datetime):
        return True, value.date()
    if isinstance(value, date):
        return True, value
    try:
        return True, date.fromisoformat(str(value))
    except ValueError:
        pass
    try:
        return True, datetime.fromisoformat(str(value)).date()
    except ValueError:
        return True, None


def stability_of(raw: Mapping[str, object]) -> str | None:
    """The stability level; "" when none is declared, None when it is none of the known ones."""
    value = raw.get(STABILITY)
    if value is None:
        return ""
    return value if isinstance(value, str) and value in LEVELS else None


def rank(stability: str | None) -> int:
    """How stable: what declares nothing is stable."""
    return LEVELS.index(stability) if stability else LEVELS.index("stable")


def notice_days(options: CompareOptions, stability: str | None) -> int:
    """The days of notice that a sunset must give."""
    if stability in ("draft", "alpha"):
        return 0
    return options.days_beta if stability == "beta" else options.days_stable


def is_included(options: CompareOptions, stability: str | None) -> bool:
    """False for what is less stable than asked for."""
    return not options.stability or rank(stability) >= rank(options.stability)
