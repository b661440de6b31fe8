"""One step of a value on its way to the canonical form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from retailctl.parallel.columns import Type

Make = Callable[[str], str]
TEXT: Final = Type("text")
TIME: Final = Type("timestamp")
WORKING: Final = Type("decimal", 18)
"""What numbers are computed in: 20 digits before the point and 18 behind."""

NOT_A_NUMBER: Final = "NOT_A_NUMBER"
NOT_A_WHOLE_NUMBER: Final = "NOT_A_WHOLE_NUMBER"
NOT_A_TIME: Final = "NOT_A_TIME"
NOT_A_DATE: Final = "NOT_A_DATE"
NOT_A_TRUTH_VALUE: Final = "NOT_A_TRUTH_VALUE"
TOO_PRECISE: Final = "TOO_PRECISE"
OUT_OF_RANGE: Final = "OUT_OF_RANGE"
UNMAPPED_CODE: Final = "UNMAPPED_CODE"
NONEXISTENT_LOCAL_TIME: Final = "NONEXISTENT_LOCAL_TIME"
AMBIGUOUS_LOCAL_TIME: Final = "AMBIGUOUS_LOCAL_TIME"
REASONS: Final[dict[str, str]] = {
    NOT_A_NUMBER: "is not a number as the plan says numbers are written",
    NOT_A_WHOLE_NUMBER: "is not a whole number",
    NOT_A_TIME: "is not a time as the plan says times are written",
    NOT_A_DATE: "is not a date, or has a time of day",
    NOT_A_TRUTH_VALUE: "is neither true nor false",
    TOO_PRECISE: "has more decimal places than the field; round it in the plan if that is meant",
    OUT_OF_RANGE: "is larger than the field can hold",
    UNMAPPED_CODE: "is not in the map of codes",
    NONEXISTENT_LOCAL_TIME: "does not exist: the clock was put forward over it",
    AMBIGUOUS_LOCAL_TIME: "means two instants: the clock was put back over it, and the plan says fold: reject",
}
"""Every reason for which a row is REJECTED, in words that follow "the value"."""


@dataclass(frozen=True, slots=True)
class Stage:
    """From one expression to the next. Where the result is NULL and the input was not, the value is rejected, for the
    reason that ``reason`` gives as an SQL text over the input; without it the stage never rejects.

    An input may occur several times in what is made: whoever chains stages gives it a name.
    """

    gives: Type
    make: Make
    reason: Make | None = None


class NoWay(ValueError):
    """A chain of steps that means nothing, or would lose something on the way. ``index`` is the step."""

    index = 0

    def at(self, index: int) -> NoWay:
        """The same, of a step."""
        self.index = index
        return self


def because(reason: str) -> Make:
    """One reason, whatever the input."""
    return lambda _: f"'{reason}'"
