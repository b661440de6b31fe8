"""The JSON Schema of what :mod:`retailctl.report.parallel_rows` writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from retailctl.model.parallel_run import ROW_CLASSES, RunVerdict

_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT}
_COUNT: Final = {"type": "integer", "minimum": 0}
_AMOUNT: Final = {"type": "string", "description": "A decimal number of the currency, as text."}


OPTIONAL: Final = ("totals", "values", "clusters", "late", "heat", "trend", "accepted")
"""Keys of the summary that only the run of a plan has."""


def _say(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description}


def _each(values: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "description": description, "additionalProperties": values}


def _by_side(values: dict[str, Any], description: str, *, always: bool = True) -> dict[str, Any]:
    sides = ("legacy", "new")
    required = {"required": list(sides)} if always else {}
    return {"type": "object", "description": description, **required, "properties": dict.fromkeys(sides, values)}


def run_properties() -> dict[str, Any]:
    """Schemas of the keys of the summary of a parallel run or comparison: all of them, or none."""
    counts = _each(_COUNT, "How often each kind occurs.")
    classes = {
        "type": "object",
        "description": "Rows by class; a matched pair counts once. Copies are counted under duplicates.",
        "required": list(ROW_CLASSES),
        "properties": dict.fromkeys(ROW_CLASSES, _COUNT),
        "additionalProperties": _COUNT,
    }
    return {
        "sides": _by_side(_TEXT, "What was compared."),
        "key": _say(_TEXTS, "The columns that identify a row."),
        "rows": _by_side(_COUNT, "Rows that were read of each side."),
        "classes": classes,
        "duplicates": _by_side(counts, "More copies of a key than the other side has, identical or conflicting."),
        "fields": _each(counts, "By field: in how many matched rows it differs, by class."),
        "bridge": _each({"$ref": "#/$defs/bridge"}, "By currency; empty where no field is an amount."),
        "gates": {"type": "array", "description": "Empty without a plan.", "items": {"$ref": "#/$defs/gate"}},
        "totals": {"type": "array", "description": "Control totals.", "items": {"$ref": "#/$defs/control_total"}},
        "values": _each(_TEXT, "What a gate of a cutover may require, by name."),
        "clusters": {
            "type": "array",
            "description": "Causes, those with most rows first.",
            "items": {"$ref": "#/$defs/cluster"},
        },
        "late": {
            "description": "Rows that were, or are, younger than the lag; null where the plan has none.",
            "anyOf": [{"$ref": "#/$defs/late"}, {"type": "null"}],
        },
        "heat": {
            "description": "Differing rows by place and business day; null where the plan names no time or no place.",
            "anyOf": [{"$ref": "#/$defs/heat"}, {"type": "null"}],
        },
        "trend": {"type": "array", "description": "Oldest first.", "items": {"$ref": "#/$defs/trend_day"}},
        "accepted": {
            "type": "array",
            "description": "What each accepted difference of the plan covers.",
            "items": {"$ref": "#/$defs/accepted"},
        },
        "not_compared": _by_side(_TEXTS, "Columns that only this side has.", always=False),
        "engine": _say(_TEXT, "Name and version of what compared: duckdb 2.0.0."),
    }


def sample_properties() -> dict[str, Any]:
    """The schema of the key that a finding of a run may have."""
    return {
        "samples": {
            "type": "array",
            "description": "A few of the rows. A value that may not be shown is a keyed pseudonym (~ and 16 digits).",
            "items": {"$ref": "#/$defs/sample"},
        }
    }


def definitions(say_object: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The ``$defs`` that the properties above refer to."""
    line = say_object("One step of the bridge.", name=_TEXT, rows=_COUNT, amount=_AMOUNT)
    sums = _by_side(_each({"type": ["string", "null"]}, "By measure."), "", always=True)["properties"]
    worst = say_object("A group that does not agree.", group=_each({"type": ["string", "null"]}, "By name."), **sums)
    return {
        "bridge": say_object(
            "From the total of the legacy side to that of the new side.",
            legacy=_AMOUNT,
            new=_AMOUNT,
            lines={"type": "array", "items": line},
            remainder=_say(_AMOUNT, "0, or the run is not valid."),
        ),
        "gate": say_object(
            "One gate of the plan.",
            gate=_TEXT,
            verdict={"enum": [*get_args(RunVerdict)]},
            measured=_TEXT,
            limit=_TEXT,
            streak=_say(_COUNT, "How many days in a row it has passed."),
            needed=_say(_COUNT, "How many are asked for."),
            note=_say(_TEXT, "Why it is not known, where that can be said: 3 of 10 days."),
            first_red=_say(_TEXT, "ISO date of the first day that it failed; empty for never."),
        ),
        "control_total": say_object(
            "Sums of both sides by group.",
            group_by=_TEXTS,
            measures=_TEXTS,
            groups=_COUNT,
            tied=_say(_COUNT, "Groups in which both sides agree on every measure."),
            worst={"type": "array", "items": worst},
        ),
        "cluster": say_object(
            "Differences of one signature.",
            id=_say(_TEXT, "The same over runs."),
            signature=_TEXT,
            rows=_COUNT,
            share=_say(_TEXT, "Their part of all differences in percent."),
            net=_AMOUNT,
            gross=_AMOUNT,
            where=_say(_TEXT, "The slice that stands out; empty where none does."),
            covers=_say(_TEXT, "The part of these differences that the slice holds, in percent."),
            lift=_say(_TEXT, "How many times more often they occur there than elsewhere."),
        ),
        **_pictures(say_object),
        "sample": say_object(
            "One differing row.",
            key=_each(_TEXT, "The columns of its key."),
            values=_each(_by_side(_TEXT, "What each side has."), "Both values of the fields that differ."),
        ),
    }


