"""Rows and pages of plain data as text, JSON or CSV. Text is cut for a terminal, never for a pipe."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from retailctl.cli.deliver import Lines, deliver
from retailctl.cli.escape import one_line, visible

if TYPE_CHECKING:
    from retailctl.cli.run import Run

Row = Mapping[str, Any]
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_GAP = "  "


def show_rows(run: Run, rows: Sequence[Row], columns: Sequence[str], *, empty: str) -> None:
    """Print a list: these columns as text, every field as JSON and CSV."""
    if not rows:
        run.console.note(empty, "dim")
    rows = run.console.redactor.value(list(rows))  # before a terminal cuts a cell, and half a secret is left
    width = get_terminal_size().columns if run.console.stdout_is_terminal() else None

    def render(format: str) -> Lines | str:
        if format == "json":
            return as_json(list(rows))
        return as_csv(rows, columns) if format == "csv" else as_text(rows, columns, width)

    deliver(run, render)


def show_page(run: Run, page: Mapping[str, Any], draw: Callable[[Mapping[str, Any]], Lines]) -> None:
    """Print one thing: what ``draw`` makes of it as text, all of it as JSON.

    Redacted before it is drawn: half a secret, cut or with its underscores turned into spaces, has no shape any more.
    """
    page = run.console.redactor.value(page)
    deliver(run, lambda format: as_json(page) if format == "json" else draw(page))


def as_json(value: Any) -> str:
    """JSON for people and programs: indented, in the order given, control characters escaped."""
    try:
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(value), ensure_ascii=False, indent=2, default=str)
    return _JSON_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _without_nan(value: Any) -> Any:
    """The same with infinity and not-a-number as text: a file may say ``.inf``, and JSON has no word for it."""
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


_JSON_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def as_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """RFC 4180; a cell that a spreadsheet would run gets a leading quote."""
    names = list(dict.fromkeys((*columns, *(name for row in rows for name in row))))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_inert(cell(row.get(name))) for name in names] for row in rows)
    return out.getvalue()


def as_text(rows: Sequence[Row], columns: Sequence[str], width: int | None = None) -> Lines:
    """An aligned table under a header; the last column takes what a terminal has left."""
    if not rows:
        return []
    table = [[one_line(cell(row.get(name))) for name in columns] for row in rows]
    head = [name.upper().replace("_", " ") for name in columns]
    sizes = [max(map(_cells, column)) for column in zip(head, *table, strict=True)]
    lines = [(_line(head, sizes, width), "title")]
    return lines + [(_line(row, sizes, width), _style(source)) for row, source in zip(table, rows, strict=True)]


def fields(page: Mapping[str, Any], names: Iterable[str]) -> Lines:
    """``name: value`` lines, values aligned; absent and empty values are left out."""
    pairs = [(name.replace("_", " "), page.get(name)) for name in names]
    shown = [(name, one_line(cell(value))) for name, value in pairs if value not in (None, "", [], (), {})]
    width = max((len(name) for name, _ in shown), default=0) + 2
    return [(f"  {name + ':':<{width}}{value}", "") for name, value in shown]


def cell(value: Any) -> str:
    """A value on one line: lists joined, mappings as ``key=value``, absent as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={cell(item)}" for key, item in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return ", ".join(cell(item) for item in items)
    return str(value)


def amount(value: Any) -> int:
    """A count, given as a number or as the things themselves."""
    return value if isinstance(value, int) else len(value)


def _line(cells: Sequence[str], sizes: Sequence[int], width: int | None) -> str:
    padded = (text + " " * (size - _cells(text)) for text, size in zip(cells, sizes, strict=True))
    return _cut(_GAP.join(padded).rstrip(), width)


def _cut(text: str, width: int | None) -> str:
    if width is None or _cells(text) <= width:
        return text
    while _cells(text) >= width and text:
        text = text[:-1]
    return f"{text}…"


def _cells(text: str) -> int:
    return len(text) if text.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _style(row: Row) -> str:
    word = str(row.get("verdict") or row.get("severity") or row.get("status") or "")
    return word if word in ("error", "warn", "unknown") else "error" if word in ("fail", "expired") else ""


def _inert(text: str) -> str:
    text = visible(text)
    return f"'{text}" if text[:1] in tuple("=+-@\t\r\n") and not _NUMBER.fullmatch(text) and text else text
