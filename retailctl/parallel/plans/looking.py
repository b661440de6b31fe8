"""A look at a source through its plan: some rows before and after, and what of many is rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from retailctl.model.parallel_plan import PlanField, TablePlan
from retailctl.parallel.canonical import SourceColumns, canonical_view, source_name, type_of, value_of
from retailctl.parallel.columns import Side, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.layers import Value, layered
from retailctl.parallel.normalisers.stage import REASONS
from retailctl.parallel.sql.dialect import Dialect

SHOWN: Final = 5
LOOKED_AT: Final = 10_000
DROPPED: Final = "(never kept)"


def rejections(engine: Engine, plan: TablePlan, side: Side, columns: SourceColumns, query: str) -> list[dict[str, Any]]:
    """Which fields were rejected in the first rows, why, and how often."""
    some = f"(select * from {query} limit {LOOKED_AT})"
    view = canonical_view(plan, side, columns, some, engine.dialect)
    counts = engine.rows(f"select rejected, count(*) from ({view}) as view group by 1 order by 2 desc, 1")
    found = [(rejected.rpartition(":"), count) for rejected, count in counts if rejected is not None]
    return [
        {"side": side, "field": field, "reason": reason, "words": REASONS[reason], "rows": count}
        for (field, _, reason), count in found
    ]


def samples(
    engine: Engine, plan: TablePlan, side: Side, columns: SourceColumns, query: str, key: bytes
) -> list[list[dict[str, Any]]]:
    """Some rows, field by field: the value of the source and the canonical one. What is not marked as free of personal
    data is a pseudonym under ``key``."""
    dialect = engine.dialect
    values = [value_of(field, side, columns, dialect) for field in plan.fields]
    raw = [Value("", columns[source_name(field, side)].expression(dialect), ()) for field in plan.fields]
    made = layered([*values, *raw], f"(select * from {query} limit {SHOWN})", dialect)
    count = len(plan.fields)
    told: list[str] = []
    for number, field in enumerate(plan.fields):
        given = columns[source_name(field, side)].type or Type("text")
        told.append(_told(field, made.names[count + number], given, dialect, key))
        told.append(_told(field, made.names[number], type_of(field), dialect, key))
    rows = engine.rows(f"select {', '.join(told)} from ({made.query}) as made")
    return [
        [
            {"field": field.name, "before": row[2 * number], "after": row[2 * number + 1]}
            for number, field in enumerate(plan.fields)
        ]
        for row in rows
    ]


def _told(field: PlanField, value: str, type: Type, dialect: Dialect, key: bytes) -> str:
    if field.pii == "drop":
        return f"case when {value} is not null then {dialect.literal(DROPPED)} end"
    shown = dialect.as_shown(value, type)
    return shown if field.pii == "none" else dialect.pseudonym(shown, key)


def left_over(plan: TablePlan, side: Side, columns: Mapping[str, object]) -> list[str]:
    """Columns of a source that the plan says nothing of."""
    used = {source_name(field, side) for field in plan.fields}
    return [name for name in columns if name not in used]
