"""How much the tests of contracts try: all of it with HYPOTHESIS_PROFILE=thorough, an even part of it otherwise.

The part is the same in every run; what hypothesis draws is new in every run outside CI, so that many short runs search
as much as one long one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")
_STEPS = (1, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def tries(thorough: int) -> int:
    """How many examples of a law: that many, or a sixth of them."""
    return thorough if THOROUGH else max(10, thorough // 6)


def part(items: Sequence[Item], most: int, turn: int = 0) -> Sequence[Item]:
    """All items, or some of them: see ``spread``."""
    return items if THOROUGH else spread(items, most, turn)


def spread(items: Sequence[Item], most: int, turn: int = 0) -> Sequence[Item]:
    """At most about so many items from everywhere; another turn begins elsewhere.

    The step is prime and above 3, so that it does not fall into step with a table that repeats after a few rows. Of what
    there is, one item at least is taken, whatever the turn.
    """
    step = next((one for one in _STEPS if one * most >= len(items)), _STEPS[-1])
    return items[turn % max(1, min(step, len(items))) :: step]
