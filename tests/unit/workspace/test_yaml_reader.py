"""YAML: values, places, and everything that is refused."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.errors import InputError
from retailctl.workspace.document import Document
from retailctl.workspace.limits import Limits
from retailctl.workspace.reader import parse_bytes


def read(text: str | bytes, **options: Any) -> Document:
    return parse_bytes("a.yaml", text.encode() if isinstance(text, str) else text, **options)


def refused(text: str | bytes, **options: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text, **options)
    return caught.value


def place(error: InputError) -> tuple[str, int, int]:
    assert error.at is not None
    return error.code, error.at.line, error.at.column


def bomb(levels: int, width: int = 9) -> str:
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("on: yes", {"on": "yes"}),
        ("country: NO\nat: 12:30\nday: 2024-01-01\nop: =", {"country": "NO", "at": "12:30", "day": "2024-01-01",
        "op": "="}),
        ("1: a\nnull: b\ntrue: c\n~: d", {"1": "a", "null": "b", "true": "c", "~": "d"}),
        ("a: 'true'\nb: \"12\"\nc: |\n  x\n  y\n", {"a": "true", "b": "12", "c": "x\ny\n"}),
        ("a: !!str 010\nb: !!int '7'\nc: !!float 2\nd: ! 5\ne: !!null ''\nf: !!bool true",
         {"a": "010", "b": 7, "c": 2.0, "d": "5", "e": None, "f": True}),
        ("a: {b: [1, {c: d}, []], e: {}}\nf:\n- g\n- h: i", {"a": {"b": [1, {"c": "d"}, []], "e": {}}, "f": ["g",
        {"h": "i"}]}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ("? a\n: 1", {"a": 1}),
        ("a: &x 1\nb: *x\nc: &y [1]\nd: *y", {"a": 1, "b": 1, "c": [1], "d": [1]}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
        ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
        ("a: '😀 é'\né: 1", {"a": "😀 é", "é": 1}),
        ("a: \"\\u263A\\x41\"", {"a": "☺A"}),
    ],
)  # fmt: skip
def test_values(text: str, data: object) -> None:
    assert read(text).data == data


def test_aliases_share_one_value() -> None:
    data = read("a: &x [1]\nb: *x").data
    assert data["a"] is data["b"]


def test_owned_files_remember_how_a_number_was_written() -> None:
    text = "id: 010\nversion: 1.10\nplain: 12"
    owned, foreign = read(text).data, read(text, owned=False).data
    assert (owned["id"].text, owned["version"].text, type(owned["plain"])) == ("010", "1.10", int)
    assert (type(foreign["id"]), type(foreign["version"])) == (int, float)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("b: &b {x: 1, y: 2}\nm:\n  <<: *b\n  y: 3", {"y": 3, "x": 1}),
        ("b: &b {x: 1, y: 2}\nm:\n  y: 3\n  <<: *b", {"y": 3, "x": 1}),
        ("b: &b {x: 1}\nc: &c {x: 2, z: 3}\nm: {<<: [*b, *c]}", {"x": 1, "z": 3}),
        ("b: &b {x: 1}\nc: &c [*b]\nm: {<<: *c}", {"x": 1}),
        ("m: {<<: {x: 1}}", {"x": 1}),
        ("m: {'<<': {x: 1}}", {"<<": {"x": 1}}),
        ("b: &b {x: 1}\nc: &c {<<: *b, y: 2}\nm: {<<: *c, z: 3}", {"z": 3, "y": 2, "x": 1}),
    ],
)
def test_merge_keys(text: str, data: object) -> None:
    assert read(text).data["m"] == data


@pytest.mark.parametrize("text", ["m: {<<: 3}", "m: {<<: [1]}", "m: {<<: }"])
def test_merge_of_something_else_is_refused(text: str) -> None:
    assert place(refused(text)) == ("INP001", 1, 5)


PLACES = """\
a: 1
list:
  - x
  - deep: {k: v, "q": [1, 2]}
    next: 3
base: &base
  p: 1
  nested: {r: 2}
use:
  <<: *base
  own: [a, b]
  after: 1
