"""Rows of one side only that may be late, or stand in another window on the other side (classes PENDING, BOUNDARY).

A side has delivered up to its watermark: the largest event time seen. What is younger than the lag before the earlier
watermark may still come; a true loss in that time cannot be told from it, and stays pending until the lag is over.
A side that has rows after the window has delivered all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from retailctl.parallel.columns import LETTER, SIDES, Side
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.sql.bucket import Step

OUTSIDE = {"legacy": "l_out", "new": "n_out"}
"""The views of rows outside the window."""
ELSEWHERE = {"legacy": "l_else", "new": "n_else"}
"""Their keys, as far as they matter."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """What is known of time: the watermark of each side, and from when on a row may still be late."""

    watermarks: Mapping[Side, datetime | None]
    pending_from: datetime | None


def horizon(engine: Engine, names: Names, lag: timedelta | None, *, windowed: bool) -> Horizon:
    """The watermarks of both sides, of all that they delivered. Without an event time or a lag nothing is late."""
    time = names.time()
    if time is None:
        return Horizon({"legacy": None, "new": None}, None)
    marks: dict[Side, Any] = {}
    for side in SIDES:
        views = [LETTER[side], *([OUTSIDE[side]] if windowed else [])]
        found = [engine.rows(f"select max({time}) from {view}")[0][0] for view in views]
        marks[side] = max((mark for mark in found if mark is not None), default=None)
    known = [mark for mark in marks.values() if mark is not None]
    pending = min(known) - lag if lag is not None and known else None
    return Horizon(marks, pending)


def settled(engine: Engine, names: Names, table: str, late: Horizon, *, windowed: bool) -> str:
    """``table`` again, with PENDING and BOUNDARY; the name of the result."""
    time = {side: names.time(f"c.{LETTER[side]}_") for side in SIDES}
    whens = []
    if late.pending_from is not None:
        moment = f"timestamp '{late.pending_from.isoformat(' ')}'"
        for side, name in zip(SIDES, ("MISSING_IN_NEW", "EXTRA_IN_NEW"), strict=True):
            whens.append(f"when c.class = '{name}' and {time[side]} >= {moment} then 'PENDING'")
    joins = []
    if windowed:
        for side, other, name in (("legacy", "new", "MISSING_IN_NEW"), ("new", "legacy", "EXTRA_IN_NEW")):
            joins.append(_elsewhere(names, side, other))  # type: ignore[arg-type]
            whens.append(f"when c.class = '{name}' and {other}_out.k0 is not null then 'BOUNDARY'")
    if not whens:
        return table
    rest = [f"{LETTER[side]}_{name}" for side in SIDES for name in names.shape.names]
    rest += [f"f{number}" for number in range(len(names.shape.values))]
    columns = ", ".join(f"c.{name}" for name in ("side", "variety", *rest))
    engine.make(Step("settled", f"select case {' '.join(whens)} else c.class end as class, {columns} "
                     f"from {table} c {' '.join(joins)}"))  # fmt: skip
    engine.drop(table)
    return "settled"


def elsewhere(names: Names) -> Iterator[Step]:
    """Keys outside the window whose hash is in ``dk``: read once, for all rows that differ."""
    keys, hashed = ", ".join(names.shape.key_names), names.dialect.hash64(names.shape.key_names)
    for side in SIDES:
        yield Step(ELSEWHERE[side], f"select distinct {keys} from {OUTSIDE[side]} "
                   f"where {hashed} in (select kh from dk)")  # fmt: skip


def _elsewhere(names: Names, side: Side, other: Side) -> str:
    """The other side's rows outside the window, by key."""
    on = " and ".join(f"{other}_out.{key} = c.{LETTER[side]}_{key}" for key in names.shape.key_names)
    return f"left join {ELSEWHERE[other]} {other}_out on {on}"
