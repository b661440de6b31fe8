"""Tables of servers, brought here: the address is in an environment variable, every value comes as text.

Bringing rows here and comparing them beside the other side is faster than asking for them one by one, and needs nothing
of the server but SELECT. What may not leave it is compared there: ``--engine postgres``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final

from retailctl.connect.dbapi import Driver
from retailctl.connect.postgres import Database
from retailctl.errors import IncompleteError, RetailctlError, UsageError
from retailctl.model.parallel_source import Source
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.sources.databases import copied
from retailctl.parallel.sources.postgres import canonical_type, table_name
from retailctl.parallel.sources.relation import RawColumn, Relation
from retailctl.parallel.sources.statement import select_only
from retailctl.parallel.sql.postgres import PostgresDialect

_PLAIN: Final = re.compile(r"[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*){0,2}\Z")
Opener = Callable[[DuckEngine, Source, int], Relation]


def address_of(variable: str) -> str:
    """The address that an environment variable holds. Raises UsageError where there is none."""
    found = os.environ.get(variable, "").strip()
    if not found:
        hint = f"set it to the address of the server: export {variable}=..."
        raise UsageError(f"the environment variable {variable} is not set", hint=hint)
    return found


def label_of(source: Source) -> str:
    """What a table or query of a server is called: never its address."""
    return f"{source.table or 'the query'} of {source.where}"


@contextmanager
def named(source: Source) -> Iterator[None]:
    """Every failure says which source it is of."""
    try:
        yield
    except RetailctlError as error:
        raise type(error)(f"{label_of(source)}: {error.message}", hint=error.hint) from None
    except OSError as error:
        raise IncompleteError(
            f"{label_of(source)}: it cannot be kept in the scratch folder ({error.strerror or type(error).__name__})",
            hint="give it a larger disk (--scratch), then run it again; nothing was written",
        ) from None


def postgres_source(engine: DuckEngine, source: Source, most: int = 0) -> Relation:
    """A table or query of PostgreSQL, by COPY within a transaction that cannot write; ``most`` rows, 0 for all.

    Raises UsageError for an address or query that is none, IncompleteError where the server fails.
    """
    address = address_of(source.where)
    with named(source), Database(address, read_only=True, password=True) as server:
        if source.query is not None:
            query = select_only(source.query)
            server.check(query)
        else:
            query = f"select * from {table_name(source.table or '', PostgresDialect())}"
        columns = server.described(query)
        if not columns:
            raise UsageError("it has no columns")
        target = engine.scratch_file(".csv")
        with target.open("wb") as stream:
            server.copy(f"select * from ({query}) as given limit {most}" if most else query, stream)
        names = [column.name for column in columns]
        raw = tuple(RawColumn(one.name, canonical_type(one.native), "VARCHAR", text=True) for one in columns)
        return Relation(label_of(source), engine.texts(target, names), raw, streamed=True)


def dbapi_source(engine: DuckEngine, source: Source, most: int = 0) -> Relation:
    """A table or query of any database that has a driver for Python. Raises as ``postgres_source``."""
    address = address_of(source.where)
    with named(source):
        query = select_only(source.query) if source.query is not None else f"select * from {_plain(source.table or '')}"
        with Driver(address) as driver:
            names, rows = driver.rows(query)
            if not names:
                raise UsageError("it has no columns")
            return copied(engine, label_of(source), (), names, _first(rows, most))


def _first(rows: Iterator[Sequence[object]], most: int) -> Iterator[Sequence[object]]:
    return islice(rows, most) if most else rows


def _plain(table: str) -> str:
    if not _PLAIN.match(table):
        hint = "databases quote other names in several ways: write `query: select ... from ...`"
        raise UsageError("the table has a name that is no plain word", hint=hint)
    return table


OPENERS: Final[dict[str, Opener]] = {"postgres": postgres_source, "adbc": dbapi_source}
"""One line per kind of server."""
