"""Paths into an event, and values as the text that is compared."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.parallel.events.envelopes import parsed_json
from retailctl.parallel.events.paths import Every, Path, parsed_path, text_of, value_at

VALUE: Any = {"order": {"id": "SO1", "odd.name": 7}, "lines": [{"sku": "a"}, {"sku": None}, {"sku": "b"}], "": 1}


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ("order.id", Path("payload", ("order", "id")), "SO1"),
        ("$.order.id", Path("payload", ("order", "id")), "SO1"),
        ('order["odd.name"]', Path("payload", ("order", "odd.name")), 7),
        ("order['odd.name']", Path("payload", ("order", "odd.name")), 7),
        ("lines[0].sku", Path("payload", ("lines", 0, "sku")), "a"),
        ("lines[*].sku", Path("payload", ("lines", Every.ITEM, "sku")), ["a", "b"]),
        ("lines[7].sku", Path("payload", ("lines", 7, "sku")), None),
        ("order.id.deeper", Path("payload", ("order", "id", "deeper")), None),
        ("order[0]", Path("payload", ("order", 0)), None),
        ("lines.sku", Path("payload", ("lines", "sku")), None),
        ("order[*]", Path("payload", ("order", Every.ITEM)), []),
        ("$", Path("payload", ()), VALUE),
    ],
)
def test_a_path_finds_what_stands_there_and_nothing_else(text: str, path: Path, found: Any) -> None:
    assert parsed_path(text) == path
    assert value_at(VALUE, path.steps) == found


def test_attributes_and_headers_have_paths_of_their_own() -> None:
    assert parsed_path("@type") == Path("attribute", ("type",))
    assert parsed_path("@header.X-Store") == Path("header", ("x-store",))


@pytest.mark.parametrize(
    "text",
    ["order..id", "order.", "[", "order[-1]", "order[x]", "order[0]id", "@", "@a b", 'order["', "a" * 3 + ".b" * 60],
)
def test_what_is_no_path_says_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"path|@|steps"):
        parsed_path(text)


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_a_reason(text: str) -> None:
    try:
        value_at(VALUE, parsed_path(text).steps)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("json", "text"),
    [
        ("null", None),
        ('"1.50"', "1.50"),
        ("1.50", "1.50"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("1e3", "1000"),
        ("12E-4", "0.0012"),
        ("1e400000", "1e400000"),
        ("true", "true"),
        ('{"b": 1.50, "a": [null, true, "x\\"y", -0.0, 100]}', '{"a":[null,true,"x\\"y",0,100],"b":1.5}'),
        ("[]", "[]"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_values_are_compared_as_they_are_written(json: str, text: str | None) -> None:
    assert text_of(parsed_json(json.encode())) == text
