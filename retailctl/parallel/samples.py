"""Differing rows for people: masked by the engine, so that what may not be shown never leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from retailctl.errors import UsageError
from retailctl.model.parallel_run import Masked
from retailctl.parallel.columns import LETTER, SIDES, Column, Shape
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.sql.dialect import Dialect

_NOTHING: Final = "NULL"
_DROPPED: Final = "(never kept)"
_WRITTEN: Final = {
    ".csv": "format csv, header", ".parquet": "format parquet", ".jsonl": "format json", ".ndjson": "format json"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Masking:
    """Which columns are shown in clear, which not at all, and the key of the pseudonyms that stand for all others."""

    clear: frozenset[str]
    key: bytes = field(repr=False)
    dropped: frozenset[str] = frozenset()

    def of(self, dialect: Dialect, column: Column, value: str) -> str:
        """The text that may be shown, as an expression."""
        if column.name in self.dropped:
            return f"case when {value} is null then '{_NOTHING}' else '{_DROPPED}' end"
        text = dialect.as_shown(value, column.type)
        shown = text if column.name in self.clear else f"'~' || {dialect.pseudonym(text, self.key)}"
        return f"coalesce({shown}, '{_NOTHING}')"

    def stands_for(self, dialect: Dialect, column: Column, value: str) -> str:
        """What is kept of a value that may not be shown: a text, NULL where there is none."""
        if column.name in self.dropped:
            return f"case when {value} is not null then '{_DROPPED}' end"
        return f"'~' || {dialect.pseudonym(dialect.as_shown(value, column.type), self.key)}"

    def done(self, hidden: frozenset[str]) -> Masking:
        """That of rows whose ``hidden`` columns hold already what may be shown."""
        return Masking(self.clear | hidden, self.key, self.dropped - hidden)


def sample(
    engine: Engine, table: str, shape: Shape, where: str, fields: Sequence[int], most: int, masking: Masking
) -> tuple[Masked, ...]:
    """At most ``most`` rows of ``table`` that meet ``where``, with both values of the fields that are asked for.

    They are those of the lowest hash of their key: as random as they are repeatable.
    """
    dialect = engine.dialect
    key = [f"coalesce(l_{name}, n_{name})" for name in shape.key_names]
    shown = [masking.of(dialect, column, value) for column, value in zip(shape.keys, key, strict=True)]
    shown += [masking.of(dialect, shape.values[number], f"{LETTER[side]}_{shape.value_names[number]}")
              for number in fields for side in SIDES]  # fmt: skip
    rows = engine.rows(
        f"select {', '.join(shown)} from (select * from {table} where {where} "
        f"order by {dialect.stable_hash(key)}, {', '.join(key)} limit {most}) as chosen"
    )
    names = [column.name for column in shape.keys]
    return tuple(
        Masked(
            key=tuple(zip(names, row, strict=False)),
            values=tuple(
                (shape.values[number].name, row[len(names) + 2 * at], row[len(names) + 2 * at + 1])
                for at, number in enumerate(fields)
            ),
        )
        for row in rows
    )


def rows_form(target: Path) -> str:
    """How rows are written to a file, by its ending. Ask before a long comparison.

    Raises UsageError for another ending, a file that is there already, and a folder that is not.
    """
    form = _WRITTEN.get(target.suffix.lower())
    if form is None:
        raise UsageError(f"{target.name}: rows are written as {', '.join(_WRITTEN)}")
    if target.exists():
        raise UsageError(f"{target.name} is there already", hint="choose another name, or remove it")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}", hint="create it first")
    return form


def write_rows(engine: DuckEngine, table: str, shape: Shape, target: Path, masking: Masking) -> None:
    """Every row that did not cancel, with its classes, into a file. Raises as ``rows_form``."""
    form = rows_form(target)
    dialect = engine.dialect
    selected = ["class", "side", "variety"]
    for name, column in zip(shape.key_names, shape.keys, strict=True):
        value = masking.of(dialect, column, f"coalesce(l_{name}, n_{name})")
        selected.append(f"{value} as {dialect.identifier(column.name)}")
    for number, (name, column) in enumerate(zip(shape.value_names, shape.values, strict=True)):
        for side in SIDES:
            value = masking.of(dialect, column, f"{LETTER[side]}_{name}")
            selected.append(f"{value} as {dialect.identifier(f'{side}.{column.name}')}")
        selected.append(f"f{number} as {dialect.identifier(f'class.{column.name}')}")
    order = ", ".join(f"coalesce(l_{name}, n_{name})" for name in shape.key_names)
    engine.write(f"select {', '.join(selected)} from {table} order by class, {order}, side", target, form)
