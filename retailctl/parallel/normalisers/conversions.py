"""From one canonical type to another: nothing is lost on the way, or the value is rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from retailctl.parallel.columns import NUMERIC, Kind, Type
from retailctl.parallel.normalisers import stage as s
from retailctl.parallel.normalisers.stage import TIME, WORKING, Stage, because
from retailctl.parallel.sql.dialect import Dialect

WHOLE: Final = "[+-]?[0-9]+"
NUMBER: Final = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
TRUE: Final = ("true", "t", "yes", "y", "1")
FALSE: Final = ("false", "f", "no", "n", "0")
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_Pair = tuple[Kind, Kind]


def conversion(source: Type, target: Type, dialect: Dialect) -> tuple[Stage, ...] | None:
    """The stages from a type to another; none where they are the same, None where there is no way."""
    if source == target:
        return ()
    if source.kind == "float" and target.kind in {"decimal", "int"}:
        made = Stage(WORKING, lambda x: dialect.decimal_of_float(x, WORKING.scale), because(s.NOT_A_NUMBER))
        return (made, *(conversion(WORKING, target, dialect) or ()))
    if source.kind in NUMERIC and target.kind in NUMERIC:
        return (_number(source, target, dialect),)
    row = _ROWS.get((source.kind, target.kind))
    return (row(source, target, dialect),) if row else None


def case(text: str, dialect: Dialect, to: str = "lower") -> str:
    """A text with the letters A to Z in one case. ``lower`` would fold more than ASCII, and other on each engine."""
    sets = (_UPPER, _UPPER.lower()) if to == "lower" else (_UPPER.lower(), _UPPER)
    return f"translate({text}, {', '.join(map(dialect.literal, sets))})"


def decimal_pattern(scale: int) -> str:
    """Numbers that a decimal of this scale holds without loss."""
    places = rf"\.[0-9]{{0,{scale}}}0*" if scale else r"\.0*"
    begin = rf"|\.[0-9]{{1,{scale}}}0*" if scale else ""
    return rf"[+-]?([0-9]+({places})?{begin})"


def _number(source: Type, target: Type, dialect: Dialect) -> Stage:
    if target.kind == "float":
        return Stage(target, lambda x: f"cast({x} as {dialect.type_name(target)})")
    narrower = source.kind == "decimal" and source.scale > target.scale

    def make(x: str) -> str:
        fitted = dialect.fitted(x, target)
        return f"case when {fitted} = {x} then {fitted} end" if narrower else fitted

    lost = s.NOT_A_WHOLE_NUMBER if target.kind == "int" else s.TOO_PRECISE

    def reason(x: str) -> str:
        return f"case when {dialect.fitted(x, target)} is null then '{s.OUT_OF_RANGE}' else '{lost}' end"

    return Stage(target, make, reason if narrower else because(s.OUT_OF_RANGE))


# Blanks around a number are for `trim` to take off: to forgive them here would cost a third more for every row.
def _guarded(pattern: str, lost: str, wide: str) -> Callable[[Type, Type, Dialect], Stage]:
    def convert(source: Type, target: Type, dialect: Dialect) -> Stage:
        exact = pattern or decimal_pattern(target.scale)

        def make(x: str) -> str:
            return f"case when {dialect.matches(x, exact)} then {dialect.try_cast(x, target)} end"

        def reason(x: str) -> str:
            return (f"case when {dialect.matches(x, exact)} then '{s.OUT_OF_RANGE}' "
                    f"when {dialect.matches(x, NUMBER)} then '{wide}' else '{lost}' end")  # fmt: skip

        return Stage(target, make, reason)

    return convert


def _parsed(reason: str) -> Callable[[Type, Type, Dialect], Stage]:
    def convert(source: Type, target: Type, dialect: Dialect) -> Stage:
        return Stage(target, lambda x: dialect.try_cast(x, target), because(reason))

    return convert


def _truth(source: Type, target: Type, dialect: Dialect) -> Stage:
    def make(x: str) -> str:
        bare = case(x, dialect)
        yes, no = (", ".join(map(dialect.literal, words)) for words in (TRUE, FALSE))
        return f"case when {bare} in ({yes}) then true when {bare} in ({no}) then false end"

    return Stage(target, make, because(s.NOT_A_TRUTH_VALUE))


def _told(source: Type, target: Type, dialect: Dialect) -> Stage:
    return Stage(target, lambda x: dialect.text_of(x, source))


def _day(source: Type, target: Type, dialect: Dialect) -> Stage:
    def make(x: str) -> str:
        return f"case when date_trunc('day', {x}) = {x} then cast({x} as {dialect.type_name(target)}) end"

    return Stage(target, make, because(s.NOT_A_DATE))


def _midnight(source: Type, target: Type, dialect: Dialect) -> Stage:
    return Stage(TIME, lambda x: f"cast({x} as {dialect.type_name(TIME)})")


def _bit(source: Type, target: Type, dialect: Dialect) -> Stage:
    return Stage(target, lambda x: f"case when {x} = 1 then true when {x} = 0 then false end",
                 because(s.NOT_A_TRUTH_VALUE))  # fmt: skip


def _counted(source: Type, target: Type, dialect: Dialect) -> Stage:
    return Stage(target, lambda x: f"cast(case when {x} then 1 when not {x} then 0 end as {dialect.type_name(target)})")


_ROWS: Final[dict[_Pair, Callable[[Type, Type, Dialect], Stage]]] = {
    ("text", "int"): _guarded(WHOLE, s.NOT_A_NUMBER, s.NOT_A_WHOLE_NUMBER),
    ("text", "decimal"): _guarded("", s.NOT_A_NUMBER, s.TOO_PRECISE),
    ("text", "float"): _parsed(s.NOT_A_NUMBER),
    ("text", "bool"): _truth,
    ("text", "date"): _parsed(s.NOT_A_DATE),
    ("text", "timestamp"): _parsed(s.NOT_A_TIME),
    ("int", "text"): _told,
    ("decimal", "text"): _told,
    ("bool", "text"): _told,
    ("date", "text"): _told,
    ("timestamp", "text"): _told,
    ("timestamp", "date"): _day,
    ("date", "timestamp"): _midnight,
    ("int", "bool"): _bit,
    ("decimal", "bool"): _bit,
    ("bool", "int"): _counted,
    ("bool", "decimal"): _counted,
}
