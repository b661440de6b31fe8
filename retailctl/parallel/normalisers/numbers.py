"""Normalisers of numbers: ``decimal``, ``minor_units``, ``round``, ``unit``. Never in floating point."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from retailctl.model.normaliser import NumberFormat, Rounding
from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers import stage as s
from retailctl.parallel.normalisers.stage import TEXT, WORKING, Stage, because
from retailctl.parallel.sql.dialect import Dialect

MINOR_DIGITS: Final = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
                     "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # fmt: skip
"""Currencies that do not have two decimal places (ISO 4217)."""
USUAL_DIGITS: Final = 2
LEAST_FACTOR, MOST_FACTOR = Decimal("0.000000001"), Decimal(1_000_000_000)


class _Format(NamedTuple):
    """The decimal sign, the signs between groups, and the sizes of the groups but the last, which has three digits."""

    point: str
    groups: str
    size: str = "{3}"


_FORMATS: Final[dict[NumberFormat, _Format]] = {
    "plain": _Format(".", ""),
    "en": _Format(".", ","),
    "in": _Format(".", ",", "{2}"),
    "de": _Format(",", "."),
    "fr": _Format(",", " \u00a0\u202f"),
    "ch": _Format(".", "'\u2019"),
}


def decimal(argument: NumberFormat, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """A number as written in a country, as plain text: ``1.234,50`` (de) becomes ``1234.50``.

    Groups must be right where there are any: ``1.23`` is no number in de, not 123. A sign may follow (``12,50-``), as
    in exports of older systems.
    """
    form = _FORMATS[argument]
    digits = "[0-9]+"
    if form.groups:
        each = "|".join(rf"([0-9]{{1,3}}({sign}[0-9]{form.size})*{sign}[0-9]{{3}})" for sign in map(_sign, form.groups))
        digits = f"({each}|[0-9]+)"
    amount = rf"{digits}({_sign(form.point)}[0-9]*)?|{_sign(form.point)}[0-9]+"
    pattern = f"[+-]?({amount})|({amount})-"

    def make(x: str) -> str:
        plain = x
        for sign in form.groups:
            plain = f"replace({plain}, {dialect.literal(sign)}, '')"
        if form.point != ".":
            plain = f"replace({plain}, {dialect.literal(form.point)}, '.')"
        behind = f"'-' || trim(trailing '-' from {plain})"
        signed = f"case when right({x}, 1) = '-' then {behind} else {plain} end"
        return f"case when {dialect.matches(x, pattern)} then {signed} end"

    yield Stage(TEXT, make, because(s.NOT_A_NUMBER))


def _sign(character: str) -> str:
    return rf"\{character}" if character == "." else character


def minor_units(argument: str, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Whole minor units of a currency as an amount: 1250 is 12.50 EUR, 1250 JPY and 1.250 KWD."""
    digits = MINOR_DIGITS.get(argument.upper(), USUAL_DIGITS)
    whole = Type("decimal")
    yield Stage(whole, lambda x: f"case when {dialect.fitted(x, whole)} = {x} then {dialect.fitted(x, whole)} end",
                because(s.NOT_A_WHOLE_NUMBER))  # fmt: skip
    factor = Decimal(1).scaleb(-digits)
    yield Stage(WORKING, lambda x: dialect.multiplied(x, factor, WORKING.scale), because(s.OUT_OF_RANGE))


def unit(argument: Decimal, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Times a factor, exactly."""
    yield Stage(WORKING, lambda x: dialect.multiplied(x, argument, WORKING.scale), because(s.OUT_OF_RANGE))


def round_number(argument: Rounding, current: Type, dialect: Dialect) -> Iterator[Stage]:
    """Rounded the way that is said: engines agree on ``round`` of decimals (half away from zero), the rest is made
    of it."""
    target = Type("decimal", argument.scale)
    step = f"{Decimal(1).scaleb(-argument.scale):f}"
    half = f"{Decimal(5).scaleb(-argument.scale - 1):f}"
    near = Stage(target, lambda x: dialect.fitted(x, target), because(s.OUT_OF_RANGE))
    if argument.mode == "half_up":
        yield near
        return

    def make(x: str) -> str:
        r = dialect.fitted(x, target)
        back = f"case when {x} < 0 then {r} + {step} else {r} - {step} end"
        on = f"case when {x} < 0 then {r} - {step} else {r} + {step} end"
        halved = dialect.multiplied(r, Decimal("0.5"), argument.scale + 1)
        odd = f"{halved} <> {dialect.fitted(halved, target)}"
        chosen = {
            "half_even": f"case when abs({r} - {x}) = {half} and {odd} then {back} else {r} end",
            "down": f"case when abs({r}) > abs({x}) then {back} else {r} end",
            "up": f"case when abs({r}) < abs({x}) then {on} else {r} end",
        }[argument.mode]
        return dialect.fitted(chosen, target)

    yield Stage(target, make, because(s.OUT_OF_RANGE))
