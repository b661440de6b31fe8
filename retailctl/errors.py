"""One tree of errors a user can act on; the exit code is on the class.

A bug keeps its traceback: only :class:`RetailctlError` is shown as a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file of the workspace.

    ``path`` is relative to the workspace root with forward slashes; ``line`` and ``column`` are 1-based, 0 means
    "not known"; ``end_column`` is exclusive, as SARIF counts; ``pointer`` is an RFC 6901 JSON Pointer.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class RetailctlError(Exception):
    """Something the user can act on. Shown without a traceback: what happened, where, and the next step."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, at: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.at, self.hint = message, at, hint

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class UsageError(RetailctlError):
    """The command line is wrong."""


class ConfigError(RetailctlError):
    """Settings, policy, waiver or baseline file is wrong: guessing there would hide violations."""


class WorkspaceNotFound(RetailctlError):
    """No workspace at or above the given folder."""


class IncompleteError(RetailctlError):
    """A source could not be read (permission, I/O, server down, lock held)."""

    exit_code: ClassVar[int] = 3


class InputError(RetailctlError):
    """The content of one estate file is wrong; the caller turns it into an INP finding and goes on.

    ``code`` is the INP rule id; ``related`` holds further places (the first of two duplicate keys).
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        code: str,
        message: str,
        *,
        at: Location | None = None,
        hint: str = "",
        related: tuple[Location, ...] = (),
    ) -> None:
        super().__init__(message, at=at, hint=hint)
        self.code, self.related = code, related
