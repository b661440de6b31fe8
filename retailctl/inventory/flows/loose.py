"""Values of files that other programs wrote: they may have any type, and a wrong one counts as not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_LONGEST: Final = 200_000


def mapping(value: object) -> dict[str, Any]:
    """A mapping with names as text; of anything else an empty one."""
    return {str(name): part for name, part in value.items()} if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """A list; of anything else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """A text, or a number as it is written; of anything else nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(getattr(value, "text", value))


def number(value: object) -> int | None:
    """A whole number, also one that stands there as text."""
    written = text(value)
    sign, digits = (-1, written[1:]) if written.startswith("-") else (1, written)
    return sign * int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 20 else None


def inner(value: object, *names: str) -> Any:
    """What stands below some names, one in the other; None where one of them is no mapping or is not there."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def strings(value: object, *, depth: int = 12) -> Iterator[tuple[str, str]]:
    """(name, text) of every text in a value, however deep; the name is that of the closest mapping entry.

    ``{name: X, value: Y}`` and ``{key: X, value: Y}``, as headers and parameters are written, give (X, Y).
    """
    stack: list[tuple[str, object, int]] = [("", value, depth)]
    while stack:
        name, part, left = stack.pop()
        if isinstance(part, str):
            yield name, part[:_LONGEST]
        elif left and isinstance(part, list):
            stack.extend((name, each, left - 1) for each in reversed(part))
        elif left and isinstance(part, dict):
            own = text(part.get("name")) or text(part.get("key"))
            stack.extend(
                (own if own and key in ("value", "stringValue") else str(key), each, left - 1)
                for key, each in reversed(part.items())
            )
