"""What can be told of a regular expression without comparing languages: match, literal alternation, an example."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LITERALS: Final = re.compile(r"\^(?:\((?:\?:)?(?P<many>[^()]*)\)|(?P<one>[^()|]*))\$", re.DOTALL)
_PLAIN: Final = re.compile(r"(?:[^\\.\[\]{}()*+?^$|]|\\[-./_@:+*?$^()|\[\]{}\\])*", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_SLOW: Final = 20_000  # steps an expression with look-around may take; all others run in linear time
_ANYTHING: Final = frozenset({"", "^", "$", ".*", "(.*)", "(?:.*)", "[\\s\\S]*", "^[\\s\\S]*$"})


@lru_cache(maxsize=4096)
def _judge(pattern: str) -> object | None:
    import jsonschema_rs

    schema = {"pattern": pattern}
    for options in (jsonschema_rs.RegexOptions(), jsonschema_rs.FancyRegexOptions(backtrack_limit=_SLOW)):
        try:
            return jsonschema_rs.Draft202012Validator(schema, pattern_options=options)
        except (jsonschema_rs.ValidationError, ValueError):
            continue
    return None


def matches(pattern: str, text: str) -> bool | None:
    """Tell if the expression occurs in the text; None if the expression cannot be read. Never runs long."""
    judge = _judge(pattern)
    if judge is None:
        return None
    return bool(judge.is_valid(str(text)))  # type: ignore[attr-defined]


def matches_all(pattern: str) -> bool:
    """Tell if an expression plainly matches every string."""
    return pattern in _ANYTHING


@lru_cache(maxsize=4096)
def alternatives(pattern: str) -> tuple[str, ...] | None:
    """The strings of a literal alternation such as ``^(a|b)$``; None for any other expression."""
    found = _LITERALS.fullmatch(pattern)
    if found is None:
        return None
    words = found["many"].split("|") if found["many"] is not None else [found["one"]]
    if not all(_PLAIN.fullmatch(word) for word in words):
        return None
    return tuple(_ESCAPE.sub(r"\1", word) for word in words)
