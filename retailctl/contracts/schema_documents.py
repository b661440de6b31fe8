"""Which documents are schemas that stand alone, told from what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.contracts.events.reading import event_family
from retailctl.model.contract_facts import ContractFormat

_OTHERS = frozenset({"openapi", "swagger", "asyncapi"})


def schema_format(raw: Any, path: str) -> ContractFormat | None:
    """The format of a schema that stands alone; None for an API, an AsyncAPI document and whatever is no contract.

    A JSON Schema says so or has properties.
    """
    if not isinstance(raw, Mapping) or not _OTHERS.isdisjoint(raw):
        return None
    if event_family(raw, path) == "avro":
        return "avro"
    return "jsonschema" if "$schema" in raw or "properties" in raw else None
