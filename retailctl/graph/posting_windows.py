"""Does a schedule keep to the posting windows of finance? (rules.md CLS-09)"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from retailctl.graph.estate_graph import EstateGraph
from retailctl.model.durations import WEEK_MINUTES, interval_minutes, week_minute_text, weekly_runs, weekly_window
from retailctl.model.interface import Interface

_MOST = 3


def outside_windows(graph: EstateGraph, interface: Interface) -> list[str] | None:
    """The first runs of a week that fall outside the windows of the interface's domain; empty when none does.

    None without windows or a schedule, and where one of them is not understood.
    """
    entry = graph.estate.of("domain").get(interface.domain or "")
    finance = entry.noun.finance if entry else None
    if finance is None or finance.windows is None or interface.schedule is None:
        return None
    found = _outside(interface.schedule, tuple(finance.windows))
    return None if found is None else list(found)


@lru_cache(maxsize=1024)
def _outside(schedule: str, windows: tuple[str, ...]) -> tuple[str, ...] | None:
    spans = [weekly_window(text) for text in windows]
    if None in spans:
        return None
    closed = _gaps(span for one in spans for span in one or ())
    runs = weekly_runs(schedule)
    if runs is not None:
        outside = (run for run in runs if any(first <= run < last for first, last in closed))
        return tuple(week_minute_text(run) for _, run in zip(range(_MOST), outside, strict=False))
    pause = interval_minutes(schedule)
    longest = max(closed, key=lambda gap: gap[1] - gap[0], default=(0, 0))
    if pause is None or 0 < longest[1] - longest[0] < pause:
        return None  # it may just step over what is closed
    return (week_minute_text(longest[0]),) if longest[1] > longest[0] else ()


def _gaps(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of the week no span covers."""
    gaps, here = [], 0
    for first, last in sorted(spans):
        if first > here:
            gaps.append((here, first))
        here = max(here, last)
    return [*gaps, (here, WEEK_MINUTES)] if here < WEEK_MINUTES else gaps
