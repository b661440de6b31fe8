"""Old values of a field that always became the same other value (class CODE_MAP), among the differences of a run."""

from __future__ import annotations

from typing import Final

from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.engines.remembered import Remembered
from retailctl.parallel.fields import UNEXPLAINED
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.samples import Masking
from retailctl.parallel.sql.classes import LEAST_CONSISTENCY, LEAST_SUPPORT

_CODED: Final = frozenset({"text", "int", "bool"})
_MOST_CODES: Final = 1000
"""What has more values is no table of codes."""


def mark_code_maps(
    sides: Remembered, side_names: Names, local: DuckEngine, names: Names, table: str, masking: Masking
) -> None:
    """Name the differences that a code table explains.

    It must hold for nearly all matched rows of the old value, rows that stayed equal included; those are counted in
    the view ``l`` of ``sides``.
    """
    for number, column in enumerate(side_names.shape.values):
        if column.type.kind in _CODED:
            _mark(sides, side_names, local, names, table, masking, number)


def _mark(
    sides: Remembered, side_names: Names, local: DuckEngine, names: Names, table: str, masking: Masking, number: int
) -> None:
    column, shown = f"v{number}", names.shape.values[number].type
    old, new = (names.dialect.as_shown(f"{side}_{column}", shown) for side in "ln")
    unexplained = f"f{number} = '{UNEXPLAINED}'"
    candidates = {
        before: (after, support)
        for before, after, support in local.rows(
            f"select {old} as before, min({new}), count(*) from {table} where {unexplained} and l_{column} is not null "
            f"and n_{column} is not null group by 1 having count(*) >= {LEAST_SUPPORT} and min({new}) = max({new}) "
            f"order by 1 limit {_MOST_CODES + 1}"
        )
    }
    if not candidates or len(candidates) > _MOST_CODES:
        return
    codes = ", ".join(map(local.dialect.literal, candidates))
    gone = dict(
        local.rows(f"select {old}, count(*) from {table} where side = 'legacy' and {old} in ({codes}) group by 1")
    )
    value = masking.of(side_names.dialect, side_names.shape.values[number], "v")
    everywhere = sides.rows(
        f"select code, rows_of from (select {value} as code, rows_of from (select {column} as v, count(*) as rows_of "
        f"from l group by {column}) as counted) as told where code in ({codes})"
    )
    held = [
        (code, candidates[code][0])
        for code, rows in everywhere
        if candidates[code][1] * 100 >= int(100 * float(LEAST_CONSISTENCY)) * (rows - gone.get(code, 0))
    ]
    if held:
        pairs = ", ".join(
            f"({local.dialect.literal(before)}, {local.dialect.literal(after)})" for before, after in held
        )
        local.run(f"update {table} set f{number} = 'CODE_MAP' where {unexplained} and ({old}, {new}) in ({pairs})")
