"""A run of a plan: both sides brought to their canonical form, compared, and what differs put into its class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from retailctl.errors import ConfigError, IncompleteError
from retailctl.model.durations import seconds
from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import (
    SourceColumns,
    canonical_view,
    column_problems,
    compared_fields,
    side_of,
    source_name,
    type_of,
)
from retailctl.parallel.columns import LETTER, SIDES, Side
from retailctl.parallel.comparison import RowClasses, bits_for, compare, row_classes
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.judgement.lateness import OUTSIDE, Horizon, horizon, settled
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.opening import columns_of, opened
from retailctl.parallel.quick import Read
from retailctl.parallel.sources import Relation
from retailctl.parallel.window import Span


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished comparison of a plan.

    ``by_class`` counts rows by class and side ("" for matched ones), ``outside`` those of each side that are not in the
    window.
    """

    names: Names
    table: str
    classes: RowClasses
    by_class: Mapping[tuple[str, str], int]
    read: Mapping[Side, Read]
    outside: Mapping[Side, int]
    horizon: Horizon
    labels: tuple[str, str]
    files: Mapping[Side, tuple[Path, ...]]


def run_plan(engine: DuckEngine, plan: TablePlan, root: Path, span: Span, bits: int = 0) -> Ran:
    """Compare the two sides of a plan. The tables stay in the engine.

    Raises ConfigError where the plan does not fit its sources, IncompleteError where one cannot be read.
    """
    names = Names(plan, engine.dialect)
    relations: dict[Side, Relation] = {
        side: opened(engine, root, plan.sources.legacy if side == "legacy" else plan.sources.new) for side in SIDES
    }
    read: dict[Side, Read] = {}
    outside: dict[Side, int] = {}
    columns = _columns(plan, relations)
    for side, relation in relations.items():
        read[side], outside[side] = _side(engine, names, side, relation, columns[side], span)
    fields = compared_fields(plan)
    most = max(one.rows for one in read.values())
    table = compare(engine, names.shape, fields, bits=bits or min(bits_for(most), engine.most_bits))
    lag = seconds(plan.lag) if plan.lag else None
    late = horizon(engine, names, None if lag is None else timedelta(seconds=float(lag)))
    table = settled(engine, names, table, late, windowed=span.limited)
    counts = engine.rows(f"select class, coalesce(side, ''), count(*) from {table} group by 1, 2 order by 1, 2")
    by_class = {(name, side): count for name, side, count in counts}
    return Ran(
        names, table, row_classes(engine, table), by_class, read, outside, late,
        (relations["legacy"].label, relations["new"].label),
        {side: relation.files for side, relation in relations.items()},
    )  # fmt: skip


def _columns(plan: TablePlan, relations: Mapping[Side, Relation]) -> dict[Side, SourceColumns]:
    """The columns of both sides. Those of one type on both, which the plan takes as they are, need no cast."""
    found = {side: columns_of(relation) for side, relation in relations.items()}
    native = {side: {column.name: column.native for column in relation.columns} for side, relation in relations.items()}
    for field in plan.fields:
        given = {side: source_name(field, side) for side in SIDES}
        types = {native[side].get(name, side) for side, name in given.items()}
        kept = all(
            not side_of(field, side).normalisers
            and name in found[side]
            and found[side][name].form == ""
            and found[side][name].type == type_of(field)
            for side, name in given.items()
        )
        if kept and len(types) == 1:
            for side, name in given.items():
                found[side][name] = replace(found[side][name], form="alike")
    return dict(found)


def _side(
    engine: DuckEngine, names: Names, side: Side, relation: Relation, columns: SourceColumns, span: Span
) -> tuple[Read, int]:
    """The views of a side: ``l`` (or ``n``) of what is compared, and that of the rows outside the window."""
    plan = names.plan
    for problem in column_problems(plan, side, columns, engine.dialect):
        raise ConfigError(problem.message, hint=problem.hint)
    query = canonical_view(plan, side, columns, relation.query, engine.dialect)
    sure = _is_plain(plan, side, relation)
    source = f"({query})" if sure else _copied(engine, relation, query)
    time = names.time()
    inside = span.condition(time) if time is not None and span.limited else ""
    letter, told = LETTER[side], ", ".join(names.shape.names)
    fine = [] if sure else ["rejected is null"]
    engine.view(letter, f"select {told} from {source} as made{_where([*fine, *([inside] if inside else [])])}")
    outside = 0
    if inside:
        # A row without a time is in no window: it is compared nowhere, so it must be counted somewhere.
        engine.view(OUTSIDE[side], f"select {told} from {source} as made{_where([*fine, f'({inside}) is not true'])}")
        outside = int(engine.rows(f"select count(*) from {OUTSIDE[side]}")[0][0])
    rejected: dict[tuple[str, str], int] = {}
    if not sure:
        counts = engine.rows(
            f"select rejected, count(*) from {source} as made where rejected is not null group by 1 order by 1"
        )
        rejected = {
            (name, reason): count
            for (name, _, reason), count in ((told.rpartition(":"), count) for told, count in counts)
        }
    rows = int(engine.rows(f"select count(*) from {letter}")[0][0]) + sum(rejected.values())
    return Read(rows, rejected), outside


def _where(conditions: list[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""


def _is_plain(plan: TablePlan, side: Side, relation: Relation) -> bool:
    """Whether a side can be compared in place: cheap to read again, and no value of it can be rejected."""
    columns = columns_of(relation)
    return not relation.streamed and all(
        not side_of(field, side).normalisers and columns[source_name(field, side)].type == type_of(field)
        for field in plan.fields
    )


def _copied(engine: DuckEngine, relation: Relation, query: str) -> str:
    try:
        return engine.copied(query)
    except IncompleteError as error:
        raise IncompleteError(f"{relation.label}: {error.message}", hint=error.hint) from None
