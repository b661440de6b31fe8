"""Values of a document beside each other."""

from __future__ import annotations

from typing import Any


def same(old: Any, new: Any) -> bool:
    """Whether two values are one: 1 is 1.0, true is neither, and depth is no matter."""
    todo = [(old, new)]
    while todo:
        one, other = todo.pop()
        if type(one) is not type(other) and not {type(one), type(other)} <= {int, float}:
            return False
        if isinstance(one, dict):
            if one.keys() != other.keys():
                return False
            todo += [(value, other[key]) for key, value in one.items()]
        elif isinstance(one, list):
            if len(one) != len(other):
                return False
            todo += zip(one, other, strict=True)
        elif one != other and not (one != one and other != other):  # noqa: PLR0124 - two that are no numbers
            return False
    return True
