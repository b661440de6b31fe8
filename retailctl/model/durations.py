"""Durations and schedules as text: ``14d``, ``15m``, ``*/5 * * * *``."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

_MINUTES = {"s": 1 / 60, "m": 1, "min": 1, "h": 60, "d": 1440, "w": 10080}
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*(min|[smhdw])(?![a-z])")
_ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_DAY = 1440


@lru_cache(maxsize=4096)
def minutes(text: str) -> int | None:
    """Whole minutes of the first duration in a text (``window 7d`` -> 10080); None when there is none."""
    found = _DURATION.search(text.lower())
    return round(float(found.group(1)) * _MINUTES[found.group(2)]) if found else None


def seconds(text: str) -> Decimal | None:
    """The seconds of a text that is a duration and nothing else (``15m`` -> 900); None for any other."""
    found = _DURATION.fullmatch(text.strip().lower())
    return Decimal(found.group(1)) * _SECONDS[found.group(2)] if found and len(text) <= 40 else None


@lru_cache(maxsize=4096)
def interval_minutes(schedule: str) -> int | None:
    """Shortest pause between two runs of a schedule, in minutes; None when the text is not understood.

    Understands durations (``15m``, ``every 15 m``), five-field cron expressions and ``@daily`` and its kin.
    """
    text = _ALIASES.get(schedule.strip().lower(), schedule.strip())
    parts = text.split()
    if len(parts) != 5 or not all(re.fullmatch(r"[\d*/,\-a-zA-Z]+", part) for part in parts):
        return minutes(text)
    fires = _fires(parts[0], parts[1])
    if fires is None:
        return None
    if len(fires) > 1:
        ends = zip(fires, [*fires[1:], fires[0] + _DAY], strict=True)
        return min(later - earlier for earlier, later in ends)
    return _day_gap(parts[2], parts[3], parts[4])


def _fires(minute: str, hour: str) -> list[int] | None:
    minutes_of_hour, hours = _expand(minute, 0, 59), _expand(hour, 0, 23)
    if minutes_of_hour is None or hours is None:
        return None
    return [h * 60 + m for h in hours for m in minutes_of_hour]


def _day_gap(day: str, month: str, weekday: str) -> int:
    if weekday not in ("*", "?"):
        days = sorted({d % 7 for d in _expand(weekday, 0, 7) or [0]})
        gaps = [b - a for a, b in zip(days, [*days[1:], days[0] + 7], strict=True)]
        return min(gaps) * _DAY
    if month != "*":
        return 365 * _DAY
    if day not in ("*", "?"):
        days = _expand(day, 1, 31) or [1]
        return min([b - a for a, b in pairwise(days)] or [28]) * _DAY
    return _DAY


def _expand(field: str, low: int, high: int) -> list[int] | None:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = low, high
        elif re.fullmatch(r"\d+-\d+", span):
            first, last = (int(edge) for edge in span.split("-"))
        elif span.isdigit():
            first, last = int(span), high if step else int(span)
        else:
            return None
        if step and (not step.isdigit() or int(step) == 0):
            return None
        values.update(range(max(first, low), min(last, high) + 1, int(step or 1)))
    return sorted(values) or None


WEEK_MINUTES = 7 * _DAY
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=4096)
def weekly_runs(schedule: str) -> tuple[int, ...] | None:
    """The minutes of the week (0 = Monday 00:00) at which a cron expression may run; None for any other text.

    A day of the month or a month may fall on every day of the week.
    """
    parts = _ALIASES.get(schedule.strip().lower(), schedule.strip()).lower().split()
    fires = _fires(parts[0], parts[1]) if len(parts) == 5 else None
    if fires is None:
        return None
    days: list[int] | None = list(range(7))
    if parts[4] not in ("*", "?") and parts[2] in ("*", "?"):
        days = _cron_weekdays(parts[4])
    if days is None:
        return None
    return tuple(sorted(day * _DAY + minute for day in days for minute in fires))


def _cron_weekdays(field: str) -> list[int] | None:
    """Days of a cron field as 0 = Monday; cron counts from Sunday, which is 0 and 7."""
    for number, name in enumerate(_WEEKDAYS):
        field = field.replace(name, str((number + 1) % 7))
    days = _expand(field, 0, 7)
    return None if days is None else sorted({(day - 1) % 7 for day in days})


_WINDOW = re.compile(r"(?:(?P<days>[a-z]{3}(?:[-,][a-z]{3})*)\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def weekly_window(text: str) -> tuple[tuple[int, int], ...] | None:
    """``mon-fri 05:00-22:00`` as spans of minutes of the week, end exclusive; None when it is not understood.

    Without days it holds every day. A span that ends before it begins goes on into the next day.
    """
    found = _WINDOW.fullmatch(text.strip().lower()) if len(text) <= 80 else None
    days = _window_days(found["days"]) if found else None
    if found is None or days is None:
        return None
    first, last = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if first > _DAY or last > _DAY:
        return None
    length = last - first if last > first else last - first + _DAY
    spans: list[tuple[int, int]] = []
    for day in days:
        start, end = day * _DAY + first, day * _DAY + first + length
        spans += [(start, min(end, WEEK_MINUTES))] + ([(0, end - WEEK_MINUTES)] if end > WEEK_MINUTES else [])
    return tuple(sorted(spans))


def _window_days(text: str | None) -> list[int] | None:
    if text is None or text in ("day", "all"):
        return list(range(7))
    days: set[int] = set()
    for part in text.split(","):
        names = part.split("-")
        if len(names) > 2 or any(name not in _WEEKDAYS for name in names):
            return None
        first, last = _WEEKDAYS.index(names[0]), _WEEKDAYS.index(names[-1])
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return sorted(days)


def week_minute_text(minute: int) -> str:
    """``sat 23:10`` for a minute of the week."""
    day, rest = divmod(minute, _DAY)
    return f"{_WEEKDAYS[day % 7]} {rest // 60:02}:{rest % 60:02}"
