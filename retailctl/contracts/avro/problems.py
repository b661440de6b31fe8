"""The problems of a schema: gathered, bounded in number, each with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from retailctl.contracts.avro.model import Problem, Spot

MOST_PROBLEMS: Final = 200
HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bad-aliases": "write a list of names",
        "bad-default": "write a default that is a value of the type, or take it away",
        "bad-enum-default": "name one of the symbols, or take the default away",
        "bad-field": "give the field a name and a type",
        "bad-logical-type": "correct it; until then the values come out raw",
        "bad-name": "use letters, digits and _, and start with a letter or _",
        "bad-order": "write ascending, descending or ignore",
        "bad-size": "write the number of bytes, 0 or more",
        "bad-symbol": "use letters, digits and _, and start with a letter or _",
        "duplicate-branch": "keep one of the two; two of a kind cannot be told apart",
        "duplicate-field": "rename one of the two",
        "duplicate-field-alias": "let one field have the name; which of them is filled depends on the implementation",
        "duplicate-name": "define the type once, and name it where it is used again",
        "duplicate-symbol": "take the second one away",
        "missing-fields": 'add "fields", a list that may be empty',
        "missing-items": 'add "items" with the type of the items',
        "missing-name": 'add "name"',
        "missing-size": 'add "size" with the number of bytes',
        "missing-symbols": 'add "symbols", a list of names',
        "missing-type": 'add "type"',
        "missing-values": 'add "values" with the type of the values',
        "nested-type": "put the inner schema in the place of the outer one",
        "nested-union": "list the branches of the inner union in the outer one",
        "not-a-schema": "name a type, or describe one",
        "too-deep": "give the inner part a name and refer to it",
        "unknown-type": "define the type before it is used, or correct its name",
        "used-before-definition": "define the type where it is used first, and name it afterwards",
        "endless-record": "let one of the types be a union with null, or an array",
    }
)
"""What to do, by the code of the problem."""


class Problems:
    """The problems found so far. A document that is wrong everywhere is told its first 200."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, code: str, message: str, spot: Spot, *, ignored: bool = False) -> None:
        """Note one."""
        if len(self._found) < MOST_PROBLEMS:
            self._found.append(Problem(code, message, spot.place, HINTS[code], ignored))

    def found(self) -> tuple[Problem, ...]:
        """All of them, in the order in which they were found."""
        return tuple(self._found)
