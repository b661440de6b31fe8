"""Places looked up one by one are those that a scan of the whole text finds."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import Location
from retailctl.workspace import document as document_module
from retailctl.workspace.document import Document
from retailctl.workspace.formats import JSON
from retailctl.workspace.json_places import JsonPlaces
from retailctl.workspace.json_reader import scan_json
from retailctl.workspace.positions import Path, Positions, line_and_column, line_starts
from retailctl.workspace.reader import parse_bytes

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6) | st.sampled_from(
    ['"', "\\", "/", "{", "}]", ",", ":", '{"a": 1}', "é", "😀", "a", "b", "0", "", "\n", "\u2028"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5), max_leaves=40
)
styles = st.randoms(use_true_random=False)
SPACES = ("", "", " ", "\n", "\r\n", "\r", "\t", " \n  ", "\n\n")


def written(value: Any, style: random.Random) -> str:
    """One of the many texts of a value."""

    def space() -> str:
        return style.choice(SPACES)

    def text(value: str) -> str:
        plain = json.dumps(value, ensure_ascii=style.random() < 0.5)
        if style.random() < 0.3:
            return '"' + "".join(f"\\u{unit:04x}" for unit in units(value)) + '"'
        return plain.replace("/", "\\/") if style.random() < 0.5 else plain

    if isinstance(value, dict):
        body = ",".join(
            f"{space()}{text(key)}{space()}:{space()}{written(inner, style)}{space()}" for key, inner in value.items()
        )
        return "{" + (body or space()) + "}"
    if isinstance(value, list):
        return "[" + (",".join(space() + written(inner, style) + space() for inner in value) or space()) + "]"
    return text(value) if isinstance(value, str) else json.dumps(value)


def units(text: str) -> Iterator[int]:
    data = text.encode("utf-16-be")
    return (int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path of a value, and some beside it."""
    yield path
    yield (*path, "absent")
    yield (*path, "absent", 0)
    yield (*path, 99)
    yield (*path, -1)
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from paths(inner, (*path, key))


def scanned(text: str, value: Any, path: Path) -> Any:
    marks, spans = scan_json(text)
    positions = Positions(marks, line_starts(text))
    entry, found = positions.find([value], (0, *path))
    if found <= len(path):
        return positions.place(entry), None
    begin, end = spans[2 * entry], spans[2 * entry + 1]
    last = line_and_column(positions.lines, end) if end > begin else (0, 0)
    return positions.place(entry), (line_and_column(positions.lines, begin), last)


@given(values, styles)
def test_every_place_is_the_one_of_the_scan(value: Any, style: random.Random) -> None:
    text = style.choice(SPACES) + written(value, style) + style.choice(SPACES)
    assert json.loads(text) == value
    wanted = list(paths(value))
    style.shuffle(wanted)  # what is remembered must not depend on the order of the questions
    places = JsonPlaces(text)
    for path in wanted:
        assert places.place(value, path) == scanned(text, value, path), path


@given(values, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_documents_locate_as_after_a_scan(value: Any, indent: int | str | None, marked: bool) -> None:
    data = json.dumps({"root": value}, indent=indent).encode("utf-8-sig" if marked else "utf-8")
    lookup, scan = parse_bytes("a.json", data), parse_bytes("a.json", data)
    assert scan.positions() is not None
    for path in paths(lookup.data):
        assert lookup.locate(path) == scan.locate(path)
        assert lookup.locate_value(path) == scan.locate_value(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", ""])
def test_lines_and_columns_in_long_texts(newline: str) -> None:
    rows = [f'"{"é" * (n % 91)}{n}": [{n}, "\\"[{{"]' for n in range(3000)]
    text = "{" + ("," + newline).join(rows) + "}"
    value = json.loads(text)
    starts, places = line_starts(text), JsonPlaces(text)
    for n in (2999, 0, 1500, 1499, 700, 2998):
        offset = text.index(rows[n])
        place, span = places.place(value, (f"{'é' * (n % 91)}{n}",))
        assert place == line_and_column(starts, offset)
        assert span == (line_and_column(starts, offset + rows[n].index("[")), (0, 0))


def test_lines_longer_than_what_is_counted_at_a_time() -> None:
    text = '{\n "a": "' + "x" * 50_000 + '", "b": {"c": 1},\n "d": 2}'
    places, value = JsonPlaces(text), json.loads(text)
    for path in paths(value):
        assert places.place(value, path) == scanned(text, value, path)


def test_a_few_places_need_no_scan_and_many_change_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scans: list[int] = []

    def counted(text: str) -> Any:
        scans.append(len(text))
        return scan_json(text)

    monkeypatch.setattr(document_module, "scan_json", counted)
    value = {f"schema{n}": {"properties": {"id": {"type": "string"}, "n": n}} for n in range(500)}
    document = parse_bytes("a.json", json.dumps(value).encode())
    few = [(f"schema{n}", "properties", "id") for n in range(0, 500, 100)]
    before = [document.locate_value(path) for path in few]
    assert scans == []
    for path in paths(value):
        document.locate_value(path)
    assert len(scans) == 1
    assert [document.locate_value(path) for path in few] == before


def test_containers_nested_as_deep_as_settings_allow() -> None:
    text = '{"a":[' * 100 + "1" + "]}" * 100 + " "
    places, value = JsonPlaces(text), json.loads(text)
    path: Path = ("a", 0) * 100
    for end in (*range(len(path)), len(path), 50, 0):
        assert places.place(value, path[:end]) == scanned(text, value, path[:end])


def test_a_text_that_has_changed_has_no_places() -> None:
    document = Document("a.json", [{"a": 1}], None, "0" * 64, format=JSON, load=lambda: None)
    assert document.locate("/a") == document.locate_value("/a") == Location("a.json", pointer="/a")
