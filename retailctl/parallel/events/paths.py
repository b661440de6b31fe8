"""Where a value is in an event: ``order.lines[0].sku``, ``$.order["odd.name"]``, ``lines[*].sku``, ``@type``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal

Root = Literal["payload", "attribute", "header"]
_MOST_STEPS: Final = 50
_PART: Final = re.compile(
    r"""\.?([^.\[\]"'@$][^.\[\]"']*)|\[(\d{1,6}|\*)\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]"""
)
_NAMED: Final = re.compile(r"@[A-Za-z][A-Za-z0-9_]{0,60}")
_WIDEST: Final = 60  # digits that a number may have when it is written without its exponent
ATTRIBUTES: Final = ("id", "time", "type", "source", "subject", "key", "routing_key", "arrived")


class Every(Enum):
    """All items of a list."""

    ITEM = "*"


Step = str | int | Every


class Number(str):
    """A number the way it is written: neither money nor a long id may pass through floating point."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A place in an event: from its payload, or one of its attributes or headers by name."""

    root: Root
    steps: tuple[Step, ...]


def parsed_path(text: str) -> Path:
    """The place that a text names. Raises ValueError with the reason."""
    if text.startswith("@header."):
        return Path("header", (text.removeprefix("@header.").lower(),))
    if text.startswith("@"):
        if not _NAMED.fullmatch(text):
            raise ValueError("after @ stands one name, as in @type")
        return Path("attribute", (text[1:],))
    rest = text.removeprefix("$") if text == "$" or text.startswith(("$.", "$[")) else text
    at, steps = 0, list[Step]()
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None or (part[1] is not None and at and rest[at] != "."):
            raise ValueError("it is no path such as order.lines[0].sku")
        steps.append(_step(part))
        at = part.end()
    if len(steps) > _MOST_STEPS:
        raise ValueError(f"it has more than {_MOST_STEPS} steps")
    return Path("payload", tuple(steps))


def _step(part: re.Match[str]) -> Step:
    if part[1] is not None:
        return part[1]
    if part[2] is not None:
        return Every.ITEM if part[2] == "*" else int(part[2])
    quoted = part[3] if part[3] is not None else part[4]
    return re.sub(r"\\(.)", r"\1", quoted)


def value_at(value: Any, steps: tuple[Step, ...]) -> Any:
    """What stands there; None where nothing does. ``[*]`` gives a list, without those that have nothing there."""
    for number, step in enumerate(steps):
        if isinstance(step, Every):
            items = (value_at(item, steps[number + 1 :]) for item in value) if isinstance(value, list) else ()
            return [item for item in items if item is not None]
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
        if value is None:
            return None
    return value


def text_of(value: Any) -> str | None:
    """A value as the text that is compared; None for nothing.

    Numbers stay as they are written, without an exponent. What is nested is JSON with sorted names and without blanks,
    in which 1.50 is 1.5: two writers of the same value give the same text.
    """
    if value is None or value.__class__ is str:
        return value
    if isinstance(value, Number):
        return _plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _nested(value) if isinstance(value, dict | list) else str(value)


def _plain(number: Number) -> str:
    if "e" not in number and "E" not in number:
        return str(number)
    value = Decimal(number)
    exponent = value.as_tuple().exponent
    short = isinstance(exponent, int) and abs(exponent) <= _WIDEST and len(number) <= _WIDEST
    return f"{value:f}" if short else str(number)


def _nested(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quoted(name)}:{_nested(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_nested, value)) + "]"
    if value is None:
        return "null"
    if isinstance(value, Number):
        plain = _plain(value)
        cut = plain.rstrip("0").rstrip(".") if "." in plain and "e" not in plain.lower() else plain
        return cut if cut not in {"-0", ""} else "0"
    return _quoted(value) if isinstance(value, str) else str(text_of(value))


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
