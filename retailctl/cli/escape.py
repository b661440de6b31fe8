"""Foreign text made harmless for a terminal: it cannot move the cursor or reorder the line."""

from __future__ import annotations

import re

# C0 (but not newline or tab), DEL and C1; marks, overrides and isolates of direction; surrogates.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    r"""``text`` with control characters written out: ESC becomes the four characters ``\x1b``."""
    return _UNSAFE.sub(_spell, text)


def one_line(text: str) -> str:
    """``text`` for a table cell or a message: as `visible`, and on one line."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def _spell(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
