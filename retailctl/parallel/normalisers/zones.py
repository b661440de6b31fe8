"""When a zone puts its clock forward or back: what the fold and gap tests need to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_YEAR: Final = 2000
_FIRST, _LAST = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
_DAY, _STEP = timedelta(days=1), timedelta(minutes=15)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Shifts:
    """Local months and hours in which clocks are changed, and by how many seconds they are put back, since 2000."""

    months: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    back: tuple[int, ...] = (3600,)


@cache
def shifts(zone: str) -> Shifts | None:
    """The shifts of a zone; None for a name that is no zone."""
    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    months: set[int] = set()
    hours: set[int] = set()
    back: set[int] = set()
    for at, before, after in _changes(info):
        start, end = sorted(((at + before), (at + after)))
        local = start - _HOUR
        while local < end + _HOUR:
            months.add(local.month)
            hours.add(local.hour)
            local += _STEP
        if after < before:
            back.add(int((before - after).total_seconds()))
    return Shifts(tuple(sorted(months)), tuple(sorted(hours)), tuple(sorted(back)) or (3600,))


def _changes(info: ZoneInfo) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """Each change of the offset: the moment in UTC, the offset before and after."""
    day, offset = _FIRST, _offset(info, _FIRST)
    while day < _LAST:
        following = day + _DAY
        later = _offset(info, following)
        moment = day
        while offset != later and moment < following:
            moment += _STEP
            now = _offset(info, moment)
            if now != offset:
                yield moment, offset, now
                offset = now
        day = following


def _offset(info: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(info).utcoffset() or timedelta()
