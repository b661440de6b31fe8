"""Coverage as checks use it: which logs looked at a system, and for how long (rules.md section 2)."""

from __future__ import annotations

from datetime import date, datetime

from retailctl.model.estate import Covered
from retailctl.policy.context import CheckContext


def logs_of(context: CheckContext) -> list[Covered]:
    """The statements with a window about what really runs (logs, traces), whatever they cover.

    One over the whole estate counts for sources that have seen an interface: a list of credentials sees no calls. None
    while a file of the inventory that the rule is about was not read.
    """
    if context.estate.unread_of(context.rule.applies_to):
        return []
    logs = [one for one in context.estate.coverage if one.kind == "runtime" and one.coverage.window is not None]
    if not any(log.coverage.scope == "*" for log in logs):
        return logs
    entries = context.estate.of("interface").values()
    able = {sighting.source for entry in entries for sighting in entry.noun.sightings or ()}
    return [log for log in logs if log.coverage.scope != "*" or log.coverage.source in able]


def edges(covered: Covered) -> tuple[date, date]:
    """First and last day of the window. ValueError for a statement without one: ``logs_of`` gives none of these."""
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
