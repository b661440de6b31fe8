"""Parquet, compared in place: it is read by column, and reading again is cheap."""

from __future__ import annotations

from pathlib import Path

from retailctl.errors import IncompleteError
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources.relation import CsvDialect, RawColumn, Relation
from retailctl.parallel.sources.types import canonical_type


def listed(engine: DuckEngine, files: tuple[Path, ...]) -> str:
    """The files as a list in SQL. Each is named in full: in a pattern, brackets of a name would mean something."""
    quoted = engine.dialect.literal
    return f"[{', '.join(quoted(plain(file)) for file in files)}]"


def plain(file: Path) -> str:
    """A name without pattern characters: the engine takes every name for a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(file))


def described(engine: DuckEngine, query: str) -> tuple[RawColumn, ...]:
    """Names and types of what a query gives."""
    rows = engine.rows(f"describe select * from {query}")
    return tuple(RawColumn(row[0], canonical_type(row[1]), row[1]) for row in rows)


def parquet(engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """One or more files of the same columns, in any order of them."""
    del table, dialect
    query = f"read_parquet({listed(engine, files)}, union_by_name = {str(len(files) > 1).lower()})"
    try:
        columns = described(engine, query)
    except IncompleteError as error:
        raise IncompleteError(f"{_label(files)} is no Parquet that can be read: {error.message}") from None
    return Relation(_label(files), query, columns, files)


def _label(files: tuple[Path, ...]) -> str:
    return files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1:,} more"
