"""Columns of the canonical form: what both sides are brought to before a row is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "int", "decimal", "float", "bool", "date", "timestamp"]
Side = Literal["legacy", "new"]
SIDES: Final[tuple[Side, Side]] = ("legacy", "new")
LETTER: Final[dict[Side, str]] = {"legacy": "l", "new": "n"}
NUMERIC: Final = frozenset({"int", "decimal", "float"})
MOST_DIGITS: Final = 38


@dataclass(frozen=True, slots=True)
class Type:
    """A canonical type. A timestamp is UTC without a zone, in microseconds; ``scale`` counts decimal places."""

    kind: Kind = "text"
    scale: int = 0

    def __str__(self) -> str:
        return f"decimal({self.scale})" if self.kind == "decimal" else self.kind


@dataclass(frozen=True, slots=True)
class Column:
    """One compared column: its name for people, and its type."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of both canonical views: the key, then what is compared.

    In SQL they are ``k0, k1, ...`` and ``v0, v1, ...``: names of people's files never reach a statement of the
    comparison, where engines fold their case, collide on ``a`` and ``A`` and quote in three ways.
    """

    keys: tuple[Column, ...]
    values: tuple[Column, ...]

    @property
    def key_names(self) -> tuple[str, ...]:
        """``k0, k1, ...``."""
        return tuple(f"k{n}" for n in range(len(self.keys)))

    @property
    def value_names(self) -> tuple[str, ...]:
        """``v0, v1, ...``."""
        return tuple(f"v{n}" for n in range(len(self.values)))

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the key first."""
        return self.key_names + self.value_names

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, in the order of ``names``."""
        return self.keys + self.values


def unified(one: Type, other: Type) -> Type:
    """The type that holds the values of both: what two sources of different types are compared as.

    Text gives way to the other type, as a file of text holds numbers and times as text; a number and a time have
    only text in common. Money in floating point is compared as the decimal that it is printed as.
    """
    if one == other:
        return one
    if "text" in {one.kind, other.kind}:
        return other if one.kind == "text" else one
    kinds = {one.kind, other.kind}
    if kinds == {"date", "timestamp"}:
        return Type("timestamp")
    if kinds <= NUMERIC:
        if "decimal" in kinds:
            return Type("decimal", max(one.scale, other.scale))
        return Type("float")
    return Type("text")
