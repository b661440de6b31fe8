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
_HINT: Final = "the first line must name them, or the plan: columns: [...]"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_VALUE: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+[0-9][0-9 ()/.-]{6,}|[0-9]{10,}")
"""A mail address, a telephone number with its country, a number that is too long for a year or a day."""
_PYTHON_NAMES: Final = {
    "": "utf-8-sig", "utf-8": "utf-8-sig", "latin-1": "latin-1", "cp1252": "cp1252", "utf-16": "utf-16"
}  # fmt: skip


def first_line(file: Path, dialect: CsvDialect) -> tuple[str, list[str]]:
    """Delimiter and column names. Raises UsageError where there are none, IncompleteError where nothing can be read."""
    quote = '"' if dialect.quote is None else dialect.quote
    text = _first_record(_after(_head(file, dialect.encoding), dialect.skip, file), quote)
    delimiter = dialect.delimiter or max(
        _CANDIDATES, key=lambda one: (_outside(text, one, quote), -_CANDIDATES.index(one))
    )
    try:
        lines = io.StringIO(text, newline="")
        if quote:
            values = next(csv.reader(lines, delimiter=delimiter, quotechar=quote), [])
        else:
            values = next(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    except csv.Error as error:
        raise UsageError(f"{file.name}: its first line names no columns ({error})", hint=_HINT) from None
    return delimiter, _names(file, values, dialect)


def _names(file: Path, values: list[str], dialect: CsvDialect) -> list[str]:
    """The names that the plan gives, those of the line, or ``column1``, ``column2``, ..."""
    if dialect.columns:
        if values and len(values) != len(dialect.columns):
            message = f"{file.name}: its first line has {len(values)} columns, and {len(dialect.columns)} are named"
            raise UsageError(message, hint="name each column, in the order of the file")
        return list(dialect.columns)
    if not dialect.named:
        if not values:
            raise UsageError(
                f"{file.name}: it is empty, and nothing names its columns", hint="name them: columns: [...]"
            )
        return [f"column{at}" for at in range(1, len(values) + 1)]
    if not any(name.strip() for name in values):
        raise UsageError(f"{file.name}: its first line names no columns", hint=_HINT)
    unnamed = next((at for at, name in enumerate(values, start=1) if not name.strip()), None)
    if unnamed is not None:
        raise UsageError(f"{file.name}: column {unnamed} has no name", hint="the first line must name every column")
    person = next((at for at, name in enumerate(values, start=1) if _VALUE.fullmatch(name.strip())), None)
    if person is not None:  # names of columns are shown, values never: a file without a line of names would mix them up
        raise UsageError(f"{file.name}: column {person} of its first line is a value, not a name", hint=_HINT)
    return [name.strip() for name in values]


def codec_of(encoding: str) -> str:
    """Python's name of an encoding. Raises UsageError for one that is not read."""
    try:
        return _PYTHON_NAMES[encoding.lower()]
    except KeyError:
        raise UsageError(f"no encoding {encoding!r} is read", hint="utf-8, latin-1, cp1252 or utf-16") from None


def _head(file: Path, encoding: str) -> str:
    codec = codec_of(encoding)
    opener = gzip.open if file.suffix.lower() == ".gz" else open
    try:
        with opener(file, "rb") as stream:
            start = stream.read(_MOST)
    except (OSError, EOFError) as error:
        raise IncompleteError(f"{file.name} cannot be read ({type(error).__name__})") from None
    try:
        return codecs.getincrementaldecoder(codec)().decode(start)  # what is cut in the middle of a letter is left out
    except UnicodeDecodeError as error:
        line = start.count(b"\n", 0, error.start) + 1
        hint = "name its encoding: --encoding latin-1, or encoding: latin-1 in the plan"
        message = f"{file.name}: line {line:,} is not written in {encoding or 'utf-8'}"
        raise IncompleteError(message, hint=hint) from None


def _after(text: str, skip: int, file: Path) -> str:
    """What follows so many lines; quotes mean nothing in them."""
    at = 0
    for number in range(skip):
        end = _LINE_END.search(text, at)
        if end is None:
            hint = "correct `skip` in the plan"
            raise UsageError(f"{file.name}: {skip} lines are to be skipped, and it has {number + 1}", hint=hint)
        at = end.end()
    return text[at:]


def _first_record(text: str, quote: str) -> str:
    """Up to the first end of a line (of any kind) that stands outside of quotes."""
    end = 0
    for number, part in enumerate(text.split(quote) if quote else [text]):
        if number % 2 == 0 and (found := _LINE_END.search(part)):
            return text[: end + found.start()]
        end += len(part) + len(quote)
    return text


def _outside(text: str, delimiter: str, quote: str) -> int:
    """How often a delimiter stands outside of quotes."""
    return sum(part.count(delimiter) for part in (text.split(quote)[::2] if quote else [text]))
