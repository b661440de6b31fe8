"""JSON Pointers (RFC 6901) as references write them: in a URI fragment, percent-encoded."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_BAD_TILDE = re.compile("~(?![01])")
_INDEX = re.compile("0|[1-9][0-9]{0,8}")


class Missing(LookupError):
    """The pointer is well formed and names nothing; ``step`` is the first step that does not exist."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def escape(step: str) -> str:
    """One step as it stands in a pointer."""
    return step.replace("~", "~0").replace("/", "~1") if "~" in step or "/" in step else step


def decode_fragment(fragment: str) -> str:
    """The fragment without percent-encoding. Raises ValueError for ``%zz`` and for bytes that are not UTF-8."""
    if "%" not in fragment:
        return fragment
    if _BAD_PERCENT.search(fragment):
        raise ValueError("a % that does not start a pair of hexadecimal digits")
    try:
        return unquote_to_bytes(fragment).decode()
    except UnicodeDecodeError:
        raise ValueError("percent-encoded bytes that are not UTF-8") from None


def split_pointer(pointer: str) -> tuple[str, ...]:
    """The unescaped steps of a decoded pointer. Raises ValueError when it is not one."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError("it does not start with /")
    if "~" not in pointer:
        return tuple(pointer[1:].split("/"))
    if _BAD_TILDE.search(pointer):
        raise ValueError("a ~ that is followed by neither 0 nor 1")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))


def join_pointer(steps: tuple[str, ...]) -> str:
    """The pointer of unescaped steps."""
    return "".join("/" + escape(step) for step in steps)


def value_at(value: object, steps: tuple[str, ...]) -> object:
    """The value that the steps lead to. Raises Missing with the first step that does not exist."""
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise Missing(step)
    return value
