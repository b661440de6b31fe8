"""Differences that only other differing rows explain: the same row under another key, lines that were split or merged.

A label changes no amount and no count of rows: what is relabelled stays in the table, with its own side. Each of the
two is one row of the table below, tried in its order on what is still MISSING_IN_NEW or EXTRA_IN_NEW.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from retailctl.parallel.columns import LETTER, NUMERIC, SIDES
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import NET
from retailctl.parallel.sql.bucket import Step

LEAST_ALIKE: Final = 3
"""Values that must be there and agree before two rows are the same one under two keys: fewer agree by chance."""
LEAST_PAIRS, LEAST_SHARE = 20, 20
"""A fault of the key map shows in so many pairs, or in one of so many one-sided rows."""
_LEGACY: Final = "count(*) filter (where class = 'MISSING_IN_NEW')"
_NEW: Final = "count(*) filter (where class = 'EXTRA_IN_NEW')"


class Label(NamedTuple):
    """A class, and when a one-sided row is of it: a condition with windows over all such rows (None: it cannot be).

    ``by_chance`` is set where a few pairs among many one-sided rows are no cause: an extra row may be the copy of one
    that is missing.
    """

    name: str
    condition: Callable[[Names], str | None]
    by_chance: bool = False


def key_remap(names: Names) -> str | None:
    """All compared fields that are no key agree, and no other row of either side has the same."""
    fields = {field.name: field for field in names.plan.fields}
    own = [_own(name) for name in names.shape.value_names]
    kept = [value for value, column in zip(own, names.shape.values, strict=True) if fields[column.name].pii != "drop"]
    if len(kept) < LEAST_ALIKE:
        return None
    there = " + ".join(f"case when {value} is null then 0 else 1 end" for value in kept)
    over = f"over (partition by {', '.join(own)})"
    return f"{_LEGACY} {over} = 1 and {_NEW} {over} = 1 and {there} >= {LEAST_ALIKE}"


def split_merge(names: Names) -> str | None:
    """Several lines of one first key field (an order) have the same sums on both sides, in one currency."""
    measures = tuple(dict.fromkeys(_measures(names)))
    if len(names.shape.keys) < 2 or not measures:
        return None
    over = f"over (partition by coalesce(l_{names.shape.key_names[0]}, n_{names.shape.key_names[0]}))"
    conditions = [f"{_LEGACY} {over} > 0 and {_NEW} {over} > 0 and {_LEGACY} {over} + {_NEW} {over} > 2"]
    sums = [[f"sum({measure.format(LETTER[side] + '_')}) filter (where side = '{side}') {over}" for side in SIDES]
            for measure in measures]  # fmt: skip
    conditions += [f"{legacy} = {new}" for legacy, new in sums]
    # Nothing against nothing agrees whatever the rows are.
    conditions.append(f"({' or '.join(f'{legacy} <> 0' for legacy, _ in sums)})")
    if names.plan.amount is not None:
        currency = f"case when side = 'legacy' then {names.currency('l_')} else {names.currency('n_')} end"
        conditions.append(f"min({currency}) {over} = max({currency}) {over}")
    return " and ".join(conditions)


LABELS: Final = (Label("KEY_REMAP", key_remap, by_chance=True), Label("SPLIT_MERGE", split_merge))


def settle_labels(engine: Engine, table: str, made: str) -> None:
    """Give what was made of ``table`` its name again."""
    if made != table:
        engine.make(Step(table, f"select * from {made}"))
        engine.drop(made)


def relabelled(engine: Engine, names: Names, table: str) -> str:
    """``table`` again, with the classes of ``LABELS``; the name of the result. Only classes are other."""
    for label in LABELS:
        condition, least = label.condition(names), _least(engine, table)
        if condition is None or not least:
            continue
        made = f"{label.name.lower()}_rows"
        one_sided = "class in ('MISSING_IN_NEW', 'EXTRA_IN_NEW')"
        engine.make(Step(
            made,
            f"select * replace (case when {condition} then '{label.name}' else class end as class) "
            f"from {table} where {one_sided} union all select * from {table} where not ({one_sided})",
        ))  # fmt: skip
        if label.by_chance and _too_few(engine, made, label, least):
            engine.drop(made)
            continue
        engine.drop(table)
        table = made
    return table


def _least(engine: Engine, table: str) -> int:
    """How many rows may be paired: those of the side that has fewer."""
    return int(min(engine.rows(f"select {_LEGACY}, {_NEW} from {table}")[0]))


def _too_few(engine: Engine, made: str, label: Label, least: int) -> bool:
    """Whether the pairs are neither many nor a part of the one-sided rows that is worth a name."""
    pairs = int(engine.rows(f"select count(*) from {made} where class = '{label.name}'")[0][0]) // 2
    return pairs < LEAST_PAIRS and pairs * LEAST_SHARE < least


def _own(name: str) -> str:
    """The value of a one-sided row."""
    return f"case when side = 'legacy' then l_{name} else n_{name} end"


def _measures(names: Names) -> Iterator[str]:
    """What may be added up over the lines of an order, with a place for the prefix of a side: the amount, what it is
    a multiple of, and the measures of the control totals. A price per piece is none: it does not add up."""
    columns = {column.name: column for column in names.shape.columns}
    amount = names.plan.amount
    if amount is not None:
        yield str(names.amount("{0}"))
        if amount.times:
            yield f"coalesce({names.column(amount.times, '{0}')}, 0)"
    for name in (measure for total in names.plan.totals for measure in total.measures if measure != NET):
        if name in columns and columns[name].type.kind in NUMERIC:  # a hidden one is a text here
            yield f"coalesce({names.column(name, '{0}')}, 0)"