def _pictures(say_object: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    sides = _by_side(_COUNT, "By the side that has the rows.", always=False)
    seconds = {"type": ["integer", "null"], "minimum": 0}
    row = say_object(
        "One place.",
        name=_TEXT,
        cells=_say({"type": "array", "items": _COUNT}, "One number a column."),
        rows=_say(_COUNT, "Of all columns, those not shown too."),
        gross=_say(_TEXT, "What they are worth without sign; empty where no field is an amount."),
    )
    return {
        "late": say_object(
            "Pending rows, those of earlier runs and those of this one.",
            pending=sides,
            arrived=sides,
            expired=sides,
            unknown=sides,
            oldest_seconds=_say(seconds, "The age of the oldest pending row."),
            p99_least=_say(seconds, "99 of 100 late rows came within at least so many seconds."),
            p99_most=_say(seconds, "And within at most so many; null for open."),
            p99_rows=_COUNT,
        ),
        "heat": say_object(
            "Differing rows that are neither pending nor accepted.",
            down=_say(_TEXT, "The dimension that the rows are of."),
            columns=_say(_TEXTS, "Business days, oldest first."),
            rows={"type": "array", "items": row},
            total=_COUNT,
            more_rows=_say(_COUNT, "Places that are left out."),
            more_columns=_say(_COUNT, "Earlier days that are left out."),
        ),
        "trend_day": say_object(
            "The newest run of one business day.",
            day=_TEXT,
            verdict=_TEXT,
            ppm=_each(_COUNT, "Rows by class, in parts per million of those read."),
            red=_say(_TEXTS, "Gates that did not pass."),
            same_plan={
                "type": "boolean",
                "description": "False where the plan was another one than in the newest run.",
            },
        ),
        "accepted": say_object(
            "The use of one accepted difference.",
            reason=_TEXT,
            owner=_TEXT,
            expires=_TEXT,
            rows=_COUNT,
            amount=_AMOUNT,
            max_rows={"type": ["integer", "null"], "minimum": 0},
            max_amount=_say(_TEXT, "Empty for none."),
            void=_say(_TEXT, "Why it does not hold; empty where it does."),
        ),
    }