again: *base
empty:
last: [[], {}, [x]]
"""


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        ("", 1, 1), ("/a", 1, 1), ("/list", 2, 1), ("/list/0", 3, 5), ("/list/1", 4, 5), ("/list/1/deep", 4, 5),
        ("/list/1/deep/k", 4, 12), ("/list/1/deep/q", 4, 18), ("/list/1/deep/q/1", 4, 27), ("/list/1/next", 5, 5),
        ("/base/nested/r", 8, 12), ("/use/p", 7, 3), ("/use/nested/r", 8, 12), ("/use/own/1", 11, 12),
        ("/use/after", 12, 3), ("/again", 13, 1), ("/again/nested", 8, 3), ("/empty", 14, 1), ("/last", 15, 1),
        ("/last/1", 15, 12), ("/last/2/0", 15, 17),
    ],
)  # fmt: skip
def test_places(pointer: str, line: int, column: int) -> None:
    at = read(PLACES).locate(pointer)
    assert (at.line, at.column, at.pointer, at.path) == (line, column, pointer, "a.yaml")


def test_places_do_not_depend_on_what_was_asked_before() -> None:
    document = read(PLACES)
    asked = ["/last/2/0", "/use/nested/r", "/list/1/next", "/use/own/1", "/a"]
    assert [document.locate(one) for one in asked] == [read(PLACES).locate(one) for one in asked]


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [("/nope", 1, 1), ("/list/7", 2, 1), ("/list/1/deep/zz/y", 4, 5), ("/a/b", 1, 1), ("/list/x", 2, 1)],
)
def test_a_missing_path_is_at_its_closest_parent(pointer: str, line: int, column: int) -> None:
    at = read(PLACES).locate(pointer)
    assert (at.line, at.column, at.pointer) == (line, column, pointer)


def test_pointer_escapes() -> None:
    document = read("x:\n  a/b: 1\n  c~d: 2\n  '0': 3\n")
    assert document.locate(("x", "a/b")).pointer == "/x/a~1b"
    assert [document.locate(one).line for one in ("/x/a~1b", "/x/c~0d", "/x/0")] == [2, 3, 4]


@pytest.mark.parametrize(
    ("pointer", "span"),
    [
        ("/a", (1, 4, 1, 5)), ("/list/0", (3, 5, 3, 6)), ("/list/1/deep/k", (4, 15, 4, 16)), ("/base/p", (7, 6, 7, 7)),
        ("/list/1/deep", (4, 11, 0, 0)), ("/use/p", (7, 6, 7, 7)), ("/again", (13, 8, 13, 13)),
        ("/last/2/0", (15, 17, 15, 18)),
    ],
)  # fmt: skip
def test_value_places(pointer: str, span: tuple[int, int, int, int]) -> None:
    at = read(PLACES).locate_value(pointer)
    assert (at.line, at.column, at.end_line, at.end_column) == span


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: [1", ("INP001", 1, 6)), ("a: b: c", ("INP001", 1, 5)), ("a: @x", ("INP001", 1, 4)),
        ("a: *x", ("INP001", 1, 4)),
        ("a: 1\nb:\n\t- x", ("INP001", 3, 1)), ('a: "\\ud800"', ("INP001", 1, 7)),
        ("a: 1\nb: 2\na: 3", ("INP007", 3, 1)), ("x:\n- {k: {z: 1}, m: 2, k: 3}", ("INP007", 2, 21)),
        ("a: &a {b: *a}", ("INP006", 1, 11)), ("a: &a [[*a]]", ("INP006", 1, 9)),
        ("a: !!python/object/apply:os.system [x]", ("INP008", 1, 4)), ("a: !Ref x", ("INP008", 1, 4)),
        ("!!set {a}", ("INP008", 1, 1)), ("a: !!binary aGk=", ("INP008", 1, 4)), ("a: !!map x", ("INP008", 1, 4)),
        ("!X a: 1", ("INP008", 1, 1)), ("a: !!int x", ("INP015", 1, 4)), ("a: !!int true", ("INP015", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("INP009", 2, 1)), ("a: 1\n---\n", ("INP009", 2, 1)),
        ("", ("INP010", 1, 1)), ("# only a comment\n", ("INP010", 1, 1)), ("---\n", ("INP010", 1, 1)),
        ("hello", ("INP011", 1, 1)), ("# x\n- a\n", ("INP011", 2, 1)), ("\n42", ("INP011", 2, 1)),
        ("a: x\0y", ("INP012", 1, 5)), ("a: 1\nb: x\x07", ("INP012", 2, 5)), (b"a: \xff", ("INP012", 1, 4)),
        (b"\xff\xfea\x00", ("INP012", 1, 1)), (b"a: 1\nb: \xc3", ("INP012", 2, 4)),
        (b"a: \xed\xa0\x80", ("INP012", 1, 4)),
        ("a: 1\nb: " + "9" * 5_000, ("INP015", 2, 4)), ("a: [1, 1e999]", ("INP015", 1, 8)),
        ("? [a]\n: 1", ("INP016", 1, 3)), ("? {a: b}\n: 1", ("INP016", 1, 3)), ("a: &a x\n*a : 1", ("INP016", 2, 1)),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", ("INP024", 2, 1)),
        ("%TAG !a! x\n" * 200 + "---\na: 1", ("INP001", 2, 1)),
    ],
)  # fmt: skip
def test_refused_with_place(text: str | bytes, found: tuple[str, int, int]) -> None:
    error = refused(text)
    assert place(error) == found
    assert error.hint


def test_duplicate_key_names_the_first_place() -> None:
    error = refused("a: &a {x: 1}\nb:\n  <<: {z: 1}\nowner: x\nc: 1\nowner: y\n")
    assert [(at.line, at.column) for at in error.related] == [(4, 1)]
    assert "line 4" in error.message


def test_a_python_tag_constructs_nothing_in_foreign_files_either() -> None:
    document = read("a: !!python/object/apply:os.getcwd []\nb: !!python/name:os.system ''", owned=False)
    assert document.data == {"a": [], "b": ""}
    assert len(document.notices) == 2


def test_alias_bomb_is_refused_with_both_numbers() -> None:
    error = refused(bomb(9))
    assert error.code == "INP005"
    assert f"{Limits().nodes:,} are allowed" in error.message


def test_alias_events_have_a_limit_of_their_own() -> None:
    text = "a: &a x\nb: [" + ", ".join(["*a"] * 11) + "]"
    assert read(text, limits=Limits(alias_events=11)).data["b"] == ["x"] * 11
    assert "11 aliases; 10 are allowed" in refused(text, limits=Limits(alias_events=10)).message


def test_an_alias_counts_with_the_size_of_its_anchor() -> None:
    text = "a: &a [1, 2, 3]\nb: *a\n"  # the root, a, 3 items, b, and 3 items once more
    assert read(text, limits=Limits(nodes=9)).data["b"] == [1, 2, 3]
    assert refused(text, limits=Limits(nodes=8)).code == "INP005"


def test_nodes_are_counted_exactly() -> None:
    text = "a: [1, 2]\nb: 3"
    assert read(text, limits=Limits(nodes=5)).data["b"] == 3
    assert "5 values; 4 are allowed" in refused(text, limits=Limits(nodes=4)).message


def test_depth_limit_is_exact() -> None:
    text = "a: " + "[" * 99 + "]" * 99
    assert read(text).data["a"] is not None
    assert place(refused("a: " + "[" * 100 + "]" * 100)) == ("INP003", 1, 103)


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000, "[{a: " * 50_000])
def test_very_deep_files_do_not_crash(text: str) -> None:
    assert refused(text).code in ("INP003", "INP016")


def test_windows_file_reads_the_same() -> None:
    text = "a: 1\nb:\n  - x\n  - y: z\nt: |\n  one\n  two\n"
    plain, windows = read(text), read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert windows.data == plain.data
    for pointer in ("/a", "/b", "/b/1", "/b/1/y", "/t"):
        assert windows.locate(pointer) == plain.locate(pointer)


def test_old_mac_line_ends_and_unicode_separators_count_as_editors_do() -> None:
    assert read("a: 1\rb: 2\r").locate("/b").line == 2
    assert read("a: 'x\u2028y'\nb: 2\n").locate("/b").line == 2


def test_foreign_streams_may_hold_several_documents() -> None:
    document = read("a: 1\n---\nb: [x]\n", owned=False)
    assert document.data == [{"a": 1}, {"b": ["x"]}]
    assert (document.locate("/1/b/0").line, document.locate("/1").line, document.locate("/0/a").line) == (3, 3, 1)


def test_anchors_end_with_their_document() -> None:
    assert refused("a: &a 1\n---\nb: *a", owned=False).code == "INP001"


def test_foreign_tags_are_kept_as_text_with_a_notice() -> None:
    document = read("a: !Ref 12\nb: !Ref x\nc: !Sub [y]", owned=False)
    assert document.data == {"a": "12", "b": "x", "c": ["y"]}
    assert [(notice.at.line, notice.at.column) for notice in document.notices] == [(1, 4), (3, 4)]
    assert "!Ref" in document.notices[0].message


def test_a_stream_has_a_limit_of_documents() -> None:
    text = "---\na: 1\n" * 5
    assert len(read(text, owned=False, limits=Limits(documents=5)).roots) == 5
    error = refused(text, owned=False, limits=Limits(documents=4))
    assert place(error) == ("INP009", 9, 1)
    assert "4 are allowed" in error.message


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_separators_that_the_parser_takes_for_line_breaks_are_noticed(separator: str) -> None:
    (notice,) = read(f"a: 1\nb: 'x{separator}y'\n").notices
    assert (notice.at.line, notice.at.column) == (2, 6)
    assert f"U+{ord(separator):04X}" in notice.message


def test_a_root_that_is_no_mapping_can_be_allowed() -> None:
    assert read("- a\n- b", require_mapping=False).data == ["a", "b"]


def test_conflict_markers_inside_text_are_text() -> None:
    assert read("a: |\n  <<<<<<< HEAD\n  x\n").data == {"a": "<<<<<<< HEAD\nx\n"}
