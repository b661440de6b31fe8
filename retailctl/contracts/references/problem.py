"""Why a reference could not be followed."""

from __future__ import annotations

from typing import Literal

ProblemCode = Literal[
    "dangling", "outside-workspace", "network", "scheme", "not-an-object", "bad-pointer", "unreadable", "cycle"
]

_SHOWN = 200


class ReferenceProblem(Exception):
    """A reference that leads nowhere, or that must not be followed.

    ``code`` says what kind of problem it is, ``ref`` is the text of the reference (cut when it is very long) and
    ``message`` says what is wrong in one sentence; it never quotes the content of a document.
    """

    def __init__(self, code: ProblemCode, ref: str, message: str) -> None:
        super().__init__(message)
        self.code: ProblemCode = code
        self.ref, self.message = shown(ref), message


def shown(text: str) -> str:
    """The text as messages show it: a reference may be megabytes long."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
