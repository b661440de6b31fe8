"""What a run sees of the rows that earlier runs left pending: looked up in both sources, outside the window as well.

Pseudonyms of all keys of a side would cost more than the comparison. So the row itself is looked up first, at exactly
its event time: where it is still there, its key finds the other side. Only for rows that are gone from their own side
are pseudonyms made of the other one's, of the days around.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from retailctl.parallel.columns import LETTER, SIDES, Side
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.lateness import OUTSIDE
from retailctl.parallel.judgement.ledger import MOST_ENTRIES, OTHER, Entry, More, Sightings
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.samples import Masking
from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.dialect import Dialect

_AROUND: Final = timedelta(days=1)
"""How far the event times of the two sides of a row may be apart: any shift of zones, and a day's posting."""
_BETWEEN: Final = "\x1f"


def key_of_side(names: Names, masking: Masking, hidden: frozenset[str], prefix: str = "") -> str:
    """The pseudonym of the key of a row of a source: that of what is kept of each part."""
    parts = [
        masking.stands_for(names.dialect, column, prefix + name)
        if column.name in hidden
        else names.dialect.as_shown(prefix + name, column.type)
        for column, name in zip(names.shape.keys, names.shape.key_names, strict=True)
    ]
    return _together(names.dialect, parts, masking.key)


def key_of_kept(names: Names, masking: Masking, prefix: str) -> str:
    """The same of a row of ``found``, where hidden parts are pseudonyms already."""
    columns = zip(names.shape.keys, names.shape.key_names, strict=True)
    parts = [names.dialect.as_shown(prefix + name, column.type) for column, name in columns]
    return _together(names.dialect, parts, masking.key)


def _together(dialect: Dialect, parts: Sequence[str], key: bytes) -> str:
    return dialect.pseudonym(f" || {dialect.literal(_BETWEEN)} || ".join(parts), key)


def can_follow(names: Names, masking: Masking) -> bool:
    """Whether pending rows may leave the machine: keys that are kept, and event times that may be shown."""
    time = names.plan.event_time
    dropped = {column.name for column in names.shape.keys} & masking.dropped
    return time is not None and time.field in masking.clear and not dropped


def pending_rows(
    engine: Engine, names: Names, table: str, masking: Masking
) -> tuple[tuple[Entry, ...], dict[Side, More]]:
    """The pending rows of a run, and how many more there are than a line of history carries."""
    if names.plan.event_time is None:
        return (), {}  # nothing is late without a time
    counts = engine.rows(
        f"select side, count(*), min({_kept_time(names)}) from {table} where class = 'PENDING' group by side order by 1"
    )
    if not can_follow(names, masking):
        return (), {side: More(count, oldest) for side, count, oldest in counts}
    legacy, new = (key_of_kept(names, masking, f"{LETTER[side]}_") for side in SIDES)
    key = f"case when side = 'legacy' then {legacy} else {new} end"
    entries = tuple(
        Entry(side, shown, at)
        for side, shown, at in engine.rows(
            f"select distinct side, {key} as shown, {_kept_time(names)} from {table} where class = 'PENDING' "
            f"order by shown, side limit {MOST_ENTRIES}"
        )
    )
    carried = {side: sum(1 for entry in entries if entry.side == side) for side in SIDES}
    more = {side: More(count - carried[side], oldest) for side, count, oldest in counts if count > carried[side]}
    return entries, more


def _kept_time(names: Names) -> str:
    return f"case when side = 'legacy' then {names.time('l_')} else {names.time('n_')} end"


def sightings(
    engine: Engine, names: Names, masking: Masking, hidden: frozenset[str], entries: Iterable[Entry], *, windowed: bool
) -> Sightings:
    """What the two sources say of some rows, which is nothing where the plan no longer knows when a row happened.

    ``engine`` has the views of both sides.
    """
    listed = {side: [entry for entry in entries if entry.side == side] for side in SIDES}
    if not any(listed.values()) or names.time() is None:
        return Sightings()
    there: set[tuple[Side, str]] = set()
    inside: set[tuple[Side, str]] = set()
    for side, waiting in listed.items():
        if not waiting:
            continue
        rows = {one: _rows(names, one, windowed=windowed) for one in SIDES}
        own = _own_rows(engine, names, rows[side], key_of_side(names, masking, hidden), waiting)
        keys = " and ".join(f"o.{name} = w.{name}" for name in names.shape.key_names)
        found = engine.rows(
            f"select w.shown, max(w.inside), max(case when o.k0 is not null then 1 else 0 end) from {own} w "
            f"left join ({rows[OTHER[side]]}) o on {keys} group by w.shown order by 1"
        )
        inside |= {(side, shown) for shown, here, _ in found if here}
        there |= {(side, shown) for shown, _, other in found if other}
        gone = [entry for entry in waiting if entry.key not in {shown for shown, _, _ in found}]
        there |= {(side, shown) for shown in _by_pseudonym(engine, names, rows[OTHER[side]], masking, hidden, gone)}
        engine.drop(own)
    return Sightings(frozenset(there), frozenset(inside), _first(engine, names, windowed=windowed))


def _rows(names: Names, side: Side, *, windowed: bool) -> str:
    """All rows of a side with their event time, inside the window and outside."""
    keys = ", ".join(names.shape.key_names)
    views = [(LETTER[side], 1), *([(OUTSIDE[side], 0)] if windowed else [])]
    return " union all ".join(
        f"select {keys}, {names.time()} as happened, {inside} as inside from {view}" for view, inside in views
    )


def _own_rows(engine: Engine, names: Names, rows: str, shown: str, waiting: Sequence[Entry]) -> str:
    """A table of the rows that are still on their own side, with their pseudonyms."""
    keys = ", ".join(names.shape.key_names)
    times = ", ".join(_moment(at) for at in sorted({entry.at for entry in waiting}))
    table = f"waiting_{LETTER[waiting[0].side]}"
    engine.make(Step(
        table,
        f"select {keys}, inside, shown from (select {keys}, inside, {shown} as shown from ({rows}) as all_rows "
        f"where happened in ({times})) as then_there where shown in ({_keys(names.dialect, waiting)})",
    ))  # fmt: skip
    return table


def _by_pseudonym(
    engine: Engine, names: Names, rows: str, masking: Masking, hidden: frozenset[str], gone: Sequence[Entry]
) -> list[str]:
    if not gone:
        return []
    first, last = (_moved(end(entry.at for entry in gone), by) for end, by in ((min, -_AROUND), (max, _AROUND)))
    near = f"happened between {_moment(first)} and {_moment(last)}"
    found = engine.rows(
        f"select distinct shown from (select {key_of_side(names, masking, hidden)} as shown from ({rows}) as all_rows "
        f"where {near}) as near_by where shown in ({_keys(names.dialect, gone)}) order by 1"
    )
    return [str(shown) for (shown,) in found]


def _first(engine: Engine, names: Names, *, windowed: bool) -> Mapping[Side, datetime | None]:
    told: dict[Side, Any] = {}
    for side in SIDES:
        every = _rows(names, side, windowed=windowed)
        told[side] = engine.rows(f"select min(happened) from ({every}) as all_rows")[0][0]
    return told


def _moved(at: datetime, by: timedelta) -> datetime:
    try:
        return at + by
    except OverflowError:  # at an end of time
        return at


def _moment(at: datetime) -> str:
    return f"timestamp '{at.isoformat(' ')}'"


def _keys(dialect: Dialect, entries: Iterable[Entry]) -> str:
    return ", ".join(dialect.literal(entry.key) for entry in entries)
