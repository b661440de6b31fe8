"""Equal values are equal as JSON has them, and what a range covers is not gone."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.changes.compare import compare
from tests.unit.contracts.comparing import JSON, Raw, ids, operation, options, read, request, verdicts

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"enum": [1]}, {"enum": [1.0]}),
        ({"const": 1}, {"const": 1.0}),
        ({"type": "number", "maximum": 1}, {"type": "number", "maximum": 1.0}),
        ({"const": {"a": 1, "b": [2]}}, {"const": {"b": [2.0], "a": 1.0}}),
    ],
)
def test_a_number_is_its_value(old: Raw, new: Raw) -> None:
    assert ids(request(old), request(new)) == []


@pytest.mark.parametrize(("old", "new"), [(True, 1), (False, 0)])
@pytest.mark.parametrize("keyword", ["enum", "const"])
def test_true_is_no_number(old: Any, new: Any, keyword: str) -> None:
    sides = [{keyword: [value] if keyword == "enum" else value} for value in (old, new)]
    assert "ERR" in verdicts(request(sides[0]), request(sides[1])).values()


@pytest.mark.parametrize(
    "name", ["Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8"]
)
def test_a_media_type_may_be_written_otherwise(name: str) -> None:
    sent = operation("post", requestBody={"required": True, "content": {name: {"schema": TEXT}}})
    assert verdicts(request(TEXT), sent) == {}


@pytest.mark.parametrize("name", ["application/*", "*/*"])
def test_a_range_of_media_types_takes_what_is_in_it(name: str) -> None:
    sent = operation("post", requestBody={"required": True, "content": {name: {"schema": TEXT}}})
    assert "ERR" not in verdicts(request(TEXT), sent).values()


def _statuses(*codes: str) -> Raw:
    content = {JSON: {"schema": TEXT}}
    return operation(responses={code: {"description": "x", "content": content} for code in codes})


@pytest.mark.parametrize(("old", "new"), [(("200", "201"), ("2XX",)), (("2XX",), ("200",))])
def test_a_range_of_statuses_covers_what_is_in_it(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert "ERR" not in verdicts(_statuses(*old), _statuses(*new)).values()


@pytest.mark.parametrize("written", ["200", '"200"'])
def test_a_status_may_be_a_number_in_yaml(written: str) -> None:
    text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {%s: {description: x}}}}}\n"
    sides = [read((text % status).encode(), "openapi.yaml") for status in ('"200"', written)]
    assert compare(sides[0], sides[1], options()) == ()
