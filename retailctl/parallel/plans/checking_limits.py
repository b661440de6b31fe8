"""What is wrong in the accepted differences and the gates of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from retailctl.model.parallel_plan import Accepted, FieldSeverity, PlanGate, TablePlan
from retailctl.parallel.plans.names import DERIVED, FIELD_CLASSES, FIGURES, ROW_CLASSES, limit
from retailctl.workspace.problems import SCHEMA, Path, Problem, suggestion

_SCOPES: Final = ("severity", "field", "class")
_CLASSES: Final = (*ROW_CLASSES, *FIELD_CLASSES)
_EXAMPLES: Final = {
    "count": "Write a number such as 0, or a share such as 50ppm or 0.01%.",
    "share": "Write a share such as 50ppm or 100%.",
    "duration": "Write a duration such as 15m.",
}


def problems(plan: TablePlan) -> Iterator[Problem]:
    """Accepted differences first."""
    for index, accepted in enumerate(plan.accepted):
        yield from _accepted(plan, accepted, ("accepted", index))
    for index, gate in enumerate(plan.gates):
        yield from _gate(plan, gate, ("gates", index))


def _accepted(plan: TablePlan, accepted: Accepted, place: Path) -> Iterator[Problem]:
    if (accepted.cluster is None) == (accepted.predicate is None):
        message = "an accepted difference is a cluster or a predicate"
        hint = "Write `cluster: ...` with the id that a report shows, or `predicate: {row_class: ..., field: ...}`."
        yield Problem(SCHEMA, message, place, hint)
    if accepted.max_rows is None and accepted.max_amount is None:
        hint = "Add `max_rows: ...` or `max_amount: ...`: over its budget it counts as any other."
        yield Problem(SCHEMA, "an accepted difference needs a budget", place, hint)
    if accepted.max_amount is not None and plan.amount is None:
        hint = "Add `amount: {field: ..., currency: ...}` to the plan, or use max_rows."
        yield Problem(SCHEMA, "max_amount needs to know the amount of a row", (*place, "max_amount"), hint)
    found = accepted.predicate
    if found is not None:
        at = (*place, "predicate")
        if not (found.row_class or found.field or found.where):
            hint = "Name a class, a field or values: else every difference were accepted."
            yield Problem(SCHEMA, "the predicate holds for everything", at, hint)
        yield from _scope(plan, {"class": found.row_class, "field": found.field}, at, {"class": "row_class"})
        yield from _scope(plan, found.where or {}, (*at, "where"), {}, names=())


def _gate(plan: TablePlan, gate: PlanGate, place: Path) -> Iterator[Problem]:
    if limit(gate.metric, gate.limit) is None:
        example = _EXAMPLES[FIGURES[gate.metric]]
        yield Problem(SCHEMA, f"the limit does not fit {gate.metric}", (*place, "limit"), example)
    if gate.metric == "field" and not (gate.scope and {"field", "class", "severity"} & set(gate.scope)):
        hint = "Add `scope: {field: ...}`, `{class: ...}` or `{severity: ...}`."
        yield Problem(SCHEMA, "a gate on fields says which", (*place, "scope"), hint)
    if gate.metric == "late_p99" and plan.event_time is None:
        hint = "Add `event_time: {field: ...}`."
        yield Problem(SCHEMA, "late_p99 needs to know when a row happened", (*place, "metric"), hint)
    yield from _scope(plan, gate.scope or {}, (*place, "scope"), {})


def _scope(
    plan: TablePlan, said: Mapping[str, str | None], place: Path, keys: Mapping[str, str],
    names: tuple[str, ...] = _SCOPES,
) -> Iterator[Problem]:  # fmt: skip
    fields = [field.name for field in plan.fields]
    for key, value in said.items():
        if value is None:
            continue
        at = (*place, keys.get(key, key))
        if key in names:
            known = {"severity": get_args(FieldSeverity), "field": fields, "class": _CLASSES}[key]
            if value not in known:
                yield Problem(SCHEMA, f"{key}: this is none that a run knows", at, suggestion(value, known))
        elif key not in fields and key not in DERIVED:
            shown = key if key.isprintable() and len(key) <= 60 else "with a long or odd name"
            yield Problem(SCHEMA, f"there is no field {shown}", at, suggestion(key, [*names, *fields, *DERIVED]))
