"""CSV and JSON lines: read as text, so that what cannot be parsed is counted instead of stopping the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.columns import Type
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources.decoding import DECODED, decoded
from retailctl.parallel.sources.first_line import first_line
from retailctl.parallel.sources.parquet import listed, plain
from retailctl.parallel.sources.relation import CsvDialect, RawColumn, Relation
from retailctl.parallel.sources.types import canonical_type

_SAMPLE: Final = 20_480
_ISO: Final = ("", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
_PLACES: Final = r"[.](\d+)$"


def csv(engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """Delimiter and names from the first line of the first file, types from a sample; every value as text.

    Nothing at all is NULL, and ``""`` is an empty text. Raises UsageError for a first line that names no columns.
    """
    del table
    quoted = engine.dialect.literal
    delimiter, names = first_line(files[0], dialect)
    label, given_files = _label(files), files
    if dialect.encoding.lower() in DECODED:
        files, dialect = decoded(engine, files, dialect.encoding.lower()), replace(dialect, encoding="")
    quote = '"' if dialect.quote is None else dialect.quote
    given = {
        "delim": quoted(delimiter), "quote": quoted(quote), "escape": quoted(dialect.escape or quote),
        "skip": str(dialect.skip), "header": str(dialect.named).lower(),
    }  # fmt: skip
    if dialect.encoding:
        given["encoding"] = quoted(dialect.encoding)
    types, day, moment = _sniffed(engine, files[0], given)
    exact = {**given, "columns": _columns(engine, names), "auto_detect": "false", "allow_quoted_nulls": "false",
             "nullstr": f"['', {quoted(dialect.null)}]", "null_padding": "false", "strict_mode": "true"}  # fmt: skip
    query = f"read_csv({listed(engine, files)}, {_arguments(exact)})"
    forms = {"DATE": day, "TIMESTAMP": moment}
    known = types if len(types) == len(names) else ["VARCHAR"] * len(names)
    found = [(name, native, forms.get(native, "")) for name, native in zip(names, known, strict=True)]
    return Relation(label, query, _typed(engine, query, found), given_files, streamed=True)


def _arguments(given: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in given.items())


def _sniffed(engine: DuckEngine, file: Path, given: dict[str, str]) -> tuple[list[str], str, str]:
    """Types of the columns of a sample, and how dates and times are written in it.

    A sample that makes no sense has no types: what is wrong shows, with its line, when all of the file is read.
    """
    told = "Columns, DateFormat, TimestampFormat"
    source = f"sniff_csv({engine.dialect.literal(plain(file))}, sample_size = {_SAMPLE}, {_arguments(given)})"
    try:
        columns, day, moment = engine.rows(f"select {told} from {source}")[0]
    except IncompleteError:
        return [], "", ""
    return [row["type"] for row in columns], str(day or ""), str(moment or "")


def json_lines(engine: DuckEngine, files: tuple[Path, ...], table: str, dialect: CsvDialect) -> Relation:
    """One object a line; a key that a sample does not show is not compared. What is nested is compared as its text."""
    del table, dialect
    names = listed(engine, files)
    detected = engine.rows(f"describe select * from read_json({names}, sample_size = {_SAMPLE})")
    columns = _columns(engine, [row[0] for row in detected])
    query = f"read_json({names}, columns = {columns})"
    found = [(row[0], row[1], "") for row in detected]
    return Relation(_label(files), query, _typed(engine, query, found), files, streamed=True)


def text_lines(engine: DuckEngine, file: Path, names: Sequence[str]) -> tuple[str, tuple[RawColumn, ...]]:
    """JSON lines that we wrote: what to select from, and its columns. Their names are known, even of no rows."""
    query = f"read_json({listed(engine, (file,))}, format = 'newline_delimited', columns = {_columns(engine, names)})"
    detected: dict[str, str] = {}
    if file.stat().st_size:
        found = engine.rows(f"describe select * from read_json({listed(engine, (file,))}, sample_size = {_SAMPLE})")
        detected = {row[0]: row[1] for row in found}
    return query, _typed(engine, query, [(name, detected.get(name, "VARCHAR"), "") for name in names])


def _columns(engine: DuckEngine, names: Sequence[str]) -> str:
    folded = [name.casefold() for name in names]
    twice = next((name for name in names if folded.count(name.casefold()) > 1), None)
    if twice is not None:
        raise UsageError(f"two columns are called {twice!r}, upper and lower case apart", hint="rename one of them")
    quoted = engine.dialect.literal
    return "{" + ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names) + "}"


def _typed(engine: DuckEngine, query: str, found: list[tuple[str, str, str]]) -> tuple[RawColumn, ...]:
    """Columns of text with the types that a sample of them has. A number with places is a decimal: it may be money."""
    fractions = [name for name, native, _ in found if native in ("DOUBLE", "FLOAT")]
    places = _places(engine, query, fractions)
    columns = []
    for name, native, form in found:
        type = canonical_type(native)
        if name in places and places[name] is not None:
            type = Type("decimal", places[name] or 0)
        columns.append(RawColumn(name, type, "VARCHAR", text=True, form="" if form in _ISO else form))
    return tuple(columns)


def _places(engine: DuckEngine, query: str, names: list[str]) -> dict[str, int | None]:
    """The most decimal places of each column in a sample; None where one is written with an exponent."""
    if not names:
        return {}
    quoted = [engine.dialect.identifier(name) for name in names]
    told = ", ".join(
        f"max(length(regexp_extract({name}, '{_PLACES}', 1))), bool_or(regexp_matches({name}, '[eEnN]'))"
        for name in quoted
    )
    row = engine.rows(f"select {told} from (select {', '.join(quoted)} from {query} limit {_SAMPLE})")[0]
    return {name: None if row[2 * at + 1] else (row[2 * at] or 0) for at, name in enumerate(names)}


def _label(files: tuple[Path, ...]) -> str:
    return files[0].name if len(files) == 1 else f"{files[0].name} and {len(files) - 1:,} more"
