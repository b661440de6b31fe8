"""How values are written where a source is text: one pattern per type, the same on every engine.

What engines take for a number or a time differs (``1_000``, ``0x1f``, ``infinity``, ``now``, ``24:00``; 1.7 as the
integer 2), so a text is looked at before it is cast. The patterns use only what RE2, PostgreSQL and Java read alike.
"""

from __future__ import annotations

from typing import Final

BLANKS: Final = " \t\n\r\u00a0\u2007\u202f\u3000"
"""What counts as nothing at the ends of a text. Engines disagree on it: each trims other characters by itself."""

INT: Final = "[+-]?[0-9]{1,19}"
DECIMAL: Final = "[+-]?([0-9]{1,38}([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?"
# Up to 299, as PostgreSQL stops where others say infinity.
_EXPONENT: Final = "[eE][+-]?[0-2]?[0-9]{1,2}"
_PLAIN: Final = "[0-9]{1,40}([.][0-9]{0,60})?|[.][0-9]{1,60}"
FLOAT: Final = f"[+-]?({_PLAIN}|[0-9]([.][0-9]{{0,60}})?{_EXPONENT}|[iI]nf(inity)?)|[nN]a[nN]|NAN"
TRUE: Final = ("true", "t", "yes", "y", "1")
FALSE: Final = ("false", "f", "no", "n", "0")
# No year 0: PostgreSQL has none.
DATE: Final = (
    "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])"
)  # fmt: skip
LOCAL: Final = f"{DATE}([ T]([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?)?"
OFFSET: Final = "(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)"
MOMENT: Final = f"{DATE}[ T]([01]?[0-9]|2[0-3]):[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?{OFFSET}"
