"""The event times that a run compares, as UTC: business days begin at an hour of a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from retailctl.errors import UsageError
from retailctl.model.durations import seconds
from retailctl.model.parallel_plan import TablePlan

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment (inclusive) to another (exclusive), UTC without zone; None is without end."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def limited(self) -> bool:
        """Whether any row can be outside."""
        return self.start is not None or self.end is not None

    def condition(self, moment: str) -> str:
        """Whether a time is inside, as SQL."""
        parts = [
            f"{moment} {sign} timestamp '{end.isoformat(' ')}'"
            for sign, end in ((">=", self.start), ("<", self.end))
            if end is not None
        ]
        return " and ".join(parts) or "true"


@dataclass(frozen=True, slots=True)
class Days:
    """Where business days begin."""

    zone: ZoneInfo
    starts: int

    def begin(self, day: date) -> datetime:
        """The first moment of a business day, UTC without zone."""
        local = datetime.combine(day, time(), self.zone) + timedelta(seconds=self.starts)
        return local.astimezone(UTC).replace(tzinfo=None)

    def day_of(self, moment: datetime) -> date:
        """The business day of a moment (UTC without zone)."""
        local = moment.replace(tzinfo=UTC).astimezone(self.zone)
        return (local.replace(tzinfo=None) - timedelta(seconds=self.starts)).date()


def span_of(plan: TablePlan, days: Days, today: date, start: str = "", end: str = "") -> Span:
    """The window of the plan, or what the command line says instead of it.

    ``last: 3d`` are the last three whole business days before ``today``. Raises UsageError for a moment that is none.
    """
    if start or end:
        return Span(_moment(start, days), _moment(end, days))
    window = plan.window
    if window.last is not None and window.last != "all":
        length = seconds(window.last)
        if length is None:
            raise UsageError(f"window {window.last!r} is no duration", hint="write 1d, 7d or all")
        last = days.begin(today)
        if length % _DAY == 0:
            return Span(days.begin(today - timedelta(days=int(length // _DAY))), last)
        return Span(last - timedelta(seconds=float(length)), last)
    return Span(_end(window.start, days), _end(window.end, days))


def _moment(text: str, days: Days) -> datetime | None:
    if not text:
        return None
    try:
        return _end(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text), days)
    except ValueError:
        raise UsageError(
            f"{text!r} is neither a day nor a moment", hint="write 2026-11-20 or 2026-11-20T04:00"
        ) from None


def _end(given: date | datetime | None, days: Days) -> datetime | None:
    if given is None:
        return None
    if isinstance(given, datetime):
        aware = given if given.tzinfo else given.replace(tzinfo=days.zone)
        return aware.astimezone(UTC).replace(tzinfo=None)
    return days.begin(given)
