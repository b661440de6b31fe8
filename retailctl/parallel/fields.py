"""How a field is compared, and what its difference is called: judgement as a table (docs/parallel.md, field classes).

Each class is a row with a condition over the two values, in SQL; the first that holds names the difference. A
condition over NULL is not true, so that a value against nothing falls through to NULL_DEFAULT or VALUE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from retailctl.parallel.columns import NUMERIC, Column, Type
from retailctl.parallel.sql.dialect import Dialect

Mode = Literal["exact", "abs", "rel", "minor_units", "set"]
FieldClass = Literal[
    "ROUNDING", "SCALE", "SIGN", "TZ_SHIFT", "TRUNCATION", "FORMAT", "NULL_DEFAULT", "CODE_MAP", "STALE", "VALUE"
]
WITHIN: Final = "WITHIN"
"""Stands beside the classes for a difference that the tolerance allows: the field counts as equal."""
UNEXPLAINED: Final = "VALUE"
_QUARTER, _MOST_SHIFT = 15 * 60, 14 * 3600
_FACTORS: Final = (100, 1000)
_NOTHINGS: Final = ("", "0", "-", "n/a", "na", "null", "none")
_FIRST_DAYS: Final = ("0001-01-01", "1900-01-01", "1970-01-01")
_RECKONED: Final = 34
"""Digits that every engine calculates with: Spark rounds what is longer, even where only a sign changes."""
_UNITS: Final = ("second", "minute", "hour", "day")


@dataclass(frozen=True, slots=True)
class Field:
    """One compared field. ``tolerance`` is in the field's unit, a share for ``rel``, a count for ``minor_units``.

    ``rounding`` is the most minor units that count as ROUNDING, ``packs`` are further factors of SCALE (pack sizes).
    """

    column: Column
    mode: Mode = "exact"
    tolerance: Decimal = Decimal(0)
    rounding: int = 1
    packs: tuple[int, ...] = ()


class Values(NamedTuple):
    """The two values of a field in a statement."""

    legacy: str
    new: str
    field: Field
    dialect: Dialect


Condition = Callable[[Values], str | None]


class Class(NamedTuple):
    """One row of the table: a name, and the condition for a field (None where it cannot apply to its type)."""

    name: FieldClass
    condition: Condition


def _rounding(two: Values) -> str | None:
    type = two.field.column.type
    if type.kind != "decimal":
        return None
    most = Decimal(two.field.rounding).scaleb(-type.scale)
    return _fits(two, f"abs({two.legacy} - {two.new}) <= {most:f}", _digits(most))


def _scale(two: Values) -> str | None:
    if two.field.column.type.kind not in NUMERIC:
        return None
    factors = sorted({*_FACTORS, *two.field.packs} - {1})
    legacy, new = _wide(two)
    ways = [f"{a} = {b} * {factor}" for factor in factors for a, b in ((new, legacy), (legacy, new))]
    return _fits(two, f"{two.legacy} <> 0 and ({' or '.join(ways)})", len(str(factors[-1])))


def _sign(two: Values) -> str | None:
    if two.field.column.type.kind not in NUMERIC:
        return None
    legacy, new = _wide(two)
    return _fits(two, f"{legacy} = -{new}", 0)


def _wide(two: Values) -> tuple[str, str]:
    """The two numbers with room for arithmetic: the last integers of 64 bits have none."""
    if two.field.column.type.kind != "int":
        return two.legacy, two.new
    wide = two.dialect.type_name(Type("decimal"))
    return f"cast({two.legacy} as {wide})", f"cast({two.new} as {wide})"


def _fits(two: Values, condition: str, digits: int) -> str:
    """A condition whose numbers may be ``digits`` longer than both values; false where that is too long to count."""
    type = two.field.column.type
    if type.kind == "int":
        return condition
    most = "1e290" if type.kind == "float" else "1" + "0" * max(_RECKONED - type.scale - digits, 0)
    within = " and ".join(f"{value} > -{most} and {value} < {most}" for value in (two.legacy, two.new))
    return f"(case when {within} then {condition} else false end)"


def _digits(number: Decimal) -> int:
    """How many digits a product with it may have more, before and after the point."""
    sign, digits, exponent = number.as_tuple()
    del sign
    return len(digits) + abs(int(exponent))


def _tz_shift(two: Values) -> str | None:
    if two.field.column.type.kind != "timestamp":
        return None
    apart = two.dialect.microseconds_between(two.new, two.legacy)
    return f"{apart} % {_QUARTER * 1_000_000} = 0 and abs({apart}) <= {_MOST_SHIFT * 1_000_000}"


def _truncation(two: Values) -> str | None:
    kind = two.field.column.type.kind
    if kind == "text":
        return " or ".join(_cut(*pair, two.dialect) for pair in ((two.new, two.legacy), (two.legacy, two.new)))
    if kind != "timestamp":
        return None
    return " or ".join(f"{short} = date_trunc('{unit}', {long})" for unit in _UNITS
                       for short, long in ((two.new, two.legacy), (two.legacy, two.new)))  # fmt: skip


def _cut(short: str, long: str, dialect: Dialect) -> str:
    """Something visible is gone from the end: blanks alone are a matter of FORMAT."""
    visible = f"{dialect.trimmed(short)} <> {dialect.trimmed(long)}"
    return f"(length({short}) > 0 and left({long}, length({short})) = {short} and {visible})"


def _format(two: Values) -> str | None:
    if two.field.column.type.kind != "text":
        return None
    one, other = (two.dialect.folded(value) for value in (two.legacy, two.new))
    zeros = " = ".join(f"trim(leading '0' from {value})" for value in (one, other))
    return f"{one} = {other} or ({one} <> '' and {other} <> '' and {zeros})"


def _is_zero(value: str) -> str:
    return f"{value} = 0"


def _null_default(two: Values) -> str | None:
    kind = two.field.column.type.kind
    quoted = two.dialect.literal
    ways: dict[str, Callable[[str], str]] = {
        "text": lambda value: f"lower({two.dialect.trimmed(value)}) in ({', '.join(map(quoted, _NOTHINGS))})",
        "bool": lambda value: f"not {value}",
        "date": lambda value: f"{value} in ({', '.join(f'date {quoted(day)}' for day in _FIRST_DAYS)})",
        "timestamp": lambda value: f"{value} in ({', '.join(f'timestamp {quoted(day)}' for day in _FIRST_DAYS)})",
    }
    is_default = ways.get(kind, _is_zero)
    return (f"({two.legacy} is null and {is_default(two.new)}) or "
            f"({two.new} is null and {is_default(two.legacy)})")  # fmt: skip


# CODE_MAP needs all rows of an old value, and STALE older versions: both are told afterwards, among VALUE.
CLASSES: Final = (
    Class("ROUNDING", _rounding),
    Class("SCALE", _scale),
    Class("SIGN", _sign),
    Class("TZ_SHIFT", _tz_shift),
    Class("TRUNCATION", _truncation),
    Class("FORMAT", _format),
    Class("NULL_DEFAULT", _null_default),
)


def within(two: Values) -> str | None:
    """Whether two different values are equal as far as the plan cares."""
    field, most = two.field, two.field.tolerance
    kind = field.column.type.kind
    if field.mode == "set":
        return f"{two.dialect.as_set(two.legacy)} = {two.dialect.as_set(two.new)}" if kind == "text" else None
    if field.mode == "exact" or not most:
        return None
    if kind == "timestamp":
        apart = two.dialect.microseconds_between(two.new, two.legacy)
        return f"abs({apart}) <= {most * 1_000_000:f}"
    if kind not in NUMERIC:
        return None
    legacy, new = _wide(two)
    apart = f"abs({legacy} - {new})"
    if field.mode == "rel":
        return _fits(two, f"{apart} <= {most:f} * greatest(abs({legacy}), abs({new}))", _digits(most))
    unit = most.scaleb(-field.column.type.scale) if field.mode == "minor_units" else most
    return _fits(two, f"{apart} <= {unit:f}", _digits(unit))


def field_class(two: Values) -> str:
    """The class of a field as one expression: NULL where both values are the same."""
    named = [(row.name, row.condition(two)) for row in CLASSES]
    tolerated = [(WITHIN, within(two))]
    whens = " ".join(f"when {test} then '{name}'" for name, test in (*tolerated, *named) if test)
    return f"case when {two.dialect.same(two.legacy, two.new)} then null {whens} else '{UNEXPLAINED}' end"
