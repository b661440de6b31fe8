from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from retailctl.errors import ConfigError
from retailctl.workspace.edits import append_to_list, set_value

ITEM = {"rule": "SEC-01", "subject": "svc-pos", "expires": date(2026, 12, 31)}


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text.removeprefix("\ufeff"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "waivers:\n  - rule: X\n"),
        ("# only a comment\n", "# only a comment\nwaivers:\n  - rule: X\n"),
        ("a: 1", "a: 1\nwaivers:\n  - rule: X\n"),
        ("waivers:\n", "waivers:\n  - rule: X\n"),
        ("waivers:  # none yet\n", "waivers:  # none yet\n  - rule: X\n"),
        ("waivers: []\nb: 2\n", "waivers:\n  - rule: X\nb: 2\n"),
        ("waivers: []  # none\n", "waivers:   # none\n  - rule: X\n"),
        ("waivers: null\n", "waivers:\n  - rule: X\n"),
        ("waivers:\n- rule: A\n", "waivers:\n- rule: A\n- rule: X\n"),
        ("waivers:\n    -   rule: A\n", "waivers:\n    -   rule: A\n    -   rule: X\n"),
        ("waivers:\n  - rule: A  # why\n\n# end\n", "waivers:\n  - rule: A  # why\n  - rule: X\n\n# end\n"),
        (
            "waivers:\n  - rule: A\n    # ticket: 7\n  # next\n",
            "waivers:\n  - rule: A\n    # ticket: 7\n  - rule: X\n  # next\n",
        ),
        ("waivers:\n  - rule: A\nz: 1\n", "waivers:\n  - rule: A\n  - rule: X\nz: 1\n"),
        ("waivers:\n  - rule: A", "waivers:\n  - rule: A\n  - rule: X\n"),
        (
            "waivers:\n  - a: |\n      text\n      more\nz: 1\n",
            "waivers:\n  - a: |\n      text\n      more\n  - rule: X\nz: 1\n",
        ),
        ("waivers:\n  - {rule: A}\n", "waivers:\n  - {rule: A}\n  - rule: X\n"),
        ("waivers: [{rule: A}]\n", "waivers: [{rule: A}, {rule: X}]\n"),
        ("waivers: [\n  {rule: A},  # why\n]\n", "waivers: [\n  {rule: A}, {rule: X},  # why\n]\n"),
        ('{"waivers": []}\n', '{"waivers": [{rule: X}]}\n'),
        ("waivers:\r\n  - rule: A\r\n", "waivers:\r\n  - rule: A\r\n  - rule: X\r\n"),
        ("\ufeffwaivers:\n  - rule: A\n", "\ufeffwaivers:\n  - rule: A\n  - rule: X\n"),
        ("---\nwaivers:\n  - rule: A\n", "---\nwaivers:\n  - rule: A\n  - rule: X\n"),
        (
            "waivers:\n  - rule: 'A' # q\n    v: \"1\"\n",
            "waivers:\n  - rule: 'A' # q\n    v: \"1\"\n  - rule: X\n",
        ),
    ],
)
def test_only_the_new_entry_is_added(before: str, after: str) -> None:
    assert append_to_list(before, "waivers", {"rule": "X"}) == after


def test_the_first_line_for_the_editor_and_all_comments_stay() -> None:
    text = (
        "# yaml-language-server: $schema=../schemas/waivers.schema.json\n"
        "# Accepted by the board.\nwaivers:\n"
        "  # POS\n  - rule:   SEC-01   # spaced\n    subject: 'x'\n    expires: 2026-01-31\n\n# the end\n"
    )
    new = append_to_list(text, "waivers", ITEM)
    added = "  - rule: SEC-01\n    subject: svc-pos\n    expires: 2026-12-31\n"
    assert new.replace(added, "", 1) == text
    assert load(new)["waivers"][1] == ITEM


