"""What the types of DuckDB are in the canonical form."""

from __future__ import annotations

import re
from typing import Final

from retailctl.parallel.columns import Kind, Type

_KINDS: Final[dict[str, Kind]] = {
    "VARCHAR": "text", "TINYINT": "int", "SMALLINT": "int", "INTEGER": "int", "BIGINT": "int", "UTINYINT": "int",
    "USMALLINT": "int", "UINTEGER": "int", "FLOAT": "float", "DOUBLE": "float", "BOOLEAN": "bool", "DATE": "date",
    "TIMESTAMP": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamp", "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp", "TIMESTAMP_NS": "timestamp",
}  # fmt: skip
_WIDE: Final = frozenset({"UBIGINT", "HUGEINT", "UHUGEINT"})
_DECIMAL: Final = re.compile(r"DECIMAL\(\d+,(\d+)\)")


def canonical_type(native: str) -> Type:
    """The canonical type of a type of DuckDB; what is none of them is compared as text."""
    decimal = _DECIMAL.fullmatch(native)
    if decimal:
        return Type("decimal", int(decimal[1]))
    if native in _WIDE:
        return Type("decimal", 0)
    return Type(_KINDS.get(native, "text"))
