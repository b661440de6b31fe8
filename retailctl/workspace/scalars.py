"""Plain YAML scalars by the YAML 1.2 core schema, fast and without surprises.

``NO`` is text, ``012`` is twelve, ``1:30`` and dates are text. A value can remember how it was written, so that a
text field of a file we own shows ``010`` and ``1.10`` as the author typed them.
"""

from __future__ import annotations

import re
from typing import Final, Self, TypeAlias

MAX_NUMBER_LENGTH: Final = 3_500
"""Longest number text that is read; in any base it stays below the 4,300 digits Python converts back to text."""

_MEMO_TEXT: Final = 64
_MEMO_ENTRIES: Final = 65_536


class ScalarError(ValueError):
    """A scalar that looks like a number but cannot be represented; the reader adds the place of ``text``."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.text = text


class SourceInt(int):
    """An int that was not written in its usual form; ``text`` is the source text (``010``, ``0x1F``, ``+5``)."""

    text: str

    def __new__(cls, value: int, text: str) -> Self:
        """The number, and how the file spells it."""
        self = super().__new__(cls, value)
        self.text = text
        return self

    def __getnewargs__(self) -> tuple[int, str]:  # type: ignore[override]
        return int(self), self.text


class SourceBool(SourceInt):
    """``True`` or ``FALSE`` and the like: 1 or 0 with its source ``text`` (``bool`` itself allows no subclass)."""


class SourceFloat(float):
    """A float that was not written in its usual form; ``text`` is the source text (``1.10``, ``1e3``)."""

    text: str

    def __new__(cls, value: float, text: str) -> Self:
        """The number, and how the file spells it."""
        self = super().__new__(cls, value)
        self.text = text
        return self

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override]
        return float(self), self.text


Scalar: TypeAlias = str | int | float | bool | None

_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DOT_WORDS: Final[dict[str, float]] = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}
_CANONICAL: Final = frozenset(("true", "false", ".nan", ".inf", "-.inf"))
_WORD_START: Final = frozenset(("", *"~nNtTfF"))
_NUMBER_START: Final = frozenset("0123456789+-.")
_DECIMAL: Final = re.compile(r"[-+]?[0-9]+\Z")
_BASED: Final = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")


def resolve(text: str, *, keep_source: bool = False) -> Scalar:
    """Return the value of a plain scalar.

    With ``keep_source`` a number or boolean that is not written in the usual form of its value comes back as
    :class:`SourceInt`, :class:`SourceFloat` or :class:`SourceBool`. Raises :class:`ScalarError` for a number that is
    too long or too large.
    """
    first = text[:1]
    if first in _WORD_START:
        value = _WORDS.get(text, text)
        if keep_source and (value is True or value is False) and text not in _CANONICAL:
            return SourceBool(value, text)
        return value
    if first in _NUMBER_START:
        return _number(text, keep_source)
    return text


def _number(text: str, keep_source: bool) -> Scalar:
    integer = True
    if _DECIMAL.match(text):
        base = 10
    elif _BASED.match(text):
        base = 16 if text[1] == "x" else 8
    elif text in _DOT_WORDS:
        special = _DOT_WORDS[text]
        return SourceFloat(special, text) if keep_source and text not in _CANONICAL else special
    elif _FLOAT.match(text):
        integer, base = False, 10
    else:
        return text
    if len(text) > MAX_NUMBER_LENGTH:
        raise ScalarError(f"number of {len(text):,} characters; at most {MAX_NUMBER_LENGTH:,} are read", text)
    if integer:
        whole = int(text if base == 10 else text[2:], base)
        return SourceInt(whole, text) if keep_source and str(whole) != text else whole
    number = finite(text)
    return SourceFloat(number, text) if keep_source and repr(number) != text else number


def finite(text: str) -> float:
    """Return the float written as ``text``; raise :class:`ScalarError` when it would become infinity or zero."""
    number = float(text)
    shown = text if len(text) <= 40 else text[:40] + "…"
    if number - number != 0.0:
        raise ScalarError(f"number {shown} is larger than the largest float, 1.8e308", text)
    if number == 0.0 and text.lower().partition("e")[0].strip("+-0."):
        raise ScalarError(f"number {shown} is smaller than the smallest float, 4.9e-324", text)
    return number


class PlainScalars(dict[str, Scalar]):
    """A memo of one document: ``memo[text]`` is the value, and short repeated texts share one object."""

    def __init__(self, *, keep_source: bool) -> None:
        super().__init__()
        self._keep_source = keep_source
        self.kept = False
        """Whether any value remembers its source text."""

    def __missing__(self, text: str) -> Scalar:
        value = resolve(text, keep_source=self._keep_source)
        if isinstance(value, SourceInt | SourceFloat):
            self.kept = True
        if len(text) <= _MEMO_TEXT and len(self) < _MEMO_ENTRIES:
            self[text] = value
        return value
