"""Which change of a plan begins the row of days of which gate again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from retailctl.model.parallel_plan import (
    Accepted,
    Amount,
    Calendar,
    EventTime,
    PlanField,
    PlanGate,
    Predicate,
    TablePlan,
    Totals,
    Window,
)
from retailctl.model.parallel_source import Source, Sources
from retailctl.parallel.judgement.gate_reads import part_of

GATES = (
    PlanGate(metric="missing", limit="0"),
    PlanGate(metric="duplicate", limit="0"),
    PlanGate(metric="field", limit="0", scope={"severity": "money"}),
    PlanGate(metric="field", limit="0", scope={"field": "qty"}),
    PlanGate(metric="unexplained", limit="0"),
    PlanGate(metric="bridge_remainder", limit="0"),
    PlanGate(metric="totals_tied", limit="100%"),
    PlanGate(metric="coverage", limit="100%"),
    PlanGate(metric="late_p99", limit="15m"),
)
NAMES = ("missing", "duplicate", "money", "qty", "unexplained", "bridge", "totals", "coverage", "late", "rows")
PLAN = TablePlan(
    entity="order_line",
    key=("order_id",),
    sources=Sources(legacy=Source(csv="legacy.csv"), new=Source(csv="new.csv")),
    fields=(
        PlanField(name="order_id"),
        PlanField(name="qty", type="int"),
        PlanField(name="price", type="decimal", scale=2, severity="money"),
    ),
    event_time=EventTime(field="ts"),
    amount=Amount(field="price", currency="EUR"),
    totals=(Totals(measures=("rows",)),),
)


def entry(row_class: str | None = None, field: str | None = None, cluster: str | None = None) -> Accepted:
    predicate = None if cluster else Predicate(row_class=row_class, field=field, where={"store": "1"})
    return Accepted(
        cluster=cluster, predicate=predicate, reason="pilot", owner="team", expires=date(2026, 12, 1), max_rows=9
    )


def fields(**more: object) -> tuple[PlanField, ...]:
    return (*PLAN.fields[:2], replace(PLAN.fields[2], **more))  # type: ignore[arg-type]


EVERY = set(NAMES)
HIDING = {"missing", "duplicate", "money", "qty", "unexplained"}
CHANGES: list[tuple[str, TablePlan, set[str]]] = [
    ("the same", replace(PLAN), set()),
    ("a source", replace(PLAN, sources=replace(PLAN.sources, new=Source(csv="other.csv"))), EVERY),
    ("the key", replace(PLAN, key=("order_id", "qty")), EVERY),
    ("a tolerance", replace(PLAN, fields=fields(compare="abs", tolerance="0.01")), EVERY),
    ("the window", replace(PLAN, window=Window(last="1d")), EVERY),
    ("the lag", replace(PLAN, lag="15m"), EVERY),
    ("the zone of the day", replace(PLAN, calendar=Calendar(zone="Europe/Berlin")), EVERY),
    ("a severity", replace(PLAN, fields=fields(severity="info")), {"money"}),
    ("a mark of personal data", replace(PLAN, fields=fields(pii="none")), set()),
    ("a note", replace(PLAN, note="pilot store"), set()),
    ("the amount", replace(PLAN, amount=Amount(field="qty", currency="EUR")), {"bridge", "totals"}),
    ("a control total", replace(PLAN, totals=(Totals(measures=("net",)),)), {"totals"}),
    ("a dimension", replace(PLAN, dimensions=("qty",)), {"coverage"}),
    ("a cluster", replace(PLAN, accepted=(entry(cluster="abc"),)), HIDING),
    ("missing rows", replace(PLAN, accepted=(entry("MISSING_IN_NEW"),)), {"missing", "unexplained"}),
    ("rows of a store", replace(PLAN, accepted=(entry(),)), HIDING),
    ("one class of one field", replace(PLAN, accepted=(entry("ROUNDING", "price"),)), {"money", "unexplained"}),
    ("one class of any field", replace(PLAN, accepted=(entry("ROUNDING"),)), {"money", "qty", "unexplained"}),
    ("one field", replace(PLAN, accepted=(entry(field="price"),)), {"money", "qty", "unexplained"}),
    ("changed rows", replace(PLAN, accepted=(entry("FIELD"),)), {"money", "qty", "unexplained"}),
]  # fmt: skip


def parts(plan: TablePlan) -> dict[str, str]:
    return dict(zip(NAMES, [part_of(plan, gate) for gate in (*GATES, None)], strict=True))


@pytest.mark.parametrize(("what", "plan", "touched"), CHANGES, ids=[change[0] for change in CHANGES])
def test_a_change_touches_the_gates_that_read_it(what: str, plan: TablePlan, touched: set[str]) -> None:
    before, after = parts(PLAN), parts(plan)
    assert {name for name in NAMES if before[name] != after[name]} == touched, what


def test_an_accepted_difference_is_the_same_whoever_agreed_to_it_and_another_with_another_budget() -> None:
    given = replace(PLAN, accepted=(entry("ROUNDING", "price"),))
    told = replace(PLAN, accepted=(replace(given.accepted[0], owner="team-2", reason="agreed in a meeting"),))
    wider = replace(PLAN, accepted=(replace(given.accepted[0], max_amount=Decimal("10.00")),))
    assert parts(given) == parts(told)
    assert parts(given) != parts(wider)


def test_a_limit_and_a_scope_are_the_gate_s_own_and_the_days_asked_for_are_not() -> None:
    gate = GATES[0]
    assert part_of(PLAN, gate) == part_of(PLAN, replace(gate, streak=10))
    assert part_of(PLAN, gate) != part_of(PLAN, replace(gate, limit="5"))
    assert part_of(PLAN, gate) != part_of(PLAN, replace(gate, scope={"qty": "1"}))
    assert part_of(replace(PLAN, calendar=Calendar(closed=(date(2026, 12, 25),))), gate) == part_of(
        replace(PLAN, calendar=Calendar()), gate
    )


def test_what_a_plan_does_not_say_is_no_part_of_it() -> None:
    """The digests of a history stay good for the next version, whose plans have keys that this one does not know."""
    assert part_of(PLAN, GATES[0]) == "b33a70301199c697"
