"""Colour: who gets it, and what each style looks like. Plain escape codes; no markup to be injected into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TextIO

When = Literal["auto", "always", "never"]

_CODES = {
    "title": "1",
    "heading": "1",
    "verdict-fail": "1;31",
    "verdict-pass": "1;32",
    "verdict-unknown": "1;35",
    "next": "36",
    "error": "1;31",
    "warn": "33",
    "info": "36",
    "hint": "2",
    "ok": "32",
    "unknown": "35",
    "dim": "2",
    "path": "4",
}


def wanted(when: When, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether ``stream`` gets colour. A pipe gets none unless ``always`` is asked for on the command line.

    NO_COLOR wins over FORCE_COLOR, and FORCE_COLOR only over TERM=dumb: CI systems set it for everything,
    and files full of escape codes are what comes of believing it.
    """
    if when != "auto":
        return when == "always"
    if environ.get("NO_COLOR") or not is_terminal(stream):
        return False
    return environ.get("TERM") != "dumb" or environ.get("FORCE_COLOR", "0") not in ("", "0")


def paint(text: str, style: str) -> str:
    """``text`` in a style; unknown styles and empty text stay plain."""
    code = _CODES.get(style)
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


def is_terminal(stream: TextIO) -> bool:
    """Whether a person reads ``stream``; False for one that is closed or cannot say."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
