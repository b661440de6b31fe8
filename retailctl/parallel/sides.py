"""The two sides of a plan as views: ``l`` and ``n`` of what is compared, ``l_out`` and ``n_out`` of what is outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from retailctl.errors import ConfigError
from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import (
    SourceColumns,
    canonical_view,
    column_problems,
    side_of,
    source_name,
    type_of,
)
from retailctl.parallel.columns import LETTER, SIDES, Side
from retailctl.parallel.engines.remembered import Remembered
from retailctl.parallel.judgement.lateness import OUTSIDE
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.opening import columns_of
from retailctl.parallel.quick import Read
from retailctl.parallel.sources import Relation
from retailctl.parallel.window import Span


@dataclass(frozen=True, slots=True)
class Sides:
    """What was read: rows and rejected ones of each side, and how many are outside the window."""

    read: Mapping[Side, Read]
    outside: Mapping[Side, int]


def make_sides(engine: Remembered, names: Names, relations: Mapping[Side, Relation], span: Span) -> Sides:
    """Make the views of both sides.

    Raises ConfigError where the plan does not fit its sources, IncompleteError where one cannot be read.
    """
    columns = _columns(names.plan, relations)
    read: dict[Side, Read] = {}
    outside: dict[Side, int] = {}
    for side, relation in relations.items():
        read[side], outside[side] = _side(engine, names, side, relation, columns[side], span)
    return Sides(read, outside)


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
    engine: Remembered, names: Names, side: Side, relation: Relation, columns: SourceColumns, span: Span
) -> tuple[Read, int]:
    plan = names.plan
    for problem in column_problems(plan, side, columns, engine.dialect):
        raise ConfigError(problem.message, hint=problem.hint)
    query = canonical_view(plan, side, columns, relation.query, engine.dialect)
    sure = _is_plain(plan, side, relation)
    source = f"({query})" if sure else engine.copied(query, relation.label)
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
