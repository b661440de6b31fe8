"""Which days count: the business days that a plan declares, its month ends, its days of promotions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, get_args

from retailctl.model.parallel_plan import Calendar, Weekday

_WEEKDAYS: Final = get_args(Weekday)
_FURTHEST: Final = 400  # days that are looked back over: a calendar that closes every day has no day before
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """The calendar of a plan. Only what it declares is closed: shops open on Saturdays, and some on Sundays."""

    calendar: Calendar | None = None

    def is_open(self, day: date) -> bool:
        """Whether a run is expected for that day."""
        given = self.calendar
        return given is None or not (day in given.closed or _WEEKDAYS[day.weekday()] in given.closed_weekdays)

    def before(self, day: date) -> date | None:
        """The business day before; None where the calendar has none in more than a year."""
        for back in range(1, _FURTHEST):
            if day - date.min < _DAY * back:
                return None
            if self.is_open(day - _DAY * back):
                return day - _DAY * back
        return None

    def is_month_end(self, day: date) -> bool:
        """Whether a day closes its month: the last business day, or the last day of the calendar where the plan says
        ``last_day`` and it is no closed one."""
        last = _last_of_month(day)
        if self.calendar is not None and self.calendar.month_end == "last_day" and self.is_open(last):
            return day == last
        closing = last if self.is_open(last) else self.before(last)
        return day == closing

    def is_promotion(self, day: date) -> bool:
        """Whether prices change on that day."""
        return self.calendar is not None and day in self.calendar.promotions


def _last_of_month(day: date) -> date:
    if (day.year, day.month) == (date.max.year, 12):
        return date.max
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - _DAY
