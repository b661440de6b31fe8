"""What is wrong in the fields of a plan: types, comparison, tolerance, normalisers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from retailctl.model.durations import seconds
from retailctl.model.normaliser import Normaliser
from retailctl.model.parallel_plan import PlanField, TablePlan
from retailctl.parallel.canonical import side_of, type_of
from retailctl.parallel.columns import NUMERIC, SIDES, Type
from retailctl.parallel.normalisers.index import NORMALISERS, chain
from retailctl.parallel.normalisers.stage import TEXT, NoWay
from retailctl.parallel.plans.names import DERIVED, NET, ROWS
from retailctl.parallel.sql.duckdb import DuckDialect
from retailctl.workspace.problems import SCHEMA, Path, Problem

_LARGEST: Final = Decimal(10) ** 18
_RESERVED: Final = (*DERIVED, ROWS, NET)


def problems(plan: TablePlan) -> Iterator[Problem]:
    """In order of the file."""
    seen: dict[str, int] = {}
    for index, field in enumerate(plan.fields):
        place = ("fields", index)
        if seen.setdefault(field.name, index) != index:
            hint = "Give one of the two another name."
            yield Problem(SCHEMA, f"{field.name}: the field is there twice", (*place, "name"), hint)
        if field.name in _RESERVED:
            hint = "Give the field another name."
            yield Problem(SCHEMA, f"{field.name} is a word of the plan itself", (*place, "name"), hint)
        yield from _type(field, place)
        yield from _tolerance(field, place)
        for side in SIDES:
            steps = side_of(field, side).normalisers
            yield from _normalisers(field, steps, (*place, side, "normalisers"))


def _type(field: PlanField, place: Path) -> Iterator[Problem]:
    name, numeric = field.name, field.type in NUMERIC
    if field.type == "decimal" and field.scale is None:
        yield Problem(SCHEMA, f"{name}: a decimal needs its scale", place, "Add `scale: 2`: the decimal places.")
    if field.type != "decimal" and field.scale is not None:
        hint = "Remove the scale, or make the field a decimal."
        yield Problem(SCHEMA, f"{name}: only a decimal has a scale", (*place, "scale"), hint)
    if field.severity == "money" and field.type == "float":
        hint = "Make it a decimal with a scale."
        yield Problem(SCHEMA, f"{name}: money is never compared in floating point", (*place, "type"), hint)
    if field.packs and (not numeric or min(field.packs) < 2):
        hint = "Write whole numbers from 2, on a field with numbers."
        yield Problem(SCHEMA, f"{name}: packs are factors of a number", (*place, "packs"), hint)


def _tolerance(field: PlanField, place: Path) -> Iterator[Problem]:
    wrong = _misfit(field)
    if wrong:
        yield Problem(SCHEMA, f"{field.name}: {wrong[0]}", (*place, wrong[1]), wrong[2])


def _misfit(field: PlanField) -> tuple[str, str, str] | None:
    """Why compare and tolerance do not fit: a sentence, the key, the next step."""
    mode, text = field.compare, field.tolerance
    timed = field.type == "timestamp"
    if mode == "set" and field.type != "text":
        return "only a text has members", "compare", "Write `compare: exact`, or make the field a text."
    if mode == "minor_units" and field.type != "decimal":
        return "only a decimal has minor units", "compare", "Write `compare: abs`, or make the field a decimal."
    if mode in {"abs", "rel"} and field.type not in NUMERIC and not (mode == "abs" and timed):
        return f"a {field.type} has no differences to measure", "compare", "Write `compare: exact`."
    if mode in {"exact", "set", "ignore"}:
        if text is None:
            return None
        return f"compare: {mode} takes no tolerance", "tolerance", "Remove it, or write `compare: abs`."
    if text is None:
        if mode == "minor_units":
            return None
        return f"compare: {mode} needs a tolerance", "compare", "Add `tolerance: 0.01`, or `2s` for a timestamp."
    if timed:
        found = seconds(text)
        return None if found is not None else ("the tolerance is no duration", "tolerance", "Write it such as 2s.")
    return _number(field, text)


def _number(field: PlanField, text: str) -> tuple[str, str, str] | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < _LARGEST:
        return "the tolerance is no number from 0", "tolerance", "Write a number such as 0.01."
    if field.compare == "rel" and number >= 1:
        return "a relative tolerance is a share below 1", "tolerance", "Write 0.01 for one per cent."
    if field.compare == "minor_units" and number != number.to_integral_value():
        return "minor units are counted in whole numbers", "tolerance", "Write `tolerance: 1`, or `compare: abs`."
    if field.type == "int" and field.compare == "abs" and number != number.to_integral_value():
        return "whole numbers differ by whole numbers", "tolerance", "Write a whole number."
    return None


def _normalisers(field: PlanField, steps: tuple[Normaliser, ...], place: Path) -> Iterator[Problem]:
    sound = True
    for index, step in enumerate(steps):
        found = _step(step, (*place, index))
        if found:
            sound = False
            yield found
    if not sound or not steps:
        return
    first = NORMALISERS[steps[0].name].takes or TEXT
    if field.type == "decimal" and field.scale is None:
        return
    try:
        # What a source has is not known yet; if the steps fit what the first of them takes, they fit each other.
        chain(first, steps, type_of(field), DuckDialect())
    except NoWay as no_way:
        at = (*place, min(no_way.index, len(steps) - 1))
        yield Problem(SCHEMA, f"{field.name}: {no_way}", at, "Change the type of the field or the step.")
    yield from _order(field, steps, place)


def _step(step: Normaliser, place: Path) -> Problem | None:
    given = step.given
    if not given:
        return Problem(SCHEMA, "the normaliser does nothing", place, f"Name one of {', '.join(NORMALISERS)}.")
    if len(given) > 1:
        hint = f"Make two of it: - {given[0]} and - {given[1]}."
        return Problem(SCHEMA, f"{given[0]} and {given[1]} are two normalisers", place, hint)
    reason = NORMALISERS[step.name].wrong(step.argument)
    if reason:
        return Problem(SCHEMA, f"{step.name}: {reason}", (*place, step.name), "Correct the argument.")
    return None


def _order(field: PlanField, steps: tuple[Normaliser, ...], place: Path) -> Iterator[Problem]:
    """Steps that cannot do anything where they stand."""
    names = [step.name for step in steps]
    for index, name in enumerate(names):
        if name in {"tz", "date_format"} and name in names[:index]:
            hint = "Remove one of the two: a time is made UTC, and read, once."
            yield Problem(SCHEMA, f"{field.name}: {name} is there twice", (*place, index), hint)
    if "tz" in names and type_of(field) not in {Type("timestamp"), Type("date"), TEXT}:
        hint = "Make the field a timestamp."
        yield Problem(SCHEMA, f"{field.name}: tz is for times", (*place, names.index("tz")), hint)
