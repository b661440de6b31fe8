"""Patterns that are not regular expressions, and those that are not run here."""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.contracts.lint.context import Context
from retailctl.contracts.lint.engine import judge_pattern
from retailctl.contracts.lint.facts import LintFact, fact
from retailctl.contracts.lint.outline import mapping
from retailctl.contracts.references.pointers import escape

_IDS = {"invalid": "pattern-invalid", "unsupported": "pattern-unsupported"}


def check(context: Context) -> Iterator[LintFact]:
    """Facts about ``pattern`` and the keys of ``patternProperties``."""
    for place in context.schemas:
        own = place.schema.get("pattern")
        patterns = [("/pattern", own)] if isinstance(own, str) else []
        patterns += [
            (f"/patternProperties/{escape(key)}", key) for key in mapping(place.schema.get("patternProperties"))
        ]
        for suffix, pattern in patterns:
            judgement = judge_pattern(pattern)
            if judgement in _IDS:
                yield fact(_IDS[judgement], (place.path, place.pointer + suffix), pattern=pattern)
