"""Sheets of an XLSX file as rows of text. A workbook is an archive of XML: it is looked at before it is opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import quote

from retailctl.errors import InputError, UsageError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.registers.tables import MOST_CELL, MOST_COLUMNS, MOST_ROWS, Row, Table, unguarded

SUFFIXES: Final = (".xlsx", ".xlsm")
PACKED: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_MOST_SHEETS: Final = 200
_MOST_PARTS: Final = 5_000
_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_RATIO: Final = 200  # tables of real registers pack 5 to 30 times
_SMALL: Final = 1024 * 1024
_PROLOGUE: Final = 64 * 1024


def workbook_tables(artefact: Artefact) -> tuple[Table, ...]:
    """The sheets, hidden ones too. Raises InputError for a file that is no sound workbook.

    Raises UsageError where the library for it is not installed.
    """
    _check(artefact)
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise UsageError("reading XLSX needs openpyxl", hint="install it with: pip install 'retailctl[xlsx]'") from None
    try:
        book = load_workbook(io.BytesIO(artefact.content), read_only=True, data_only=True, keep_links=False)
        changed = book.properties.modified
        sheets = tuple(book.worksheets)
    except Exception as error:  # noqa: BLE001 - a broken part raises whatever its reader raises
        raise _broken(artefact, type(error).__name__) from None
    if len(sheets) > _MOST_SHEETS:
        raise artefact.error(
            "INP002", f"{len(sheets):,} sheets; {_MOST_SHEETS:,} are allowed", hint="split the workbook"
        )
    day = changed.date() if isinstance(changed, datetime) and _is_dated(artefact) else None
    return tuple(Table(sheet.title, _walk(artefact, sheet), day) for sheet in sheets)


def _walk(artefact: Artefact, sheet: Any) -> Any:
    return lambda: _rows(artefact, sheet)


def _rows(artefact: Artefact, sheet: Any) -> Iterator[Row | InputError]:
    def error(number: int, message: str, code: str = "INP002") -> InputError:
        return artefact.error(code, f"sheet {sheet.title!r}, row {number:,}: {message}", hint="split the workbook")

    number = 0
    try:
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MOST_ROWS:
                yield error(number, f"more than {MOST_ROWS:,} rows")
                return
            if len(values) > MOST_COLUMNS:
                yield error(number, f"{len(values):,} columns; {MOST_COLUMNS:,} are allowed")
                continue
            cells = tuple(_text(value) for value in values)
            if any(len(cell) > MOST_CELL for cell in cells):
                yield error(number, f"a cell of more than {MOST_CELL:,} characters")
                continue
            yield Row(number, cells, f"{artefact.path}!{_sheet(sheet.title)}!A{number}")
    except Exception as wrong:  # noqa: BLE001 - read as it is walked: any row may be broken
        yield error(number + 1, f"cannot be read: {type(wrong).__name__}", "INP001")


def _sheet(title: str) -> str:
    """The name of a sheet as a part of a reference: an exclamation mark would end it."""
    return quote(title, safe=" ()&+,;=@-_.") if "!" in title or "#" in title else title


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return unguarded(str(value))


def _check(artefact: Artefact) -> None:
    """Refuse what would cost more than it can be worth, by the list of the archive and the beginning of its parts."""
    if artefact.head[:4] == _OLE:
        hint = "save it as .xlsx, without a password"
        raise artefact.error("INP001", "is an old or an encrypted workbook", hint=hint)
    try:
        with zipfile.ZipFile(io.BytesIO(artefact.content)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if len(parts) > _MOST_PARTS or total > _MOST_BYTES:
                said = f"{len(parts):,} parts of {total:,} bytes; {_MOST_PARTS:,} of {_MOST_BYTES:,} are allowed"
                raise artefact.error("INP002", said, hint="export the sheet as CSV")
            for part in parts:
                if part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1):
                    said = f"{part.filename[:80]} unpacks to more than {_MOST_RATIO} times its size"
                    raise artefact.error("INP002", said, hint="export the sheet as CSV")
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        _check_prologue(artefact, part.filename, stream.read(_PROLOGUE))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise _broken(artefact, type(error).__name__) from None
    except Exception as error:
        if isinstance(error, InputError):
            raise
        raise _broken(artefact, type(error).__name__) from None


def _check_prologue(artefact: Artefact, name: str, head: bytes) -> None:
    plain = head.replace(b"\0", b"").upper()  # UTF-16 is ASCII with zeros between
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise artefact.error("INP001", f"{name[:80]} declares a document type", hint="save the workbook again")


def _broken(artefact: Artefact, reason: str) -> InputError:
    hint = "open it in a spreadsheet and save it again, or export CSV"
    return artefact.error("INP001", f"is no workbook that can be read ({reason})", hint=hint)


def _is_dated(artefact: Artefact) -> bool:
    """Does the workbook say when it was saved? Its reader answers with the time of now where it does not."""
    with zipfile.ZipFile(io.BytesIO(artefact.content)) as archive:
        try:
            return b"modified" in archive.read("docProps/core.xml")[:_PROLOGUE]
        except KeyError:
            return False