@pytest.mark.parametrize(
    "text",
    [
        "waivers: text\n",
        "waivers: {a: 1}\n",
        "- a\n",
        "{a: 1}\n",
        "a: &x [1]\nwaivers: *x\n",
        "a: [\n",
        "a: 1\na: 2\n",
        "a: 1\n...\n",
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        append_to_list(text, "waivers", {"rule": "X"})
    assert "by hand" in caught.value.hint


words = st.text(max_size=12) | st.sampled_from(
    [
        "no",
        "010",
        "1.10",
        "12:30",
        "2026-01-31",
        "# x",
        "a: b",
        "- x",
        "",
        " ",
        "*",
        "&a",
        "'",
        '"',
        "a\nb",
        "\u2028",
        "null",
        "{",
        "\x85",
    ]
)
words = words.filter(lambda t: all(c in "\t\n\r\x85" or c.isprintable() or c == "\u2028" for c in t))
keys = st.sampled_from(["rule", "subject", "approved-by", "expires", "no", "x y"])
items = st.dictionaries(keys, words | st.integers() | st.booleans() | st.dates(), min_size=1, max_size=4)


@given(
    st.lists(items, max_size=3),
    items,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "# end\n", "z: 1  # tail\n", "\n\n"]),
    st.sampled_from([(2, 0), (4, 2), (6, 4)]),
)
def test_old_lines_stay_and_the_data_is_old_plus_item(
    old: list[dict[str, Any]], item: dict[str, Any], newline: str, tail: str, indent: tuple[int, int]
) -> None:
    import io

    yaml, out = YAML(), io.StringIO()
    yaml.indent(mapping=2, sequence=indent[0], offset=indent[1])
    yaml.dump({"a": "x", "waivers": old}, out)
    text = ("# schema\n" + out.getvalue() + tail).replace("\r", "").replace("\n", newline)
    before = load(text)
    new = append_to_list(text, "waivers", item)
    assert load(new) == {**before, "waivers": [*before["waivers"], item]}
    rest = iter(new.split(newline))
    for line in text.replace(" []", "").split(newline):
        assert line in rest  # every old line is there, in order


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("a: 1  # one\nb: 2\n", "/a", 5, "a: 5  # one\nb: 2\n"),
        ("a: 'x'\n", "/a", "y", "a: 'y'\n"),
        ('a: "x"\n', "/a", "y", 'a: "y"\n'),
        ("a: x\n", "/a", "010", "a: '010'\n"),
        ("a:\n", "/a", "y", "a: y\n"),
        ("a:\n  b: [1, 2]  # c\n", "/a/b/1", 7, "a:\n  b: [1, 7]  # c\n"),
        ("a:\n  - x: 1\n  - x: 2\n", "/a/1/x", True, "a:\n  - x: 1\n  - x: true\n"),
        ("a:\n  b: 1\nz: 1\n", "/a/c", 2, "a:\n  b: 1\n  c: 2\nz: 1\n"),
        ("a: 1\r\n", "/b", "x", "a: 1\r\nb: x\r\n"),
        ("a/b: 1\n", "/a~1b", 2, "a/b: 2\n"),
    ],
)
def test_a_value_is_set_in_place(before: str, pointer: str, value: Any, after: str) -> None:
    assert set_value(before, pointer, value) == after


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("a: {b: 1}  # c\n", "/a/c", "x", "a: {b: 1, c: x}  # c\n"),
        ("a: {b: 1,\n    c: 2}  # c\nz: 1\n", "/a/d/e", 3, "a: {b: 1,\n    c: 2, d: {e: 3}}  # c\nz: 1\n"),
        ("a: {}\n", "/a/b", [1], "a: {b: [1]}\n"),
        ("- {a: 1}\n- {a: 2}\n", "/1/b/c", "x", "- {a: 1}\n- {a: 2, b: {c: x}}\n"),
        ("a:\n  b: 1  # one\n", "/a/c/d", "x", "a:\n  b: 1  # one\n  c: {d: x}\n"),
        ("a: null  # none\n", "/a/b", 1, "a: {b: 1}  # none\n"),
        ("a: [x]  # c\n", "/a", ["y", "z"], "a: [y, z]  # c\n"),
        ("a: [{b: 1, # why\n  c: 2}]\n", "/a/0/d", "x", "a: [{b: 1, # why\n  c: 2, d: x}]\n"),
        ('{"a": {"b": 1}}\n', "/a/c", True, '{"a": {"b": 1, c: true}}\n'),
    ],
)
def test_a_nested_value_finds_or_makes_its_block(before: str, pointer: str, value: Any, after: str) -> None:
    assert set_value(before, pointer, value, nested=True) == after


@pytest.mark.parametrize(
    ("text", "pointer", "value"),
    [
        ("a:\n  - x\n", "/a", ["y"]),
        ("a: [x]\n", "/a", "y"),
        ("a: {b: 1}\n", "/a", ["y"]),
        ("a: x\n", "/a/b", 1),
        ("a: &x {b: 1}\nc: *x\n", "/c/d", 1),
        ("a: [x]\n", "/a/b", 1),
    ],
)
def test_what_would_change_more_than_one_value_is_left_to_people(text: str, pointer: str, value: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        set_value(text, pointer, value, nested=True)
    assert "by hand" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("a: 1\n", ""),
        ("a: 1\n", "/b/c"),
        ("a: [1]\n", "/a/3"),
        ("a: {b: 1}\n", "/a"),
        ("", "/a"),
        ("a: &x 1\nb: *x\n", "/b"),
    ],
)
def test_a_value_that_is_not_a_single_one_is_refused(text: str, pointer: str) -> None:
    with pytest.raises(ConfigError):
        set_value(text, pointer, 2)
