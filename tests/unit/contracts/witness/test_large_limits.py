"""Limits beyond what can be shown, and parts that bring others with them."""

from __future__ import annotations

import pytest

from retailctl.contracts.schemas.store import Schema
from retailctl.contracts.witness import NoWitness, Witness, Workshop


class Store:
    """One component."""

    def resolve(self, key: str) -> Schema:
        return {"price": {"type": ("object",), "required": ["sku"], "properties": {"sku": {"type": ("string",)}}}}[key]


@pytest.mark.parametrize(("before", "after", "is_shown"), [(100, 99, True), (1_000, 999, False)])
def test_a_limit_on_items_is_shown_or_called_too_large(before: int, after: int, *, is_shown: bool) -> None:
    old, new = ({"type": ("array",), "items": {"$ref": "price"}, "maxItems": most} for most in (before, after))
    found = Workshop(Store(), Store()).find(
        old, new, polarity="in", old_steps=(), new_steps=(), keyword="maxItems", value=after
    )
    if is_shown:
        assert isinstance(found, Witness)
        assert isinstance(found.instance, list)
        assert len(found.instance) == before
    else:
        assert isinstance(found, NoWitness)
        assert "too many parts" in found.reason


def test_a_property_at_issue_brings_what_depends_on_it() -> None:
    def side(*kinds: str) -> dict[str, object]:
        properties = {"skus": {"type": ("array",)}, "stores": {"type": kinds}}
        return {"type": ("object",), "properties": properties, "dependentSchemas": {"stores": {"required": ["skus"]}}}

    found = Workshop(Store(), Store()).find(
        side("array", "null"), side("array"), polarity="in", old_steps=("properties", "stores"),
        new_steps=("properties", "stores"), keyword="type", value="null",
    )  # fmt: skip
    assert isinstance(found, Witness)
    assert found.instance == {"stores": None, "skus": []}
