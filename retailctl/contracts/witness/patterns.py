"""What the validator makes of a pattern (linear time, or a bounded number of steps back for look-around)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jsonschema_rs

BACKTRACKS = 50_000
_LONGEST = 2000
_LOOKING = ("(?=", "(?!", "(?<", "\\1", "\\2", "\\3", "\\k", "(?>", "++", "*+", "?+")
_FAILURES = {"backtrackLimitExceeded", "regexEngineFailure"}


@lru_cache(maxsize=4)
def options() -> jsonschema_rs.FancyRegexOptions:
    """Return the limits every validator of this package runs patterns under."""
    import jsonschema_rs

    # An expression without look-around and back references never steps back: it goes to the linear engine.
    return jsonschema_rs.FancyRegexOptions(backtrack_limit=BACKTRACKS)


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> jsonschema_rs.Draft202012Validator | None:
    import jsonschema_rs

    if len(pattern) > _LONGEST:
        return None
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options())
    except ValueError:
        return None


def usable(pattern: str) -> bool:
    """Tell whether the validator can compile *pattern*."""
    return _compiled(pattern) is not None


def matches(pattern: str, text: str) -> bool:
    """Tell whether *pattern* matches somewhere in *text*; an unusable pattern matches nothing."""
    validator = _compiled(pattern)
    return validator is not None and validator.is_valid(text)


def decides(pattern: str, texts: Iterable[str]) -> bool:
    """Tell whether *pattern* compiles and gives each text a verdict within its limit of steps."""
    validator = _compiled(pattern)
    if validator is None:
        return False
    if not any(mark in pattern for mark in _LOOKING):
        return True
    return not any(error.kind.name in _FAILURES for text in texts for error in validator.iter_errors(text))
