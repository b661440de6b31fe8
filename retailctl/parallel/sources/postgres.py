"""Tables and views of a PostgreSQL database, compared where they lie."""

from __future__ import annotations

import re
from typing import Final

from retailctl.errors import UsageError
from retailctl.parallel.columns import MOST_DIGITS, Kind, Type
from retailctl.parallel.engines.postgres import PostgresEngine
from retailctl.parallel.sources.relation import RawColumn, Relation
from retailctl.parallel.sources.statement import select_only
from retailctl.parallel.sql.dialect import Dialect

_KINDS: Final[dict[str, Kind]] = {
    "text": "text", "smallint": "int", "integer": "int", "bigint": "int", "real": "float", "double precision": "float",
    "boolean": "bool", "date": "date", "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp",
}  # fmt: skip
_NUMERIC: Final = re.compile(r"numeric\((\d+),(-?\d+)\)")
_PRECISION: Final = re.compile(r"(?<=timestamp)\(\d\)")


def postgres_table(engine: PostgresEngine, name: str, label: str = "") -> Relation:
    """A table or view, named as ``table`` or ``schema.table``. Raises IncompleteError where there is none."""
    return _relation(engine, label or name, table_name(name, engine.dialect))


def postgres_query(engine: PostgresEngine, label: str, query: str) -> Relation:
    """What a query gives. Raises UsageError for one that does not only read."""
    query = select_only(query)
    engine.check(query)
    return _relation(engine, label, f"({query})")


def table_name(name: str, dialect: Dialect) -> str:
    """A table as SQL names it. Raises UsageError for a text that names none."""
    parts = name.split(".")
    if not all(parts) or len(parts) > 2:
        raise UsageError(f"{name!r} names no table", hint="name it as table, or schema.table")
    return ".".join(map(dialect.identifier, parts))


def _relation(engine: PostgresEngine, name: str, query: str) -> Relation:
    described = engine.described(f"select * from {query} as source")
    if not described:
        raise UsageError(f"{name} has no columns")
    loose = [column.name for column in described if column.native == "numeric"]
    scales = _scales(engine, query, loose)
    columns = []
    for column in described:
        native = _PRECISION.sub("", column.native)
        type = Type("decimal", scales[column.name]) if column.name in scales else canonical_type(native)
        columns.append(RawColumn(column.name, type, native))
    return Relation(name, query, tuple(columns), engine="postgres")


def canonical_type(native: str) -> Type:
    """The canonical type of a type of PostgreSQL; what is none of them is compared as text."""
    numeric = _NUMERIC.fullmatch(native)
    if numeric:
        return Type("decimal", max(int(numeric[2]), 0))
    return Type(_KINDS.get(native, "text"))


def _scales(engine: PostgresEngine, query: str, names: list[str]) -> dict[str, int]:
    """The most places of each column whose type does not say: all rows are looked at, for one may have more."""
    if not names:
        return {}
    told = ", ".join(f"coalesce(max(min_scale({engine.dialect.identifier(name)})), 0)" for name in names)
    row = engine.rows(f"select {told} from {query} as source")[0]
    return {name: min(int(scale), MOST_DIGITS - 1) for name, scale in zip(names, row, strict=True)}
