"""JSON values by the rules of JSON Schema: 1 equals 1.0, true is not 1, arithmetic is exact."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

Domain = Literal["null", "boolean", "integer", "fraction", "string", "array", "object"]
"""The seven kinds of value. ``number`` is integer and fraction together, so that ``integer`` lies within it."""

DOMAINS: Final[tuple[Domain, ...]] = ("null", "boolean", "integer", "fraction", "string", "array", "object")

_NAMED: Final[Mapping[str, tuple[Domain, ...]]] = {
    "null": ("null",),
    "boolean": ("boolean",),
    "integer": ("integer",),
    "number": ("integer", "fraction"),
    "string": ("string",),
    "array": ("array",),
    "object": ("object",),
}
_MAX_EXPONENT: Final = 400  # 1e999999 as an exact number is a megabyte
_MAX_DEPTH: Final = 120


def domains_of(types: object) -> frozenset[Domain]:
    """The kinds of value that the value of ``type`` names. Names nobody knows count for nothing."""
    names = (types,) if isinstance(types, str) else types
    if not isinstance(names, (list, tuple)):
        return frozenset(DOMAINS)
    return frozenset(domain for name in names if isinstance(name, str) for domain in _NAMED.get(name, ()))


def number(value: object) -> Fraction | None:
    """The exact number a JSON number stands for; None for anything else, infinities, and absurd exponents."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        value = Decimal(repr(value))  # 0.1 means a tenth, as written
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= _MAX_EXPONENT:
        return Fraction(value)
    return None


def count(value: object) -> int | None:
    """A non-negative integer, as lengths are; None for anything else."""
    exact = number(value)
    return int(exact) if exact is not None and exact >= 0 and exact.denominator == 1 else None


def domain(value: object) -> Domain | None:
    """The kind of a value; None for what JSON does not know, or a number that cannot be taken exactly."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float, Decimal)):
        exact = number(value)
        return None if exact is None else "integer" if exact.denominator == 1 else "fraction"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (list, tuple)):
        return "array"
    return "object" if isinstance(value, Mapping) else None


def canonical(value: object, depth: int = 0) -> Hashable | None:
    """A hashable form, equal for equal JSON values; None where the value is nested too deep or is not JSON."""
    kind = domain(value)
    if kind is None or depth > _MAX_DEPTH:
        return None
    if kind in {"integer", "fraction"}:
        return ("number", number(value))
    if isinstance(value, (list, tuple)):
        items = [canonical(item, depth + 1) for item in value]
        return None if None in items else ("array", tuple(items))
    if isinstance(value, Mapping):
        pairs = [(str(key), canonical(item, depth + 1)) for key, item in value.items()]
        return None if any(item is None for _, item in pairs) else ("object", frozenset(pairs))
    return (kind, value if isinstance(value, (str, bool)) else None)


def plain(exact: Fraction) -> int | float | Decimal | None:
    """A JSON number for an exact one; None where decimal digits do not end."""
    if exact.denominator == 1:
        return int(exact)
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    near = float(exact)
    return near if number(near) == exact else Decimal(exact.numerator) / Decimal(exact.denominator)


def names(value: object) -> tuple[str, ...]:
    """The strings of a list, such as the value of ``required``."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()


def table(value: object) -> Mapping[str, object]:
    """The value if it is an object, else nothing."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> tuple[object, ...]:
    """The value if it is a list, else nothing."""
    return tuple(value) if isinstance(value, (list, tuple)) else ()
