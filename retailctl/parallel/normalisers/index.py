"""Every normaliser: what it takes, how it is made, and what may be wrong with its argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from retailctl.model.normaliser import Normaliser, Zone
from retailctl.parallel.columns import Type
from retailctl.parallel.normalisers import codes, numbers, patterns, text, times
from retailctl.parallel.normalisers.conversions import conversion
from retailctl.parallel.normalisers.stage import TEXT, TIME, WORKING, NoWay, Stage
from retailctl.parallel.normalisers.zones import shifts
from retailctl.parallel.sql.dialect import Dialect

Make = Callable[[Any, Type, Dialect], Iterator[Stage]]


class Row(NamedTuple):
    """One normaliser. ``takes`` is the type that it works on, None = whatever comes; ``says`` what it does, in words
    with ``{}`` for the argument; ``wrong`` why an argument cannot be used, "" where it can."""

    takes: Type | None
    make: Make
    says: str
    wrong: Callable[[Any], str] = lambda _: ""


def _wrong_zone(zone: Zone) -> str:
    return "" if shifts(zone.zone) else f"there is no zone {zone.zone[:60]}"


def _wrong_currency(code: str) -> str:
    return "" if len(code) == 3 and code.isascii() and code.isalpha() else "a currency has three letters, such as EUR"


def _wrong_factor(factor: Decimal) -> str:
    digits = factor.as_tuple()
    places = -int(digits.exponent) if isinstance(digits.exponent, int) else 0
    if not factor.is_finite() or not numbers.LEAST_FACTOR <= abs(factor) <= numbers.MOST_FACTOR or places > 9:
        return "a factor is from 0.000000001 to 1000000000, with at most nine decimal places"
    return ""


NORMALISERS: Final[dict[str, Row]] = {
    "trim": Row(TEXT, text.trim, "without outer blanks"),
    "strip_zeros": Row(TEXT, text.strip_zeros, "without zeros in front"),
    "nfc": Row(TEXT, text.nfc, "Unicode composed"),
    "casefold_ascii": Row(TEXT, text.casefold_ascii, "A to Z in {} case"),
    "map": Row(TEXT, codes.map_codes, "by a table of {} codes"),
    "decimal": Row(TEXT, numbers.decimal, "numbers written as in {}"),
    "minor_units": Row(WORKING, numbers.minor_units, "minor units of {}", _wrong_currency),
    "round": Row(WORKING, numbers.round_number, "rounded to {}"),
    "unit": Row(WORKING, numbers.unit, "times {}", _wrong_factor),
    "tz": Row(TIME, times.tz, "local time of {}", _wrong_zone),
    "truncate_ts": Row(TIME, times.truncate_ts, "cut to the {}"),
    "date_format": Row(TEXT, times.date_format, "written as {}", times.wrong_format),
    "null_if": Row(None, codes.null_if, "nothing where it is {}"),
    "default": Row(None, codes.default, "{} where there is nothing"),
    "regex": Row(TEXT, patterns.regex, "{}", patterns.wrong_regex),
    "prefix": Row(TEXT, text.prefix, "with {} in front"),
    "pad": Row(TEXT, text.pad, "filled to {}"),
}


def chain(source: Type, steps: Sequence[Normaliser], target: Type, dialect: Dialect) -> tuple[Stage, ...]:
    """All stages from a value of a source to a field. Raises NoWay, with the index of the step that cannot be.

    Between two steps a value becomes what the next one takes: a text is read as a number, a number told as text.
    """
    made: list[Stage] = []
    current = source
    for index, step in enumerate(steps):
        row = NORMALISERS[step.name]
        if row.takes is not None:
            made += _converted(current, row.takes, index, dialect)
            current = row.takes
        try:
            made += row.make(step.argument, current, dialect)
        except NoWay as no_way:
            raise no_way.at(index) from None
        current = made[-1].gives
    made += _converted(current, target, len(steps), dialect)
    return tuple(made)


def _converted(source: Type, target: Type, index: int, dialect: Dialect) -> tuple[Stage, ...]:
    found = conversion(source, target, dialect)
    if found is None:
        raise NoWay(f"{_article(source)} does not become {_article(target)} without loss").at(index)
    return found


def _article(type: Type) -> str:
    return f"{'an' if type.kind == 'int' else 'a'} {type}"
