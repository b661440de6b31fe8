"""What only streams have: the order of events, deliveries of the same event, and the time between the two sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from retailctl.model.events_plan import EventPlan
from retailctl.model.parallel_plan import TablePlan
from retailctl.model.parallel_run import Masked
from retailctl.parallel.canonical import SourceColumn, canonical_view, column_names
from retailctl.parallel.columns import LETTER, SIDES, Column, Side, Type
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.events.plan import STREAM_FIELDS, stream_plan
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.samples import Masking
from retailctl.parallel.sources import Relation
from retailctl.parallel.sql.bucket import Step, invalid_key
from retailctl.parallel.window import Span

Copies = Literal["redelivered", "repeated", "conflicting"]
COPIES: Final[tuple[Copies, ...]] = ("redelivered", "repeated", "conflicting")
_PERCENTILES: Final = {"lag_p50": 0.5, "lag_p95": 0.95, "late_p99": 0.99}
_MICRO: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """What was measured.

    ``matched`` are events that both sides have, by their identity. ``order`` are those that came after a later one of
    their group, by side; ``reordered`` those of the new side of which legacy kept the order; None without an order.
    ``spread`` are groups over several partitions, which have no order. ``copies`` are deliveries beyond the first, by
    side and kind. ``lag`` has percentiles in seconds, new minus legacy; {} where no time is known. ``late`` is None
    without a limit.
    """

    matched: int
    order: Mapping[Side, int] = field(default_factory=dict)
    reordered: int | None = None
    spread: int = 0
    copies: Mapping[tuple[Side, Copies], int] = field(default_factory=dict)
    lag: Mapping[str, Decimal] = field(default_factory=dict)
    timed: int = 0
    late: int | None = None


def measured(
    engine: DuckEngine, plan: EventPlan, table: TablePlan, relations: Mapping[Side, Relation], span: Span,
    lag: Decimal | None,
) -> StreamFigures:  # fmt: skip
    """Look at the rows of both sides again, in the order in which they arrived.

    Leaves in the engine ``ev_l``, ``ev_n`` (deliveries), ``copies_l``, ``copies_n`` (those beyond the first), ``met``
    (events of both sides) and ``moved``.
    """
    extended = stream_plan(table)
    for side in SIDES:
        _deliveries(engine, extended, side, relations[side], span)
    _met(engine, plan, table)
    matched = int(engine.rows("select count(*) from met")[0][0])
    order: dict[Side, int] = {}
    reordered, spread = None, 0
    if plan.grouped_by:
        _moved(engine)
        rows = engine.rows("select count(*) filter (out_l), count(*) filter (out_n), "
                           "count(*) filter (out_n and not out_l) from moved")  # fmt: skip
        order = {"legacy": int(rows[0][0]), "new": int(rows[0][1])}
        reordered = int(rows[0][2])
        spread = int(engine.rows("select count(distinct grp) from met where spread")[0][0])
    copies = {(side, kind): count for side in SIDES for kind, count in _copies(engine, side).items()}
    lags, timed, late = _lags(engine, lag)
    return StreamFigures(matched, order, reordered, spread, copies, lags, timed, late)


def _deliveries(engine: DuckEngine, plan: TablePlan, side: Side, relation: Relation, span: Span) -> None:
    """``ev_l`` or ``ev_n``: one row per delivery that is compared."""
    names = Names(plan, engine.dialect)
    columns = {column.name: SourceColumn(column.name, Type("text")) for column in relation.columns}
    view = canonical_view(plan, side, columns, relation.query, engine.dialect)
    own = column_names(plan)
    keys, values = names.shape.key_names, names.shape.value_names
    told = [*keys, *(f"{own[name]} as {column}" for name, (column, _) in STREAM_FIELDS.items())]
    told.append(f"{engine.dialect.stable_hash(values)} as content" if values else "'' as content")
    time = names.time()
    inside = [span.condition(time)] if time is not None and span.limited else []
    # What a broker or capture wrote as time of arrival may be none: its lag is not known, and the event is fine.
    fine = "(rejected is null or starts_with(rejected, '@arrived:'))"
    where = " and ".join([fine, f"not ({invalid_key(names.shape, engine.dialect)})", *inside])
    engine.make(Step(f"ev_{LETTER[side]}", f"select {', '.join(told)} from ({view}) as made where {where}"))


def _met(engine: DuckEngine, plan: EventPlan, table: TablePlan) -> None:
    """``met``: the first delivery of each event that both sides have, with its group and its place in it."""
    names = Names(table, engine.dialect)
    keys = names.shape.key_names
    firsts = (
        f"select {', '.join(keys)}, min(pos) as pos, arg_min(arrived, pos) as arrived, arg_min(part, pos) as part "
        f"from ev_{{}} group by {', '.join(keys)}"
    )
    group = [names.column(name) for name in plan.grouped_by]
    ranked = [names.column(name) for name in plan.order_by] or ["l.pos"]
    grp = f"struct_pack({', '.join(f'g{at} := l.{name}' for at, name in enumerate(group))})" if group else "0"
    by = ", ".join(name if name.startswith("l.") else f"l.{name}" for name in ranked)
    on = " and ".join(f"l.{key} = n.{key}" for key in keys)
    engine.make(Step("met", f"""
        select *, max(part_l) over g <> min(part_l) over g or max(part_n) over g <> min(part_n) over g as spread,
               row_number() over (partition by grp order by {by.replace('l.', '')}, pos_l) as expected
        from (select {', '.join(f'l.{key}' for key in keys)}, l.pos, {grp} as grp, l.pos as pos_l, n.pos as pos_n,
                     l.arrived as arrived_l, n.arrived as arrived_n, l.part as part_l, n.part as part_n
              from ({firsts.format('l')}) l join ({firsts.format('n')}) n on {on}) as joined
        window g as (partition by grp)"""))  # fmt: skip


def _moved(engine: DuckEngine) -> None:
    """``moved``: the same with ``out_l`` and ``out_n``: it arrived after one that comes later in its group."""
    later = (
        "coalesce(max(expected) over (partition by grp order by {} rows between unbounded preceding and 1 preceding)"
        " > expected, false)"
    )
    engine.make(Step("moved", f"select *, {later.format('pos_l')} as out_l, {later.format('pos_n')} as out_n "
                     "from met where not spread"))  # fmt: skip


def _copies(engine: DuckEngine, side: Side) -> dict[Copies, int]:
    """Deliveries of an event beyond the first: with the same id and content, another id, another content."""
    table = f"ev_{LETTER[side]}"
    keys = ", ".join(row[0] for row in engine.rows(f"describe {table}") if row[0].startswith("k"))
    engine.make(Step(f"copies_{LETTER[side]}", f"""
        select {keys}, case when content <> first_content then 'conflicting'
                            when id is not null and same_id > 1 then 'redelivered'
                            else 'repeated' end as kind
        from (select {keys}, id, content, row_number() over (partition by {keys} order by pos) as nth,
                     first_value(content) over (partition by {keys} order by pos) as first_content,
                     row_number() over (partition by {keys}, id order by pos) as same_id
              from {table}) as numbered
        where nth > 1"""))  # fmt: skip
    rows = engine.rows(f"select kind, count(*) from copies_{LETTER[side]} group by kind")
    found = dict(rows)
    return {kind: int(found.get(kind, 0)) for kind in COPIES}


def _lags(engine: DuckEngine, most: Decimal | None) -> tuple[dict[str, Decimal], int, int | None]:
    """Percentiles of the lag, of how many events, and how many came later than allowed."""
    lag = "epoch_us(arrived_n) - epoch_us(arrived_l)"
    told = ", ".join(f"quantile_disc({lag}, {share})" for share in _PERCENTILES.values())
    row = engine.rows(f"select count({lag}), {told} from met")[0]
    if not row[0]:
        return {}, 0, None
    lags = {name: Decimal(value) / _MICRO for name, value in zip(_PERCENTILES, row[1:], strict=True)}
    late = None
    if most is not None:
        late = int(engine.rows(f"select count(*) from met where {lag} > {int(most * _MICRO)}")[0][0])
    return lags, int(row[0]), late


def moved_samples(engine: DuckEngine, table: TablePlan, masking: Masking, most: int) -> tuple[Masked, ...]:
    """Events that the new side delivered out of order and legacy did not, with their places in their group."""
    places = (
        "select *, row_number() over (partition by grp order by pos_l) as at_l, "
        "row_number() over (partition by grp order by pos_n) as at_n from moved"
    )
    shown = [("place in its group", "at_l", "at_n")]
    return _sampled(engine, table, f"({places}) as placed", "out_n and not out_l", shown, masking, most)


def late_samples(
    engine: DuckEngine, table: TablePlan, masking: Masking, most: int, limit: Decimal
) -> tuple[Masked, ...]:  # fmt: skip
    """Events that came later than allowed, with their lag in seconds."""
    lag = "epoch_us(arrived_n) - epoch_us(arrived_l)"
    where = f"{lag} > {int(limit * _MICRO)}"
    shown = [("seconds later", "0", f"(({lag}) / 1000000.0)::decimal(18,3)")]
    return _sampled(engine, table, "met", where, shown, masking, most)


def copy_samples(
    engine: DuckEngine, table: TablePlan, side: Side, kind: Copies, masking: Masking, most: int
) -> tuple[Masked, ...]:  # fmt: skip
    """Events of which a side has further deliveries of one kind, with how often."""
    keys = ", ".join(Names(table, engine.dialect).shape.key_names)
    source = (
        f"(select {keys}, count(*) + 1 as times from copies_{LETTER[side]} where kind = '{kind}' group by {keys}) as c"
    )
    return _sampled(engine, table, source, "true", [("deliveries", "1", "times")], masking, most)


def _sampled(
    engine: DuckEngine, table: TablePlan, source: str, where: str, shown: list[tuple[str, str, str]],
    masking: Masking, most: int,
) -> tuple[Masked, ...]:  # fmt: skip
    names = Names(table, engine.dialect)
    keys: tuple[Column, ...] = names.shape.keys
    masked = [
        masking.of(engine.dialect, column, name) for column, name in zip(keys, names.shape.key_names, strict=True)
    ]
    values = [f"({part})::varchar" for _, *parts in shown for part in parts]
    order = engine.dialect.stable_hash(names.shape.key_names)
    rows: list[tuple[Any, ...]] = engine.rows(
        f"select {', '.join([*masked, *values])} from {source} where {where} "
        f"order by {order}, {', '.join(names.shape.key_names)} limit {most}"
    )
    titles = [column.name for column in keys]
    return tuple(
        Masked(
            key=tuple(zip(titles, row, strict=False)),
            values=tuple((title, row[len(keys) + 2 * at], row[len(keys) + 2 * at + 1])
                         for at, (title, _, _) in enumerate(shown)),
        )
        for row in rows
    )  # fmt: skip
