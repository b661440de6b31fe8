"""Normalisers of codes and of nothing: ``map``, ``null_if``, ``default``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers import stage as s
from retailctl.parallel.normalisers.conversions import FALSE, NUMBER, TRUE, WHOLE, conversion, decimal_pattern
from retailctl.parallel.normalisers.stage import TEXT, NoWay, Stage, because
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
    value = _value(argument, current, dialect)
    yield Stage(current, lambda x: f"coalesce({x}, {value})")


def _value(text: str, type: Type, dialect: Dialect) -> str:
    """A constant of the plan as a value of a type. Raises NoWay where it is none: it would be nothing in silence."""
    if not _is_value(text, type):
        raise NoWay(f"{text[:20]!r} is no value of type {type}")
    made = dialect.literal(text)
    for stage in conversion(TEXT, type, dialect) or ():
        made = stage.make(made)
    return made


def _is_value(text: str, type: Type) -> bool:
    if type.kind in {"date", "timestamp"}:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            return False
        return True
    pattern = {"int": WHOLE, "decimal": decimal_pattern(type.scale), "float": NUMBER}.get(type.kind, "")
    if type.kind == "bool":
        return text.lower() in TRUE + FALSE
    return not pattern or re.fullmatch(pattern, text, re.ASCII) is not None
