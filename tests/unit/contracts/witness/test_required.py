"""Properties that become required where an object must have some property."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.witness import Witness, Workshop
from tests.unit.contracts.witness.full import Store

NOTE: dict[str, Any] = {"note": {"type": ["string", "null"]}}
STATUS: dict[str, Any] = {"status": {"enum": ["cancelled"]}}


@pytest.mark.parametrize("properties", [{**STATUS, **NOTE}, {**NOTE, **STATUS}])
@pytest.mark.parametrize("fewest", [0, 1])
def test_another_property_stands_in(properties: dict[str, Any], fewest: int) -> None:
    old = {"type": "object", "minProperties": fewest, "properties": properties}
    found = Workshop(Store({}), Store({})).find(
        old, {**old, "required": ["status"]}, polarity="in", old_steps=(), new_steps=(), keyword="required", value="status"
    )  # fmt: skip
    assert isinstance(found, Witness)
    assert isinstance(found.instance, dict) and "status" not in found.instance
