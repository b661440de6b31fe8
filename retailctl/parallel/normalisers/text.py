"""Normalisers of texts: ``trim``, ``strip_zeros``, ``casefold_ascii``, ``nfc``, ``prefix``, ``pad``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from retailctl.model.normaliser import Padding
from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers.conversions import case
from retailctl.parallel.normalisers.stage import TEXT, Stage
from retailctl.parallel.sql.dialect import Dialect

BLANKS: Final = " \t\n\r\f\v\u00a0"


def trim(argument: Any, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Blanks, tabs, line ends and no-break spaces go, at either end."""
    yield Stage(TEXT, lambda x: dialect.trimmed(x, BLANKS))


def strip_zeros(argument: Any, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Zeros in front go; of nothing but zeros one stays."""

    def make(x: str) -> str:
        bare = f"coalesce(nullif(trim(leading '0' from {x}), ''), '0')"
        return f"case when left({x}, 1) = '0' then {bare} else {x} end"

    yield Stage(TEXT, make)


def casefold_ascii(argument: Any, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """A to Z in one case; ``ß`` and ``É`` stay, as engines disagree on them."""
    to = "upper" if argument == "upper" else "lower"
    yield Stage(TEXT, lambda x: case(x, dialect, to))


def nfc(argument: Any, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Letters with marks as one character."""
    yield Stage(TEXT, dialect.composed)


def prefix(argument: str, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """A text before it; nothing stays nothing."""
    yield Stage(TEXT, lambda x: f"{dialect.literal(argument)} || {x}")


def pad(argument: Padding, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Filled on the left. ``lpad`` alone would cut what is longer."""
    filled = f"{argument.width}, {dialect.literal(argument.fill)}"
    yield Stage(TEXT, lambda x: f"case when length({x}) < {argument.width} then lpad({x}, {filled}) else {x} end")
