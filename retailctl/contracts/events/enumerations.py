"""Lists of values that say of themselves that they will grow (``x-extensible-enum``)."""

from __future__ import annotations

from dataclasses import replace

from retailctl.contracts.changes.schemas.fact import SchemaFact
from retailctl.contracts.schemas.store import Schema, Steps


def as_open(fact: SchemaFact, schema: Schema) -> SchemaFact:
    """The fact under the name for open lists, where a value came to a list that was open before: readers were told.

    ``schema`` is the old side of the pair that the fact is of.
    """
    if fact.family != "enum-value-added" or not _at(schema, fact.old_steps).get("x-extensible-enum"):
        return fact
    return replace(fact, family="x-extensible-enum-value-added")


def _at(schema: Schema, steps: Steps) -> dict[str, object]:
    value: object = schema
    for step in steps:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return {}
    return value if isinstance(value, dict) else {}
