"""What is wrong in what a plan says of time: event time, calendar, window, lag."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.model.durations import seconds
from retailctl.model.parallel_plan import Calendar, TablePlan
from retailctl.parallel.normalisers.zones import shifts
from retailctl.parallel.plans.names import unknown
from retailctl.workspace.problems import SCHEMA, Path, Problem

_HOUR: Final = "Write a time of day such as 04:00."
_TIME: Final = "Add `event_time: {field: ...}`."


def problems(plan: TablePlan) -> Iterator[Problem]:
    """In order of the keys."""
    yield from _event_time(plan)
    if plan.calendar is not None:
        yield from _calendar(plan.calendar)
    yield from _window(plan)
    if plan.lag is not None:
        yield from _duration(plan.lag, "lag", ("lag",))
    needs = [name for name, used in (("lag", plan.lag), ("window", plan.window.last != "all")) if used]
    if needs and plan.event_time is None:
        yield Problem(SCHEMA, f"{needs[0]} needs to know when a row happened", (needs[0],), _TIME)


def _event_time(plan: TablePlan) -> Iterator[Problem]:
    time = plan.event_time
    if time is None:
        return
    field = next((field for field in plan.fields if field.name == time.field), None)
    if field is None:
        yield unknown(plan, time.field, ("event_time", "field"))
    elif field.type not in {"timestamp", "date"}:
        hint = "Name a field of type timestamp or date."
        yield Problem(SCHEMA, f"{time.field} is no time", ("event_time", "field"), hint)
    yield from _zone(time.zone, ("event_time", "zone"))


def _calendar(calendar: Calendar) -> Iterator[Problem]:
    yield from _zone(calendar.zone or "UTC", ("calendar", "zone"))
    hour, _, minute = calendar.day_starts.partition(":")
    digits = hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2
    if not (digits and int(hour) < 24 and int(minute) < 60):
        yield Problem(SCHEMA, "day_starts is no time of day", ("calendar", "day_starts"), _HOUR)


def _window(plan: TablePlan) -> Iterator[Problem]:
    window = plan.window
    if window.last not in {None, "all"}:
        yield from _duration(window.last or "", "last", ("window", "last"))
    if window.last is not None and (window.start or window.end):
        hint = "Keep last, or from and to."
        yield Problem(SCHEMA, "a window has a length or two ends, not both", ("window",), hint)
    if window.start and window.end and str(window.start) >= str(window.end):
        yield Problem(SCHEMA, "the window ends before it begins", ("window", "to"), "Write a later moment.")


def _zone(name: str, place: Path) -> Iterator[Problem]:
    if shifts(name) is None:
        yield Problem(SCHEMA, "there is no such zone", place, "Write a name such as Europe/Berlin or UTC.")


def _duration(text: str, name: str, place: Path) -> Iterator[Problem]:
    if seconds(text) is None:
        yield Problem(SCHEMA, f"{name} is no duration", place, "Write a duration such as 15m, 2h or 1d.")
