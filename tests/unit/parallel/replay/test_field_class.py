"""What kind of fault a difference looks like."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.parallel.replay.field_class import field_class
from retailctl.parallel.replay.json_diff import diff
from retailctl.parallel.replay.rules import DiffRules


@pytest.mark.parametrize(
    ("legacy", "new", "expected"),
    [
        (10.0, 10.01, "ROUNDING"),
        (10.0, 10.02, "VALUE"),
        ("10.00", "10.01", "ROUNDING"),
        (10, 11, "VALUE"),
        (10.5, 1050, "SCALE"),
        (7, 7000, "SCALE"),
        (-7, 7000, "VALUE"),
        (12.5, -12.5, "SIGN"),
        (1, 1.0, "TYPE"),
        (1, True, "TYPE"),
        ("1", 1, "TYPE"),
        (None, "", "NULL_DEFAULT"),
        (0, None, "NULL_DEFAULT"),
        (None, "x", "TYPE"),
        ("2026-11-21T10:00:00Z", "2026-11-21T12:00:00Z", "TZ_SHIFT"),
        ("2026-11-21T10:00:00", "2026-11-21T11:00:00", "TZ_SHIFT"),
        ("2026-11-21T10:00:00Z", "2026-11-21T10:07:00Z", "VALUE"),
        ("9999-12-31T23:59:59+23:59", "0001-01-01T00:00:00", "VALUE"),
        ("2026-13-41T10:00", "2026-11-21T10:00", "VALUE"),
        ("Hamburg ", "HAMBURG", "FORMAT"),
        ("e\u0301", "\u00e9", "FORMAT"),
        ("Hamburger Strasse", "Hamburger St", "TRUNCATION"),
        ("SO-1", "SO-2", "VALUE"),
        ([1], {"a": 1}, "TYPE"),
        pytest.param(10**5000, 1, "VALUE", id="a number of 5,001 digits"),
        (1e300, 1e-300, "VALUE"),
    ],
)
def test_the_class_of_a_difference(legacy: Any, new: Any, expected: str) -> None:
    one = diff({"a": legacy}, {"a": new}, DiffRules()).found[0]
    assert field_class(one) == expected


def test_scale_and_units_say_what_rounding_is() -> None:
    one = diff({"a": 1.000}, {"a": 1.003}, DiffRules()).found[0]
    assert field_class(one, scale=3, units=3) == "ROUNDING"
    assert field_class(one, scale=3, units=2) == "VALUE"
