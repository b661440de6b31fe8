"""Which documents are JSON Schemas that stand alone, told from what they hold."""

from __future__ import annotations

from collections.abc import Mapping

_OTHERS = frozenset({"openapi", "swagger", "asyncapi"})


def is_plain_schema(raw: object) -> bool:
    """True for a JSON Schema that says so or has properties, and is no API and no AsyncAPI document."""
    return isinstance(raw, Mapping) and _OTHERS.isdisjoint(raw) and ("$schema" in raw or "properties" in raw)
