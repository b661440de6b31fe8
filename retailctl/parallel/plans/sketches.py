"""How alike the values of two columns are, without reading either in full: the same values are looked at on both sides.

A sketch keeps the values with the smallest hashes, and how often each occurs. Both sides choose by the same hash, so
what is in one sketch and belongs to both sides is in the other too (bottom-k sampling; Cohen and Kaplan, 2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Final

from retailctl.model.normaliser import Normaliser
from retailctl.model.parallel_plan import SideColumn
from retailctl.parallel.canonical import SourceColumn
from retailctl.parallel.columns import Type
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.layers import Value, layered
from retailctl.parallel.normalisers.index import chain
from retailctl.parallel.normalisers.stage import NoWay
from retailctl.parallel.plans.candidates import Steps
from retailctl.parallel.sql.bucket import Step
from retailctl.workspace.boundary import validate

_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Sketch:
    """The share of rows of each value that was kept, by its hash. ``whole``: there are no other values. ``rejected`` is
    the share of rows whose value did not become one."""

    shares: Mapping[int, float]
    whole: bool
    rejected: float


def parsed(steps: Steps) -> tuple[Normaliser, ...]:
    """Steps as a plan holds them."""
    checked = validate({"normalisers": list(steps)}, SideColumn)
    return checked.value.normalisers if checked.value else ()


def sketch(engine: Engine, table: str, column: SourceColumn, steps: Steps, target: Type) -> Sketch | None:
    """The sketch of a column brought to a type; None where it does not become that."""
    if column.type is None:
        return None
    try:
        stages = chain(column.type, parsed(steps), target, engine.dialect)
    except NoWay:
        return None
    made = layered([Value("", column.expression(engine.dialect), stages)], table, engine.dialect)
    value = made.names[0]
    missing = " or ".join(text.partition("when ")[2].partition(" then ")[0] for text in made.rejections) or "false"
    told = f"hash({value}) as h, {value} is null as nothing, ({missing}) as bad"
    engine.make(Step("sketch", f"select {told} from ({made.query}) as made"))
    total, bad = engine.rows("select count(*), count(*) filter (bad) from sketch")[0]
    rows = engine.rows(f"select h, count(*) from sketch where not nothing group by h order by h limit {_KEPT + 1}")
    if not total or not rows:
        return Sketch({}, whole=True, rejected=bad / total if total else 0.0)
    shares = {int(h): count / total for h, count in rows[:_KEPT]}
    return Sketch(shares, whole=len(rows) <= _KEPT, rejected=bad / total)


def likeness(one: Sketch, other: Sketch) -> float:
    """From 0 to 1: the rows that both have, of those that either has (weighted Jaccard)."""
    cuts = [max(each.shares) for each in (one, other) if not each.whole and each.shares]
    cut = min(cuts) if cuts else None
    values = {h for each in (one, other) for h in each.shares if cut is None or h <= cut}
    # Exact sums: in whatever order the values come, both ways say the same.
    least = fsum(min(one.shares.get(h, 0), other.shares.get(h, 0)) for h in values)
    most = fsum(max(one.shares.get(h, 0), other.shares.get(h, 0)) for h in values)
    return least / most if most else 0.0
