"""Files of a lake and tables of a catalogue, read by Spark where they lie."""

from __future__ import annotations

import re
from typing import Final

from retailctl.errors import UsageError
from retailctl.parallel.columns import Kind, Type
from retailctl.parallel.engines.spark import SparkEngine
from retailctl.parallel.sources.relation import RawColumn, Relation

_KINDS: Final[dict[str, Kind]] = {
    "string": "text", "tinyint": "int", "smallint": "int", "int": "int", "bigint": "int", "float": "float",
    "double": "float", "boolean": "bool", "date": "date", "timestamp": "timestamp", "timestamp_ntz": "timestamp",
}  # fmt: skip
_DECIMAL: Final = re.compile(r"decimal\(\d+,(\d+)\)")


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
    return Relation(label, query, tuple(RawColumn(name, canonical_type(native), native) for name, native in described))


def canonical_type(native: str) -> Type:
    """The canonical type of a type of Spark; what is none of them is compared as text."""
    decimal = _DECIMAL.fullmatch(native)
    return Type("decimal", int(decimal[1])) if decimal else Type(_KINDS.get(native, "text"))
