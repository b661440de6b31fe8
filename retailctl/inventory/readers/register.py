"""register: the table of interfaces that somebody keeps, as CSV or XLSX, with the headers of whoever made it.

What a column means is told by its header (``registers/headers.py``) or by a column map. A row without an address is a
sighting without a key: it merges by alias or as a suggestion only, never by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from retailctl.errors import InputError, UsageError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.registers.headers import SECRET, checked, fields_of
from retailctl.inventory.registers.rows import KINDS, of_row
from retailctl.inventory.registers.tables import Headed, Table, csv_table, header_of
from retailctl.inventory.registers.workbooks import PACKED, SUFFIXES, workbook_tables
from retailctl.model.redaction import MASK, redact
from retailctl.model.sighting import Coverage, Window

_TEXTS: Final = (".csv", ".tsv", ".txt")
_SURE: Final = 0.5


def _detect(artefact: Artefact) -> float:
    if artefact.suffix in SUFFIXES or (artefact.suffix in (".xls", "") and artefact.head[:4] == PACKED):
        try:
            tables: tuple[Table, ...] = workbook_tables(artefact)
        except (InputError, UsageError):
            return 0.6 if artefact.suffix in SUFFIXES else 0.0  # the reader says what is wrong with it
    elif artefact.suffix in _TEXTS and b"\0" not in artefact.head:
        try:
            tables = (csv_table(artefact, {}),)
        except InputError:
            return 0.0
    else:
        return 0.0
    return max((_certainty(table) for table in tables), default=0.0)


def _certainty(table: Table) -> float:
    try:
        headed = header_of(table, {})
    except InputError:  # such as bytes that are no UTF-8 behind a fine header
        return 0.0
    return headed.certainty if headed is not None else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    checked(reading.columns)
    packed = artefact.suffix in SUFFIXES or artefact.head[:2] in (PACKED[:2], b"\xd0\xcf")
    tables = workbook_tables(artefact) if packed else (csv_table(artefact, reading.columns),)
    headed = [(table, header) for table in tables if (header := header_of(table, reading.columns)) is not None]
    chosen = [(table, header) for table, header in headed if header.certainty >= _SURE]
    chosen = chosen or sorted(headed, key=lambda one: -one[1].certainty)[:1]
    if not chosen:
        yield from _broken_rows(tables)
        hint = "name its columns in a column map: --column-map FILE"
        raise artefact.error(
            "INP020", "has no row that looks like the header of a register of interfaces", 1, hint=hint
        )
    for table, header in chosen:
        yield from _table(artefact, table, header, reading)
        day = table.changed or reading.as_of
        yield Coverage(source="register", scope="*", window=Window(start=day, end=day))


def _broken_rows(tables: tuple[Table, ...]) -> Iterator[Found]:
    """Why there is no header, where the first rows cannot be read."""
    for table in tables:
        first = next(iter(table.rows()), None)
        if isinstance(first, InputError):
            yield first


def _table(artefact: Artefact, table: Table, headed: Headed, reading: Reading) -> Iterator[Found]:
    fields = fields_of(headed.header.cells, reading.columns)
    names = {field: headed.header.cells[index] for index, field in fields.items()}
    width = _width(headed.header.cells)
    for row in table.rows():
        if isinstance(row, InputError):
            yield row
            continue
        if row.number <= headed.header.number or not any(row.cells) or row.cells[:width] == headed.header.cells[:width]:
            continue
        if _width(row.cells) > width:
            said = f"row has {_width(row.cells)} cells, the header {width}"
            yield artefact.error("INP020", said, row.number, hint="put a cell that holds the delimiter in quotes")
            continue
        secrets = _secrets(row.cells, fields, headed.header.cells)
        cells = {
            field: row.cells[index] for index, field in fields.items() if index < len(row.cells) and field != SECRET
        }
        if cells.get("kind", "").strip().lower() not in KINDS:
            yield from of_row(artefact, row, cells, names, secrets, table.changed, reading)


def _secrets(row: tuple[str, ...], fields: Mapping[int, str], header: tuple[str, ...]) -> list[tuple[str, str]]:
    """(header, secret) of columns that hold secrets and of cells that should not: for fingerprints and nothing else.

    Columns that nobody knows are looked at too; an address is taken apart with its row.
    """
    found: list[tuple[str, str]] = []
    for index, cell in enumerate(row):
        name = header[index] if index < len(header) else ""
        if fields.get(index) == SECRET:
            found += [(name, cell)] if cell else []
        elif fields.get(index) != "address":
            found += [(name, value) for value in _shaped(cell)]
    return found


def _shaped(cell: str) -> list[str]:
    """What in a cell has the shape of a secret: that which redaction takes out of it."""
    kept = redact(cell).split(MASK)
    if len(kept) < 2 or MASK in cell:
        return []
    between = re.fullmatch("(.+?)".join(map(re.escape, kept)), cell, re.DOTALL) if len(kept) < 6 else None
    return list(between.groups()) if between is not None else [cell]


def _width(cells: tuple[str, ...]) -> int:
    return max((index + 1 for index, cell in enumerate(cells) if cell), default=0)


READER = Reader("register", "register of interfaces (CSV, XLSX)", _detect, _read)
