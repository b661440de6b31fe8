"""Projection: a noun as the plain values that CEL takes (policy.md section 7.5).

Absent fields are left out, because ``has()`` is true for a null that is present. Tuples become lists, dates
RFC 3339 text (so that ``timestamp()`` reads them), decimals text. Keys are the attribute names of the
dataclasses, so that the winner of a sync rule is ``domain.sync.source`` although the file says ``from``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

_PLAIN = frozenset({str, bool, float})
_MOST = 2**63 - 1  # whole numbers of CEL have 64 bits; nothing that a rule counts is anywhere near
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
    return _by_class(value.__class__)(value)


def timestamp_text(day: date) -> str:
    """A day as RFC 3339 text: midnight UTC."""
    return f"{day.isoformat()}T00:00:00Z"


@cache
def _by_class(kind: type) -> Callable[[Any], Any]:
    """How values of a class are projected, found out once per class."""
    if kind in _PLAIN or kind is type(None):
        return _same
    rows: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
        ((tuple, list), _sequence),
        ((dict,), lambda value: {str(key): plain(item) for key, item in value.items() if item is not None}),
        ((datetime,), lambda value: value.isoformat() if value.tzinfo else f"{value.isoformat()}Z"),
        ((date,), timestamp_text),
        ((int, float), _number),
        ((str, Decimal), str),
        ((set, frozenset), lambda value: sorted(plain(item) for item in value)),
    )
    return next((function for kinds, function in rows if issubclass(kind, kinds)), project)


def _same(value: Any) -> Any:
    return value


def _sequence(values: Iterable[Any]) -> list[Any]:
    return [item if item.__class__ is str else plain(item) for item in values]


def _number(value: float) -> bool | int | float:
    """A number that remembers its spelling (``SourceInt``) as the plain number or truth value."""
    text = getattr(value, "text", "")
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    return max(-_MOST, min(int(value), _MOST)) if isinstance(value, int) else float(value)


@cache
def _columns(noun: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(column.name for column in fields(noun))
    if len(names) == 1:
        only = attrgetter(names[0])
        return names, lambda one: (only(one),)
    return names, attrgetter(*names)
