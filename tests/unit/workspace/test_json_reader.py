"""JSON: what the standard library lets through and we do not."""

from __future__ import annotations

import json
import re
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import InputError
from retailctl.workspace import json_reader
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes
from retailctl.workspace.scalars import SourceFloat

texts = st.lists(st.text('{}[],:"\\ab\n é😀', max_size=8), max_size=8)


def read(text: str | bytes, **options: Any) -> Document:
    return parse_bytes("a.json", text.encode() if isinstance(text, str) else text, **options)


def refused(text: str | bytes, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text, **options)
    return caught.value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": }', ("INP001", 1, 7)), ('{"a": 1,\n "b": [1, 2}', ("INP001", 2, 12)), ('{"a": "x', ("INP001", 1, 7)),
        ('{"a": 1} x', ("INP001", 1, 10)), ("{'a': 1}", ("INP001", 1, 2)), ('{"a": "\t"}', ("INP001", 1, 8)),
        ('{"a": 1,\n "b": 2,\n "a": 3}', ("INP007", 3, 2)), ('{"x": [{"k": 1, "\\u006b": 2}]}', ("INP007", 1, 17)),
        ('{"a": NaN}', ("INP015", 1, 7)), ('{"n": "NaN", "a": [1,\n-Infinity]}', ("INP015", 2, 1)),
        ('{"a": 1e999}', ("INP015", 1, 7)), ('{"a": -1E+400}', ("INP015", 1, 7)),
        ('{"s": 1, "a": 1e-999}', ("INP015", 1, 15)),
        ('{"a": ' + "9" * 5_000 + "}", ("INP015", 1, 7)), ('{"a": 1.' + "9" * 5_000 + "}", ("INP015", 1, 7)),
        ('{"a": "\\ud800"}', ("INP012", 1, 8)), ('{"a": "\\ud83d\\ude00 \\udc00"}', ("INP012", 1, 21)),
        ('{"\\ud800\\u0041": 1}', ("INP012", 1, 3)), (b'{"a": "\xff"}', ("INP012", 1, 8)),
        ('{"a": "\0"}', ("INP012", 1, 8)),
        ("", ("INP010", 1, 1)), (" \n ", ("INP010", 1, 1)), ("[1]", ("INP011", 1, 1)), ("null", ("INP011", 1, 1)),
        ('{"a": 1,\n<<<<<<< HEAD\n"b": 2\n=======\n}', ("INP024", 2, 1)),
    ],
)  # fmt: skip
def test_refused_with_place(text: str | bytes, found: tuple[str, int, int]) -> None:
    error = refused(text)
    assert error.at is not None
    assert (error.code, error.at.line, error.at.column) == found


def test_duplicate_key_names_the_first_place() -> None:
    error = refused('{"b": {"owner": 1},\n "owner": 1,\n "owner": 2}')
    assert [(at.line, at.column) for at in error.related] == [(2, 2)]


@pytest.mark.parametrize("text", ['{"a":' * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000, "[" * 100_000])
def test_very_deep_files_do_not_crash(text: str) -> None:
    assert refused(text).code == "INP003"


def test_depth_limit_is_exact_and_blind_to_strings() -> None:
    brackets = '"\\"' + "[{" * 200 + '\\\\"'
    fits = "[" * 99 + brackets + "]" * 99
    assert read('{"a": ' + fits + "}").data["a"]
    error = refused('{"a": [' + fits + "]}")
    assert error.at is not None
    assert (error.code, error.at.column) == ("INP003", 7 + 99)
    assert "101 levels deep; 100 are allowed" in error.message


def test_node_limit() -> None:
    text = "[" + ",".join(["1"] * 50) + "]"
    assert len(read(text, require_mapping=False, limits=Limits(nodes=52)).data) == 50
    assert refused(text, require_mapping=False, limits=Limits(nodes=50)).code == "INP004"


@given(texts, st.integers(0, 3), st.booleans())
def test_the_structure_is_what_stands_outside_of_strings(parts: list[str], escapes: int, readable: bool) -> None:
    value = [{part: [part, {}], "n": -1.5, "t": True} for part in parts]
    text = json.dumps([value, "\\" * escapes * 100], ensure_ascii=readable, indent=escapes)
    expected = re.sub(r'"(?:[^"\\]|\\.)*"|[^][{},:"]', "", text, flags=re.DOTALL)
    assert json_reader._structure(text).decode() == expected


@pytest.mark.parametrize("many", ["{}, " * 200, '{"d": [1, {"k": "k, k: k"}], "k": {"d": "\\"k\\": {"}}, ' * 200])
def test_duplicates_are_found_in_large_texts_too(many: str) -> None:
    fine = '{"x": [' + many + '\n{"d": 0,\n "d\\u0020": 1, "": 2}], "d": 1}'
    assert len(read(fine).data["x"]) == 201
    error = refused(fine.replace("d\\u0020", "\\u0064"))
    assert error.at is not None
    assert (error.code, error.at.line, error.at.column, error.related[0].line) == ("INP007", 3, 2, 2)
    for large in (fine, fine + " " * (1 << 20)):
        assert refused(large.replace("d\\u0020", "d"), limits=Limits(depth=5)).code == "INP007"


@pytest.mark.parametrize("filler", ["\\\\", '\\"', "\\n", '","', "[", "{}"])
def test_a_text_of_one_thing_only_is_judged_in_time(filler: str) -> None:
    text = '{"a": ["' + filler * (8_000_000 // len(filler)) + '"]}'
    before = time.process_time()
    limits = Limits(nodes=10_000)
    if filler == '","':
        assert refused(text, limits=limits).code == "INP004"
    else:
        assert list(read(text, limits=limits).data) == ["a"]
    assert time.process_time() - before < 5


def test_surrogate_pairs_and_escaped_backslashes_are_fine() -> None:
    assert read('{"a": "\\ud83d\\ude00", "b": "\\\\ud800"}').data == {"a": "😀", "b": "\\ud800"}


def test_floats() -> None:
    data = read('{"version": 1.10, "x": 1.5}').data
    assert (data["version"].text, type(data["x"])) == ("1.10", float)
    assert type(read('{"version": 1.10}', owned=False).data["version"]) is float
    assert not isinstance(read('{"version": 1.10}', owned=False).data["version"], SourceFloat)


def test_decimals_on_request() -> None:
    assert read('{"a": 0.10}', parse_float=Decimal).data["a"].as_tuple() == Decimal("0.10").as_tuple()
    assert refused('{"a": 1e99999999999999999999}', parse_float=Decimal).code == "INP015"


PLACES = '{"a": 1,\n "b": [10, {"c": "x", "d\\u0065": {}}, []],\r\n "e": {"f": null}}'


@pytest.mark.parametrize(
    ("pointer", "key", "value"),
    [
        ("", (1, 1), (1, 1, 0, 0)), ("/a", (1, 2), (1, 7, 1, 8)), ("/b", (2, 2), (2, 7, 0, 0)), ("/b/0", (2, 8),
        (2, 8, 2, 10)),
        ("/b/1/c", (2, 13), (2, 18, 2, 21)), ("/b/1/de", (2, 23), (2, 34, 0, 0)), ("/b/2", (2, 39), (2, 39, 0, 0)),
        ("/e/f", (3, 8), (3, 13, 3, 17)),
    ],
)  # fmt: skip
def test_places(pointer: str, key: tuple[int, int], value: tuple[int, int, int, int]) -> None:
    document = read(PLACES)
    at, inside = document.locate(pointer), document.locate_value(pointer)
    assert (at.line, at.column) == key
    assert (inside.line, inside.column, inside.end_line, inside.end_column) == value
