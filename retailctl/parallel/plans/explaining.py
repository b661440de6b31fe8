"""A plan in plain words: what is compared with what, when it counts as equal, and what a run must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.model.normaliser import Normaliser, Padding, Replacement, Rounding, Zone
from retailctl.model.parallel_plan import Accepted, PlanField, PlanGate, TablePlan, Window
from retailctl.model.parallel_source import Source
from retailctl.parallel.canonical import side_of, source_name, type_of
from retailctl.parallel.columns import Side
from retailctl.parallel.judgement.gates import gates_of
from retailctl.parallel.normalisers.index import NORMALISERS
from retailctl.parallel.plans.names import AT_LEAST

_FORMATS: Final = {"plain": "1234.50", "en": "1,234.50", "in": "12,34,567.50", "de": "1.234,50", "fr": "1 234,50",
                   "ch": "1'234.50"}  # fmt: skip
_ROUNDED: Final = {"half_up": "half away from zero", "half_even": "half to the even digit", "down": "towards zero",
                   "up": "away from zero"}  # fmt: skip
_FOLDS: Final = {"first": "a repeated hour is the first", "second": "a repeated hour is the second",
                 "reject": "a repeated hour is rejected"}  # fmt: skip
_PII: Final = {"none": "shown", "pseudonym": "pseudonym", "drop": "never kept"}

_UNSAID: Final = " (asked of every run that says nothing else)"


def normaliser_words(step: Normaliser) -> str:
    """What one step does."""
    return NORMALISERS[step.name].says.format(_argument(step))


def _argument(step: Normaliser) -> str:
    argument: Any = step.argument
    if isinstance(argument, Mapping):
        return str(len(argument))
    if isinstance(argument, Rounding):
        return f"{argument.scale} places, {_ROUNDED[argument.mode]}"
    if isinstance(argument, Zone):
        return f"{argument.zone}; {_FOLDS[argument.fold]}"
    if isinstance(argument, Replacement):
        return f"{argument.match} replaced by {argument.replace or 'nothing'}"
    if isinstance(argument, Padding):
        return f"{argument.width} characters with {argument.fill}"
    if isinstance(argument, tuple):
        return " or ".join(map(repr, argument))
    if step.name == "decimal":
        return _FORMATS[argument]
    if step.name == "casefold_ascii":
        return "upper" if argument == "upper" else "lower"
    return repr(argument) if step.name in {"prefix", "default"} else str(argument)


def column_words(field: PlanField, side: Side) -> str:
    """Which column, and what is done to it."""
    steps = [normaliser_words(step) for step in side_of(field, side).normalisers]
    return f"{source_name(field, side)}: {', '.join(steps)}" if steps else source_name(field, side)


def compare_words(field: PlanField) -> str:
    """When two values count as equal."""
    most = field.tolerance or "0"
    unit = f" {field.unit}" if field.unit else ""
    return {
        "exact": "exactly",
        "abs": f"within {most}{unit if field.type != 'timestamp' else ''}",
        "rel": f"within {most} of the larger",
        "minor_units": f"within {most} minor units",
        "set": "as a set, in any order",
        "ignore": "not compared",
    }[field.compare]


def source_words(source: Source) -> str:
    """Where a side is read."""
    said = [source.kind, source.where]
    said += [f"table {source.table}"] if source.table else []
    said += ["by a query"] if source.query else []
    said += [f"sheet {source.sheet}"] if source.sheet else []
    return " ".join(said)


def gate_words(gate: PlanGate) -> str:
    """What must hold."""
    bound = "at least" if gate.metric in AT_LEAST else "at most"
    scope = "".join(f", {key} {value}" for key, value in (gate.scope or {}).items())
    days = f", {gate.streak} business days in a row" if gate.streak > 1 else ""
    return f"{gate.metric}{scope}: {bound} {gate.limit}{days}"


def accepted_words(accepted: Accepted) -> str:
    """What is accepted, by whom, until when, how much of it."""
    found = accepted.predicate
    what = f"cluster {accepted.cluster}"
    if found is not None:
        said = [("class", found.row_class), ("field", found.field), *(found.where or {}).items()]
        what = ", ".join(f"{key} {value}" for key, value in said if value)
    budget = [f"{accepted.max_rows} rows"] if accepted.max_rows is not None else []
    budget += [f"an amount of {accepted.max_amount}"] if accepted.max_amount is not None else []
    until = f"until {accepted.expires.isoformat()}, at most {' and '.join(budget)}"
    return f"{what} ({accepted.owner}: {accepted.reason}) {until}"


def window_words(window: Window) -> str:
    """Which event times are compared."""
    if window.last not in {None, "all"}:
        return f"the last {window.last}"
    ends = [f"from {window.start}"] if window.start else []
    ends += [f"before {window.end}"] if window.end else []
    return " ".join(ends) or "all rows"


def explained(plan: TablePlan) -> dict[str, Any]:
    """The plan as a page: short texts, in the order of the file."""
    return {
        "entity": plan.entity,
        "key": list(plan.key),
        "sources": {"legacy": source_words(plan.sources.legacy), "new": source_words(plan.sources.new)},
        "fields": [_field(plan, field) for field in plan.fields],
        "time": list(_time(plan)),
        "amount": _amount(plan),
        "totals": [f"{', '.join(one.measures)} by {', '.join(one.group_by) or 'nothing'}" for one in plan.totals],
        "dimensions": list(plan.dimensions),
        "partition_by": list(plan.partition_by),
        "accepted": [accepted_words(one) for one in plan.accepted],
        "gates": [gate_words(gate) + ("" if gate in plan.gates else _UNSAID) for gate in gates_of(plan)],
    }


def _field(plan: TablePlan, field: PlanField) -> dict[str, Any]:
    return {
        "field": field.name,
        "key": field.name in plan.key,
        "type": str(type_of(field)),
        "unit": field.unit or "",
        "compared": compare_words(field),
        "legacy": column_words(field, "legacy"),
        "new": column_words(field, "new"),
        "severity": field.severity,
        "values": _PII[field.pii],
    }


def _time(plan: TablePlan) -> Iterator[str]:
    yield f"window: {window_words(plan.window)}"
    if plan.event_time is not None:
        begins = plan.calendar.day_starts if plan.calendar else "00:00"
        zone = (plan.calendar.zone if plan.calendar else None) or plan.event_time.zone
        yield f"a row happened at {plan.event_time.field}; a business day begins at {begins} in {zone}"
    if plan.lag is not None:
        yield f"a row may come {plan.lag} late before it counts as missing"


def _amount(plan: TablePlan) -> str:
    amount = plan.amount
    if amount is None:
        return ""
    return f"{amount.field}{f' x {amount.times}' if amount.times else ''} in {amount.currency}"
