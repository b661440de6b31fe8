"""A styled line, and how text of any origin becomes lines of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from retailctl.report import escape

# A hostile name of a million characters must not fill the screen.
LONGEST = 400
# What ``Line.style`` may be, for the console's table of colours.
STYLES = (
    "", "dim", "error", "fix", "heading", "hint", "info", "next", "notice", "strong", "unknown",
    "verdict-fail", "verdict-pass", "verdict-unknown", "warn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line break.

    ``style`` is one of STYLES, a word for the console. The first ``lead`` characters are a place and may be
    dimmed apart.
    """

    text: str = ""
    style: str = ""
    lead: int = 0


def wrap(text: str, width: int, lead: str, style: str, *, foreign: bool = False) -> Iterator[Line]:
    """Wrapped behind ``lead``; text of ours may span lines, in foreign text a line break is spelled out."""
    clean = escape.terminal(text) if foreign else escape.prose(text)
    rows = textwrap.wrap(
        escape.clip(clean, LONGEST),
        width=max(width, len(lead) + 20),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_on_hyphens=False,
    )
    for row in rows or [lead.rstrip()]:
        yield Line(row, style)
