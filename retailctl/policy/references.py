"""The field references of a CEL expression, so that a missing key can be named in full: ``credential.kind``.

The library says only which key was not found. The references are read from the text: chains of selections,
with the variable of a macro (``hops.exists(h, h.url == "x")``) replaced by what it runs over
(``flow.hops[].url``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

Path = tuple[str, ...]

EACH: Final = "[]"
"""Step of a path that stands for every item of a list."""

_LITERAL = re.compile(
    r"""//[^\n]*|[rRbB]{0,2}(?:"{3}.*?"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""", re.DOTALL
)
_INDEX = re.compile(r"""\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\]""")
_CHAIN = re.compile(r"(?<![\w.])(?<!\.\s)[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*")
_CALL = re.compile(r"\s*\(\s*(?:([A-Za-z_]\w*)\s*,)?")
_MACROS: Final = frozenset({"exists", "all", "exists_one", "map", "filter"})
_WORDS: Final = frozenset({"true", "false", "null", "in"})


def references(expression: str) -> tuple[Path, ...]:
    """The paths that an expression reads, in the order of the text."""
    text = _blanked(_INDEX.sub(_as_selection, expression))
    over: dict[str, Path] = {}
    found: dict[Path, None] = {}
    for match in _CHAIN.finditer(text):
        steps = tuple(step.strip() for step in match[0].split("."))
        call = _CALL.match(text, match.end())
        if call:
            steps, method = steps[:-1], steps[-1]
            if steps and method in _MACROS and call[1]:
                over[call[1]] = (*_resolved(steps, over), EACH)
        if steps and steps[0] not in _WORDS:
            found[_resolved(steps, over)] = None
    return tuple(path for path in found if path[-1] != EACH)


def hides(expression: str, name: str) -> bool:
    """Whether a macro uses the name of a variable for its items: then the references do not tell the two apart."""
    text = _blanked(expression)
    calls = (_CALL.match(text, match.end()) for match in _CHAIN.finditer(text))
    return any(call is not None and call[1] == name for call in calls)


@lru_cache(maxsize=4096)
def prefixes_to(paths: tuple[Path, ...], key: str) -> tuple[Path, ...]:
    """The distinct beginnings of references that end at ``key``."""
    found = {path[: end + 1]: None for path in paths for end, step in enumerate(path) if step == key}
    return tuple(found)


def missing_path(prefixes: Sequence[Path], scope: Mapping[str, Any]) -> Path | None:
    """The first path that leads nowhere in ``scope``; None when the text names no such path."""
    return next((path for path in prefixes if _is_missing(path, scope)), None)


def values_at(path: Sequence[str], scope: Mapping[str, Any]) -> Iterator[Any]:
    """All values that a path leads to: several through a list, none where a step is absent."""
    current: list[Any] = [scope]
    for step in path:
        if step == EACH:
            current = [item for value in current if isinstance(value, list) for item in value]
        else:
            current = [value[step] for value in current if isinstance(value, Mapping) and step in value]
    return iter(current)


def dotted(path: Sequence[str]) -> str:
    """A path as people write it: ``flow.hops[].url``."""
    return ".".join(path).replace(f".{EACH}", EACH)


def _is_missing(path: Path, scope: Mapping[str, Any]) -> bool:
    parents = values_at(path[:-1], scope)
    return any(isinstance(parent, Mapping) and path[-1] not in parent for parent in parents)


def _resolved(steps: Path, over: Mapping[str, Path]) -> Path:
    return (*over[steps[0]], *steps[1:]) if steps[0] in over else steps


def _as_selection(match: re.Match[str]) -> str:
    name = match[1] if match[1] is not None else match[2]
    return f".{name}" if name.isidentifier() else match[0]


def renamed(expression: str, name: str, other: str) -> str:
    """The expression with the variable ``name`` called ``other``; fields and text stay."""
    starts = [match.start() for match in _CHAIN.finditer(_blanked(expression))]
    for start in reversed(starts):
        if re.match(rf"{name}\b", expression[start:]):
            expression = expression[:start] + other + expression[start + len(name) :]
    return expression


def _blanked(text: str) -> str:
    """The text with literals and comments blanked, so that their words are not taken for fields."""
    return _LITERAL.sub(lambda match: " " * len(match[0]), text)
