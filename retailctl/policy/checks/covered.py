"""Coverage as checks use it: which logs looked at a system, and for how long (rules.md section 2)."""

from __future__ import annotations

from datetime import date, datetime

from retailctl.model.estate import Covered
from retailctl.policy.context import CheckContext


def covered_by(context: CheckContext, *scopes: str) -> list[Covered]:
    """The statements with a window of what really runs (logs, traces) over one of the scopes; none while a file of the
    inventory that the rule is about was not read."""
    if context.estate.unread_of(context.rule.applies_to):
        return []
    return [
        covered
        for covered in context.estate.coverage
        if covered.kind == "runtime"
        and covered.coverage.window is not None
        and covered.coverage.scope in ("*", *scopes)
    ]


def edges(covered: Covered) -> tuple[date, date]:
    """First and last day of the window. ValueError for a statement without one: ``covered_by`` gives none of these."""
    window = covered.coverage.window
    if window is None:
        raise ValueError("a coverage statement without a window covers no days")
    return _day(window.start), _day(window.end)


def window_text(covered: Covered) -> str:
    """``from 2026-10-20 to 2026-11-19``."""
    first, last = edges(covered)
    return f"from {first} to {last}"


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
