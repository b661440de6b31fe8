"""Numbers and strings within the limits of a flat, the plainest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from math import ceil, floor, isfinite

from retailctl.contracts.witness import regex
from retailctl.contracts.witness.flat import Flat

_EXACT = 2**53  # beyond it a float is a whole number by accident
LONGEST_TEXT = 2000

FORMATS: dict[str, tuple[str, ...]] = {
    "date": ("2020-01-31", "2021-02-01"),
    "date-time": ("2020-01-31T00:00:00Z", "2020-01-31T12:30:00.5+02:00"),
    "time": ("12:30:00Z", "12:30:00+02:00"),
    "duration": ("P1D", "PT1H"),
    "email": ("a@example.com", "b@example.org"),
    "hostname": ("example.com", "a.example.org"),
    "ipv4": ("192.0.2.1", "192.0.2.2"),
    "ipv6": ("2001:db8::1", "2001:db8::2"),
    "json-pointer": ("/a", "/b"),
    "uri": ("https://example.com", "urn:a:b"),
    "uri-reference": ("/a", "https://example.com"),
    "uuid": ("00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"),
}
_PADDED = {"email", "uri", "uri-reference", "json-pointer"}  # longer texts of the same format end alike


def fits(flat: Flat, number: float) -> bool:
    """Tell whether *number* is within the bounds and a multiple of all factors (exactly, in decimal)."""
    if not (flat.low <= number <= flat.high and flat.over < number < flat.under):
        return False
    return all((Fraction(str(number)) / Fraction(str(factor))).denominator == 1 for factor in flat.factors)


def numbers(flat: Flat, integer: bool, others: Iterable[Flat] = ()) -> Iterator[float]:
    """Yield distinct numbers that fit *flat*; those beside the limits of *others* come first."""
    seen: set[float] = set()
    others = list(others)
    for number in (
        *_beside(others),
        *_multiples(flat, others),
        1,
        0,
        *_beside([flat]),
        *_multiples(flat, [flat]),
        2,
        3,
        7,
        -1,
        0.5,
        -2,
        100,
    ):
        if not integer and isinstance(number, int) and number not in seen and fits(flat, number):
            seen.add(number)
            yield number
            continue
        if integer and (not isfinite(number) or number != int(number)):
            continue
        found = int(number) if abs(number) < _EXACT and number == floor(number) else number
        if found not in seen and fits(flat, found):
            seen.add(found)
            yield found


def _beside(limits: Iterable[Flat]) -> Iterator[float]:
    for flat in limits:
        for bound in (flat.low, flat.high, flat.over, flat.under):
            if isinstance(bound, int) or isfinite(bound):
                yield from (bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5, bound + 0.001, bound - 0.001)
                yield from (ceil(bound), floor(bound))
        for factor in flat.factors:
            yield from (factor, factor + 1, factor / 2)
        if isfinite(flat.low) and isfinite(flat.high):
            yield (flat.low + flat.high) / 2


def _multiples(flat: Flat, limits: Iterable[Flat]) -> Iterator[float]:
    for factor in flat.factors:
        unit = Fraction(str(factor))
        bounds = [bound for one in limits for bound in (one.low, one.over, one.high, one.under) if isfinite(bound)]
        for start in dict.fromkeys((*bounds, 0)):
            first = ceil(Fraction(str(start)) / unit)
            for step in (0, 1, -1, 2, 3, 5, 7, 11):
                product = unit * (first + step)
                yield int(product) if product.denominator == 1 else float(product)


def strings(flat: Flat, lengths: Iterable[int] = ()) -> Iterator[str]:
    """Yield distinct strings meant to fit *flat*, first of the given lengths, then of the shortest one above zero."""
    seen: set[str] = set()
    longest = LONGEST_TEXT if flat.longest is None else min(flat.longest, LONGEST_TEXT)
    wanted = [length for length in dict.fromkeys(lengths) if flat.shortest <= length <= longest]
    exact = [(length, length) for length in wanted]
    # A pattern may not have a text of each length.
    at_least = [(length, longest) for length in wanted] if flat.patterns else []
    for low, high in [*exact, *at_least, (flat.shortest, longest)]:
        found = (text for text in _texts(flat, low, high) if low <= len(text) <= high and text not in seen)
        for text in islice(found, 1 if low == high else None):
            seen.add(text)
            yield text


def _texts(flat: Flat, low: int, high: int) -> Iterator[str]:
    for pattern in flat.patterns:
        yield from regex.samples(pattern, max(low, min(1, high)), high)
        yield from regex.samples(pattern, low, high)
    for form in flat.formats:
        for text in FORMATS.get(form, ()):
            yield text
            if form in _PADDED and len(text) < low:
                yield _padded(form, text, low)
    length = min(max(low, 1), high)
    if not flat.patterns or length > 0:
        for char in "xyzA0 -":
            yield char * length
    if length > 1:
        yield "x" * (length - 1) + "y"
    if low == 0:
        yield ""


def _padded(form: str, text: str, length: int) -> str:
    missing = length - len(text)
    if form == "email":
        name, _, host = text.partition("@")
        room = min(missing, 60)
        return f"{name}{'a' * room}@{'a.' * ((missing - room) // 2)}{'a' * ((missing - room) % 2)}{host}"
    return f"{text}/{'a' * (missing - 1)}" if form == "uri" else text + "a" * missing
