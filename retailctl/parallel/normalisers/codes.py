"""Normalisers of codes and of nothing: ``map``, ``null_if``, ``default``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers import stage as s
from retailctl.parallel.normalisers.conversions import conversion
from retailctl.parallel.normalisers.stage import TEXT, Stage, because
from retailctl.parallel.sql.dialect import Dialect


def map_codes(argument: Mapping[str, str], current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Code by code. A code that the table does not have is rejected: to guess would hide a new one."""
    rows = " ".join(f"when {dialect.literal(old)} then {dialect.literal(new)}" for old, new in argument.items())
    yield Stage(TEXT, lambda x: f"case {x} {rows} end", because(s.UNMAPPED_CODE))


def null_if(argument: Sequence[str], current: Type, dialect: Dialect) -> Iterator[Stage]:
    """These values mean nothing; that is no rejection."""
    values = ", ".join(_value(text, current, dialect) for text in argument)
    yield Stage(current, lambda x: f"case when {x} in ({values}) then null else {x} end")


def default(argument: str, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """What nothing means. A value that was rejected before stays so."""
    yield Stage(current, lambda x: f"coalesce({x}, {_value(argument, current, dialect)})")


def _value(text: str, type: Type, dialect: Dialect) -> str:
    """A constant of the plan as a value of a type."""
    made = dialect.literal(text)
    for stage in conversion(TEXT, type, dialect) or ():
        made = stage.make(made)
    return made
