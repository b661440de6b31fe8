"""Values that differ for a reason which one row does not show: a constant rate (SCALE), an older version (STALE).

Both are looked for among what is VALUE so far, SCALE first, as in the table of field classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from retailctl.parallel.columns import NUMERIC, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.fields import UNEXPLAINED
from retailctl.parallel.judgement.bridge import line_name
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.sql.bucket import Step

LEAST_ROWS: Final = 20
"""Rows that have to agree on a rate; with fewer, small numbers agree by chance."""
_LEAST_VALUES: Final = 5
"""Different legacy values among them: one value that became another is no rate."""
_LEAST_SHARE: Final = "0.9"
_TELLING: Final = 50
"""Minor units from which on rounding moves a ratio by one in a hundred at most: smaller amounts fit any rate."""


def explained(engine: Engine, names: Names, table: str) -> str:
    """``table`` again, with SCALE for constant rates and STALE for older versions; the name of the result."""
    open_fields = [number for number in range(len(names.shape.values)) if _occurs(engine, table, number)]
    rates = [number for number in open_fields if _rate(engine, names, table, number)]
    if rates:
        classes, joins = zip(*(_scaled(names, number) for number in rates), strict=True)
        table = _relabelled(engine, table, "scaled_rows", classes, joins)
        engine.drop(*(f"rates{number}" for number in rates))
    if open_fields:
        engine.make(Step("versions", _versions(names, table)))
        if engine.rows("select 1 from versions limit 1"):
            table = _relabelled(engine, table, "stale_rows", tuple(_stale(names, open_fields)))
        engine.drop("versions")
    return table


def _occurs(engine: Engine, table: str, number: int) -> bool:
    return bool(engine.rows(f"select 1 from {table} where f{number} = '{UNEXPLAINED}' limit 1"))


def _rate(engine: Engine, names: Names, table: str, number: int) -> bool:
    """Make ``rates<n>``: for each signature and currency, the rate that nearly all of its rows have; whether any has.

    A rounded amount leaves a range for its rate. The range of the largest amount that has the median rate is the
    narrowest known, and a row is of that rate if its own range meets it.
    """
    column = names.shape.values[number]
    if column.type.kind not in NUMERIC - {"int"}:  # a hidden one is a text here
        return False
    line, currency = _place(names)
    low, high = _range(names, number)
    legacy, new = _numbers(number)
    telling = _telling(column.type, new)
    rows = (f"select {line} as line, {currency} as cur, {legacy} as legacy, {new} / {legacy} as rate, {low} as low, "
            f"{high} as high, {telling} as telling from {table} where {_candidate(number)}")  # fmt: skip
    engine.make(Step(
        f"rates{number}",
        f"with ranges as ({rows}), middle as (select line, cur, quantile_disc(rate, 0.5) as rate from ranges "
        f"where telling group by line, cur), narrow as (select r.line, r.cur, arg_max(r.low, abs(r.legacy)) as low, "
        f"arg_max(r.high, abs(r.legacy)) as high from ranges r join middle m on m.line = r.line and m.cur = r.cur "
        f"where r.low <= m.rate and r.high >= m.rate group by r.line, r.cur) "
        f"select n.line, n.cur, n.low, n.high from narrow n join ranges r on r.line = n.line and r.cur = n.cur "
        f"where n.high < 1 or n.low > 1 group by n.line, n.cur, n.low, n.high "
        f"having count(*) filter (where r.telling and r.low <= n.high and r.high >= n.low) >= {LEAST_ROWS} "
        f"and count(*) filter (where r.low <= n.high and r.high >= n.low) >= {_LEAST_SHARE} * count(*) "
        f"and count(distinct r.legacy) filter (where r.low <= n.high and r.high >= n.low) >= {_LEAST_VALUES}",
    ))  # fmt: skip
    if engine.rows(f"select 1 from rates{number} limit 1"):
        return True
    engine.drop(f"rates{number}")
    return False


def _place(names: Names) -> tuple[str, str]:
    """A rate is one of a signature and a currency."""
    return line_name(names), names.currency("l_") if names.plan.amount else "''"


def _candidate(number: int) -> str:
    """Whether a row can have a rate. A changed sign is another class."""
    name = f"v{number}"
    return f"f{number} = '{UNEXPLAINED}' and l_{name} <> 0 and n_{name} <> 0 and (l_{name} > 0) = (n_{name} > 0)"


def _numbers(number: int) -> tuple[str, str]:
    return f"cast(l_v{number} as double)", f"cast(n_v{number} as double)"


def _half(type: Type, new: str) -> str:
    """How far a new value may be from what it was before it was rounded."""
    return f"5e-{type.scale + 1}" if type.kind == "decimal" else f"(abs({new}) * 1e-9)"


def _range(names: Names, number: int) -> tuple[str, str]:
    """The range that rounding leaves for the rate of a row."""
    legacy, new = _numbers(number)
    half = _half(names.shape.values[number].type, new)
    return f"((abs({new}) - {half}) / abs({legacy}))", f"((abs({new}) + {half}) / abs({legacy}))"


def _telling(type: Type, new: str) -> str:
    return f"abs({new}) >= {2 * _TELLING} * {_half(type, new)}" if type.kind == "decimal" else "true"


def _versions(names: Names, table: str) -> str:
    """What else the legacy side says of a key, and when: its other copies."""
    told = ", ".join(f"l_{name} as {name}" for name in (*names.shape.key_names, *names.shape.value_names))
    return f"select {told}, {_moment(names)} as since from {table} where class = 'DUPLICATE' and side = 'legacy'"


def _moment(names: Names) -> str:
    """The event time of a legacy row; without one any other copy may be the older."""
    return names.time("l_") or "cast(null as timestamp)"


def _relabelled(engine: Engine, table: str, made: str, classes: Sequence[str], joins: Sequence[str] = ()) -> str:
    engine.make(Step(made, f"select t.* replace ({', '.join(classes)}) from {table} t {' '.join(joins)}"))
    engine.drop(table)
    return made


def _scaled(names: Names, number: int) -> tuple[str, str]:
    """The class of a field with its constant rate, and the join that finds the rate."""
    line, currency = _place(names)
    low, high = _range(names, number)
    rate = f"rates{number}"
    same = f"{_candidate(number)} and {low} <= {rate}.high and {high} >= {rate}.low"
    return (f"case when {same} then 'SCALE' else t.f{number} end as f{number}",
            f"left join {rate} on {rate}.line = {line} and {rate}.cur = {currency}")  # fmt: skip


def _stale(names: Names, stale: Sequence[int]) -> Iterator[str]:
    key = " and ".join(f"o.{name} = t.l_{name}" for name in names.shape.key_names)
    moment = _moment(names)
    older = "true" if moment.startswith("cast(null") else f"(o.since is null or o.since < {moment})"
    for number in stale:
        same = f"exists (select 1 from versions o where {key} and o.v{number} = t.n_v{number} and {older})"
        yield f"case when f{number} = '{UNEXPLAINED}' and {same} then 'STALE' else f{number} end as f{number}"
