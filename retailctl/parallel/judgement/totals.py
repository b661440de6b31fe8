"""Control totals: sums per group that both sides must have alike, and the groups where they have not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from retailctl.model.parallel_plan import Totals
from retailctl.parallel.columns import LETTER, SIDES, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import DERIVED, NET, ROWS
from retailctl.parallel.samples import Masking
from retailctl.parallel.sql.bucket import Step

_WORST = 10


@dataclass(frozen=True, slots=True)
class Group:
    """One group that is not tied: its values, and each measure on both sides."""

    values: tuple[str, ...]
    legacy: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tied:
    """One control total: how many groups agree in every measure, and the worst of the others."""

    group_by: tuple[str, ...]
    measures: tuple[str, ...]
    groups: int
    tied: int
    worst: tuple[Group, ...]


def control_totals(engine: Engine, names: Names, masking: Masking) -> tuple[Tied, ...]:
    """Every control total of the plan, in its order."""
    return tuple(_tied(engine, names, given, masking) for given in names.plan.totals)


def _tied(engine: Engine, names: Names, given: Totals, masking: Masking) -> Tied:
    groups = [f"g{number}" for number in range(len(given.group_by))]
    measures = [f"m{number}" for number in range(len(given.measures))]
    selected = [f"{names.dimension(name)} as {group}" for name, group in zip(given.group_by, groups, strict=True)]
    sums = [f"{_measure(names, name)} as {measure}" for name, measure in zip(given.measures, measures, strict=True)]
    by = f" group by {', '.join(names.dimension(name) for name in given.group_by)}" if groups else ""
    for side in SIDES:
        engine.make(Step(f"totals_{LETTER[side]}", f"select {', '.join([*selected, *sums])} from {LETTER[side]}{by}"))
    engine.make(Step("totals", _both(names, groups, measures)))
    count, agreed = engine.rows("select count(*), coalesce(sum(tied), 0) from totals")[0]
    shown = [_masked(names, masking, name, group) for name, group in zip(given.group_by, groups, strict=True)]
    worst = _worst(engine, shown, groups, measures)
    engine.drop("totals_l", "totals_n", "totals")
    return Tied(tuple(given.group_by), tuple(given.measures), count, int(agreed), worst)


def _both(names: Names, groups: Sequence[str], measures: Sequence[str]) -> str:
    """Both sides of each group. Grouped, not joined: a group may be NULL, and PostgreSQL joins no such thing in full.

    The sums of an empty side are NULL: no row there, and not a difference by itself.
    """
    told = ", ".join([*groups, *measures])
    legs = " union all ".join(
        f"select {number} as leg, {told} from totals_{letter}" for number, letter in enumerate("ln")
    )
    sums = [
        f"max(case when leg = {number} then {measure} end) as {side}_{measure}"
        for measure in measures
        for number, side in enumerate("az")
    ]
    by = f" group by {', '.join(groups)}" if groups else ""
    tied = " and ".join(names.dialect.same(f"a_{measure}", f"z_{measure}") for measure in measures)
    return (f"select paired.*, case when {tied} then 1 else 0 end as tied from "
            f"(select {', '.join([*groups, *sums])} from ({legs}) as legs{by}) as paired")  # fmt: skip


def _measure(names: Names, name: str) -> str:
    if name == ROWS:
        return "count(*)"
    if name == NET:
        return f"sum({names.amount() or '0'})"
    return f"sum({names.column(name)})"


def _masked(names: Names, masking: Masking, name: str, group: str) -> str:
    """The value of a group as it may be shown; a day or an hour is nobody's."""
    if name in DERIVED:
        return f"cast({group} as {names.dialect.type_name(Type())})"
    return masking.of(names.dialect, next(one for one in names.shape.columns if one.name == name), group)


def _worst(engine: Engine, shown: Sequence[str], groups: Sequence[str], measures: Sequence[str]) -> tuple[Group, ...]:
    apart = " + ".join(f"abs(coalesce(a_{measure}, 0) - coalesce(z_{measure}, 0))" for measure in measures)
    columns = [*shown, *(f"{side}_{measure}" for side in ("a", "z") for measure in measures)]
    order = ", ".join([f"{apart} desc", *(f"{group} nulls last" for group in groups)])
    rows = engine.rows(f"select {', '.join(columns)} from totals where tied = 0 order by {order} limit {_WORST}")
    count = len(measures)

    def texts(values: Sequence[Any]) -> tuple[str, ...]:
        return tuple("" if value is None else str(value) for value in values)

    return tuple(
        Group(
            texts(row[: len(groups)]), texts(row[len(groups) : len(groups) + count]), texts(row[len(groups) + count :])
        )
        for row in rows
    )
