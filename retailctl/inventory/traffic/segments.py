"""Segments of paths that name one record (numbers, UUIDs, hashes, dates, codes), and what stands for them.

Two stages. The expression of ``shortener`` does the common shapes for thousands of paths at once; ``segment`` judges
one segment with care, and only paths that were not met before come to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote_from_bytes

_LONGEST: Final = 64
# Behind these one digit, or a month, is a version if more follows: /json/2/, /rest/1/, /admin/api/2024-01/.
_VERSIONED: Final = rb"(?<!/api/)(?<!/API/)(?<!/rest/)(?<!/REST/)(?<!/json/)(?<!/xmlrpc/)(?<!/version/)(?<!/ws/)"
_BEFORE: Final = frozenset({b"api", b"rest", b"json", b"xmlrpc", b"version", b"ws"})
_UUID: Final = rb"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_END: Final = rb"(?=[/\n]|\.[a-z]{2,5}[/\n])"
_COMMON: Final = (
    rb"(?=[A-Za-z_-]*+\d)"  # most segments end here: nothing else is tried on a word
    rb"(?:\d{2,}+|\d(?=\n)|(?=\d)"
    + _VERSIONED
    + rb"\d|"
    + _UUID
    + rb"|[A-Za-z]{1,6}+[-_]?\d{4,}+|[0-9a-f]{8,}+)"
    + _END
)
_DATE: Final = re.compile(rb"(?:19|20)\d\d[-_.](?:0[1-9]|1[0-2])(?:[-_.](?:0[1-9]|[12]\d|3[01]))?(?:T[0-9:.Z%+-]*)?")
_NUMBERS: Final = re.compile(rb"[A-Za-z]{0,6}[-_.+]?\d+(?:[-_.:,+]\d+){0,11}[A-Za-z]?")
_UUIDS: Final = re.compile(_UUID + rb"|[0-9A-Fa-f]{32}")
_HEX: Final = re.compile(rb"(?=[a-f]*\d)[0-9a-f]{8,}|(?=[A-F]*\d)[0-9A-F]{8,}")
_TOKEN: Final = re.compile(rb"[A-Za-z0-9_~.=%-]+")
_WORD: Final = re.compile(rb"[a-z]{2,}|[A-Z][a-z]+")
_ENDING: Final = re.compile(rb"(?<=.)\.(?:html?|xhtml|xml|json|csv|pdf|txt|php|aspx?|jsp|do|md|zip|gz|xlsx?|docx?|rss|atom|wsdl)$")  # fmt: skip  # noqa: E501
_VERSION: Final = re.compile(rb"[vV]\d{1,3}(?:\.\d{1,3}){0,2}|\d{1,2}(?:\.\d{1,3}){1,2}|(?P<bare>\d|20\d\d-\d\d)")
_ARGUMENT: Final = re.compile(rb"\((?:[^()]{1,64})\)$")
_SAFE: Final = "!$&'()*+,;=:@-._~%{}"
STATIC: Final = frozenset(
    b"css js mjs map less scss png jpg jpeg gif svg ico webp avif bmp woff woff2 ttf eot otf mp4 webm mp3 ogg".split()
)  # fmt: skip


def shortener(literals: Iterable[str]) -> re.Pattern[bytes]:
    """What makes ``GET /orders/{id}`` of ``GET /orders/4711``, in a text with a path at the end of each line.

    ``literals`` are segments of known templates: some of them only look like an id.
    """
    kept = sorted({text.encode("utf-8", "surrogatepass") for text in literals if any(c.isdigit() for c in text)})
    but = rb"(?!(?:" + b"|".join(map(re.escape, kept)) + rb")[/\n])" if kept else b""
    return re.compile(b"/" + but + _COMMON)


def ending(segment: bytes) -> tuple[bytes, bytes]:
    """A file name as stem and ending (``.html``); the ending is empty for other segments."""
    found = _ENDING.search(segment)
    return (segment[: found.start()], found[0]) if found else (segment, b"")


def is_static(segments: list[bytes]) -> str:
    """The kind of file (``css``) if a path leads to a part of a page, which is nobody's interface; else empty."""
    if segments[-1:] == [b"robots.txt"]:
        return "txt"
    _, dot, kind = segments[-1].rpartition(b".") if segments else (b"", b"", b"")
    return kind.lower().decode() if dot and kind.lower() in STATIC else ""


def segment(raw: bytes, before: bytes, *, last: bool = False) -> str:
    """What stands in a template for a segment: a parameter, or the segment itself in clean ASCII.

    ``before`` is the segment in front of it: behind ``api`` one digit is a version, unless it is the last.
    """
    if raw.startswith(b"{name}"):
        return "{name}" + ending(raw)[1].decode()
    if raw.startswith(b"{id}"):
        return _clean(raw)
    stem, end = ending(raw)
    if len(stem) > _LONGEST:
        return "{id}" + end.decode()
    argument = _ARGUMENT.search(stem)
    if argument is not None:  # OData: Customers(4711)
        return _clean(stem[: argument.start()]) + "({id})"
    version = _VERSION.fullmatch(stem)
    is_version = version is not None and (not version["bare"] or (before.lower() in _BEFORE and not last))
    kind = "" if is_version else _kind(stem)
    return (f"{{{kind}}}" if kind else _clean(stem)) + end.decode()


def _kind(stem: bytes) -> str:
    if not any(48 <= byte < 58 for byte in stem):
        return "id" if b"@" in stem or b"%40" in stem else ""
    if _DATE.fullmatch(stem):
        return "date"
    if stem.isdigit() or _UUIDS.fullmatch(stem) or _HEX.fullmatch(stem):
        return "id"
    digits = sum(48 <= byte < 58 for byte in stem)
    if digits >= 4 and _NUMBERS.fullmatch(stem):
        return "id"
    if b"@" in stem or b"%40" in stem:
        return "id"
    return "id" if _is_token(stem, digits) else ""


def _is_token(stem: bytes, digits: int) -> bool:
    """A long mix of letters and digits without words: ``cus_9sTq81mZ0``, but not ``release-2024-notes``."""
    if len(stem) < 10 or digits < 2 or not _TOKEN.fullmatch(stem):
        return False
    parts = [part for part in re.split(rb"[-_.~=]|%[0-9A-Fa-f]{2}", stem) if part]
    mixed = sum(len(part) for part in parts if not part.isdigit() and not _readable(part))
    return mixed * 2 >= len(stem)


def _readable(part: bytes) -> bool:
    """A word, perhaps with a number at its end or its start: ``kibana``, ``dashboard3``, ``scale11x``."""
    letters = sum(len(word) for word in _WORD.findall(part))
    return letters * 2 > len(part) and len(_WORD.findall(part)) <= 2 and len(part) <= 24


def _clean(raw: bytes) -> str:
    return quote_from_bytes(raw, _SAFE)
