"""Laws of the reader for all inputs: values survive, places point at what they name, bytes never crash it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retailctl.errors import InputError
from retailctl.workspace.document import Document
from retailctl.workspace.reader import parse_bytes

# The C parser refuses DEL, drops U+FEFF at some places and takes U+2028 and U+2029 (Zl, Zp) for line breaks.
texts = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\ufeff\x7f", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")
    )
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=25
)
documents = st.dictionaries(texts, values, min_size=1, max_size=5)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, child in children for found in ((*path, key), *places(child, (*path, key)))]


def at(text: str, line: int, column: int) -> str:
    return text.split("\n")[line - 1][column - 1 :]


def flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def block(value: Any, indent: str = "") -> str:
    """Write block YAML with quoted strings; an empty container has no block form."""
    if not isinstance(value, dict | list) or not value:
        return f" {flow(value)}\n"
    rows = [("-", one) for one in value] if isinstance(value, list) else [(flow(k) + ":", v) for k, v in value.items()]
    return "\n" + "".join(f"{indent}{label}{block(one, indent + '  ')}" for label, one in rows)


def with_plain_words(value: Any) -> str:
    """Write block YAML through the usual library, which leaves most text unquoted."""
    text: str = yaml.dump(value, Dumper=_NoAliases, allow_unicode=True, sort_keys=False, width=40)
    return text


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


words = st.text("abcdefghijklm -_/.:#'\"{}[],&*!|>%@`é😀", min_size=1, max_size=30).map(lambda word: "w" + word)
plain_values = st.recursive(
    words | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(documents, st.sampled_from([flow, block]))
def test_values_survive_yaml(data: dict[str, Any], write: Callable[[Any], str]) -> None:
    text = write(data)
    assert_same(parse_bytes("a.yaml", text.encode()).data, data)
    assert_same(parse_bytes("a.yaml", text.replace("\n", "\r\n").encode()).data, data)


@settings(deadline=None)
@given(documents)
def test_values_survive_json(data: dict[str, Any]) -> None:
    assert_same(parse_bytes("a.json", json.dumps(data).encode()).data, data)


@settings(deadline=None)
@given(st.dictionaries(words, plain_values, min_size=1, max_size=4))
def test_unquoted_text_survives_yaml(data: dict[str, Any]) -> None:
    assert_same(parse_bytes("a.yaml", with_plain_words(data).encode()).data, data)


@settings(deadline=None)
@given(documents, st.sampled_from([("a.yaml", flow), ("a.yaml", block), ("a.json", flow)]), st.randoms())
def test_places_point_at_keys_and_values(data: Any, form: tuple[str, Callable[[Any], str]], order: Random) -> None:
    name, write = form
    text = write(data)
    document = parse_bytes(name, text.encode())
    asked = places(data)
    order.shuffle(asked)
    for path in asked:
        value = document.data
        for step in path:
            value = value[step]
        key, inside = document.locate(path), document.locate_value(path)
        if isinstance(path[-1], str):
            assert at(text, key.line, key.column).startswith(flow(path[-1]))
        if not isinstance(value, dict | list):
            assert at(text, inside.line, inside.column).startswith(flow(value))
            assert inside.end_column - inside.column == len(flow(value))
        elif not value or write is flow:
            assert at(text, inside.line, inside.column).startswith(flow(value)[0])
        if isinstance(path[-1], int):
            assert (key.line, key.column) == (inside.line, inside.column)


@settings(deadline=None)
@given(documents, st.sampled_from([("a.yaml", block), ("a.json", flow)]))
def test_the_cache_gives_back_the_same_document(data: Any, form: tuple[str, Callable[[Any], str]]) -> None:
    name, write = form
    fresh = parse_bytes(name, write(data).encode())
    encoded = fresh.encode()
    assert encoded is not None
    back = Document.decode(encoded, load=fresh.load)
    assert_same(back.data, fresh.data)
    assert [back.locate(path) for path in places(data)] == [fresh.locate(path) for path in places(data)]


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=8), st.integers(min_value=0), st.booleans())
def test_damaged_cache_entries_are_refused(damage: bytes, where: int, cut: bool) -> None:
    encoded = parse_bytes("a.yaml", b"a: [1, {b: 010}]").encode()
    assert encoded is not None
    begin = where % len(encoded)
    damaged = encoded[:begin] + (b"" if cut else damage + encoded[begin + len(damage) :])
    if damaged == encoded:
        return
    with pytest.raises(ValueError, match=r"."):
        Document.decode(damaged)


fragments = st.lists(
    st.sampled_from([
        "a", "b: ", ": ", "- ", "\n", "  ", "\t", "[", "]", "{", "}", ", ",
        "&a ", "*a", "<<: ", "!!str ", "!x ", "'", '"', "|\n",
        "---\n", "...\n", "# c\n", "? ", "0x1F", "1e999", "~", "%", "\r", "\x85", "\\u", "é", "null", "@",
    ]),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(fragments.map(str.encode) | st.binary(max_size=60), st.sampled_from(["a.yaml", "a.json"]), st.booleans())
def test_any_bytes_give_a_document_or_a_located_error(data: bytes, name: str, owned: bool) -> None:
    try:
        document = parse_bytes(name, data, owned=owned, require_mapping=False)
    except InputError as error:
        assert error.at is not None
        assert 1 <= error.at.line <= data.count(b"\n") + data.count(b"\r") + 1
        return
    text = data.decode().removeprefix("\ufeff")
    for path in places(document.data):
        found = document.locate(path)
        assert found.line >= 1
        assert found.line <= len(re.split("\r\n|\r|\n", text))
        document.locate_value(path)


@settings(deadline=None)
@given(fragments)
def test_owned_yaml_agrees_with_the_usual_library_on_text_and_structure(text: str) -> None:
    """Where both accept a text without merge keys the shape is the same; only plain scalars may differ."""
    assume("<<" not in text)
    try:
        ours = parse_bytes("a.yaml", text.encode(), require_mapping=False).data
        theirs = yaml.load(text, Loader=yaml.CBaseLoader)
    except (InputError, yaml.YAMLError, ValueError):
        return
    assert shape(ours) == shape(theirs)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else "scalar"


def assert_same(seen: Any, wanted: Any) -> None:
    """Equal, and of the same kinds: True is not 1, and 1 is not 1.0."""
    assert seen == wanted
    assert json.dumps(seen) == json.dumps(wanted)
