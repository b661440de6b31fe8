"""Files that hold tables: DuckDB in place, SQLite and XLSX through Python into JSON lines in the scratch folder."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources import texts
from retailctl.parallel.sources.parquet import described, plain
from retailctl.parallel.sources.relation import CsvDialect, Relation
from retailctl.parallel.sources.statement import select_only

_BATCH: Final = 10_000
_READS: Final = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)


def duckdb_file(engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """A table or view of a database file, attached read-only."""
    del dialect
    file = _one(files)
    quoted, name = engine.dialect.literal, engine.dialect.identifier
    alias = f"file{len(engine.rows('select database_name from duckdb_databases()'))}"
    engine.run(f"attach {quoted(str(file))} as {alias} (read_only)")
    listing = f"select table_name from information_schema.tables where table_catalog = {quoted(alias)} order by 1"
    tables = [row[0] for row in engine.rows(listing)]
    query = f"{alias}.{name(_chosen(file, table, tables))}"
    return Relation(f"{file.name}::{table or tables[0]}", query, described(engine, query), files)


def duckdb_query(engine: DuckEngine, file: Path, query: str) -> Relation:
    """What a query of a database file gives, run by a connection of its own that reads this file and nothing else.

    Raises UsageError for what is no single SELECT.
    """
    query = select_only(query)
    target = engine.scratch_file(".parquet")
    engine.queried(file, query, target)
    rows = f"read_parquet({engine.dialect.literal(plain(target))})"
    return Relation(f"the query of {file.name}", rows, described(engine, rows), (file,))


def sqlite_query(engine: DuckEngine, file: Path, query: str) -> Relation:
    """What a query of a SQLite file gives; the file is opened read-only, and the query may do nothing but select."""
    return _sqlite(engine, file, f"the query of {file.name}", select_only(query))


def _sqlite(engine: DuckEngine, file: Path, label: str, query: str) -> Relation:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
            found = connection.execute(query)
            return copied(engine, label, (file,), [column[0] for column in found.description], _batches(found))
    except sqlite3.DatabaseError as error:
        raise IncompleteError(f"{file.name}: SQLite cannot read it ({_kind(error)})") from None


def sqlite_file(engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """A table or view of a SQLite file, opened read-only."""
    del dialect
    file = _one(files)
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("select name from sqlite_master where type in ('table', 'view') order by name")
            chosen = _chosen(file, table, [row[0] for row in rows if not row[0].startswith("sqlite_")])
    except sqlite3.Error as error:
        raise IncompleteError(f"{file.name}: SQLite cannot read it ({_kind(error)})") from None
    return _sqlite(engine, file, f"{file.name}::{chosen}", f"select * from {engine.dialect.identifier(chosen)}")


def _kind(error: sqlite3.Error) -> str:
    """What went wrong, without a value: SQLite quotes the text that it cannot decode."""
    said = str(error)
    if "decode" in said:
        return "a text in it is not UTF-8"
    return said if "'" not in said else getattr(error, "sqlite_errorname", "") or type(error).__name__


def _batches(found: sqlite3.Cursor) -> Iterator[Sequence[Any]]:
    while rows := found.fetchmany(_BATCH):
        yield from rows


def workbook(engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """A sheet of an XLSX file: the first row that has something in it names the columns, unless the plan does."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise UsageError("reading XLSX needs openpyxl", hint="install it with: pip install 'retailctl[xlsx]'") from None
    file = _one(files)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except Exception as error:  # noqa: BLE001 - a broken archive raises whatever its parts raise
        raise IncompleteError(f"{file.name}: not a workbook that can be read ({type(error).__name__})") from None
    with closing(book):
        sheet = book[_chosen(file, table, book.sheetnames)]
        below = islice(sheet.iter_rows(values_only=True), dialect.skip, None)
        rows: Iterator[tuple[Any, ...]] = (row for row in below if any(value is not None for value in row))
        head = next(rows, None)
        if head is None:
            raise UsageError(f"{file.name}: the sheet {sheet.title!r} is empty")
        if not dialect.named:
            rows = chain((head,), rows)
        names = _names(head, dialect)
        return copied(engine, f"{file.name}::{sheet.title}", files, names, (row[: len(names)] for row in rows))


def _names(head: Sequence[object], dialect: CsvDialect) -> Sequence[str]:
    if dialect.columns:
        if len(dialect.columns) < sum(value is not None for value in head):
            raise UsageError(f"the sheet has more columns than the {len(dialect.columns)} that are named")
        return dialect.columns
    if not dialect.named:
        return [f"column{at}" for at in range(1, len(head) + 1)]
    return [str(value) if value is not None else f"column {at}" for at, value in enumerate(head, start=1)]


def _one(files: tuple[Path, ...]) -> Path:
    if len(files) > 1:
        raise UsageError(f"{files[0].name} and {len(files) - 1} more: name one file", hint="FILE::TABLE")
    return files[0]


def _chosen(file: Path, table: str, tables: Sequence[str]) -> str:
    """The table that is named, or the only one."""
    names = ", ".join(tables[:10])
    if table and table not in tables:
        raise UsageError(f"{file.name} has no table {table!r}", hint=f"it has: {names}")
    if not table and len(tables) != 1:
        raise UsageError(f"{file.name} has {len(tables)} tables", hint=f"say which: {file.name}::TABLE ({names})")
    return table or tables[0]


def copied(
    engine: DuckEngine, label: str, files: tuple[Path, ...], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Relation:
    """Rows that Python holds, as JSON lines in the scratch folder: not as CSV, for these tell nothing from an empty
    text."""
    target = engine.scratch_file(".jsonl")
    with target.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(dict(zip(names, map(_plain, row), strict=False))) + "\n")
    query, columns = texts.text_lines(engine, target, names)
    return Relation(label, query, columns, files, streamed=True)


def _plain(value: object) -> object:
    """What JSON has no word for, as text."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)
