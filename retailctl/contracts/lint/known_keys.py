"""The keys that the schema of a specification knows at the place of an error, for "did you mean"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError


def known_keys(schema: Mapping[str, object], error: ValidationError) -> tuple[str, ...]:
    """The names under ``properties`` of the schema that refused a key, sorted; empty when it cannot be found."""
    steps = list(error.schema_path)[:-1]
    current: object = schema
    for step in steps:
        current = current.get(str(step)) if isinstance(current, Mapping) else None
        while isinstance(current, Mapping) and isinstance(current.get("$ref"), str) and len(current) == 1:
            current = _local(schema, current["$ref"])
    properties = current.get("properties") if isinstance(current, Mapping) else None
    return tuple(sorted(properties)) if isinstance(properties, Mapping) else ()


def _local(schema: Mapping[str, object], ref: str) -> object:
    current: object = schema
    for step in ref.removeprefix("#/").split("/"):
        current = current.get(step) if isinstance(current, Mapping) else None
    return current
