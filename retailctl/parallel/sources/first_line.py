"""The first line of a CSV file: its delimiter and its names.

Guessing from many lines takes a broken file for one of another dialect; the line of names says it in one look.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.sources.relation import CsvDialect

_CANDIDATES: Final = ",;\t|"
_MOST: Final = 1 << 20
_HINT: Final = "the first line must name them"
_LINE_END: Final = re.compile(r"[\r\n]")
_VALUE: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+[0-9][0-9 ()/.-]{6,}|[0-9]{10,}")
"""A mail address, a telephone number with its country, a number that is too long for a year or a day."""
_PYTHON_NAMES: Final = {"": "utf-8-sig", "utf-8": "utf-8-sig", "latin-1": "latin-1", "utf-16": "utf-16"}


def first_line(file: Path, dialect: CsvDialect) -> tuple[str, list[str]]:
    """Delimiter and column names. Raises UsageError where there are none, IncompleteError where nothing can be read."""
    quote = dialect.quote or '"'
    text = _first_record(_head(file, dialect.encoding), quote)
    delimiter = dialect.delimiter or max(
        _CANDIDATES, key=lambda one: (_outside(text, one, quote), -_CANDIDATES.index(one))
    )
    try:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote), [])
    except csv.Error as error:
        raise UsageError(f"{file.name}: its first line names no columns ({error})", hint=_HINT) from None
    if not any(name.strip() for name in names):
        raise UsageError(f"{file.name}: its first line names no columns", hint=_HINT)
    unnamed = next((at for at, name in enumerate(names, start=1) if not name.strip()), None)
    if unnamed is not None:
        raise UsageError(f"{file.name}: column {unnamed} has no name", hint="the first line must name every column")
    person = next((at for at, name in enumerate(names, start=1) if _VALUE.fullmatch(name.strip())), None)
    if person is not None:  # names of columns are shown, values never: a file without a line of names would mix them up
        raise UsageError(f"{file.name}: column {person} of its first line is a value, not a name", hint=_HINT)
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
    try:
        return codecs.getincrementaldecoder(codec)().decode(start)  # what is cut in the middle of a letter is left out
    except UnicodeDecodeError:
        raise IncompleteError(
            f"{file.name} is not written in {codec}", hint="name its encoding: --encoding latin-1"
        ) from None


def _first_record(text: str, quote: str) -> str:
    """Up to the first end of a line (of any kind) that stands outside of quotes."""
    end = 0
    for number, part in enumerate(text.split(quote)):
        if number % 2 == 0 and (found := _LINE_END.search(part)):
            return text[: end + found.start()]
        end += len(part) + len(quote)
    return text


def _outside(text: str, delimiter: str, quote: str) -> int:
    """How often a delimiter stands outside of quotes."""
    return sum(part.count(delimiter) for part in text.split(quote)[::2])
