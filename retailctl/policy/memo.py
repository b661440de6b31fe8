"""Verdicts of one rule, remembered by the values that its expression reads.

An expression is a pure function of what it reads: most rules read a handful of words (mode, latency, criticality)
that an estate repeats thousands of times. Reading them costs a fraction of an evaluation.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from retailctl.policy.references import EACH, Path

_TRIAL: Final = 256
"""Subjects after which a rule has to show that its values repeat."""
_MOST: Final = 65_536
_FORMAT: Final = 2  # the last format of marshal without references to earlier values: equal values give equal bytes


class Reading:
    """The values of a subject that any rule of its kind reads, each read once."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._steps: list[tuple[int, str]] = []  # (number of the value that holds it, key)
        self._numbers: dict[Path, int] = {(): 0}

    def numbers_of(self, paths: Sequence[Path]) -> tuple[int, ...]:
        """Where the values of these paths stand in what a call returns. Other variables are the same for every
        subject and left out; a list is read as a whole."""
        own = [path[1:] for path in paths if path[0] == self._kind]
        return tuple(dict.fromkeys(self._number(p[: p.index(EACH)] if EACH in p else p) for p in own))

    def __call__(self, fields: Mapping[str, Any]) -> list[Any]:
        """The values; ``...`` for what is absent."""
        values: list[Any] = [fields]
        for parent, key in self._steps:
            value = values[parent]
            # Where the parent is absent or no mapping it is the value, in a tuple, which no plain value is: a
            # missing `a`, an `a` without `b` and an `a` that is 1 are three things to an expression on `a.b`.
            values.append(value.get(key, ...) if value.__class__ is dict else (value,))
        return values

    def _number(self, path: Path) -> int:
        if path not in self._numbers:
            self._steps.append((self._number(path[:-1]), path[-1]))
            self._numbers[path] = len(self._steps)
        return self._numbers[path]


class Memo:
    """``known`` holds the results of one rule by :meth:`key`; a key of None is never in it."""

    __slots__ = ("_asked", "_pick", "known")

    def __init__(self, reading: Reading, paths: Sequence[Path]) -> None:
        self.known: dict[bytes | None, Any] = {}
        self._asked = 0
        numbers = reading.numbers_of(paths)
        # 0 is the subject as a whole, and no two are alike.
        self._pick = itemgetter(*numbers) if numbers and 0 not in numbers else None

    @property
    def gave_up(self) -> bool:
        """Whether the values hardly repeat, so that the rule is evaluated on every subject."""
        return self._pick is None

    def key(self, values: list[Any]) -> bytes | None:
        """What the rule reads, as bytes, in which 1, 1.0 and true differ; None when it is not worth remembering."""
        pick = self._pick
        if pick is None:
            return None
        self._asked += 1
        if self._asked % _TRIAL == 0 and (2 * len(self.known) > self._asked or len(self.known) > _MOST):
            self._pick = None  # the values hardly repeat
            self.known.clear()
            return None
        try:
            return marshal.dumps(pick(values), _FORMAT)
        except ValueError:  # not a plain value
            return None
