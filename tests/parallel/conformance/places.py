"""Where the conformance suite runs: the same rows on each engine, and what a comparison says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from retailctl.parallel.columns import Shape, Type
from retailctl.parallel.comparison import RowClasses, compare, field_classes, row_classes
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.engines.postgres import PostgresEngine
from retailctl.parallel.fields import Field
from retailctl.parallel.sql.duckdb import DuckDialect
from retailctl.parallel.sql.postgres import PostgresDialect

if TYPE_CHECKING:
    from retailctl.parallel.engines.spark import SparkEngine

Rows = Sequence[Sequence[Any]]
DUCK = DuckDialect()


class Table(NamedTuple):
    """Rows with the names and types of their columns."""

    columns: Mapping[str, Type]
    rows: Rows


class Place(Protocol):
    """One engine with tables. Load first: an engine sees the state of its start."""

    def load(self, name: str, table: Table) -> str:
        """Bring rows there; what to select from."""

    def engine(self) -> AbstractContextManager[Engine]:
        """The engine."""


@dataclass(frozen=True)
class DuckPlace:
    """Parquet files and DuckDB."""

    folder: Path
    threads: int = 2

    def load(self, name: str, table: Table) -> str:
        return f"read_parquet('{parquet_file(self.folder / f'{name}.parquet', table)}')"

    def engine(self) -> AbstractContextManager[Engine]:
        return DuckEngine(self.folder, threads=self.threads)


@dataclass(frozen=True)
class PostgresPlace:
    """Tables of a private server."""

    dsn: str

    def load(self, name: str, table: Table) -> str:
        import psycopg

        types = ", ".join(f"{column} {PostgresDialect().type_name(type)}" for column, type in table.columns.items())
        with psycopg.connect(self.dsn) as connection, connection.cursor() as cursor:
            cursor.execute(f"drop table if exists {name}".encode())
            cursor.execute(f"create table {name} ({types})".encode())
            with cursor.copy(f"copy {name} from stdin".encode()) as stream:
                for row in table.rows:
                    stream.write_row(row)
        return name

    def engine(self) -> AbstractContextManager[Engine]:
        return PostgresEngine(self.dsn)


@dataclass(frozen=True)
class SparkPlace:
    """Parquet files and a session that is there already, for starting one takes seconds."""

    folder: Path
    session: SparkEngine

    def load(self, name: str, table: Table) -> str:
        return f"parquet.`{parquet_file(self.folder / f'{name}.parquet', table).as_uri()}`"

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        yield self.session


def parquet_file(file: Path, table: Table) -> Path:
    """The rows as Parquet, by DuckDB."""
    import duckdb

    columns = ", ".join(f"{name} {DUCK.type_name(type)}" for name, type in table.columns.items())
    with duckdb.connect() as connection:
        connection.execute(f"create table given ({columns})")
        if table.rows:
            rows = ", ".join(f"({', '.join(map(_literal, row))})" for row in table.rows)
            connection.execute(f"insert into given values {rows}")
        connection.execute(f"copy given to '{file}' (format parquet)")
    return file


def _literal(value: object) -> str:
    return "null" if value is None else DUCK.literal(str(value))


class Outcome(NamedTuple):
    """All that a comparison says, so that two engines can be held against each other."""

    rows: RowClasses
    fields: dict[str, dict[str, int]]
    classed: list[tuple[Any, ...]]


def outcome(engine: Engine, shape: Shape, fields: Sequence[Field], legacy: str, new: str, *, bits: int = 14) -> Outcome:
    """Compare two tables that have the columns of ``shape`` under its names."""
    for side, source in (("l", legacy), ("n", new)):
        engine.view(side, f"select {', '.join(shape.names)} from {source}")
    table = compare(engine, shape, fields, bits=bits)
    columns = ["class", "side", "variety", *(f"{side}_{name}" for side in "ln" for name in shape.names)]
    columns += [f"f{number}" for number in range(len(shape.values))]
    classed = engine.rows(f"select {', '.join(columns)} from {table}")
    return Outcome(row_classes(engine, table), field_classes(engine, table, shape), sorted(classed, key=repr))
