"""The sources of a plan, opened in DuckDB: files of the workspace, and tables of servers that are brought here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retailctl.errors import UsageError
from retailctl.model.parallel_source import FILE_KINDS, Source
from retailctl.parallel.canonical import SourceColumn
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.plans.describing import column_of
from retailctl.parallel.sources import CsvDialect, Relation
from retailctl.parallel.sources.databases import duckdb_query, sqlite_query
from retailctl.parallel.sources.index import files_of, open_kind
from retailctl.parallel.sources.odoo import odoo_source
from retailctl.parallel.sources.servers import OPENERS
from retailctl.parallel.sources.stores import is_address, stored


def opened(
    engine: DuckEngine,
    root: Path,
    source: Source,
    most: int = 0,
    *,
    offline: bool = False,
    columns: Sequence[str] = (),
) -> Relation:
    """Something to select from. ``most`` is how many rows of a server are enough, 0 for all; ``columns`` are those
    that the plan names: of an Odoo no others are read.

    Raises UsageError for a path that is not there or leaves the workspace, an address that is none, or, with
    ``offline``, any; IncompleteError for what cannot be read.
    """
    if offline:
        check_offline(source)
    if source.odoo is not None:
        return odoo_source(engine, root, source.odoo, columns, most)
    if source.kind not in FILE_KINDS:
        return OPENERS[source.kind](engine, source, most)
    if is_address(source.where):
        return stored(engine, source.kind, source.where, source.table or source.sheet or "", dialect_of(source))
    files = files_inside(root, source)
    try:
        if source.query is not None:
            if len(files) > 1:
                raise UsageError(f"{source.where}: a query is of one database file, and these are {len(files)}")
            return (duckdb_query if source.kind == "duckdb" else sqlite_query)(engine, files[0], source.query)
        return open_kind(engine, source.kind, files, source.table or source.sheet or "", dialect_of(source))
    except UsageError as error:
        raise UsageError(error.message.replace(f"{root}/", ""), hint=error.hint) from None


def check_offline(source: Source) -> None:
    """Raises UsageError for a source that only a network reaches."""
    if source.kind not in FILE_KINDS or is_address(source.where):
        raise UsageError(f"{source.kind} {source.where} needs the network", hint="leave out --offline")


def files_inside(root: Path, source: Source) -> tuple[Path, ...]:
    """The files of a source. Raises UsageError where there is none, or where one leaves the workspace."""
    try:
        files = files_of(source.kind, str(root / source.where))
    except UsageError as error:
        raise UsageError(error.message.replace(f"{root}/", ""), hint=error.hint) from None
    inside = root.resolve()
    if any(not file.resolve().is_relative_to(inside) for file in files):
        hint = "A link inside may not lead out either; copy the file into the workspace."
        raise UsageError(f"{source.where} leaves the workspace", hint=hint)
    return files


def dialect_of(source: Source) -> CsvDialect:
    """How its files are written."""
    delimiter = "\t" if source.kind == "tsv" else source.delimiter or ""
    return CsvDialect(
        delimiter, source.quote, source.encoding or "", source.header, source.escape or "", source.null or "",
        source.columns or (), source.skip or 0,
    )  # fmt: skip


def columns_of(relation: Relation) -> dict[str, SourceColumn]:
    """The columns of a relation as the canonical view takes them, by name."""
    return {column.name: column_of(relation, column) for column in relation.columns}
