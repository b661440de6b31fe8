"""What is wrong in a plan by itself, before any source is opened: each problem with its place and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from retailctl.model.parallel_plan import PlanField, TablePlan
from retailctl.parallel.plans import checking_fields, checking_limits, checking_sources, checking_times
from retailctl.parallel.plans.names import CURRENCY, DERIVED, GROUP, NET, ROWS, unknown
from retailctl.workspace.problems import SCHEMA, Path, Problem

_LONGEST: Final = 400
_NUMERIC: Final = frozenset({"int", "decimal"})
_COMPARE: Final = "Compare it: what is not compared cannot explain an amount."


def plan_problems(plan: TablePlan) -> Iterator[Problem]:
    """Everything that is wrong, by part of the file."""
    for problem in _problems(plan):
        yield replace(problem, message=_readable(problem.message), hint=_readable(problem.hint))


def _readable(text: str) -> str:
    """Names of a plan may hold anything, at any length."""
    text = "".join(sign if sign.isprintable() else "?" for sign in text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _problems(plan: TablePlan) -> Iterator[Problem]:
    yield from checking_fields.problems(plan)
    yield from _key(plan)
    yield from checking_sources.problems(plan)
    yield from checking_times.problems(plan)
    yield from _amount(plan)
    yield from _names(plan)
    yield from checking_limits.problems(plan)


def _key(plan: TablePlan) -> Iterator[Problem]:
    fields = {field.name: field for field in plan.fields}
    for index, name in enumerate(plan.key):
        place = ("key", index)
        field = fields.get(name)
        if field is None:
            yield unknown(plan, name, place)
        elif name in plan.key[:index]:
            yield Problem(SCHEMA, f"{name} is in the key twice", place, "Remove one of the two.")
        elif field.compare != "exact":
            hint = "Leave compare out: rows are paired by equal keys."
            yield Problem(SCHEMA, f"{name} is part of the key and cannot be compared as {field.compare}", place, hint)
        elif field.type == "float":
            hint = "Make it a decimal with a scale, or text."
            yield Problem(
                SCHEMA, f"{name} is part of the key and of type float, which has no exact values", place, hint
            )
        elif field.pii == "drop":
            hint = "Use pii: pseudonym: a row without its key cannot be found again."
            yield Problem(SCHEMA, f"{name} is part of the key and would be dropped", place, hint)


def _amount(plan: TablePlan) -> Iterator[Problem]:
    fields = {field.name: field for field in plan.fields}
    amount = plan.amount
    if amount is None:
        money = [name for name, field in fields.items() if field.severity == "money" and field.type == "decimal"]
        if money:
            hint = f"Add `amount: {{field: {money[0]}, currency: ...}}`, with a field or a code such as EUR."
            yield Problem(SCHEMA, f"{money[0]} is money, and no currency is known for it", ("fields",), hint)
        return
    yield from _factor(plan, amount.field, ("amount", "field"))
    if amount.times is not None:
        yield from _factor(plan, amount.times, ("amount", "times"))
    currency, place = fields.get(amount.currency), ("amount", "currency")
    if currency is None and not CURRENCY.match(amount.currency):
        yield unknown(plan, amount.currency, place)
    if currency is not None and currency.type != "text":
        yield Problem(SCHEMA, f"{currency.name} is no text", place, "Name a field with codes such as EUR.")
    if currency is not None and currency.compare == "ignore":
        yield Problem(SCHEMA, f"{currency.name} is not compared", place, _COMPARE)


def _factor(plan: TablePlan, name: str, place: Path) -> Iterator[Problem]:
    field = next((field for field in plan.fields if field.name == name), None)
    if field is None:
        yield unknown(plan, name, place)
    elif field.type not in _NUMERIC:
        hint = "Name a field of type decimal or int: money is never counted in floating point."
        yield Problem(SCHEMA, f"{name} is no exact number", place, hint)
    elif field.compare == "ignore":
        yield Problem(SCHEMA, f"{name} is not compared", place, _COMPARE)


def _names(plan: TablePlan) -> Iterator[Problem]:
    fields = {field.name: field for field in plan.fields}
    for index, name in enumerate(plan.dimensions):
        yield from _dimension(plan, name, ("dimensions", index))
    for index, name in enumerate(plan.partition_by):
        if name.removesuffix(GROUP) not in fields:
            yield from _dimension(plan, name, ("partition_by", index))
    for number, totals in enumerate(plan.totals):
        for index, name in enumerate(totals.group_by):
            yield from _dimension(plan, name, ("totals", number, "group_by", index))
        for index, name in enumerate(totals.measures):
            yield from _measure(plan, name, ("totals", number, "measures", index))


def _measure(plan: TablePlan, name: str, place: Path) -> Iterator[Problem]:
    field = next((field for field in plan.fields if field.name == name), None)
    if name == NET and plan.amount is None:
        hint = "Add `amount: {field: ..., currency: ...}`."
        yield Problem(SCHEMA, "net is the sum of the amount, and the plan has none", place, hint)
    elif field is None and name not in {ROWS, NET}:
        yield unknown(plan, name, place, ROWS, NET)
    elif field is not None and field.type not in _NUMERIC:
        yield Problem(SCHEMA, f"{name} is no exact number", place, "Name a field of type decimal or int.")
    elif field is not None and not _may_be_summed(plan, field):
        hint = "Mark it `pii: none`, or leave it out: the sum of one row is its value."
        yield Problem(SCHEMA, f"the sums of {name} would be shown, and it may be personal", place, hint)


def _may_be_summed(plan: TablePlan, field: PlanField) -> bool:
    """Sums are shown as they are. What the amount is made of is shown anyhow: that is what a bridge is for."""
    amount = plan.amount
    return field.pii == "none" or (amount is not None and field.name in (amount.field, amount.times))


def _dimension(plan: TablePlan, name: str, place: Path) -> Iterator[Problem]:
    if name in DERIVED:
        if plan.event_time is None:
            hint = "Add `event_time: {field: ...}`."
            yield Problem(SCHEMA, f"{name} needs to know when a row happened", place, hint)
    elif name not in {field.name for field in plan.fields}:
        yield unknown(plan, name, place, *DERIVED)
