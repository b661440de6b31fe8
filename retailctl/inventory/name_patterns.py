"""Regular expressions of brokers over names (permissions, policies), matched in bounded time or not at all.

They come from a file of somebody else. What could take long (nested repeats, back references, more than two open
repeats) is not tried: the answer is then None, "cannot tell", and never a guess.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LONGEST: Final = 20_000  # an account may name hundreds of queues
_NAME: Final = 255  # a name of a queue or exchange is no longer
_OPEN: Final = re.compile(r"(?<!\\)[*+]")
_RISKY: Final = re.compile(r"\)[*+?{]|\(\?(?!:)|\\[1-9]|\{")
_ALL: Final = frozenset({".*", "^.*$", "^.*", ".*$", ".+", "^.+$", "", "^", "$", "(.*)", "^(.*)$"})


def takes_all(pattern: str) -> bool:
    """Does it match every name? The empty pattern of a policy does; that of a permission matches none."""
    return pattern.strip() in _ALL


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    if len(pattern) > _LONGEST or _RISKY.search(pattern) or len(_OPEN.findall(pattern)) > 2:
        return None
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


def found_in(pattern: str, name: str) -> bool | None:
    """Is the pattern found in the name (brokers search, unless it is anchored)? None: cannot tell."""
    compiled = _compiled(pattern)
    return None if compiled is None else compiled.search(name[:_NAME]) is not None


def literal_of(pattern: str) -> str | None:
    """The one name that an anchored pattern without wildcards stands for (``^order\\.confirmed\\.v1$``)."""
    inner = pattern.strip().removeprefix("^").removesuffix("$")
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return None
    plain = re.sub(r"\\([.\-_/:])", r"\1", inner)
    return plain if plain and re.fullmatch(r"[\w.\-:/]+", plain) and not re.search(r"(?<!\\)\.", inner) else None
