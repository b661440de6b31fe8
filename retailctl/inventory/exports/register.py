"""The register: one row per interface, headed by the paths of an inventory file, so that a scan reads it back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from retailctl.errors import UsageError
from retailctl.model.estate import Estate
from retailctl.model.interface import Interface
from retailctl.model.interface_key import KEY_TYPES

_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEYS: Final = ("protocol", "provider", "method", "address", "version")
_MORE: Final = tuple(sorted({f.name for kind in KEY_TYPES for f in fields(kind)} - set(_KEYS)))


def _blank(value: Any) -> str:
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# Header -> how its cell is made. Headers are words that the register reader knows, or paths of a key.
_COLUMNS: Final[tuple[tuple[str, Callable[[Interface], Any]], ...]] = (
    ("id", lambda one: one.id),
    ("name", lambda one: one.name or one.id),
    ("provider", lambda one: one.provider),
    ("consumers", lambda one: "; ".join(dict.fromkeys(c.system for c in one.consumers or ()))),
    ("owner", lambda one: one.owner),
    ("lifecycle", lambda one: one.lifecycle),
    ("domain", lambda one: one.domain),
    ("capability", lambda one: one.capability),
    ("criticality", lambda one: one.classification and one.classification.criticality),
    ("latency", lambda one: one.classification and one.classification.latency),
    ("mode", lambda one: one.mode),
    ("pattern", lambda one: one.pattern),
    ("direction", lambda one: one.direction),
    ("schedule", lambda one: one.schedule),
    ("volume per day", lambda one: one.classification and one.classification.volume_per_day),
    ("data", lambda one: one.classification and one.classification.data),
    ("connector", lambda one: one.connector),
    ("contract", lambda one: one.contract),
    ("disposition", lambda one: one.disposition),
    ("replaced_by", lambda one: one.replaced_by),
)


def table(estate: Estate) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows in order of id. Columns of keys that no interface has are left out."""
    interfaces: list[Interface] = [entry.noun for entry in estate.of("interface").values()]
    used = [name for name in (*_KEYS, *_MORE) if any(getattr(one.key, name, None) for one in interfaces)]
    header = (*(name for name, _ in _COLUMNS), *(f"key.{name}" for name in used))
    rows = []
    for one in interfaces:
        cells = [_blank(cell(one)) for _, cell in _COLUMNS]
        cells += [_blank(getattr(one.key, name, None)) for name in used]
        rows.append(tuple(map(guarded, cells)))
    return header, rows


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; the reader of registers takes the quote off again.

    Characters that a sheet cannot hold are left out; a number stays a number.
    """
    text = _ILLEGAL.sub("", cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_csv(estate: Estate) -> bytes:
    """RFC 4180 with a byte order mark: spreadsheets take it for UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    header, rows = table(estate)
    writer.writerow(header)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def as_xlsx(estate: Estate, as_of: date) -> bytes:
    """A workbook with one sheet; the same bytes for the same estate and day. Raises UsageError without openpyxl."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise UsageError("writing XLSX needs openpyxl", hint="install it with: pip install 'retailctl[xlsx]'") from None
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Interfaces")
    sheet.freeze_panes = "C2"
    header, rows = table(estate)

    def cells(row: tuple[str, ...]) -> Iterator[Any]:
        for text in row:
            cell = WriteOnlyCell(sheet, value=text[:32_767])
            cell.data_type = "s"  # never a formula, whatever it begins with
            yield cell

    for row in (header, *rows):
        sheet.append(list(cells(row)))
    moment = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 - the format has no zone
    book.properties.creator, book.properties.created, book.properties.modified = "retailctl", moment, moment
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue(), moment)


def _settled(content: bytes, moment: datetime) -> bytes:
    """The archive again, without the time of writing in it."""
    import zipfile

    out = io.BytesIO()
    stamp = (max(moment.year, 1980), moment.month, moment.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda info: info.filename):
            data = old.read(part)
            if part.filename == "docProps/core.xml":
                day = f"{moment.date().isoformat()}T00:00:00Z".encode()
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", day, data)
            info = zipfile.ZipInfo(part.filename, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)
    return out.getvalue()
