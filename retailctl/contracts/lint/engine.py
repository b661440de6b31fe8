"""Regular expressions of documents, run by an engine whose time is linear in its input, or not run at all."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Final, Literal

_LONGEST: Final = 2_000
_CLASS_RANGE: Final = re.compile(r"(\\[dDsSwW])-(?!\])")
"""As in ``[\\w-.]``: ECMAScript takes the hyphen for itself unless the expression is in Unicode mode (Annex B.1.2)."""

Judgement = Literal["linear", "unsupported", "invalid"]


@lru_cache(maxsize=4096)
def judge_pattern(pattern: str) -> Judgement:
    """Whether a pattern runs in linear time, is valid elsewhere (lookaround, backreferences), or is no pattern at all.

    It is called invalid only when no engine here reads it: dialects differ, and a false alarm is worse than silence.
    """
    import jsonschema_rs

    if len(pattern) > _LONGEST:
        return "unsupported"
    for judgement, options in (
        ("linear", jsonschema_rs.RegexOptions()),
        ("unsupported", jsonschema_rs.FancyRegexOptions()),
    ):
        try:
            jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options, offline=True)
        except ValueError:
            continue
        return judgement  # type: ignore[return-value]  # the two literals above
    return "unsupported" if _python_reads(pattern) else "invalid"


def _python_reads(pattern: str) -> bool:
    """Whether Python reads it, for dialects between the engines; it is compiled, never run."""
    if re.search(r"\{\d{4,}", pattern):
        return True  # a huge repetition is expensive even to compile
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(_CLASS_RANGE.sub(r"\1\\-", pattern))
    except (re.error, OverflowError, RecursionError):
        return False
    return True
