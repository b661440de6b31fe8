"""JSON bodies in and canonical bytes out: by orjson where it is installed, by the standard library elsewhere.

Both give the same values. Where a body holds a number of more digits than a float keeps, it is read again with exact
numbers; what neither can read is told apart from what is no JSON at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from importlib import import_module
from math import isfinite
from typing import Any, Final, NamedTuple, NoReturn

_RUN: Final = b"9" * 17
"""A float keeps 15 digits (IEEE 754): 16 of them and a point are a run of 17. Whole numbers are exact to 64 bits."""
_STRIDE: Final = 4
_SOME: Final = b"9999"
_DIGITS: Final = bytes(57 if chr(code) in "0123456789." else 32 for code in range(256))
_LONG_NUMBER: Final = re.compile(rb"(?:[:\[,\s]|\A)(-?(?:(?=\d*\.)[\d.]{17}|\d{19})[\d.]*)")


@dataclass(frozen=True, slots=True)
class Codec:
    """``loads`` raises ValueError or RecursionError; ``canonical`` gives equal bytes for equal values of equal types,
    in any order of keys."""

    name: str
    loads: Callable[[bytes], Any]
    canonical: Callable[[Any], bytes]


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _standard(data: bytes) -> Any:
    return json.loads(data.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        _refuse("infinity")
    return number


def _canonical(value: Any) -> bytes:
    return _SORTED.encode(value).encode()


def _decimal(value: Any) -> str:
    """The digits that count and their exponent, so that 1.10 and 1.1 are one; writing it out might take gigabytes."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    plain = text.rstrip("0") or "0"
    return f"decimal {sign} {plain} {exponent + len(text) - len(plain) if plain != '0' else 0}"


_SORTED: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_decimal)
STANDARD: Final = Codec("json", _standard, _canonical)


@cache
def codec() -> Codec:
    """The faster one of those that are installed."""
    try:
        orjson: Any = import_module("orjson")
    except ImportError:
        return STANDARD
    return Codec("orjson", orjson.loads, partial(orjson.dumps, option=orjson.OPT_SORT_KEYS))


class Loaded(NamedTuple):
    """A body that is JSON; fractions are Decimal."""

    value: Any


@dataclass(frozen=True, slots=True)
class Opaque:
    """A body that is compared as bytes. ``why`` is empty for one that is not JSON and need not be.

    ``digest`` is that of a body that is not taken apart: SHA-256, never to be shown as it is.
    """

    why: str = ""
    size: int = 0
    digest: str = ""


def load_exact(data: bytes) -> Loaded | Opaque:
    """Read one body with exact numbers, and lone surrogates, which orjson refuses; never raises."""
    try:
        return Loaded(json.loads(data.decode("utf-8"), parse_constant=_refuse, parse_float=Decimal))
    except RecursionError:
        return Opaque("nested too deep")
    except (ValueError, InvalidOperation):
        return Opaque(_reason(data))


def repeats_a_key(data: bytes) -> bool:
    """Whether a key stands twice in one object of a JSON body: readers keep either of the values."""
    try:
        json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_float=str, parse_int=str)
    except _Repeated:
        return True
    except (ValueError, RecursionError):
        return False
    return False


def needs_exact(data: bytes) -> bool:
    """Whether a body may hold a number of more digits than a float keeps; a short pass in C for nearly all.

    A number that is written as Python writes the float is one: no other float is written so.
    """
    if _SOME not in data[::_STRIDE].translate(_DIGITS):  # a run of 17 leaves four of these
        return False
    return _RUN in data.translate(_DIGITS) and not all(map(_is_float, _LONG_NUMBER.findall(data)))


def _is_float(text: bytes) -> bool:
    try:
        return repr(float(text)).encode() == text
    except ValueError:
        return False


class _Repeated(Exception):
    """Raised by the hook at the first key that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Repeated
    return made


def _reason(data: bytes) -> str:
    """Why a body that begins like JSON is none; empty for other media, which are compared as bytes anyway."""
    head = data.lstrip()[:1]
    if head not in (b"{", b"["):
        return ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "not UTF-8"
    return "not valid JSON"
