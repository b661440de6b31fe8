"""What logs and captures say about the calls of interfaces. Facts of the estate; nothing is judged here.

A call that was seen is a fact whatever else is known. A call that was *not* seen is one only inside a statement of
coverage: a source that sees calls, a scope that is the provider, and a window (estate.md section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from retailctl.inventory.sources import kind_of
from retailctl.model.estate import Covered, Entry, Estate
from retailctl.model.interface import Interface
from retailctl.model.sighting import Sighting

_COUNTS: Final = ("count", "calls", "messages", "requests")
_NO_CALLS: Final = frozenset({"credential-last-use", "broker-statistics"})
"""Sources of a running system that show sign-ins and queues, and no calls of an operation."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """Calls of one interface. ``calls`` is the count of the source that looked last, 0 where it gives none; ``until``
    the last day with a call; ``callers`` the systems that were seen, each with its last day."""

    interface: Interface
    calls: int = 0
    until: date | None = None
    callers: tuple[tuple[str, date], ...] = ()
    source: str = ""
    ref: str = ""

    @property
    def seen(self) -> str:
        """In words; empty when there was no call."""
        if self.until is None:
            return ""
        return f"{self.calls:,} calls until {self.until}" if self.calls else f"called until {self.until}"

    def callers_after(self, day: date) -> tuple[str, ...]:
        """Who called after a day: those who were seen, or every declared consumer where the source names nobody."""
        if self.until is None or self.until <= day:
            return ()
        if self.callers:
            return tuple(system for system, until in self.callers if until > day)
        return tuple(sorted(consumer.system for consumer in self.interface.consumers or ()))


def traffic_of(interface: Interface) -> Traffic:
    """The calls of one interface, by its sightings and by the days on which its consumers were seen."""
    callers = tuple(sorted((c.system, c.last_seen) for c in interface.consumers or () if c.last_seen is not None))
    days = [day for _, day in callers]
    latest: Sighting | None = None
    for sighting in interface.sightings or ():
        if sighting.at is None or not _shows_calls(sighting):
            continue
        days.append(_day(sighting.at))
        if latest is None or _rank(sighting) > _rank(latest):
            latest = sighting
    return Traffic(
        interface,
        calls=_count(latest) or 0 if latest is not None else 0,
        until=max(days, default=None),
        callers=callers,
        source=latest.source if latest is not None else "",
        ref=latest.ref or "" if latest is not None else "",
    )


def _shows_calls(sighting: Sighting) -> bool:
    kind = kind_of(sighting.source, sighting.kind)
    if sighting.source.lower() in _NO_CALLS or kind not in ("runtime", "guess"):
        return False
    count = _count(sighting)
    return count > 0 if count is not None else kind == "runtime"


def _rank(sighting: Sighting) -> tuple[date, int, str]:
    return _day(sighting.at) if sighting.at else date.min, _count(sighting) or 0, sighting.source


def _count(sighting: Sighting) -> int | None:
    for name in _COUNTS:
        value = (sighting.fields or {}).get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


@dataclass(frozen=True, slots=True)
class Watched:
    """The time in which calls of one provider would have been seen: ``days`` are (first, last) of every window."""

    provider: str
    days: tuple[tuple[date, date], ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def until(self) -> date | None:
        """The last day somebody looked at; None when nobody did."""
        return max((last for _, last in self.days), default=None)

    def after(self, day: date) -> bool:
        """Whether somebody looked on a day after this one."""
        return self.until is not None and self.until > day

    @property
    def shown(self) -> str:
        """``access-log from 2026-10-20 to 2026-11-19``; empty when nobody looked."""
        if self.until is None:
            return ""
        first = min(first for first, _ in self.days)
        return f"{' and '.join(self.sources)} from {first} to {self.until}"


@dataclass(frozen=True, slots=True)
class Observations:
    """Traffic by interface id, and who was watched. ``sources`` are those that see calls; ``incomplete``: a file that
    may say more could not be read."""

    interfaces: Mapping[str, Entry]
    traffic: Mapping[str, Traffic]
    coverage: tuple[Covered, ...] = ()
    sources: frozenset[str] = frozenset()
    incomplete: bool = False

    def watched(self, provider: str | None) -> Watched:
        """When calls of a provider would have been seen. Nobody looked where a file could not be read."""
        if provider is None or self.incomplete:
            return Watched(provider or "")
        days: list[tuple[date, date]] = []
        sources: set[str] = set()
        for covered in self.coverage:
            one = covered.coverage
            if one.window is not None and one.scope in ("*", provider) and one.source in self.sources:
                days.append((_day(one.window.start), _day(one.window.end)))
                sources.add(one.source)
        return Watched(provider, tuple(sorted(days)), tuple(sorted(sources)))


def observations(estate: Estate) -> Observations:
    """Everything that is known about calls."""
    interfaces = estate.of("interface")
    traffic = {id_: traffic_of(entry.noun) for id_, entry in interfaces.items()}
    named = {one.coverage.source for one in estate.coverage}
    seen = {one.source for one in traffic.values()}
    sources = {one for one in named if one in seen or kind_of(one) == "runtime"}
    return Observations(
        interfaces,
        traffic,
        estate.coverage,
        frozenset(one for one in sources if one.lower() not in _NO_CALLS),
        bool(estate.unread_of("interface")),
    )


def days_before(day: date, days: int) -> date:
    """The day so many days earlier, but never before the first that there is."""
    return day - timedelta(days=min(days, day.toordinal() - 1))
