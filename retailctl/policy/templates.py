"""Messages of rules: text with values of the subject in it.

* ``{{interface.owner}}`` is a value; paths are read in Python: ``{{params.words[interface.mode]}}``.
* ``{{interface.owner|nobody}}`` says what to write when the value is missing.
* ``[[ (topic {{interface.key.topic}})]]`` is left out as a whole when a value in it is missing. Segments do not nest.

Nothing is computed in a message. Missing is what is absent, empty text or an empty list; without a word for it
``?`` is shown. Lists are joined with commas. Paths and brackets are checked when a pack is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

# Each character is looked at once, however many braces stand open.
_TOKEN = re.compile(r"(\{\{(?:[^{}\n]|\{(?!\{)|\}(?!\}))*\}\}|\[\[|\]\])")
_OPEN: Final = "[["
_CLOSE: Final = "]]"
_STEP = re.compile(
    r"\s*\.?\s*([A-Za-z_]\w*)"
    r"|\s*\[\s*(?:\"([^\"]*)\"|'([^']*)'|(\d+)|([^\[\]]+(?:\[[^\[\]]*\][^\[\]]*)*))\s*\]"
)
_NAMES: Final = ("id", "name", "system", "url", "source")
_MIDNIGHT: Final = "T00:00:00Z"
_MOST: Final = 10

Step = str | int | tuple[Any, ...]
"""A key, a position, or a path whose value is the key."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A path in braces: its steps, its text for the check, and the word for a missing value."""

    steps: tuple[Step, ...]
    path: str
    fallback: str


_Part = str | _Value | tuple[str | _Value, ...]
"""Text, a value, or an optional segment of both."""


def render(template: str, scope: Mapping[str, Any]) -> str:
    """The message for one subject."""
    return "".join(_shown(part, scope) for part in _parsed(template))


def paths_in(template: str) -> tuple[str, ...]:
    """The paths between the braces, for checking them against the model."""
    return tuple(_as_value(token).path for token in _TOKEN.findall(template) if token.startswith("{{"))


def bracket_mistake(template: str) -> str:
    """What is wrong with the optional segments of a template; empty when they are sound."""
    inside = False
    for token in _TOKEN.findall(template):
        if token in (_OPEN, _CLOSE):
            if inside is (token == _OPEN):
                return "[[ inside [[ ]]: optional segments do not nest" if inside else "]] without [["
            inside = not inside
    return "[[ without ]]" if inside else ""


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
def _parsed(template: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    segment: list[str | _Value] | None = None
    for token in _TOKEN.split(template):
        if token == _OPEN:
            segment = []
        elif token == _CLOSE:
            parts.append(tuple(segment or ()))
            segment = None
        else:
            part = _as_value(token) if token.startswith("{{") else token
            parts.append(part) if segment is None else segment.append(part)
    return (*parts, *(segment or ()))


def _as_value(token: str) -> _Value:
    path, _, fallback = token[2:-2].partition("|")
    return _Value(_steps(path), path.strip(), fallback.strip())


def _shown(part: _Part, scope: Mapping[str, Any]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, _Value):
        value = _value(part.steps, scope)
        return (part.fallback or "?") if _is_missing(value) else text_of(value)
    values = (_value(one.steps, scope) for one in part if isinstance(one, _Value) and not one.fallback)
    return "" if any(map(_is_missing, values)) else "".join(_shown(one, scope) for one in part)


def _is_missing(value: Any) -> bool:
    return value is None or value in ("", [])


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
