"""The sources of a plan, opened for a look: for checking a plan and for proposing one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from retailctl.errors import UsageError
from retailctl.model.parallel_source import FILE_KINDS, Source
from retailctl.parallel.canonical import SourceColumn
from retailctl.parallel.columns import Type
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.plans.describing import source_column
from retailctl.parallel.sources import CsvDialect, Relation, open_source

_UNREAD: Final = ("query", "columns", "skip")


def unseen(source: Source) -> str:
    """Why a source cannot be opened here; "" where it can."""
    if source.kind not in FILE_KINDS:
        return f"{source.kind} is a server: export the table to a file of the workspace"
    said = [name for name in _UNREAD if getattr(source, name) is not None]
    said += ["header: false"] if source.header is False else []
    return f"a file is read as it is, without {' and '.join(said)}: give it a line of names" if said else ""


def opened(engine: DuckEngine, root: Path, source: Source) -> Relation:
    """Something to select from. Raises UsageError for a path that is not there or leaves the workspace, and
    IncompleteError for a file that cannot be read."""
    reason = unseen(source)
    if reason:
        raise UsageError(f"{source.where}: {reason}")
    table = source.table or source.sheet
    name = f"{root / source.where}{f'::{table}' if table else ''}"
    delimiter = "\t" if source.kind == "tsv" else source.delimiter or ""
    dialect = CsvDialect(
        delimiter, source.quote or "", source.encoding or "", source.header, source.escape or "", source.null or ""
    )
    try:
        relation = open_source(engine, name, dialect)
    except UsageError as error:
        raise UsageError(error.message.replace(f"{root}/", ""), hint=error.hint) from None
    inside = root.resolve()
    if any(not file.resolve().is_relative_to(inside) for file in relation.files):
        hint = "A link inside may not lead out either; copy the file into the workspace."
        raise UsageError(f"{source.where} leaves the workspace", hint=hint)
    return relation


def columns_of(relation: Relation) -> dict[str, SourceColumn]:
    """The columns of a relation as the canonical view takes them: what comes as text is text."""
    return {
        column.name: SourceColumn(column.name, Type("text"))
        if column.text
        else source_column(column.name, column.native)
        for column in relation.columns
    }
