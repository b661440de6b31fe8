"""Files of an object store: Parquet is read where it lies, what is text is brought here first."""

from __future__ import annotations

from dataclasses import replace

from retailctl.connect.stores import MARK, fetched, file_system, scheme_of
from retailctl.errors import IncompleteError
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources.index import open_kind
from retailctl.parallel.sources.parquet import described
from retailctl.parallel.sources.relation import CsvDialect, Relation


def is_address(where: str) -> bool:
    """Whether a source is no path but an address, as in ``s3://bucket/orders/*.parquet``."""
    return MARK in where


def stored(engine: DuckEngine, kind: str, address: str, table: str, dialect: CsvDialect) -> Relation:
    """What is at an address. DuckDB has readers of its own for some, but gets them from the network when first used.

    Raises UsageError where there is no reader for it, IncompleteError where it cannot be read.
    """
    if kind != "parquet":
        files = fetched(address, engine.scratch_file(""))
        return replace(open_kind(engine, kind, files, table, dialect), label=address, files=())
    engine.register(file_system(scheme_of(address)))
    query = f"read_parquet({engine.dialect.literal(address)})"
    try:
        return Relation(address, query, described(engine, query))
    except IncompleteError as error:
        hint = error.hint or "check the address, and the credentials that the reader takes from the environment"
        raise IncompleteError(f"{address} cannot be read: {error.message}", hint=hint) from None
