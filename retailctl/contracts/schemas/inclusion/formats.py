"""Formats: which lie within which, and values that surely have them. Anything else about a format is undecided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from retailctl.contracts.schemas.inclusion.values import number

_WITHIN: Final[Mapping[str, frozenset[str]]] = {
    "int8": frozenset({"int16", "int32", "int64"}),
    "int16": frozenset({"int32", "int64"}),
    "int32": frozenset({"int64"}),
    "uint8": frozenset({"uint16", "uint32", "uint64", "int16", "int32", "int64"}),
    "uint16": frozenset({"uint32", "uint64", "int32", "int64"}),
    "uint32": frozenset({"uint64", "int64"}),
    "float": frozenset({"double"}),
    "email": frozenset({"idn-email"}),
    "hostname": frozenset({"idn-hostname"}),
    "uri": frozenset({"uri-reference", "iri", "iri-reference"}),
    "uri-reference": frozenset({"iri-reference"}),
    "iri": frozenset({"iri-reference"}),
    "url": frozenset({"uri", "uri-reference", "iri", "iri-reference"}),
}
"""Every value of the first has the others too: the OpenAPI format registry's ranges, and RFC 3986, 3987, 5890, 6531."""

_RANGE: Final[Mapping[str, tuple[int, int]]] = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}

SAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "date-time": ("2024-01-31T12:00:00Z", "2025-06-01T08:30:00Z"),
    "date": ("2024-01-31", "2025-06-01"),
    "time": ("12:00:00Z", "08:30:00Z"),
    "duration": ("P1D", "PT1H"),
    "email": ("a@example.com", "b@example.com"),
    "idn-email": ("a@example.com", "b@example.com"),
    "hostname": ("example.com", "a.example.com"),
    "idn-hostname": ("example.com", "a.example.com"),
    "ipv4": ("192.0.2.1", "192.0.2.2"),
    "ipv6": ("2001:db8::1", "2001:db8::2"),
    "uri": ("https://example.com/a", "https://example.com/b"),
    "url": ("https://example.com/a", "https://example.com/b"),
    "uri-reference": ("/b", "https://example.com/a"),
    "iri": ("https://example.com/a", "https://example.com/b"),
    "uuid": ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"),
    "byte": ("YQ==", "Yg=="),
    "json-pointer": ("/a", "/b"),
    "regex": ("a", "b"),
}

_TEXT: Final = frozenset({"password", "binary", "string", ""})
"""Formats that ask nothing of the text."""


def within(a: str, b: str) -> bool:
    """Tell if every value with format `a` surely has format `b`."""
    return a == b or b in _WITHIN.get(a, ()) or b in _TEXT


def has_format(value: object, name: str) -> bool | None:
    """Tell if a value has a format; None where that is not known. A format says nothing of other kinds of value."""
    if isinstance(value, str):
        if name in _RANGE or name in _TEXT or name in {"float", "double"}:
            return True
        return True if value in SAMPLES.get(name, ()) else None
    exact = number(value)
    if exact is None or (name not in _RANGE and name in SAMPLES):
        return True
    if name in _RANGE:
        low, high = _RANGE[name]
        return True if low <= exact <= high and exact.denominator == 1 else None
    if name in {"float", "double", "decimal"}:
        return True if abs(exact) < 2**24 and exact.denominator in {1, 2, 4, 8} else None
    return None


class Formed(str):
    """A text that has the formats and the content asked of it, and no others: what a format is, is left open.

    Formats are told apart by name where they count as constraints, as a registry has to do for those that it does not
    know. ``marks`` are the pairs of keyword and value that the text has.
    """

    __slots__ = ("marks",)

    marks: frozenset[tuple[str, str]]


def formed(text: str, marks: Iterable[tuple[str, str]]) -> Formed:
    """Return a text with these formats and this content."""
    made = Formed(text)
    made.marks = frozenset(marks)
    return made


def written(value: object) -> object:
    """Return a value as it is written: its texts are their characters."""
    if isinstance(value, Formed):
        return str(value)
    if isinstance(value, dict):
        return {str(key): written(item) for key, item in value.items()}
    return [written(item) for item in value] if isinstance(value, list) else value


def is_formed(value: str, keyword: str, name: str) -> bool | None:
    """Tell if a text has a format or content, where these count as constraints; None where that is not known."""
    if keyword == "format" and (name in _RANGE or name in _TEXT or name in {"float", "double"}):
        return True
    if isinstance(value, Formed):
        return any(own == keyword and (mark == name or (own == "format" and within(mark, name)))
                   for own, mark in value.marks)  # fmt: skip
    return _asserted(name, value) if keyword == "format" and name in _ASSERTED else None


_ASSERTED: Final = frozenset({
    "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri",
    "uri-reference", "iri", "iri-reference", "uuid", "json-pointer", "relative-json-pointer", "regex", "uri-template",
})  # fmt: skip
"""The formats of JSON Schema 2020-12 (Validation, 7.3)."""


@lru_cache(maxsize=4096)
def _asserted(name: str, text: str) -> bool:
    import jsonschema_rs

    schema = {"format": name}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(text)


def range_of(name: str) -> tuple[int, int] | None:
    """Return the smallest and largest value of an integer format; None for other formats."""
    return _RANGE.get(name)
