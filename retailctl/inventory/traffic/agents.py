"""User agents by family: which software calls, without its version."""

from __future__ import annotations

import re
from typing import Final

from retailctl.model.redaction import redact

BROWSER: Final = "browser"
_PRODUCT: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ._+!-]{0,40}")
_ROBOT: Final = re.compile(
    r"(?:compatible; |\b)((?:[A-Za-z][A-Za-z0-9._-]{0,24})?"
    r"(?:bot|spider|crawler|slurp|monitor|uptime|preview|fetcher)[A-Za-z0-9_-]{0,12})\b",
    re.IGNORECASE,
)
_COMPATIBLE: Final = re.compile(r"\(compatible; ([A-Za-z][A-Za-z0-9 ._-]{1,30})")
_OLD: Final = re.compile(r"MSIE|Trident|Konqueror")
_DIGITS: Final = re.compile(r"\d{4,}")


def family(agent: bytes) -> str:
    """``python-requests/2.31`` is ``python-requests``, a person's browser is ``browser``, no agent is empty."""
    text = agent[:400].decode("utf-8", "replace").strip().strip('"')
    if text in ("", "-"):
        return ""
    robot = _ROBOT.search(text)
    if robot is not None:
        return _safe(robot[1])
    if text.startswith(("Mozilla/", "Opera/")):
        other = _COMPATIBLE.search(text)
        return _safe(other[1]) if other is not None and not _OLD.match(other[1]) else BROWSER
    product = _PRODUCT.match(text.partition("/")[0])
    return _safe(product[0]) if product is not None else "other"


def is_reader(name: str) -> bool:
    """Is a family one that reads pages: a browser, or a search engine?"""
    return name == BROWSER or _ROBOT.fullmatch(name) is not None


def _safe(name: str) -> str:
    """A client may send anything as its name: what looks like a number or a secret is no name of software."""
    name = name.strip(" .-_")
    return "other" if not name or _DIGITS.search(name) or redact(name) != name else name
