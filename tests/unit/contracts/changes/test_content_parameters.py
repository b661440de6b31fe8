"""Parameters that are documents themselves: their schema is compared as that of a body, their media types by name."""

from __future__ import annotations

import pytest

from tests.unit.contracts.comparing import JSON, Raw, judged, operation, parameter, thing, verdicts

TEXT = {"type": "string"}


def filtered(schema: Raw, *kinds: str, location: str = "query") -> Raw:
    content = {kind: {"schema": schema} for kind in kinds or (JSON,)}
    return operation(parameters=[{"name": "filter", "in": location, "content": content}])


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize(
    ("old", "new", "id_", "level"),
    [
        (thing(a=TEXT), {**thing(a=TEXT), "required": ["a"]}, "request-parameter-property-became-required", "ERR"),
        ({**thing(a=TEXT), "required": ["a"]}, thing(a=TEXT), "request-parameter-property-became-optional", "INFO"),
        (thing(a={**TEXT, "maxLength": 9}), thing(a={**TEXT, "maxLength": 5}),
         "request-parameter-property-max-length-decreased", "ERR"),
        ({**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["a"]}, "request-parameter-enum-value-removed", "ERR"),
    ],
)  # fmt: skip
def test_the_schema_inside_is_compared(location: str, old: Raw, new: Raw, id_: str, level: str) -> None:
    found = verdicts(filtered(old, location=location), filtered(new, location=location))
    assert set(found.values()) == {level}
    assert id_ in found or location == "header"


def test_a_number_in_json_is_not_its_text() -> None:
    """Beside a parameter described by a schema, whose values are text whatever their type."""
    number = {"type": "integer"}
    assert set(verdicts(filtered(number), filtered(TEXT)).values()) == {"ERR"}
    assert "ERR" not in verdicts(parameter(number), parameter(TEXT)).values()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (filtered(TEXT), filtered(TEXT, JSON, "text/csv"), {"request-parameter-content-media-type-added": "INFO"}),
        (filtered(TEXT, JSON, "text/csv"), filtered(TEXT), {"request-parameter-content-media-type-removed": "ERR"}),
        (filtered(TEXT), filtered(TEXT), {}),
    ],
)
def test_media_types_come_and_go(old: Raw, new: Raw, found: dict[str, str]) -> None:
    assert verdicts(old, new) == found


def test_the_case_names_the_parameter() -> None:
    old, new = filtered(thing(a=TEXT)), filtered({**thing(a=TEXT), "required": ["a"]})
    (one,) = (one for one in judged(old, new).changes if one.level == "ERR")
    assert one.witness is not None
    assert "filter" in one.witness.place
    assert one.witness.value == {}
