"""Which differences two bodies have, told by kind and by generic path."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.parallel.replay.bodies import compare_bodies
from retailctl.parallel.replay.codec import STANDARD, Codec, codec, needs_exact
from retailctl.parallel.replay.difference import ABSENT, MIRROR, MOST, tally
from retailctl.parallel.replay.json_diff import diff
from retailctl.parallel.replay.rules import DiffRules, ListRule, PathRule, make_rules, step

CODECS = list(dict.fromkeys((STANDARD, codec(), Codec("pruning", STANDARD.loads, STANDARD.canonical))))
KEYED = {"lines": PathRule(list=ListRule("keyed", "no"))}
BAG = {"tags": PathRule(list=ListRule("multiset"))}


def found(legacy: Any, new: Any, rows: dict[str, PathRule] | None = None) -> list[tuple[str, str]]:
    """(kind, path) of every difference, the same whoever reads the bodies."""
    mine, theirs = (value if isinstance(value, bytes) else json.dumps(value).encode() for value in (legacy, new))
    answers = [
        [(one.kind, one.path) for one in compare_bodies(mine, theirs, make_rules(rows or {}), using=using).found]
        for using in CODECS
    ]
    assert all(answer == answers[0] for answer in answers)
    return [(str(kind), path) for kind, path in answers[0]]


@pytest.mark.parametrize(
    ("legacy", "new", "expected"),
    [
        ({"a": 1, "b": [1, {"c": None}]}, {"b": [1, {"c": None}], "a": 1}, []),
        ({"a": 1}, {"a": 1.0}, [("TYPE", "a")]),
        ({"a": 1}, {"a": True}, [("TYPE", "a")]),
        ({"a": 0.0}, {"a": False}, [("TYPE", "a")]),
        ({"a": 10}, {"a": 10.01}, [("VALUE", "a")]),
        ({"a": 0.0}, {"a": -0.0}, []),
        ({"a": "1"}, {"a": 1}, [("TYPE", "a")]),
        ({"a": None}, {}, [("MISSING_FIELD", "a")]),
        ({}, {"a": None}, [("EXTRA_FIELD", "a")]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("VALUE", "a.b")]),
        ({"a": {"b": [1, 2, {"x": 1, "y": 2}]}}, {"a": {"b": [1, 2, {"x": 1.0, "y": 2}]}}, [("TYPE", "a.b[].x")]),
        ({"a": [1, 2, 3]}, {"a": [3, 2, 1]}, [("ORDER", "a")]),
        ({"a": [1, 2, 3]}, {"a": [0, 1, 2, 3]}, [("EXTRA_ITEM", "a[]")]),
        ({"a": [1, 2, 3]}, {"a": [1, 3]}, [("MISSING_ITEM", "a[]")]),
        ({"a": [1, 2, 3]}, {"a": [1, 9, 3]}, [("VALUE", "a[]")]),
        ({"a": []}, {"a": {}}, [("TYPE", "a")]),
        ([{"id": 1}], [{"id": 2}], [("VALUE", "[].id")]),
        (1, 2, [("VALUE", "")]),
        (b"<a/>", b"<a/> ", [("VALUE", "")]),
        (b"{}", b"<a/>", [("TYPE", "")]),
        (b'{"a": 1, "a": 2}', b'{"a": 2}', [("DUPLICATE_KEY", "")]),
        (b'{"a": 1, "a": 2}', b'{"a": 3, "a": 2}', []),
        (b'{"a": 1, "b": [{"a": 3, "a": 3}]}', b'{"b": [{"a": 3}], "a": 1}', [("DUPLICATE_KEY", "")]),
        (b'{"a": "x:y", "b": 2, "b": 2}', b'{"a": "x:y:z", "b": 2}', [("DUPLICATE_KEY", ""), ("VALUE", "a")]),
        (b'{"a": 12345678901234567.89}', b'{"a": 12345678901234567.88}', [("VALUE", "a")]),
        (b'{"a": 123456789012345678901}', b'{"a": 123456789012345678902}', [("VALUE", "a")]),
        (b'{"a": 1.100000000000000000}', b'{"a": 1.1}', []),
        (b'{"a": "\\ud800"}', b'{"a": "\\ud801"}', [("VALUE", "a")]),
        (b'{"a": "\xff"}', b'{"a": "\xfe"}', [("VALUE", "")]),
        (b'{"a": NaN}', b'{"a": 1}', [("TYPE", "")]),
        (b'{"a": 1e400}', b'{"a": 1e401}', [("VALUE", "a")]),
        (b"[" * 5000 + b"]" * 5000, b"[" * 5001 + b"]" * 5001, [("VALUE", "")]),
        (b"9" * 6000, b"9" * 6001, [("VALUE", "")]),
    ],
)
def test_differences_by_kind_and_path(legacy: Any, new: Any, expected: list[tuple[str, str]]) -> None:
    assert found(legacy, new) == expected


@pytest.mark.parametrize(
    ("legacy", "new", "rows", "expected"),
    [
        ({"lines": [{"no": 1, "q": 1}, {"no": 2, "q": 2}]}, {"lines": [{"no": 2, "q": 2}, {"no": 1, "q": 1}]}, KEYED, []),
        ({"lines": [{"no": 1, "q": 1}, {"no": 2, "q": 2}]}, {"lines": [{"no": 2, "q": 3}, {"no": 1, "q": 1}]}, KEYED, [("VALUE", "lines[].q")]),
        ({"lines": [{"no": 1}]}, {"lines": [{"no": 2}]}, KEYED, [("EXTRA_ITEM", "lines[]"), ("MISSING_ITEM", "lines[]")]),
        ({"lines": [{"no": 1}]}, {"lines": [{"no": 1}, {"no": 1}]}, KEYED, [("DUPLICATE_ITEM", "lines[]")]),
        ({"lines": [{"no": 1}, 7, {"x": 1}]}, {"lines": [{"x": 1}, {"no": 1}, 7]}, KEYED, []),
        ({"lines": [{"no": 1, "q": 1}]}, {"lines": [{"no": 1.0, "q": 1}]}, KEYED, [("EXTRA_ITEM", "lines[]"), ("MISSING_ITEM", "lines[]")]),
        ({"tags": ["a", "b", "a"]}, {"tags": ["a", "a", "b"]}, BAG, []),
        ({"tags": ["a", "a"]}, {"tags": ["b", "b"]}, BAG, [("VALUE", "tags[]"), ("VALUE", "tags[]")]),
        ({"tags": ["a", "a"]}, {"tags": ["a"]}, BAG, [("MISSING_ITEM", "tags[]")]),
        ({"tags": [{"v": 1, "at": 1}, {"v": 2, "at": 2}]}, {"tags": [{"v": 2, "at": 3}, {"v": 1, "at": 4}]}, {**BAG, "tags[].at": PathRule(ignored=True)}, []),
        ({"meta": {"at": 1, "x": {"y": 1}}}, {"meta": {"at": 2, "x": {"y": 2}}}, {"meta.at": PathRule(ignored=True), "meta.x": PathRule(ignored=True)}, []),
        ({"a": {"t": 1}, "b": {"t": 1}}, {"a": {"t": 2}, "b": {"t": 2}}, {"*.t": PathRule(ignored=True)}, []),
        ({"by_name": {"anna": 1}}, {"by_name": {"anna": 2}}, {"by_name": PathRule(is_map=True)}, [("VALUE", "by_name.*")]),
        ({"c": {"anna@shop.example": 1, "+49 170 1234567": 2}}, {"c": {}}, {}, [("MISSING_FIELD", "c.*"), ("MISSING_FIELD", "c.*")]),
    ],
)  # fmt: skip
def test_what_the_plan_says_of_a_place_holds_there(
    legacy: Any, new: Any, rows: dict[str, PathRule], expected: list[tuple[str, str]]
) -> None:
    assert found(legacy, new, rows) == expected


def test_a_sample_names_the_concrete_place_and_both_values() -> None:
    one = diff({"lines": [{"q": 1}, {"q": 2}]}, {"lines": [{"q": 1}, {"q": 3}]}, DiffRules()).found[0]
    assert (one.where, one.path, one.legacy, one.new) == ("lines[1].q", "lines[].q", 2, 3)
    gone = diff({"a": None}, {}, DiffRules()).found[0]
    assert gone.legacy is None
    assert gone.new is ABSENT


def test_an_excuse_is_counted_and_is_no_difference() -> None:
    made = diff({"a": 1, "b": "x"}, {"a": 2, "b": "y"}, DiffRules(), excuse=lambda path, *_: path == "a")
    assert made.excused == 1
    assert [one.path for one in made.found] == ["b"]


def test_no_more_differences_than_a_report_can_use() -> None:
    made = diff([{"x": n} for n in range(3000)], [{"x": -n - 1} for n in range(3000)], DiffRules())
    assert made.cut
    assert len(made.found) <= MOST + 1
    assert set(tally(made.found)) == {("[].x", "VALUE"), ("", "VALUE")}
    other = diff({"z": 1}, {f"k{n}": n for n in range(3000)}, DiffRules())
    assert {("z", "MISSING_FIELD"), ("", "VALUE")} <= set(tally(other.found))


def nested(levels: int, leaf: Any) -> Any:
    made = leaf
    for level in range(levels):
        made = [made] if level % 2 else {"a": made}
    return made


@pytest.mark.parametrize("levels", [5, 50, 99, 150, 300, 800])
def test_depth_is_no_obstacle(levels: int) -> None:
    for using in CODECS:
        assert not diff(nested(levels, 1), nested(levels, 1), DiffRules(), using=using).found
        assert len(diff(nested(levels, 1), nested(levels, 2), DiffRules(), using=using).found) == 1


@pytest.mark.parametrize(
    ("body", "exact"),
    [(b"[1.5]", False), (b"[0.8444218515250481]", False), (b"[123456789012345.67]", False), (b"[123456789012345.68]", True),
     (b"[1234567890123456789]", True), (b'["12345678901234567890"]', False), (b"[12345678901234567.8901]", True)],
)  # fmt: skip
def test_only_numbers_that_a_float_cannot_hold_are_read_exactly(body: bytes, exact: bool) -> None:
    assert needs_exact(body) is exact


def test_without_the_faster_reader_the_standard_library_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)
    assert codec.__wrapped__() is STANDARD


def test_what_differed_again_and_again_is_no_longer_written_and_still_found() -> None:
    rules = DiffRules()
    using = CODECS[-1]
    for number in range(20):
        made = diff({"a": 1, "b": 2, "c": number}, {"a": 1, "b": 2, "c": -1}, rules, using=using)
        assert [(one.kind, one.path) for one in made.found] == [("VALUE", "c")]
    assert rules.root.hope == 0
    assert not diff({"a": 1, "b": 2, "c": 3}, {"c": 3, "b": 2, "a": 1}, rules, using=using).found


def test_bodies_of_very_many_values_are_compared_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = b" " * 1024
    monkeypatch.setattr("retailctl.parallel.replay.bodies._VALUES", 3)
    for body in (b"[" + b"1," * 600 + b"1]", b"[" * 600 + b"]" * 600):
        assert compare_bodies(body, body, DiffRules(), most=2048).found == []
        (one,) = compare_bodies(body + spaces, body, DiffRules(), most=4096).found
        assert (one.kind, one.path, one.legacy.why) == ("VALUE", "", "more than 341 values")
        assert one.legacy.digest != one.new.digest
    (one,) = compare_bodies(b"{}" + spaces, b"{}", DiffRules(), most=1024).found
    assert (one.kind, one.legacy.why, one.legacy.size, one.new.size) == ("VALUE", "more than 1 KiB", 1026, 2)


@pytest.mark.parametrize("using", CODECS, ids=lambda using: using.name)
def test_a_nest_with_wide_levels_is_walked_once(using: Codec) -> None:
    legacy, new = ((b"[" + b"0," * 300) * 90 + leaf + b"]" * 90 for leaf in (b"1", b"2"))
    (one,) = compare_bodies(legacy, new, DiffRules(), using=using).found
    assert (one.kind, one.path) == ("VALUE", "[]" * 90)


def test_a_key_that_looks_like_data_is_not_shown() -> None:
    assert [step(key) for key in ("price", "@type", "unit-price", "Anna Meier", "a@b.example", "4006381333931", "x" * 90)] == [
        "price", "@type", "unit-price", "*", "*", "*", "*",
    ]  # fmt: skip


SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.0, 1.0, -2.0, 0.5]), st.sampled_from("ab")
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)),
    max_leaves=12,
)


def reversed_keys(value: Any) -> Any:
    if isinstance(value, list):
        return [reversed_keys(one) for one in value]
    return {key: reversed_keys(value[key]) for key in reversed(value)} if isinstance(value, dict) else value


def typed(value: Any) -> Any:
    """A value that is equal only to one of the same types; what -0.0 and 0.0 are is the same."""
    if isinstance(value, dict):
        return {key: typed(one) for key, one in value.items()}
    return [typed(one) for one in value] if isinstance(value, list) else (type(value), value)


@given(VALUE, VALUE)
@settings(max_examples=150)
def test_there_is_a_difference_exactly_where_values_or_types_differ(legacy: Any, new: Any) -> None:
    for using in CODECS:
        made = diff(legacy, new, DiffRules(), using=using)
        assert bool(made.found) is (typed(legacy) != typed(new))
        again = diff(new, legacy, DiffRules(), using=using)
        mirrored = {(path, MIRROR.get(kind, kind)): count for (path, kind), count in tally(again.found).items()}
        assert tally(made.found) == mirrored
        assert tally(diff(reversed_keys(legacy), new, DiffRules(), using=using).found) == tally(made.found)


ROWS = st.lists(st.fixed_dictionaries({"no": st.integers(0, 4), "q": SCALAR}), max_size=5)


@given(ROWS, ROWS, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_lists_that_are_matched_by_key_or_as_a_bag_have_no_order(legacy: Any, new: Any, rng: Any) -> None:
    shuffled = rng.sample(new, len(new))
    for rule in (ListRule("multiset"), ListRule("keyed", "no")):
        rules = make_rules({"": PathRule(list=rule)})
        assert not diff(new, shuffled, rules).found
        unique = len({row["no"] for row in new}) == len(new)
        if unique and rule.mode == "keyed":
            assert tally(diff(legacy, shuffled, rules).found).total() >= 0
            assert bool(diff(legacy, shuffled, rules).found) is bool(diff(legacy, new, rules).found)
