"""Fields of Odoo that a node names: those it writes, filters by and asks for. Names only, never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.inventory.flows.loose import listing, mapping, text

_LISTS: Final = (("fieldsToCreateOrUpdate", "fields"), ("filterRequest", "filter"))


def odoo_fields(parameters: Mapping[str, Any]) -> list[str]:
    """Sorted and each once; names that are expressions are left out."""
    return sorted({name for name in _named(parameters) if name and name.replace(".", "_").isidentifier()})


def _named(parameters: Mapping[str, Any]) -> Iterator[str]:
    for holder, key in _LISTS:
        for one in listing(mapping(parameters.get(holder)).get(key)):
            yield text(mapping(one).get("fieldName"))
    for one in listing(mapping(parameters.get("options")).get("fieldsList")):
        yield text(one)
