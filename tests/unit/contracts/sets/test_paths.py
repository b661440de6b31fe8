"""Paths of fields: what is one, and which names are the same in another spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.contracts.sets.paths import LIST, MAP, parse, plain, shown


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("sku", ("sku",)),
        ("lines[].quantity", ("lines", LIST, "quantity")),
        ("a{}[].b", ("a", MAP, LIST, "b")),
        ("[].sku", (LIST, "sku")),
        ("order ref", ("order ref",)),
        (r"a\.b", ("a.b",)),
        (r"a\[\]", ("a[]",)),
    ],
)
def test_a_path_is_its_steps_and_back(text: str, steps: tuple[str, ...]) -> None:
    assert parse(text) == steps
    assert shown(steps) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (".a", "missing beside a dot"),
        ("a.", "missing beside a dot"),
        ("a..b", "missing beside a dot"),
        ("a.[]", "missing after a dot"),
        ("a[]b", "without a dot"),
        ("a[0]", "stands alone"),
        ("a]", "stands alone"),
        ("a\\", "stands alone"),
        (".".join("a" * 65), "more than 64 steps"),
    ],
)
def test_what_is_no_path_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text)


@pytest.mark.parametrize("other", ["orderRef", "OrderRef", "order-ref", "ORDER_REF", "order ref"])
def test_a_name_is_the_same_in_every_spelling(other: str) -> None:
    assert plain((other,)) == plain(("order_ref",))


def test_names_of_signs_only_stay_apart() -> None:
    assert plain(("$",)) != plain(("#",))


names = st.text(min_size=1, max_size=6).filter(lambda name: name not in (LIST, MAP))


@given(names, st.lists(st.one_of(names, st.sampled_from([LIST, MAP])), max_size=6))
def test_whatever_the_names_are_a_path_can_be_written_and_read(first: str, more: list[str]) -> None:
    steps = (first, *more)
    assert parse(shown(steps)) == steps
