"""Each change of a schema at each position: the violating pair says it, the unchanged pair and the way back do not."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.rules.rules import is_rule
from tests.unit.contracts.changes.table import FAMILIES, POSITIONS, TYPES, placed
from tests.unit.contracts.comparing import ids

# The same change under another name: (position, family) to the id, or a beginning of the family.
BODY_VALUES = {
    "response-body-enum-value-added": "response-mediatype-enum-value-added",
    "response-body-enum-value-removed": "response-mediatype-enum-value-removed",
}
ONLY_OASDIFF = ("list-of-types-widened", "list-of-types-narrowed")
"""oasdiff names a choice of types so; by our names an alternative was added or removed."""


def expected(position: str, family: str) -> str:
    name = f"{position}-{family}"
    return BODY_VALUES.get(name, name)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_change_is_named_after_its_position(family: str) -> None:
    old, new = FAMILIES[family]
    naming = "oasdiff" if family in ONLY_OASDIFF else "retailctl"
    for position in POSITIONS:
        found = ids(placed(position, old), placed(position, new), naming=naming)
        assert found == [expected(position, family)], position
        assert all(map(is_rule, found))


@pytest.mark.parametrize("family", FAMILIES)
def test_what_has_not_changed_and_what_was_taken_back_have_other_names(family: str) -> None:
    old, new = FAMILIES[family]
    for position in POSITIONS:
        assert ids(placed(position, new), placed(position, new)) == []
        assert (expected(position, family) in ids(placed(position, new), placed(position, old))) == (
            family.endswith("-changed")
        )


@pytest.mark.parametrize(
    ("family", "position", "pair"),
    [(family, position, pair) for family, places in TYPES.items() for position, pair in places.items()],
)
def test_a_change_of_type_is_named_by_what_it_means_there(family: str, position: str, pair: tuple[Any, Any]) -> None:
    old, new = (placed(position, schema) for schema in pair)
    assert ids(old, new) == [f"{position}-{family}"]
    assert ids(old, old) == []
