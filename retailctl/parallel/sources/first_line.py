"""The first line of a CSV file: its delimiter and its names.

Guessing from many lines takes a broken file for one of another dialect; the line of names says it in one look.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.sources.relation import CsvDialect

_CANDIDATES: Final = ",;\t|"
_MOST: Final = 1 << 20
_PYTHON_NAMES: Final = {"": "utf-8-sig", "utf-8": "utf-8-sig", "latin-1": "latin-1", "utf-16": "utf-16"}


def first_line(file: Path, dialect: CsvDialect) -> tuple[str, list[str]]:
    """Delimiter and column names. Raises UsageError where there are none, IncompleteError where nothing can be read."""
    text = _head(file, dialect.encoding)
    quote = dialect.quote or '"'
    delimiter = dialect.delimiter or max(
        _CANDIDATES, key=lambda one: (_outside(text, one, quote), -_CANDIDATES.index(one))
    )
    names = next(csv.reader([text], delimiter=delimiter, quotechar=quote), [])
    if not any(name.strip() for name in names):
        raise UsageError(f"{file.name}: its first line names no columns", hint="the first line must name them")
    unnamed = next((at for at, name in enumerate(names, start=1) if not name.strip()), None)
    if unnamed is not None:
        raise UsageError(f"{file.name}: column {unnamed} has no name", hint="the first line must name every column")
    return delimiter, [name.strip() for name in names]


def _head(file: Path, encoding: str) -> str:
    try:
        codec = _PYTHON_NAMES[encoding.lower()]
    except KeyError:
        raise UsageError(f"no encoding {encoding!r} is read", hint="utf-8, latin-1 or utf-16") from None
    opener = gzip.open if file.suffix.lower() == ".gz" else open
    try:
        with opener(file, "rb") as stream:
            start = stream.read(_MOST)
    except (OSError, EOFError) as error:
        raise IncompleteError(f"{file.name} cannot be read ({type(error).__name__})") from None
    end = start.find("\n".encode("utf-16-le") if codec == "utf-16" else b"\n")
    line = start if end < 0 else start[:end]
    if codec == "utf-16":
        line = line[: len(line) // 2 * 2]
    try:
        return line.decode(codec).rstrip("\r")
    except UnicodeDecodeError:
        raise IncompleteError(
            f"{file.name} is not written in {codec}", hint="name its encoding: --encoding latin-1"
        ) from None


def _outside(text: str, delimiter: str, quote: str) -> int:
    """How often a delimiter stands outside of quotes."""
    return sum(part.count(delimiter) for part in text.split(quote)[::2])
