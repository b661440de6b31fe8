"""Texts from expressions: those that are proposed match, checked by the validator's own engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.contracts.witness import patterns, regex

UNDERSTOOD = [
    "^[A-Z]{3}$", r"^\d{4}-\d{2}-\d{2}$", "^(EUR|USD)$", "abc", "^a*$", "^a+b?c{2,}$", r"^\w+([.-]?\w+)*@\w+\.\w{2,3}$", "^[^a-z]+$",
    r"^[\w\-.]{1,64}$", r"^\+?[1-9]\d{1,14}$", r"^/[a-z]+(/[a-z]+)*$", "^(?:(?:25[0-5]|1?[0-9]{1,2})\\.){3}(?:25[0-5])$", r"^\x41\u0042$",
    r"^\p{Lu}\p{L}*$", "^(?<year>[0-9]{4})$", "^.{5,10}$", "^$", "", "a|b|", r"^[^\s]+$", r"^\S+\s\D\W$", "^[]a]+$|b",
    "^[A-Za-z0-9+/]*={0,2}$", "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}$", r"\bword\b", "^([a-z]{2}){3}$", "^(a(b(c(d)?)?)?)$", "^(?!x)[a-z]+$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", UNDERSTOOD)
def test_a_text_is_found(pattern: str) -> None:
    if patterns.usable(pattern):
        assert any(patterns.matches(pattern, text) for text in regex.samples(pattern))


@pytest.mark.parametrize(
    ("pattern", "low", "high"),
    [("^[a-z]+$", 7, 7), ("^a{2,9}$", 5, 6), ("^[A-Z]{3}", 10, 10), ("^(ab)*$", 6, 6), ("x", 4, 9)],
)
def test_a_length_is_met(pattern: str, low: int, high: int) -> None:
    found = [text for text in regex.samples(pattern, low, high) if patterns.matches(pattern, text)]
    assert found
    assert all(low <= len(text) <= high for text in found)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[",
        "a{",
        "0{0",
        "*",
        "a**b(",
        "(?",
        "(?<n",
        r"\u12",
        r"\p{Unheard}",
        "[z-a]",
        "(" * 100 + ")" * 100,
        "a" * 3000,
        "[^\\w\\W]",
        "\\",
    ],
)
def test_what_is_not_understood_yields_nothing(pattern: str) -> None:
    assert list(regex.samples(pattern)) == []


@given(st.text(alphabet=r"ab01^$.|?*+()[]{}\-,dwsu", max_size=14), st.integers(0, 9))
def test_no_expression_raises_and_texts_differ(pattern: str, low: int) -> None:
    found = list(regex.samples(pattern, low, 40))
    assert len(found) == len(set(found))
    assert all(len(text) <= 40 for text in found)
