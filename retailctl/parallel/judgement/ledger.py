"""Rows that were pending in one run, and what the next one finds: they came, they never came, or they may still come.

The line of history of a run carries its pending rows: side, keyed pseudonym of the key, event time. Nothing here reads
a source: what a run sees of these keys comes in as sightings, and goes out as counts, and as what the next run follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.judgement.lateness import Horizon

MOST_ENTRIES: Final = 1000
"""Pending rows that a line of history carries; of more, those with the lowest pseudonym, which is by chance."""
OTHER: Final[Mapping[Side, Side]] = {"legacy": "new", "new": "legacy"}


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A row that one side had and the other had not. ``seen`` is how far the other side had delivered by then."""

    side: Side
    key: str
    at: datetime
    seen: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Latency:
    """How late rows came, in seconds: at least, and at most (None for those that never came). ``count`` rows each."""

    least: int
    most: int | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class More:
    """Pending rows that no line carries: how many, and the event time of the oldest."""

    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a run leaves to the next. ``form`` says how keys were made pseudonyms; others cannot be compared.

    ``expired`` and ``unknown`` are looked up again by a run of the same business day only. ``lost`` counts rows of
    ``more`` that nobody could look up.
    """

    form: str
    pending: tuple[Entry, ...] = ()
    expired: tuple[Entry, ...] = ()
    unknown: tuple[Entry, ...] = ()
    more: Mapping[Side, More] = field(default_factory=dict)
    lost: Mapping[Side, int] = field(default_factory=dict)
    arrived: tuple[Latency, ...] = ()


@dataclass(frozen=True, slots=True)
class Sightings:
    """What a run sees: keys that the other side has now, those whose own row is in the window, and the earliest event
    time of each side."""

    there: frozenset[tuple[Side, str]] = frozenset()
    inside: frozenset[tuple[Side, str]] = frozenset()
    first: Mapping[Side, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of the pending rows of earlier runs. Each is in exactly one of the four.

    ``outside`` counts the expired ones of each side that this run does not have among its rows, ``lost`` the rows that
    nobody can look up any more.
    """

    arrived: tuple[tuple[Entry, Latency], ...] = ()
    expired: tuple[tuple[Entry, Latency], ...] = ()
    unknown: tuple[Entry, ...] = ()
    pending: tuple[Entry, ...] = ()
    outside: Mapping[Side, int] = field(default_factory=dict)
    lost: Mapping[Side, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Followed:
    """What a run has to look up; ``lost`` are rows that nobody can, by side."""

    entries: tuple[Entry, ...] = ()
    lost: Mapping[Side, int] = field(default_factory=dict)


def followed(before: Ledger | None, same_day: Ledger | None, form: str, start: datetime | None) -> Followed:
    """What earlier runs leave to one whose window begins at ``start`` (None: it has no beginning).

    ``before`` is of the last run, ``same_day`` of the last one of the same business day: this run stands in its place,
    so that it looks up again what that one gave up.
    """
    entries: dict[tuple[Side, str], Entry] = {}
    lost = dict(same_day.lost) if same_day else {}
    for ledger, listed in (
        *(((before, before.pending),) if before else ()),
        *(((same_day, (*same_day.expired, *same_day.unknown)),) if same_day else ()),
    ):
        for entry in listed:
            if ledger.form == form:
                entries[entry.side, entry.key] = entry
            else:
                lost[entry.side] = lost.get(entry.side, 0) + 1
    # What no line carries can be judged only where the window still holds it.
    for side, one in (before.more if before else {}).items():
        if start is not None and one.oldest < start:
            lost[side] = lost.get(side, 0) + one.count
    return Followed(tuple(sorted(entries.values())), dict(sorted(lost.items())))


def resolve(given: Followed, seen: Sightings, late: Horizon) -> Resolved:
    """Each row into one class, first match: it came; it may still come; it never came; it cannot be looked up."""
    arrived, expired, unknown, pending = [], [], [], []
    outside: dict[Side, int] = {}
    for entry in given.entries:
        other = OTHER[entry.side]
        mark, first = late.watermarks.get(other), seen.first.get(other)
        least = _seconds(entry.seen - entry.at) if entry.seen is not None else 0
        if (entry.side, entry.key) in seen.there:
            arrived.append((entry, Latency(least, max(least, _seconds(mark - entry.at, up=True)) if mark else None)))
        elif _may_come(entry, late):
            pending.append(replace(entry, seen=mark))
        elif mark is not None and first is not None and first <= entry.at:
            expired.append((entry, Latency(_seconds(mark - entry.at), None)))
            if (entry.side, entry.key) not in seen.inside:
                outside[entry.side] = outside.get(entry.side, 0) + 1
        else:
            unknown.append(entry)
    return Resolved(tuple(arrived), tuple(expired), tuple(unknown), tuple(pending), outside, given.lost)


def _may_come(entry: Entry, late: Horizon) -> bool:
    if not any(late.watermarks.values()):
        return True  # nothing was delivered, or nobody knows when: this run says nothing of any time
    return late.pending_from is not None and entry.at >= late.pending_from


def _seconds(apart: timedelta, *, up: bool = False) -> int:
    """Whole seconds, never below zero."""
    whole = apart // timedelta(seconds=1)
    return max(whole + (up and apart % timedelta(seconds=1) > timedelta(0)), 0)


def left(
    form: str, resolved: Resolved, new: Iterable[Entry], more: Mapping[Side, More], most: int = MOST_ENTRIES
) -> Ledger:
    """What this run leaves to the next: what it carries on, and its own pending rows; ``more`` are too many of them."""
    every = {(one.side, one.key): one for one in (*resolved.pending, *new)}
    ranked = sorted(every.values(), key=lambda one: (one.key, one.side))
    beyond = {side: [one.at for one in ranked[most:] if one.side == side] for side in SIDES}
    told = dict(more)
    for side, times in beyond.items():
        if times:
            known = told.get(side)
            count, oldest = (known.count, known.oldest) if known else (0, min(times))
            told[side] = More(count + len(times), min(oldest, *times))
    return Ledger(
        form, tuple(sorted(ranked[:most])),
        expired=_some([entry for entry, _ in resolved.expired], most), unknown=_some(resolved.unknown, most),
        more=told, lost=resolved.lost,
        arrived=gathered(latency for _, latency in (*resolved.arrived, *resolved.expired)),
    )  # fmt: skip


def _some(entries: Iterable[Entry], most: int) -> tuple[Entry, ...]:
    return tuple(sorted(sorted(entries, key=lambda one: (one.key, one.side))[:most]))


def gathered(latencies: Iterable[Latency]) -> tuple[Latency, ...]:
    """Equal ones together, to two digits, down and up: enough for a percentile, and few enough for a line."""
    counts: dict[tuple[int, int | None], int] = {}
    for one in latencies:
        rough = (_rough(one.least), None if one.most is None else _rough(one.most, up=True))
        counts[rough] = counts.get(rough, 0) + one.count
    order = sorted(counts, key=lambda pair: (pair[0], pair[1] is None, pair[1] or 0))
    return tuple(Latency(*pair, counts[pair]) for pair in order)


def _rough(seconds: int, *, up: bool = False) -> int:
    step: int = 10 ** max(len(str(seconds)) - 2, 0)
    return -(-seconds // step) * step if up else seconds // step * step


def percentile(latencies: Iterable[Latency], percent: int = 99) -> Latency | None:
    """Between what and what the percentile is (nearest rank), of how many rows; None where there are none."""
    known = list(latencies)
    whole = sum(one.count for one in known)
    if not whole:
        return None
    rank = -(-whole * percent // 100)
    least = _at([(one.least, one.count) for one in known], rank)
    most = _at([(float("inf") if one.most is None else one.most, one.count) for one in known], rank)
    return Latency(int(least), None if most == float("inf") else int(most), whole)


def _at(values: Iterable[tuple[float, int]], rank: int) -> float:
    passed = 0
    for value, count in sorted(values):
        passed += count
        if passed >= rank:
            return value
    return 0.0
