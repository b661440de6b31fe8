"""Rows that an earlier run left pending, looked up in both sources: the same on each engine."""

from __future__ import annotations

from datetime import datetime, timedelta

from retailctl.model.parallel_plan import EventTime, PlanField, TablePlan
from retailctl.model.parallel_source import Source, Sources
from retailctl.parallel.columns import Type
from retailctl.parallel.judgement.ledger import Entry, Sightings
from retailctl.parallel.judgement.lookups import key_of_side, sightings
from retailctl.parallel.judgement.names import Names
from retailctl.parallel.samples import Masking
from tests.parallel.conformance.places import Place, Table

PLAN = TablePlan(
    entity="line",
    key=("order_id", "line_no"),
    sources=Sources(legacy=Source(csv="l.csv"), new=Source(csv="n.csv")),
    fields=(
        PlanField(name="order_id"),
        PlanField(name="line_no", type="int", pii="none"),
        PlanField(name="ts", type="timestamp", pii="none"),
    ),
    event_time=EventTime(field="ts"),
)
TYPES = {"k0": Type(), "k1": Type("int"), "v0": Type("timestamp")}
MOMENT = datetime.fromisoformat("2026-11-18T09:00:00.250000")
HIDDEN = frozenset({"order_id"})
ROWS = {
    "l": [("o1", 1, MOMENT), ("o2", 1, MOMENT)],
    "n": [("o1", 1, MOMENT), ("o3", 1, MOMENT + timedelta(hours=3))],
    "l_out": [],
    "n_out": [("o4", 1, MOMENT - timedelta(hours=20))],
}


def looked_up(place: Place) -> tuple[dict[str, str], Sightings]:
    """The pseudonym of each order, and what the engine sees of them: o1 on both sides, o2 on its own, o3 and o4 on the
    other, hours off."""
    loaded = {name: place.load(f"late_{name}", Table(TYPES, rows)) for name, rows in ROWS.items()}
    with place.engine() as engine:
        names, masking = Names(PLAN, engine.dialect), Masking(frozenset({"line_no", "ts"}), b"key")
        for name, query in loaded.items():
            engine.view(name, f"select * from {query}")
        key = key_of_side(names, masking, HIDDEN)
        keys = dict(
            engine.rows(" union all ".join(f"select k0, {key} as k from {view}" for view in ("l", "n", "n_out")))
        )
        waiting = [Entry("legacy", shown, MOMENT) for _, shown in sorted(keys.items())]
        found = sightings(engine, names, masking, HIDDEN, waiting, windowed=True)
    assert found.there == {("legacy", keys[order]) for order in ("o1", "o3", "o4")}
    assert found.inside == {("legacy", keys[order]) for order in ("o1", "o2")}
    return keys, found
