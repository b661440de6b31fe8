"""A run of a plan: both sides brought to their canonical form, compared, and what differs put into its class.

Two engines take part, and mostly they are one. ``sides`` has the views ``l`` and ``n`` of all rows, wherever they lie;
it is asked through ``Remembered``, so that nothing is read twice. ``local`` is a DuckDB of this process with the table
``found``: the rows that differ, whose personal values are pseudonyms. Judgement reads ``found``, and asks ``sides``
for sums and counts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from retailctl.model.durations import seconds
from retailctl.model.parallel_plan import TablePlan
from retailctl.parallel.canonical import compared_fields
from retailctl.parallel.code_maps import mark_code_maps
from retailctl.parallel.columns import Side
from retailctl.parallel.comparison import RowClasses, bits_for, row_classes
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.engines.remembered import Remembered
from retailctl.parallel.judgement.explaining import explained
from retailctl.parallel.judgement.lateness import Horizon, horizon
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.judgement.relabelling import relabelled, settle_labels
from retailctl.parallel.parts import FOUND, hidden_fields, keep_parts
from retailctl.parallel.quick import Read
from retailctl.parallel.run_folder import RunFolder
from retailctl.parallel.samples import Masking
from retailctl.parallel.sides import make_sides
from retailctl.parallel.sources import Relation
from retailctl.parallel.window import Span


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished comparison of a plan.

    ``side_names`` are the names of the views of ``sides``, ``names`` those of the table ``found`` of ``local``.
    ``by_class`` counts rows by class and side ("" for matched ones), ``outside`` those of each side that are not in the
    window.
    """

    sides: Remembered
    side_names: Names
    local: DuckEngine
    names: Names
    classes: RowClasses
    by_class: Mapping[tuple[str, str], int]
    read: Mapping[Side, Read]
    outside: Mapping[Side, int]
    horizon: Horizon
    bits: int

    @property
    def table(self) -> str:
        """The differing rows."""
        return FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a run works: ``scratch`` goes with the process, ``folder`` stays. ``differing`` rows had the last run."""

    scratch: Path
    folder: RunFolder
    masking: Masking
    differing: int | None = None


def run_plan(
    engine: Engine, local: DuckEngine, plan: TablePlan, relations: Mapping[Side, Relation], span: Span, setting: Setting
) -> Ran:
    """Compare the two sides of a plan. The table ``found`` stays in ``local``.

    Raises ConfigError where the plan does not fit its sources, IncompleteError where one cannot be read.
    """
    masking, folder = setting.masking, setting.folder
    sides = Remembered(engine, folder, setting.scratch)
    names = Names(plan, engine.dialect)
    made = make_sides(sides, names, relations, span)
    most = max(one.rows for one in made.read.values())
    bits = min(bits_for(most, setting.differing), local.most_bits)
    lag = seconds(plan.lag) if plan.lag else None
    late = horizon(sides, names, None if lag is None else timedelta(seconds=float(lag)), windowed=span.limited)
    hidden = hidden_fields(plan)
    keep_parts(
        sides, local, names, compared_fields(plan), folder, masking, late, bits=bits, windowed=span.limited,
        hidden=hidden,
    )  # fmt: skip
    found = Names(plan, local.dialect, hidden, masking.key)
    mark_code_maps(sides, names, local, found, FOUND, masking)
    labelled = relabelled(local, found, explained(local, found, FOUND))
    settle_labels(local, FOUND, labelled)
    counts = local.rows(f"select class, coalesce(side, ''), count(*) from {FOUND} group by 1, 2 order by 1, 2")
    by_class = {(name, side): count for name, side, count in counts}
    return Ran(
        sides, names, local, found, row_classes(local, FOUND, sides), by_class, made.read, made.outside, late, bits
    )
