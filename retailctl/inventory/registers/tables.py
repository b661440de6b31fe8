"""Tables as rows of text with their places: CSV by its own rules, and what both kinds of table share."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.registers.headers import likeness

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 1_000
MOST_CELL: Final = 32_767  # of a spreadsheet; more is no cell that somebody wrote
HEADER_WITHIN: Final = 30
_DELIMITERS: Final = (",", ";", "\t", "|")
_DECLARED: Final = re.compile(r"^\ufeff?sep=(.)\s*$", re.IGNORECASE)
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as text, and how its place is written: ``registers/flows.csv#L12``, ``book.xlsx!Sheet!A12``.

    ``number`` is the line of a text file and the row of a sheet.
    """

    number: int
    cells: tuple[str, ...]
    ref: str


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or a whole text file. ``rows`` may be walked again; errors in them are yielded, not raised."""

    name: str
    rows: Callable[[], Iterator[Row | InputError]]
    changed: date | None = None


def csv_table(artefact: Artefact, columns: Mapping[str, str]) -> Table:
    """The table of a text file. The delimiter is the one under which the first lines look most like a register."""
    declared = _DECLARED.match(artefact.first_lines[0]) if artefact.first_lines else None
    delimiter = declared[1] if declared else _delimiter("\n".join(artefact.first_lines[:HEADER_WITHIN]), columns)
    return Table(artefact.name, lambda: _csv_rows(artefact, delimiter, skip=1 if declared else 0))


def _delimiter(head: str, columns: Mapping[str, str]) -> str:
    def best(delimiter: str) -> tuple[float, int]:
        rows = list(_lenient(head.removeprefix("\ufeff"), delimiter))
        return max((likeness(row, columns) for row in rows), default=0.0), max(map(len, rows), default=0)

    return max(_DELIMITERS, key=best)


def _lenient(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except (StopIteration, csv.Error):
            return


def _csv_rows(artefact: Artefact, delimiter: str, *, skip: int) -> Iterator[Row | InputError]:
    reader = csv.reader(io.StringIO(artefact.text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield artefact.error("INP001", f"row that begins here is no CSV: {error}", start, hint=_hint(str(error)))
            return  # what a quote that is never closed has swallowed cannot be told apart
        number += 1
        if number > MOST_ROWS:
            yield artefact.error("INP002", f"more than {MOST_ROWS:,} rows", start, hint="split the file")
            return
        if len(cells) > MOST_COLUMNS:
            yield artefact.error("INP002", f"{len(cells):,} columns; {MOST_COLUMNS:,} are allowed", start, hint=_QUOTES)
            continue
        if start > skip:
            yield Row(start, tuple(map(unguarded, cells)), artefact.ref(start))


_QUOTES: Final = "check the quotes and the delimiter of this row"


def _hint(reason: str) -> str:
    return "close the quote that is open in this row" if "unexpected end" in reason else _QUOTES


def unguarded(cell: str) -> str:
    """A cell without the quote that keeps spreadsheets from running it (see exports/cells.py), and without margins."""
    return (cell[1:] if _GUARDED.match(cell) else cell).strip()


@dataclass(frozen=True, slots=True)
class Headed:
    """A table from its header on."""

    header: Row
    certainty: float


def header_of(table: Table, columns: Mapping[str, str]) -> Headed | None:
    """The row among the first ones that looks most like a header of a register; None when none does."""
    best: Headed | None = None
    for row in islice(table.rows(), HEADER_WITHIN):
        if isinstance(row, InputError):
            break
        certainty = likeness(row.cells, columns)
        if certainty > (best.certainty if best is not None else 0.0):
            best = Headed(row, certainty)
    return best
