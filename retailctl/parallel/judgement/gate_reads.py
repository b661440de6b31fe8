"""What of a plan a gate stands on. A change of that is another promise: the gate's days in a row begin again.

Everything stands on how the two sides are read and compared. Beyond that a gate stands on its own limit and scope, on
the accepted differences that can hide what it counts, and on what only its metric reads. Notes, owners, reasons, marks
of personal data and the calendar's closed days change no figure, and reset nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from retailctl.model.parallel_plan import Accepted, PlanGate, TablePlan
from retailctl.parallel.plans.names import FIELD_CLASSES

_HIDING: Final = frozenset({"missing", "extra", "duplicate", "field", "unexplained", "matched_ratio"})
"""Metrics that do not count what is accepted."""
_READS: Final[Mapping[str, tuple[str, ...]]] = {
    "bridge_remainder": ("amount",),
    "totals_tied": ("amount", "totals"),
    "coverage": ("dimensions",),
}
_OF_FIELDS: Final = ("name", "type", "scale", "legacy", "new", "compare", "tolerance", "packs")
_ROW_METRIC: Final = {"MISSING_IN_NEW": "missing", "EXTRA_IN_NEW": "extra", "DUPLICATE": "duplicate"}
_SHOWN: Final = 16


def part_of(plan: TablePlan, gate: PlanGate | None) -> str:
    """The digest of what a gate reads of its plan; None is a gate that every run has, and that has no limit to set."""
    calendar = plan.calendar
    read: dict[str, Any] = {
        "key": plan.key,
        "sources": asdict(plan.sources),
        "fields": [{name: value for name, value in asdict(field).items() if name in _OF_FIELDS}
                   for field in plan.fields],
        "event_time": plan.event_time and asdict(plan.event_time),
        "window": asdict(plan.window),
        "lag": plan.lag,
        "day": calendar and (calendar.zone, calendar.day_starts),
    }  # fmt: skip
    if gate is not None:
        read |= {"metric": gate.metric, "scope": gate.scope, "limit": gate.limit}
        read |= {name: _plain(getattr(plan, name)) for name in _READS.get(gate.metric, ())}
        read["accepted"] = [_budget(entry) for entry in plan.accepted if _touches(entry, gate)]
        if "severity" in (gate.scope or {}):
            read["severities"] = [field.severity for field in plan.fields]
    text = json.dumps(_said(read), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_SHOWN]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _said(value: Any) -> Any:
    """Without what the plan does not say: a key that a later version of retailctl knows begins no row again."""
    if isinstance(value, dict):
        said = {name: _said(one) for name, one in value.items()}
        return {name: one for name, one in said.items() if one not in (None, [], {})}
    return [_said(one) for one in value] if isinstance(value, list | tuple) else value


def _budget(entry: Accepted) -> dict[str, Any]:
    """An accepted difference without who agreed to it and why."""
    return {name: value for name, value in asdict(entry).items() if name not in ("reason", "owner")}


def _touches(entry: Accepted, gate: PlanGate) -> bool:
    """Whether an accepted difference can hide what a gate counts; in doubt it does."""
    if gate.metric not in _HIDING:
        return False
    predicate, scope = entry.predicate, gate.scope or {}
    if predicate is None or gate.metric in ("unexplained", "matched_ratio"):
        return True
    of_fields = predicate.field is not None or predicate.row_class in (*FIELD_CLASSES, "FIELD")
    if gate.metric != "field":
        return not of_fields and _ROW_METRIC.get(predicate.row_class or "", gate.metric) == gate.metric
    if predicate.row_class not in FIELD_CLASSES:
        return of_fields or predicate.row_class is None
    # It covers rows where nothing else differs: gates on other fields, or on other classes, never see them.
    said = (("field", predicate.field), ("class", predicate.row_class))
    return all(scope.get(name, value) == value for name, value in said if value is not None)
