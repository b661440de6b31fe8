"""Domains and orders of Odoo, as far as anybody asks with them: prefix notation, many2one by id or by name."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from typing import Any


class UnknownField(Exception):
    """A domain or order names a field that the model does not have."""


def matches(row: dict[str, Any], domain: Sequence[Any]) -> bool:
    """Does a row fit the domain?"""
    stack: list[bool] = []
    for term in reversed(domain):
        if term == "!":
            stack.append(not stack.pop())
        elif term in ("&", "|"):
            one, two = stack.pop(), stack.pop()
            stack.append((one and two) if term == "&" else (one or two))
        else:
            stack.append(_fits(row, *term))
    return all(stack)


def named_fields(domain: Sequence[Any], order: str) -> list[str]:
    """The fields that a domain and an order name."""
    return [term[0] for term in domain if not isinstance(term, str)] + [
        part.split()[0] for part in order.split(",") if part.strip()
    ]


def ordered(rows: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """Rows by an order such as ``name desc, id``."""
    for part in reversed([part.split() for part in (order or "id").split(",")]):
        rows = sorted(rows, key=lambda row: _sortable(row.get(part[0])), reverse=part[-1].lower() == "desc")
    return rows


def _fits(row: dict[str, Any], name: str, operator: str, wanted: Any) -> bool:
    value = row.get(name, False)
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
        value = value[1] if isinstance(wanted, str) else value[0]
    if operator in ("in", "not in"):
        inside = bool(set(value) & set(wanted)) if isinstance(value, list) else value in wanted
        return inside == (operator == "in")
    if operator in ("=", "!="):
        empty = value in (False, None, "", []) and not isinstance(wanted, bool | int)
        same = (value in (False, None, "", [])) if wanted is False else (not empty and value == wanted)
        return same == (operator == "=")
    if operator in ("like", "ilike", "=like"):
        text, pattern = str(value or ""), str(wanted)
        if operator == "=like":
            return fnmatch.fnmatchcase(text, pattern.replace("%", "*"))
        return pattern.lower() in text.lower() if operator == "ilike" else pattern in text
    sign = {"<": -1, "<=": -1, ">": 1, ">=": 1}[operator]
    if value is False or value is None:
        return False
    return bool((operator.endswith("=") and value == wanted) or (value < wanted if sign < 0 else value > wanted))


def _sortable(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool) or value is None:
        return (0, int(bool(value)))
    return (1, value) if isinstance(value, int | float) else (2, str(value))
