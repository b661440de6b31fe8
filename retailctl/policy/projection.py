"""Projection: a noun as the plain values that CEL takes (policy.md section 7.5).

Absent fields are left out, because ``has()`` is true for a null that is present. Tuples become lists, dates
RFC 3339 text (so that ``timestamp()`` reads them), decimals text. Keys are the attribute names of the
dataclasses, so that the winner of a sync rule is ``domain.sync.source`` although the file says ``from``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

_PLAIN = (str, int, bool, float)
_TRUE, _FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})


def project(noun: Any) -> dict[str, Any]:
    """The fields of a noun that are declared, as plain values; nested nouns likewise."""
    names, get = _columns(noun.__class__)
    return {
        name: value if value.__class__ in _PLAIN else plain(value)
        for name, value in zip(names, get(noun), strict=True)
        if value is not None
    }


def plain(value: Any) -> Any:
    """One value as CEL takes it. Entries of a mapping that are null are left out."""
    kind = value.__class__
    if kind in _PLAIN or value is None:
        return value
    if kind is tuple or kind is list:
        return [item if item.__class__ is str else plain(item) for item in value]
    if kind is dict:
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    return _rest(value)


def timestamp_text(day: date) -> str:
    """A day as RFC 3339 text: midnight UTC."""
    return f"{day.isoformat()}T00:00:00Z"


def _rest(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else f"{value.isoformat()}Z"
    if isinstance(value, date):
        return timestamp_text(value)
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str | Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    return project(value)


def _number(value: float) -> bool | int | float:
    """A number that remembers its spelling (``SourceInt``) as the plain number or truth value."""
    text = getattr(value, "text", "")
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return int(value) if isinstance(value, int) else float(value)


@cache
def _columns(noun: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(column.name for column in fields(noun))
    if len(names) == 1:
        only = attrgetter(names[0])
        return names, lambda one: (only(one),)
    return names, attrgetter(*names)
