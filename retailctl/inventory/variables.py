"""``${NAME}`` in configuration: resolved where the value is known, and kept symbolic where it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_DEPTH: Final = 8  # values that name each other in a circle end here, still symbolic
_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.]*"
_VARIABLE: Final = re.compile(
    rf"\$\{{(?P<braced>{_NAME})(?::?[-=](?P<default>[^{{}}]*))?(?::?[?+][^{{}}]*)?\}}"
    rf"|\{{\{{\s*(?P<mustache>{_NAME})\s*\}}\}}"
    rf"|\$(?P<bare>[A-Za-z_][A-Za-z0-9_]*)"
)


def resolve(text: str, variables: Mapping[str, str]) -> str:
    """The text with ``$NAME``, ``${NAME}``, ``${NAME:-default}`` and ``{{NAME}}`` replaced by what is known.

    A name without a value and without a default stays as it is written: a guess would invent a host.
    """

    def value(found: re.Match[str]) -> str:
        name = found["braced"] or found["mustache"] or found["bare"]
        known = variables.get(name)
        if known is None or (known == "" and found["default"]):
            known = found["default"]
        return found[0] if known is None else known

    for _ in range(_DEPTH):
        new = _VARIABLE.sub(value, text)
        if new == text or len(new) > 10_000:
            break
        text = new
    return text


def symbolic(text: str) -> bool:
    """Does a variable still stand in it?"""
    return _VARIABLE.search(text) is not None


def settings_of(text: str) -> dict[str, str]:
    """``NAME=value`` lines of an ``.env`` file; quotes around a value are dropped, comments are left out."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.removeprefix("export ").strip().partition("=")
        if equals and re.fullmatch(_NAME, name.strip()):
            value = value.strip()
            found[name.strip()] = (
                value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
            )
    return found
