"""Files of a lake and tables of a catalogue, read by Spark where they lie."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from retailctl.errors import UsageError
from retailctl.parallel.columns import Kind, Type
from retailctl.parallel.engines.spark import SparkEngine
from retailctl.parallel.sources.first_line import codec_of, first_line
from retailctl.parallel.sources.relation import CsvDialect, RawColumn, Relation

READ: Final = ("parquet", "csv", "tsv", "jsonl")
_KINDS: Final[dict[str, Kind]] = {
    "string": "text", "tinyint": "int", "smallint": "int", "int": "int", "bigint": "int", "float": "float",
    "double": "float", "boolean": "bool", "date": "date", "timestamp": "timestamp", "timestamp_ntz": "timestamp",
}  # fmt: skip
_DECIMAL: Final = re.compile(r"decimal\(\d+,(\d+)\)")
_PATTERN: Final = re.compile(r"[\\*?{}\[\],]")
_NOTHING: Final = "\u0001nothing\u0001"
"""Stands for an empty field while Spark reads it: its own word for that is the empty text."""
_CODECS: Final = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1", "cp1252": "windows-1252", "utf-16": "UTF-16"}


class Files(NamedTuple):
    """What a source is called, and its files; or an address that Spark has a reader for, as ``s3a://bucket/orders``."""

    label: str
    files: tuple[Path, ...]
    address: str | None = None

    @property
    def paths(self) -> list[str]:
        """As Spark names them. It takes each for a pattern, and a path for one of the cluster's own file system."""
        if self.address is not None:
            return [self.address]
        return [f"file://{_PATTERN.sub(_escaped, str(file.resolve()))}" for file in self.files]


def _escaped(letter: re.Match[str]) -> str:
    return f"\\{letter[0]}"


def spark_files(engine: SparkEngine, view: str, kind: str, given: Files, dialect: CsvDialect) -> Relation:
    """Files of one kind under the name of a view; every value of a text is text.

    Raises UsageError for what Spark has no word for, IncompleteError where it cannot read them.
    """
    if kind == "parquet":
        engine.read(view, "parquet", given.paths, {"mergeSchema": str(len(given.paths) > 1).lower()})
        return replace(_relation(engine, given.label, view), files=given.files)
    if kind == "jsonl":
        names = engine.read(f"{view}_all", "json", given.paths, {"primitivesAsString": "true", "mode": "FAILFAST"})
        engine.read(view, "json", given.paths, {"mode": "FAILFAST"}, names)
        return _texts(engine, view, given, names, "")
    names = _csv(engine, view, given, dialect)
    return _texts(engine, view, given, names, dialect.null)


def _csv(engine: SparkEngine, view: str, given: Files, dialect: CsvDialect) -> tuple[str, ...]:
    if dialect.skip:
        raise UsageError(f"{given.label}: Spark skips no lines", hint="leave --engine out, or cut them off the file")
    if not given.files and not (dialect.columns and dialect.delimiter):
        hint = "say `columns` and `delimiter` in the plan: the first line is read here, and an address is not"
        raise UsageError(f"{given.label}: nobody knows its columns", hint=hint)
    delimiter, names = first_line(given.files[0], dialect) if given.files else (dialect.delimiter, [*dialect.columns])
    quote = '"' if dialect.quote is None else dialect.quote
    engine.read(
        view, "csv", given.paths,
        {
            "sep": delimiter, "header": str(dialect.named).lower(), "quote": quote, "escape": dialect.escape or quote,
            "encoding": _CODECS[codec_of(dialect.encoding)], "multiLine": "true", "mode": "FAILFAST",
            "nullValue": _NOTHING, "emptyValue": "", "maxCharsPerColumn": "-1",
        },
        names,
    )  # fmt: skip
    return tuple(names)


def _texts(engine: SparkEngine, view: str, given: Files, names: tuple[str, ...], null: str) -> Relation:
    """All columns are text, and none of it may be read twice."""
    query = view
    if null:
        quoted = engine.dialect.identifier
        told = (f"nullif({quoted(name)}, {engine.dialect.literal(null)}) as {quoted(name)}" for name in names)
        query = f"(select {', '.join(told)} from {view})"
    columns = tuple(RawColumn(name, Type(), "string", text=True) for name in names)
    return Relation(given.label, query, columns, given.files, streamed=True, engine="spark")


def spark_parquet(engine: SparkEngine, address: str) -> Relation:
    """A Parquet file or folder: a path that every executor can read, or an address such as ``s3a://bucket/orders``."""
    return _relation(engine, address, f"parquet.{engine.dialect.identifier(address)}")


def spark_table(engine: SparkEngine, name: str) -> Relation:
    """A table or view of a catalogue, as ``table``, ``schema.table`` or ``catalogue.schema.table``."""
    parts = name.split(".")
    if not all(parts):
        raise UsageError(f"{name!r} names no table", hint="name it as table, or schema.table")
    return _relation(engine, name, ".".join(map(engine.dialect.identifier, parts)))


def _relation(engine: SparkEngine, label: str, query: str) -> Relation:
    described = engine.described(f"select * from {query}")
    columns = tuple(RawColumn(name, canonical_type(native), native) for name, native in described)
    return Relation(label, query, columns, engine="spark")


def canonical_type(native: str) -> Type:
    """The canonical type of a type of Spark; what is none of them is compared as text."""
    decimal = _DECIMAL.fullmatch(native)
    return Type("decimal", int(decimal[1])) if decimal else Type(_KINDS.get(native, "text"))
