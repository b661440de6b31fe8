"""A part of a table is never nothing, and its turns together are all of it."""

from __future__ import annotations

import pytest

from tests.support.effort import spread


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 12, 40, 425])
@pytest.mark.parametrize("most", [1, 2, 4, 30])
def test_every_turn_takes_something_and_all_turns_take_everything(size: int, most: int) -> None:
    items = range(size)
    turns = [set(spread(items, most, turn)) for turn in range(40)]
    assert all(turns)
    assert set().union(*turns) == set(items)
    assert spread((), most, 3) == ()
