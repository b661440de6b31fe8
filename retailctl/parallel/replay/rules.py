"""What a plan says about places of a body: what is ignored, how lists are matched, how near a number must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

ListMode = Literal["keyed", "multiset", "ordered"]
STAR: Final = "*"
_MOST: Final = 10_000
"""How many paths and places are remembered: a service may invent names without end."""
_LONGEST: Final = 500
"""Where a path is so long it ends, and all that is deeper is told under it."""
_FIRST_HOPE: Final = 5
HIGHEST_HOPE: Final = 16
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


@dataclass(slots=True, eq=False)
class Place:
    """One generic path as the walk meets it: the rule there, and what was learned of it.

    ``hope`` says whether two values here are likely to be equal as a whole, so that writing both is cheaper than
    walking through them: a matter of cost alone. Where something below is ignored there never is any.
    """

    path: str
    name: str
    rule: PathRule
    ignores_below: bool
    hope: int
    _rules: DiffRules
    _children: dict[str, Place] = field(default_factory=dict)
    _items: Place | None = None

    def child(self, key: str) -> Place:
        """The place of a member of an object."""
        found = self._children.get(key)
        if found is None:
            name = STAR if self.rule.is_map else step(key)
            if len(self.path) > _LONGEST:
                name, path = "", self.path
            else:
                path = f"{self.path}.{name}" if self.path else name
            found = self._rules.place(path, name)
            if len(key) <= _LONGEST and self._rules.remembers():
                self._children[key] = found
        return found

    def items(self) -> Place:
        """The place of the items of a list."""
        if self._items is None:
            self._items = self._rules.place(f"{self.path}[]", "")
        return self._items

    def learn(self, same: bool) -> None:
        """Remember whether two values here were equal; where that failed too often it is not tried again."""
        self.hope = min(self.hope + 1, HIGHEST_HOPE) if same else self.hope - 1


@dataclass(slots=True, eq=False)
class DiffRules:
    """The rules of one route by generic path (``lines[].price``); ``*`` in a pattern stands for one step.

    What was looked up is remembered: bodies of one route have the same paths again and again.
    """

    exact: Mapping[str, PathRule] = field(default_factory=dict)
    patterns: tuple[tuple[re.Pattern[str], PathRule], ...] = ()
    root: Place = field(init=False)
    _known: dict[str, PathRule] = field(default_factory=dict)
    _dropped: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    _inside: tuple[str, ...] = ()
    _places: int = 0

    def __post_init__(self) -> None:
        ignored = [path for path, rule in self.exact.items() if rule.ignored]
        start = self.place("", "")
        plain = [path for path in ignored if path and _leads_to(start, path)]
        below: dict[tuple[str, ...], list[str]] = {}
        for *steps, last in (path.split(".") for path in plain):
            below.setdefault(tuple(steps), []).append(last)
        self._dropped = tuple((steps, tuple(names)) for steps, names in below.items())
        self._inside = tuple(path for path in ignored if path not in plain)
        self.root = self.place("", "")

    def at(self, path: str) -> PathRule:
        """The rule at a path; one that says nothing where there is none."""
        found = self._known.get(path)
        if found is None:
            found = self._find(path)
            if len(self._known) < _MOST:
                self._known[path] = found
        return found

    def place(self, path: str, name: str) -> Place:
        """A place that is met for the first time."""
        below = self._ignores_below(path)
        return Place(path, name, self.at(path), below, 0 if below else _FIRST_HOPE, self)

    def remembers(self) -> bool:
        """Whether one more place may be remembered."""
        self._places += 1
        return self._places < _MOST

    def drop(self, value: Any) -> Any:
        """The same value, out of which is taken what is ignored in it; but for what stands in lists."""
        for steps, names in self._dropped:
            holder = value
            for name in steps:
                holder = holder.get(name) if holder.__class__ is dict else None
            if holder.__class__ is dict:
                for name in names:
                    holder.pop(name, None)
        return value

    def _ignores_below(self, path: str) -> bool:
        """Whether something is ignored below a path that ``drop`` leaves there."""
        begins = (f"{path}.", f"{path}[") if path else ("",)
        return any(rule.ignored for _, rule in self.patterns) or any(one.startswith(begins) for one in self._inside)

    def _find(self, path: str) -> PathRule:
        found = self.exact.get(path)
        if found is not None:
            return found
        return next((rule for pattern, rule in self.patterns if pattern.fullmatch(path)), NO_RULE)


def _leads_to(start: Place, path: str) -> bool:
    """Whether members of the very names in a path lead there, and not into a map or a list."""
    for name in path.split("."):
        start = start.child(name)
    return start.path == path


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
