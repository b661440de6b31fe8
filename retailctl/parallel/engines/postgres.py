"""PostgreSQL: both sides are compared where they lie, and only what differs leaves the server."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Self

from retailctl.connect.postgres import Database, Described, Setting
from retailctl.parallel.engines.engine import Copying
from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.postgres import PostgresDialect

_TEXTS: Final = ("text", "character varying", "character", "name")


class PostgresEngine:
    """A session in the database that ``dsn`` names; its temporary tables go with it."""

    def __init__(self, dsn: str, setting: Setting | None = None, *, password: bool = False) -> None:
        """Connect. ``password`` says that the address comes from a place where one may stand."""
        self.dialect = PostgresDialect()
        self._database, self._copies = Database(dsn, setting, password=password), 0
        self.version = f"postgresql {self._database.version}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def make(self, step: Step) -> None:
        """A temporary table, counted: the planner guesses badly what is in one."""
        self.drop(step.table)
        self._database.run(f"create temp table {step.table} as {step.query}")
        self._database.run(f"analyze {step.table}")

    def copying(self, query: str) -> Copying:
        """A table of its own name."""
        self._copies += 1
        table = f"copy_{self._copies}"
        return Copying(table, lambda: self.make(Step(table, query)))

    def view(self, name: str, query: str) -> None:
        """A temporary view whose texts are in the order of their bytes, whatever the locale of the database."""
        columns = [
            f'{self.dialect.identifier(column.name)}::text collate "C" as {self.dialect.identifier(column.name)}'
            if column.native.startswith(_TEXTS) and not column.native.endswith("[]")
            else self.dialect.identifier(column.name)
            for column in self._database.described(query)
        ]
        self._database.run(f"drop view if exists {name} cascade")
        self._database.run(f"create temp view {name} as select {', '.join(columns)} from ({query}) as given")

    def drop(self, *tables: str) -> None:
        """Drop temporary tables, whether they are there or not."""
        for table in tables:
            self._database.run(f"drop table if exists pg_temp.{table}")

    def check(self, query: str) -> None:
        """Raises UsageError for a query that the server does not understand as it stands alone."""
        self._database.check(query)

    def described(self, query: str) -> tuple[Described, ...]:
        """Names and types of what a query gives; it is not run."""
        return self._database.described(query)

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a result, by a cursor of the server."""
        return self._database.each(query)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a result."""
        return self._database.rows(query)
