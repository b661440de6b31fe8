"""Paths of fields: ``lines[].quantity``, ``attributes{}.value``. A dot inside a name is written ``\\.``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LIST: Final = "[]"
MAP: Final = "{}"
_MOST: Final = 64
_TOKEN: Final = re.compile(r"(?P<name>(?:\\.|[^.\[\]{}\\])+)|(?P<inner>\[\]|\{\})|(?P<dot>\.)", re.DOTALL)
_ESCAPED: Final = re.compile(r"([.\[\]{}\\])")

Path = tuple[str, ...]
"""Names, :data:`LIST` for the items of an array and :data:`MAP` for the values of a map."""


@lru_cache(maxsize=65536)
def parse(text: str) -> Path:
    """The steps of a path. Raises ValueError, with the reason, for what is none."""
    steps: list[str] = []
    position, name_may_follow = 0, True
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(f"{text[position]!r} stands alone; write [] or {{}}, or a backslash before it")
        name, inner = found["name"], found["inner"]
        if name and not name_may_follow:
            raise ValueError("a name follows without a dot")
        if found["dot"] and (name_may_follow or found.end() == len(text)):
            raise ValueError("a name is missing beside a dot")
        if inner and name_may_follow and steps:
            raise ValueError("a name is missing after a dot")
        if name or inner:
            steps.append(inner or re.sub(r"\\(.)", r"\1", name, flags=re.DOTALL))
        name_may_follow = bool(found["dot"])
        position = found.end()
        if len(steps) > _MOST:
            raise ValueError(f"it has more than {_MOST} steps")
    if not steps:
        raise ValueError("it is empty")
    return tuple(steps)


def shown(path: Path) -> str:
    """The path as people write it."""
    text = ""
    for step in path:
        if step in (LIST, MAP):
            text += step
        else:
            text += ("." if text else "") + _ESCAPED.sub(r"\\\1", step)
    return text


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """The same for ``order_ref``, ``orderRef`` and ``Order-Ref``; a name of signs only is itself."""
    return "".join(char for char in name.casefold() if char.isalnum()) or name


def plain(path: Path) -> Path:
    """The path with every name made plain."""
    return tuple(step if step in (LIST, MAP) else plain_name(step) for step in path)
