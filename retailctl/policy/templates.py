"""Messages with ``{{path}}`` parts. Paths are read in Python: ``{{credential.systems}}``,
``{{params.words[x.mode]}}``.

Nothing is computed in a message. What is missing shows as ``?``; lists are joined with commas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

_PART = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*+)\}\}")  # each character is looked at once, however many braces stand open
_STEP = re.compile(
    r"\s*\.?\s*([A-Za-z_]\w*)"
    r"|\s*\[\s*(?:\"([^\"]*)\"|'([^']*)'|(\d+)|([^\[\]]+(?:\[[^\[\]]*\][^\[\]]*)*))\s*\]"
)
_NAMES: Final = ("id", "name", "system", "url", "source")
_MIDNIGHT: Final = "T00:00:00Z"
_MOST: Final = 10

Step = str | int | tuple[Any, ...]
"""A key, a position, or a path whose value is the key."""


def render(template: str, scope: Mapping[str, Any]) -> str:
    """The message for one subject."""
    return "".join(
        part if part.__class__ is str else text_of(_value(part, scope)) for part in _parsed(template)
    )


def paths_in(template: str) -> tuple[str, ...]:
    """The texts between the braces, for checking them against the model."""
    return tuple(part.strip() for part in _PART.findall(template))


def text_of(value: Any) -> str:
    """One value as a reader expects it in a sentence."""
    if value is None:
        return "?"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        shown = ", ".join(text_of(item) for item in value[:_MOST])
        return f"{shown} and {len(value) - _MOST} more" if len(value) > _MOST else shown
    if isinstance(value, Mapping):
        name = next((value[key] for key in _NAMES if key in value), None)
        return text_of(name)
    return str(value).removesuffix(_MIDNIGHT)


@lru_cache(maxsize=512)
def _parsed(template: str) -> tuple[Any, ...]:
    """Alternating text and paths (as tuples of steps)."""
    parts = _PART.split(template)
    return tuple(_steps(part) if number % 2 else part for number, part in enumerate(parts))


def _steps(path: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    for name, double, single, position, inner in _STEP.findall(path):
        if position:
            steps.append(int(position))
        else:
            steps.append(_steps(inner) if inner else name or double or single)
    return tuple(steps)


def _value(path: Any, scope: Mapping[str, Any]) -> Any:
    current: Any = scope
    for step in path:
        key = _value(step, scope) if isinstance(step, tuple) else step
        if isinstance(current, Mapping):
            current = current.get(key) if isinstance(key, str) else None
        elif isinstance(current, list) and isinstance(key, int):
            current = current[key] if key < len(current) else None
        else:
            return None
    return current
