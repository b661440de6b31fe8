"""The notation of types in ``specification.tsv``.

``@name`` is an object of the table, ``ref`` a Reference Object and ``ref@name`` one to such an object; ``[type]`` is a
list, ``[type]!`` one without repetition, ``{type}`` a map and ``{keys: type}`` a map whose keys follow a pattern.
``'text'`` is that text. Between slashes stand alternatives: ``type(array)`` is meant where the value is a list,
``@name(key)`` where it has the key, ``ref`` where it has ``$ref``; whichever has no condition is meant otherwise. Any
other word is a fragment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"'[^']*'|[\w@.$-]+|[\[\]{}()/!:]")
_KINDS: Final = ("array", "object")


@dataclass(frozen=True, slots=True)
class Word:
    """A fragment, or an object of the table when ``is_object``."""

    name: str
    is_object: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """One text."""

    text: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; ``unique`` forbids repetition."""

    item: Type
    unique: bool


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map; ``keys`` names the pattern of its keys, "" for any."""

    item: Type
    keys: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives with the condition that picks each: a key, ``array``, ``object``, or "" for otherwise."""

    options: tuple[tuple[str, Type], ...]


Type = Word | Literal | ListOf | MapOf | Choice


def parse(text: str) -> Type:
    """The type that a cell of the table says. Recursive: the table nests a few levels."""
    tokens = _TOKEN.findall(text)
    found, rest = _choice(tokens)
    if rest or "".join(tokens) != text.replace(" ", ""):
        raise ValueError(f"not a type: {text}")
    return found


def picks(condition: str, value: object) -> bool:
    """Whether a condition of a choice holds for a value."""
    if condition in _KINDS:
        return isinstance(value, list if condition == "array" else dict)
    return isinstance(value, dict) and condition in value


def test_of(condition: str) -> dict[str, object]:
    """The JSON Schema of a condition."""
    if condition in _KINDS:
        return {"type": condition}
    return {"type": "object", "required": [condition]}


def _choice(tokens: list[str]) -> tuple[Type, list[str]]:
    options: list[tuple[str, Type]] = []
    while True:
        found, tokens = _single(tokens)
        condition = "$ref" if found == Word("ref") else ""
        if tokens[:1] == ["("]:
            condition, tokens = tokens[1], tokens[3:]
        options.append((condition, found))
        if tokens[:1] != ["/"]:
            break
        tokens = tokens[1:]
    if len(options) == 1:
        return options[0][1], tokens
    options.sort(key=lambda option: (option[0] == "", option[0] != "$ref"))
    return Choice(tuple(options)), tokens


def _single(tokens: list[str]) -> tuple[Type, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "[":
        item, rest = _choice(rest)
        unique = rest[1:2] == ["!"]
        return ListOf(item, unique), rest[2 if unique else 1 :]
    if first == "{":
        keys = ""
        if rest[1] == ":":
            keys, rest = rest[0], rest[2:]
        item, rest = _choice(rest)
        return MapOf(item, keys), rest[1:]
    if first.startswith("'"):
        return Literal(first[1:-1]), rest
    return (Word(first[1:], is_object=True) if first.startswith("@") else Word(first)), rest
