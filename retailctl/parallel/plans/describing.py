"""What columns a source has: names and types, as its engine tells them."""

from __future__ import annotations

import re
from typing import Final

from retailctl.parallel.canonical import Form, SourceColumn
from retailctl.parallel.columns import Kind, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.sources import RawColumn, Relation

_DECIMAL: Final = re.compile(r"DECIMAL\(\d+,\s*(\d+)\)")
_TYPES: Final[dict[str, tuple[Kind, Form]]] = {
    "VARCHAR": ("text", ""),
    "UUID": ("text", ""),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"), ("int", "")),
    **dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), ("decimal", "")),
    **dict.fromkeys(("FLOAT", "DOUBLE"), ("float", "")),
    "BOOLEAN": ("bool", ""),
    "DATE": ("date", ""),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"), ("timestamp", "")),
    "TIMESTAMP_NS": ("timestamp", "nanoseconds"),
    "TIMESTAMP WITH TIME ZONE": ("timestamp", "zoned"),
}


_NESTED: Final = {
    "postgres": re.compile(r".*\[\]|bytea|jsonb?|xml|record"),
    "spark": re.compile(r"(array|struct|map)<.*|binary|variant|void"),
}
_ZONED: Final = {"postgres": "timestamp with time zone", "spark": "timestamp"}


def column_of(relation: Relation, column: RawColumn) -> SourceColumn:
    """A column as the canonical view takes it, whichever engine has it: what comes as text is text."""
    if column.text:
        return SourceColumn(column.name, Type("text"))
    if relation.engine == "duckdb":
        return source_column(column.name, column.native)
    if _NESTED[relation.engine].fullmatch(column.native):
        return SourceColumn(column.name, None)
    return SourceColumn(column.name, column.type, "zoned" if column.native == _ZONED[relation.engine] else "")


def source_column(name: str, type: str) -> SourceColumn:
    """A column by the engine's name of its type."""
    decimal = _DECIMAL.fullmatch(type)
    if decimal:
        return SourceColumn(name, Type("decimal", int(decimal.group(1))))
    if type.startswith("ENUM("):
        return SourceColumn(name, Type("text"))
    if type not in _TYPES:
        return SourceColumn(name, None)
    kind, form = _TYPES[type]
    return SourceColumn(name, Type(kind), form)


def described(engine: Engine, relation: str) -> dict[str, SourceColumn]:
    """The columns of a relation, by name."""
    rows = engine.rows(f"describe select * from {relation}")
    return {name: source_column(name, type) for name, type, *_ in rows}
