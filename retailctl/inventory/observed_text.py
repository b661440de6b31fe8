"""Observed entries as YAML: one line per sighting, the same bytes for the same entries.

An own writer: a YAML library needs a minute for what a log of a month gives. It writes block lists of flow mappings
only, and what it writes is read back by the guarded reader in tests.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

_PLAIN: Final = re.compile(r"[A-Za-z_/](?:[A-Za-z0-9_./@+-]| (?=[A-Za-z0-9_./@+-]))*")
_NOT_TEXT: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_BLOCKS: Final = ("endpoints", "consumers", "sightings")  # lists whose items stand on lines of their own


def document(head: str, sections: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """A file of sections in the order given; empty ones are left out. ``head`` are the lines of its comment."""
    return "".join(_lines(head, sections))


def mapping_text(head: str, key: str, pairs: Mapping[str, str]) -> str:
    """A file with one mapping of texts, sorted by key."""
    lines = "".join(f"  {_quoted(name)}: {value(pairs[name])}\n" for name in sorted(pairs))
    return "".join(f"# {line}\n" for line in head.splitlines()) + (f"{key}:\n{lines}" if lines else f"{key}: {{}}\n")


def value(item: Any) -> str:
    """One value on one line, as it stands inside braces."""
    if isinstance(item, str):
        return _text(item)
    if item is None:
        return "null"
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, datetime | date):
        return item.isoformat()
    if isinstance(item, Mapping):
        return "{" + ", ".join(f"{value(str(name))}: {value(inner)}" for name, inner in item.items()) + "}"
    if isinstance(item, list | tuple):
        return "[" + ", ".join(map(value, item)) + "]"
    if isinstance(item, float):
        return repr(item) if math.isfinite(item) else "null"
    return str(item) if isinstance(item, int) else _quoted(str(item))


@lru_cache(maxsize=16_384)
def _text(item: str) -> str:
    return item if _PLAIN.fullmatch(item) and item.lower() not in _NOT_TEXT else _quoted(item)


def _lines(head: str, sections: Mapping[str, Iterable[Mapping[str, Any]]]) -> Iterator[str]:
    for line in head.splitlines():
        yield f"# {line}\n"
    for section, entries in sections.items():
        started = False
        for entry in entries:
            if not started:
                yield f"{section}:\n"
                started = True
            yield from _entry(entry)


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    if "id" not in entry:  # a coverage statement
        yield f"  - {value(entry)}\n"
        return
    mark = "  - "
    for name, inner in entry.items():
        if name in _BLOCKS and inner:
            yield f"{mark}{name}:\n"
            for item in inner:
                yield f"      - {value(item)}\n"
        else:
            yield f"{mark}{name}: {value(inner)}\n"
        mark = "    "


def _quoted(text: str) -> str:
    """In double quotes, as JSON writes it; a lone half of a surrogate pair cannot be written and becomes U+FFFD.

    What is not printable is escaped as YAML does: the pairs of JSON are none of its escapes.
    """
    if text.isascii() or text.isprintable():
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return '"' + "".join(map(_escaped, text.encode("utf-8", "replace").decode("utf-8", "replace"))) + '"'


def _escaped(char: str) -> str:
    if char.isprintable():
        return f"\\{char}" if char in '"\\' else char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
