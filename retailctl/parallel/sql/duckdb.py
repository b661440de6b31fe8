"""The words of DuckDB."""

from __future__ import annotations

from collections.abc import Sequence

from retailctl.parallel.columns import MOST_DIGITS, Type
from retailctl.parallel.sql.dialect import Dialect

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TYPES = {
    "text": "varchar", "int": "bigint", "float": "double", "bool": "boolean", "date": "date", "timestamp": "timestamp"
}  # fmt: skip


class DuckDialect(Dialect):
    """DuckDB 2. Its ``hash`` may differ between versions: nothing of it outlives a run of one version."""

    name = "duckdb"

    def hash64(self, columns: Sequence[str]) -> str:
        """Unsigned 64 bits."""
        return f"hash({', '.join(columns)})"

    def bucket(self, columns: Sequence[str], bits: int) -> str:
        """The low bits of the hash."""
        return f"({self.hash64(columns)} & {2**bits - 1})"

    def summable(self, columns: Sequence[str]) -> str:
        """63 bits of the hash: its 64 do not fit a signed integer."""
        return f"({self.hash64(columns)} >> 1)::bigint"

    def wide_sum(self, expression: str) -> str:
        """``sum`` of a bigint is 128 bits wide."""
        return f"sum({expression})"

    def type_name(self, type: Type) -> str:
        """18 digits are one machine word, and hash and add three times as fast as 38."""
        return f"decimal({MOST_DIGITS}, {type.scale})" if type.kind == "decimal" else _TYPES[type.kind]

    def try_cast(self, expression: str, type: Type) -> str:
        """``try_cast``; a timestamp with an offset becomes UTC."""
        if type.kind == "timestamp":
            return f"timezone('UTC', try_cast({expression} as timestamptz))"
        return f"try_cast({expression} as {self.type_name(type)})"

    def microseconds_between(self, later: str, earlier: str) -> str:
        """``date_diff`` would count boundaries; the difference of epochs counts time."""
        return f"(epoch_us({later}) - epoch_us({earlier}))"

    def folded(self, text: str) -> str:
        """``lower`` would fold more than ASCII, and other than other engines do."""
        return f"trim(translate(nfc_normalize({text}), '{_UPPER}', '{_UPPER.lower()}'))"

    def as_set(self, text: str) -> str:
        """Split, trimmed, without empty members."""
        members = f"list_transform(string_split({text}, ','), lambda member: trim(member))"
        return f"list_sort(list_distinct(list_filter({members}, lambda member: member <> '')))"
