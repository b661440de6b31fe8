"""What a plan says about places of a body: what is ignored, how lists are matched, how near a number must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

ListMode = Literal["keyed", "multiset", "ordered"]
STAR: Final = "*"
_MOST: Final = 10_000
"""How many paths are remembered: a service may invent names without end."""
_LONGEST: Final = 500
"""Where a path is so long it ends, and all that is deeper is told under it."""
_NAME: Final = re.compile(r"[@$]?(?:[A-Za-z_][A-Za-z0-9_]{0,63}|[a-z][a-z0-9-]{0,63})")
_NUMBERED: Final = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class ListRule:
    """How the items of a list find each other; ``key`` is the field that identifies an item of a keyed list."""

    mode: ListMode
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be off: ``abs``olute, ``rel``ative to the legacy value, or no matter how (``any``)."""

    mode: Literal["abs", "rel", "any"]
    limit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PathRule:
    """Everything that holds at one generic path. ``is_shown`` and ``is_dropped`` say what samples may tell."""

    ignored: bool = False
    list: ListRule | None = None
    tolerance: Tolerance | None = None
    is_map: bool = False
    is_shown: bool = False
    is_dropped: bool = False
    is_minor: bool = False
    scale: int = 2
    units: int = 1


NO_RULE: Final = PathRule()


@dataclass(slots=True)
class DiffRules:
    """The rules of one route by generic path (``lines[].price``); ``*`` in a pattern stands for one step.

    What was looked up is remembered: bodies of one route have the same paths again and again.
    """

    exact: Mapping[str, PathRule] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], PathRule], ...] = ()
    _known: dict[str, PathRule] = field(default_factory=dict)
    _children: dict[tuple[str, str], tuple[str, PathRule]] = field(default_factory=dict)

    def at(self, path: str) -> PathRule:
        """The rule at a path; one that says nothing where there is none."""
        found = self._known.get(path)
        if found is None:
            found = self._find(path)
            if len(self._known) < _MOST:
                self._known[path] = found
        return found

    def child(self, path: str, key: str) -> tuple[str, PathRule]:
        """The generic path of a member of an object, and the rule there."""
        found = self._children.get((path, key))
        if found is None:
            name = STAR if self.at(path).is_map else step(key)
            at = path if len(path) > _LONGEST else f"{path}.{name}" if path else name
            found = at, self.at(at)
            if len(self._children) < _MOST and len(key) <= _LONGEST:
                self._children[path, key] = found
        return found

    def any_below(self, path: str) -> bool:
        """Whether something is ignored below a path; where patterns are, the answer is yes."""
        return bool(self.patterns) or any(
            rule.ignored and (not path or one.startswith((f"{path}.", f"{path}["))) for one, rule in self.exact.items()
        )

    def _find(self, path: str) -> PathRule:
        found = self.exact.get(path)
        if found is not None:
            return found
        return next((rule for pattern, rule in self.patterns if pattern.fullmatch(path)), NO_RULE)


def make_rules(rows: Mapping[str, PathRule]) -> DiffRules:
    """Rules from rows by path, patterns among them."""
    exact = {path: rule for path, rule in rows.items() if STAR not in path}
    patterns = tuple((_pattern(path), rule) for path, rule in rows.items() if STAR in path)
    return DiffRules(exact, patterns)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^.]+?".join(map(re.escape, path.split(STAR))))


def step(key: str) -> str:
    """A key as a step of a generic path; ``*`` for one that looks like data: it may be somebody's name or number."""
    return key if _NAME.fullmatch(key) and not _NUMBERED.search(key) else STAR
