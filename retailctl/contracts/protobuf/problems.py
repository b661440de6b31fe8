"""What is wrong with a ``.proto`` file, and where."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Code = Literal[
    "proto-syntax",
    "proto-size",
    "proto-depth",
    "proto-import-missing",
    "proto-import-cycle",
    "proto-type-unknown",
    "proto-name-twice",
    "proto-number-twice",
    "proto-number-range",
    "proto-reserved-used",
    "proto-enum-zero",
    "proto-enum-empty",
    "proto-construct",
]
# A file that ends in one of these was not read to its end; nothing can be said of what it does not declare.
UNREADABLE: Final[frozenset[Code]] = frozenset({"proto-syntax", "proto-size", "proto-depth"})


class ProtoProblem(NamedTuple):
    """A problem with its place; ``message`` says what to do."""

    code: Code
    file: str
    line: int
    column: int
    message: str

    @property
    def unreadable(self) -> bool:
        """Whether the rest of the file is unknown because of it."""
        return self.code in UNREADABLE


class ProtoSyntaxError(Exception):
    """Raised inside the parser; becomes a :class:`ProtoProblem`."""

    def __init__(self, message: str, mark: int, code: Code = "proto-syntax") -> None:
        super().__init__(message)
        self.message, self.mark, self.code = message, mark, code
