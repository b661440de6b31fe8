"""A plan of events as a plan of tables: the same fields, gates and classes over the rows that events become."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from retailctl.model.events_plan import EventPlan, EventSource
from retailctl.model.parallel_plan import PlanField, PlanGate, SideColumn, TablePlan
from retailctl.model.parallel_source import Source, Sources
from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.events.envelopes import Opening
from retailctl.parallel.events.paths import parsed_path
from retailctl.parallel.events.rows import ARRIVED, ID, PARTITION, POSITION, Wanted

STREAM_FIELDS: Final = {"@id": (ID, "text"), "@arrived": (ARRIVED, "timestamp"), "@part": (PARTITION, "int"),
                        "@pos": (POSITION, "int")}  # fmt: skip
"""Fields that only the look at order and lag has: name -> column of a row, type."""
_SEEN: Final = PlanGate(metric="rejected", limit="0.01%")
Naming = Callable[[Side, str], str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a row each path of a side is: names of ours, as ``a`` and ``A`` are one to an engine."""

    by_side: Mapping[Side, Mapping[str, str]]

    @classmethod
    def of(cls, plan: EventPlan) -> Columns:
        """One column for each path, whatever many fields are read from it."""
        made: dict[Side, dict[str, str]] = {}
        for side in SIDES:
            paths = dict.fromkeys(path_of(field, side) for field in plan.fields)
            made[side] = {path: f"c{digest_of(path)}" for path in paths}
        return cls(made)

    def name(self, side: Side, path: str) -> str:
        """The column of a path."""
        return self.by_side[side][path]

    def wanted(self, plan: EventPlan, side: Side) -> Wanted:
        """What is taken out of the events of a side."""
        places = {column: parsed_path(path) for path, column in self.by_side[side].items()}
        return Wanted(places, frozenset(plan.types or ()))


def source_of(plan: EventPlan, side: Side) -> EventSource:
    """What the plan says of one side."""
    return plan.legacy if side == "legacy" else plan.new


def opening_of(plan: EventPlan, side: Side) -> Opening:
    """How events of one side are opened."""
    return Opening.of(source_of(plan, side).envelope or plan.envelope)


def path_of(field: PlanField, side: Side) -> str:
    """The path in an event that a field is read from."""
    said = field.legacy if side == "legacy" else field.new
    return said.col or field.name


def table_plan(plan: EventPlan, naming: Naming | None = None) -> TablePlan:
    """The plan of the rows. ``naming`` gives the column of a path; without it columns are called as their paths.

    Its sources stand for the captured rows, which whoever runs it hands over.
    """
    name = naming or (lambda _, path: path)
    fields = tuple(_field(field, name) for field in plan.fields)
    gates = tuple(gate for gate in (one.of_table() for one in plan.gates) if gate is not None)
    if plan.gates and not gates:
        gates = (_SEEN,)  # none at all would mean all of those that a plan without gates is held to
    timed = plan.event_time is not None
    return TablePlan(
        entity=plan.entity, note=plan.note, covers=plan.covers, key=plan.identity, sources=_sources(plan),
        fields=fields, event_time=plan.event_time, calendar=plan.calendar, window=plan.window,
        lag=plan.lag if timed else None, amount=plan.amount, totals=plan.totals, dimensions=plan.dimensions,
        accepted=plan.accepted, gates=gates,
    )  # fmt: skip


def _sources(plan: EventPlan) -> Sources:
    """Names of captures that are others where other events are read, or the same are opened in another way."""
    legacy, new = (
        Source(jsonl=f"events-{digest_of([asdict(source_of(plan, side)), asdict(plan.envelope), plan.types])}.jsonl")
        for side in SIDES
    )
    return Sources(legacy=legacy, new=new)


def digest_of(value: Any) -> str:
    """Sixteen hexadecimal digits that tell values apart."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _field(field: PlanField, name: Naming) -> PlanField:
    legacy, new = (
        SideColumn(col=name(side, path_of(field, side)), normalisers=said.normalisers)
        for side, said in zip(SIDES, (field.legacy, field.new), strict=True)
    )
    return replace(field, legacy=legacy, new=new)


def stream_plan(table: TablePlan) -> TablePlan:
    """The same rows with id, arrival and position, for what only streams have."""
    more = tuple(
        PlanField(name=name, type=kind, legacy=SideColumn(col=column), new=SideColumn(col=column), compare="ignore")  # type: ignore[arg-type]
        for name, (column, kind) in STREAM_FIELDS.items()
    )
    return replace(table, fields=(*table.fields, *more))
