"""The functions that an expression may call besides those of CEL: few, pure, documented (policy.md 7.5)."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

NO_EVIDENCE: Final = "no evidence: "
"""Start of the error of a function for text that it cannot read: unknown, not a rule error."""

_DURATION = re.compile(r"(\d+)\s*(m|min|h|d|w)")
_MINUTES: Final = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}


class Function(NamedTuple):
    """Signature of one function, its meaning, and what makes it for a date."""

    parameters: tuple[str, ...]
    result: str
    meaning: str
    bind: Callable[[date], Callable[..., Any]]


def duration_minutes(text: str) -> int:
    """``15m``, ``2h``, ``14d``, ``1w`` or a sum such as ``1d 12h`` in minutes."""
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip():
        raise ValueError(f"{NO_EVIDENCE}{text!r} is not a duration")
    return sum(int(number) * _MINUTES[unit] for number, unit in parts)


def days_since(as_of: date, text: str) -> int:
    """Whole days from a date (``2024-05-01`` or RFC 3339) to ``as_of``; negative for a date to come."""
    try:
        return (as_of - date.fromisoformat(text[:10])).days
    except ValueError:
        raise ValueError(f"{NO_EVIDENCE}{text!r} is not a date") from None


def recent(days: int, limit: int) -> bool:
    """True for what is at most so many days old; older than that it proves nothing."""
    if days > limit:
        raise ValueError(f"{NO_EVIDENCE}what there is is {days} days old, {limit} are allowed")
    return True


@lru_cache(maxsize=1024)
def _translated(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def glob(text: str, pattern: str) -> bool:
    """Whether the whole text fits a pattern of ``*``, ``?`` and ``[abc]``; capitals count."""
    return _translated(pattern).match(text) is not None


FUNCTIONS: Final[dict[str, Function]] = {
    "days_since": Function(
        ("string",), "int", "Days from a date to --as-of.", lambda as_of: lambda text: days_since(as_of, text)
    ),
    "duration_minutes": Function(
        ("string",), "int", "Minutes of a duration such as 15m, 2h or 14d.", lambda _: duration_minutes
    ),
    "glob": Function(("string", "string"), "bool", "Whether a text fits a glob pattern.", lambda _: glob),
    "recent": Function(
        ("int", "int"), "bool", "True for evidence of at most so many days; of older one unknown.", lambda _: recent
    ),
}


def declarations(cel: Any, as_of: date | None) -> list[Any]:
    """The functions as declarations; without implementation when only types are checked."""
    types = {"string": cel.Type.STRING, "int": cel.Type.INT, "bool": cel.Type.BOOL}
    made = []
    for name, function in FUNCTIONS.items():
        parameters = [types[parameter] for parameter in function.parameters]
        overload_id = "_".join((name, *function.parameters))
        bound = {} if as_of is None else {"impl": function.bind(as_of)}
        overload = cel.Overload(overload_id, types[function.result], parameters, False, **bound)
        made.append(cel.FunctionDecl(name, [overload]))
    return made
