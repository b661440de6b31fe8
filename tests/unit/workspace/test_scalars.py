"""The YAML 1.2 core table, as far as plain scalars go."""

from __future__ import annotations

import copy
import json
import math
import pickle

import pytest

from retailctl.workspace.scalars import (
    MAX_NUMBER_LENGTH,
    PlainScalars,
    ScalarError,
    SourceBool,
    SourceFloat,
    SourceInt,
    resolve,
)

TEXT = [
    "NO", "no", "yes", "on", "off", "y", "n", "1:30", "12:30", "2024-01-01", "1_000", "=", "<<", "-", "+", ".",
    "..", "-.",
    "0o8", "0xG", "0b11", "-0x1F", "+0o7", "1e", "e3", ".e3", "1.2.3", "nUll", "NuLL", "tRUE", ".Nan", "-.nan", "inf",
    "nan", "NaN", "1 2", "\u0661\u0662", "\u0663.\u0665", "x", "1\n", "1.5\n", "0o", "0x", "+-1", "--1", "1e5.5",
    "0O14", "0X1F",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXT)
def test_text_stays_text(text: str) -> None:
    assert resolve(text) == text
    assert type(resolve(text, keep_source=True)) is str


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("0", 0), ("12", 12), ("012", 12), ("0o14", 12), ("0x1F", 31), ("0xff", 255), ("-5", -5), ("+5", 5), ("-0", 0),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1e3", 1000.0), ("1E+3", 1000.0), ("1.10", 1.1), ("1.", 1.0), (".5", 0.5), ("-.5", -0.5), ("+1.5e-2", 0.015),
        ("0.0", 0.0), ("0e999", 0.0), (".inf", math.inf), ("-.Inf", -math.inf), ("+.INF", math.inf),
    ],
)  # fmt: skip
def test_values(text: str, value: object) -> None:
    seen = resolve(text)
    assert seen == value
    assert type(seen) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str) -> None:
    value = resolve(text)
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("010", SourceInt, 10), ("0x1F", SourceInt, 31), ("0o14", SourceInt, 12), ("+5", SourceInt, 5),
        ("-0", SourceInt, 0), ("1.10", SourceFloat, 1.1), ("1e3", SourceFloat, 1000.0), (".5", SourceFloat, 0.5),
        ("3.", SourceFloat, 3.0), ("+.inf", SourceFloat, math.inf), (".Inf", SourceFloat, math.inf),
        ("True", SourceBool, 1), ("TRUE", SourceBool, 1), ("False", SourceBool, 0), ("FALSE", SourceBool, 0),
    ],
)  # fmt: skip
def test_unusual_spelling_is_remembered(text: str, kind: type, value: float) -> None:
    seen = resolve(text, keep_source=True)
    assert type(seen) is kind
    assert seen == value
    assert seen.text == text  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["0", "12", "-5", "1.5", "1.0", "-0.0", "true", "false", ".inf", "-.inf", ".nan", "~"])
def test_usual_spelling_is_a_plain_value(text: str) -> None:
    assert type(resolve(text, keep_source=True)) in (int, float, bool, type(None))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
@pytest.mark.parametrize("text", ["010", "1.10", "TRUE"])
def test_source_survives_a_copy(text: str, copied: object) -> None:
    value = copied(resolve(text, keep_source=True))  # type: ignore[operator]
    assert value.text == text
    assert type(value) is type(resolve(text, keep_source=True))


def test_source_numbers_are_plain_numbers_in_json() -> None:
    assert json.dumps([resolve("010", keep_source=True), resolve("1.10", keep_source=True)]) == "[10, 1.1]"


@pytest.mark.parametrize("text", ["9" * 5_000, "0x" + "f" * 5_000, "0o" + "7" * 5_000, "1." + "1" * 5_000])
def test_a_number_that_is_too_long_names_both_lengths(text: str) -> None:
    with pytest.raises(ScalarError, match=rf"{len(text):,} characters; at most 3,500"):
        resolve(text)


@pytest.mark.parametrize("text", ["9" * MAX_NUMBER_LENGTH, "0x" + "f" * (MAX_NUMBER_LENGTH - 2)])
def test_the_longest_number_can_be_shown(text: str) -> None:
    assert len(str(resolve(text))) < 4_300


@pytest.mark.parametrize(("text", "word"), [("1e999", "larger"), ("-1e999", "larger"), ("1e-999", "smaller")])
def test_a_float_that_would_become_something_else_is_refused(text: str, word: str) -> None:
    with pytest.raises(ScalarError, match=word):
        resolve(text)


def test_memo_gives_the_values_of_resolve_and_shares_short_text() -> None:
    memo = PlainScalars(keep_source=False)
    assert [memo["NO"], memo["012"], memo[""], memo["true"]] == ["NO", 12, None, True]
    assert memo["".join(("sto", "re"))] is memo["".join(("st", "ore"))]


def test_memo_does_not_hold_long_text() -> None:
    memo = PlainScalars(keep_source=False)
    assert memo["x" * 100] == "x" * 100
    assert not memo
