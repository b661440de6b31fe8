"""Where differences happen: rows of one signature, and the slice of the estate that most of them fall into.

A signature is the class of a row, with the fields that differ and how. For each one and over the dimensions of the
plan, the slice with the largest ``n * ln(lift)`` is told, where coverage is the part of the signature's rows that it
holds, and lift is coverage divided by the slice's part of all rows. Small signatures show high lifts by chance: only
coverage and lift together say that a cause is local.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from math import log
from typing import Final

from retailctl.model.parallel_run import Cluster
from retailctl.parallel.columns import LETTER, SIDES, Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.judgement.bridge import line_name
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.plans.names import DERIVED
from retailctl.parallel.samples import Masking
from retailctl.parallel.sql.bucket import Step

_MOST: Final = 50
_MOST_SLICES: Final = 5000
"""The largest ones; those of a few rows explain nothing."""
_LOCAL_COVERAGE, _LOCAL_LIFT = 0.5, 2.0

Slice = tuple[str, str, int, float, float]
"""Dimension, value, rows, coverage, lift."""


def clusters(
    sides: Engine, side_names: Names, engine: Engine, names: Names, table: str, masking: Masking
) -> tuple[Cluster, ...]:
    """The largest clusters first. Rows that are equal within tolerance are in none.

    ``sides`` has all rows, and shows them by ``masking``; ``engine`` has the ``table`` of those that differ.
    """
    engine.make(Step("hits", _hits(names, table)))
    found = {
        row[0]: row[1:]
        for row in engine.rows(
            "select signature, count(*) as n, sum(delta), sum(abs(delta)) from hits group by signature "
            f"order by n desc, signature limit {_MOST}"
        )
    }
    slices = _slices(sides, side_names, engine, names, masking)
    engine.drop("hits")
    every = sum(row[0] for row in found.values()) or 1
    return tuple(
        _cluster(signature, rows, net, gross, slices.get(signature), rows / every)
        for signature, (rows, net, gross) in found.items()
    )


def _cluster(
    signature: str,
    rows: int,
    net: object,
    gross: object,
    slice: Slice | None,
    share: float,
) -> Cluster:
    local = slice is not None and slice[3] >= _LOCAL_COVERAGE and slice[4] >= _LOCAL_LIFT
    place = f"{slice[0]}={slice[1]}" if slice is not None and local else ""
    return Cluster(
        id=hashlib.sha256(f"{signature}\0{place}".encode("utf-8", "surrogatepass")).hexdigest()[:12],
        signature=signature,
        rows=rows,
        share=f"{100 * share:.1f}",
        net=f"{Decimal(str(net or 0)):f}",
        gross=f"{Decimal(str(gross or 0)):f}",
        where=place,
        covers=f"{100 * slice[3]:.1f}" if slice is not None and local else "",
        lift=f"{slice[4]:.1f}" if slice is not None and local else "",
    )


def delta_of(names: Names) -> str:
    """What a classed row is worth: the new amount less the legacy one."""
    money = {side: names.amount(f"{LETTER[side]}_") or "0" for side in SIDES}
    return (f"case when side = 'legacy' then -{money['legacy']} when side = 'new' then {money['new']} "
            f"else {money['new']} - {money['legacy']} end")  # fmt: skip


def slice_of(names: Names, masking: Masking, name: str) -> str:
    """Where a classed row stands in a dimension, as it may be shown."""
    return masked(names, masking, name, placed(names, name))


def placed(names: Names, name: str) -> str:
    """Where a classed row stands in a dimension, on whichever side has it."""
    return f"coalesce({', '.join(names.dimension(name, f'{LETTER[side]}_') for side in SIDES)})"


def _hits(names: Names, table: str) -> str:
    """One row per difference: its signature, what it is worth, and where it stands in each dimension."""
    places = [f"{placed(names, name)} as d{number}" for number, name in enumerate(names.plan.dimensions)]
    told = ", ".join([f"{signature_of(names)} as signature", f"{delta_of(names)} as delta", *places])
    return f"select {told} from {table} where class <> 'EQUAL'"


def signature_of(names: Names) -> str:
    """The line of the bridge, with the size of the shift where times are shifted."""
    shifts = []
    for number, (name, column) in enumerate(zip(names.shape.value_names, names.shape.values, strict=True)):
        if column.type.kind == "timestamp":
            apart = names.dialect.microseconds_between(f"n_{name}", f"l_{name}")
            minutes = f"cast(cast({apart} / 60000000 as bigint) as {names.dialect.type_name(Type())})"
            shifts.append(f"case when f{number} = 'TZ_SHIFT' then ' by ' || {minutes} || ' min' else '' end")
    return " || ".join([f"({line_name(names)})", *shifts])


def _slices(sides: Engine, side_names: Names, engine: Engine, names: Names, masking: Masking) -> dict[str, Slice]:
    """The best slice of each signature."""
    whole = max(int(sides.rows("select count(*) from l")[0][0]), 1)
    totals = dict(engine.rows("select signature, count(*) from hits group by signature"))
    best: dict[str, tuple[float, Slice]] = {}
    for number, name in enumerate(names.plan.dimensions):
        value = masked(names, masking.done(names.hidden), name, f"d{number}")
        hits = engine.rows(
            f"select signature, {value} as shown, count(*) as n from hits where d{number} is not null "
            f"group by 1, 2 order by n desc, 2, 1 limit {_MOST_SLICES}"
        )
        shares = _shares(sides, side_names, masking, name, sorted({shown for _, shown, _ in hits}))
        for signature, shown, count in hits:
            cover = count / totals[signature]
            lift = cover * whole / shares.get(shown, 1)
            score = count * log(lift) if lift > 1 else 0.0
            if score > 0 and (signature not in best or score > best[signature][0]):
                best[signature] = (score, (name, shown, count, cover, lift))
    return {signature: place for signature, (_, place) in best.items()}


def _shares(sides: Engine, names: Names, masking: Masking, name: str, chosen: Sequence[str]) -> dict[str, int]:
    """How many rows of the legacy side some slices have."""
    if not chosen:
        return {}
    value = masked(names, masking, name, "slice")
    listed = ", ".join(map(names.dialect.literal, chosen))
    return dict(
        sides.rows(
            f"select shown, n from (select {value} as shown, n from (select {names.dimension(name)} as slice, "
            f"count(*) as n from l group by 1) as counted) as told where shown in ({listed})"
        )
    )


def masked(names: Names, masking: Masking, name: str, value: str) -> str:
    """A value of a dimension as it may be shown."""
    if name in DERIVED:
        return f"cast({value} as {names.dialect.type_name(Type())})"
    return masking.of(names.dialect, next(one for one in names.shape.columns if one.name == name), value)
