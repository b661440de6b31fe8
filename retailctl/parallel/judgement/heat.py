"""Where and when rows differ: counts by place and business day, for a heat map.

What counts is what somebody has to look at: rows that are pending or accepted are left out, and so are those that are
equal within tolerance.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from retailctl.model.parallel_pictures import Heat, HeatRow
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.clusters import delta_of, masked, placed
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import DERIVED
from retailctl.parallel.samples import Masking
from retailctl.parallel.sql.bucket import Step

MOST_PLACES: Final = 40
MOST_DAYS: Final = 31
_DAY: Final = "business_day"
_STORE: Final = "store"
_COUNTED: Final = "class not in ('EQUAL', 'PENDING') and accepted is null"
_CELLS, _PLACES = "heat_cells", "heat_places"


def heat(engine: Engine, names: Names, table: str, masking: Masking) -> Heat | None:
    """The heat map of ``table``, the classed rows with ``accepted``; None where the plan names no time or no place.

    The place is the field ``store``, else the first dimension of the plan that is a field.
    """
    down = place_of(names)
    if down is None or names.time() is None:
        return None
    engine.make(Step(_CELLS, _cells(names, table, down)))
    engine.make(_ranked())
    try:
        return _mapped(engine, names, masking, down)
    finally:
        engine.drop(_CELLS, _PLACES)


def place_of(names: Names) -> str | None:
    """The dimension that stands for a place; one that may not be shown at all is none."""
    dropped = {field.name for field in names.plan.fields if field.pii == "drop"}
    fields = {column.name for column in names.shape.columns} - dropped
    wanted = (_STORE, *(name for name in names.plan.dimensions if name not in DERIVED))
    return next((name for name in wanted if name in fields), None)


def _cells(names: Names, table: str, down: str) -> str:
    told = f"{placed(names, down)} as place, {placed(names, _DAY)} as day, {delta_of(names)} as delta"
    return (f"select place, day, count(*) as n, sum(abs(delta)) as gross from (select {told} from {table} "
            f"where {_COUNTED}) as counted where place is not null group by place, day")  # fmt: skip


def _ranked() -> Step:
    """The places, those with most rows first."""
    best = f"select place, sum(n) as n, sum(gross) as gross from {_CELLS} group by place"
    return Step(
        _PLACES, f"select row_number() over (order by n desc, place) as rank, place, n, gross from ({best}) as b"
    )


def _mapped(engine: Engine, names: Names, masking: Masking, down: str) -> Heat:
    newest = engine.rows(f"select distinct day from {_CELLS} where day is not null order by day desc limit {MOST_DAYS}")
    days = [day for (day,) in newest][::-1]
    every, count, total = engine.rows(
        f"select count(distinct day), count(distinct place), coalesce(sum(n), 0) from {_CELLS}"
    )[0]
    ranked = engine.rows(
        f"select rank, {masked(names, masking, down, 'place')}, n, gross from {_PLACES} "
        f"where rank <= {MOST_PLACES} order by rank"
    )
    cells = {
        (rank, day): rows
        for rank, day, rows in engine.rows(
            f"select p.rank, c.day, c.n from {_CELLS} c join {_PLACES} p on {names.dialect.same('c.place', 'p.place')} "
            f"where p.rank <= {MOST_PLACES} and c.day >= date '{days[0].isoformat() if days else '9999-12-31'}'"
        )
    }
    money = names.amount() is not None
    return Heat(
        down=down,
        columns=tuple(day.isoformat() for day in days),
        rows=tuple(
            HeatRow(
                name=place,
                cells=tuple(int(cells.get((rank, day), 0)) for day in days),
                rows=int(rows),
                gross=f"{Decimal(gross):f}" if money else "",
            )
            for rank, place, rows, gross in ranked
        ),
        total=int(total),
        more_rows=int(count) - len(ranked),
        more_columns=int(every) - len(days),
    )
