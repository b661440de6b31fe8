"""The ledger of pending rows as a key of a line of history: plain values out, and checked ones in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from retailctl.parallel.columns import SIDES, Side
from retailctl.parallel.judgement.lateness import Horizon
from retailctl.parallel.judgement.ledger import OTHER, Entry, Latency, Ledger, More

_KEY: Final = re.compile(r"[0-9a-f]{16}\Z")
_LISTS: Final = ("pending", "expired", "unknown")


def plain(ledger: Ledger, late: Horizon) -> dict[str, Any]:
    """What JSON can hold: rows by side and event time; what is empty is left out."""
    told: dict[str, Any] = {
        "form": ledger.form,
        "marks": {side: mark.isoformat() for side, mark in sorted(late.watermarks.items()) if mark is not None},
        **{name: _listed(getattr(ledger, name)) for name in _LISTS},
        "more": {side: [one.count, one.oldest.isoformat()] for side, one in sorted(ledger.more.items())},
        "lost": dict(sorted(ledger.lost.items())),
        "arrived": [[one.least, one.most, one.count] for one in ledger.arrived],
    }
    return {name: value for name, value in told.items() if value}


def _listed(entries: Iterable[Entry]) -> dict[str, dict[str, list[str]]]:
    told: dict[str, dict[str, list[str]]] = {}
    for entry in sorted(entries, key=lambda one: (one.side, one.at, one.key)):
        told.setdefault(entry.side, {}).setdefault(entry.at.isoformat(), []).append(entry.key)
    return told


def read(given: Any) -> Ledger | None:
    """The ledger of a line; None for a line without one. Raises ValueError for what is none."""
    if given is None:
        return None
    try:
        marks = {side: _moment(text) for side, text in given.get("marks", {}).items()}
        lists = {name: tuple(_entries(given.get(name, {}), marks)) for name in _LISTS}
        more = {
            _side(side): More(_count(count), _moment(oldest)) for side, (count, oldest) in given.get("more", {}).items()
        }
        lost = {_side(side): _count(count) for side, count in given.get("lost", {}).items()}
        arrived = tuple(
            Latency(_count(least), None if most is None else _count(most), _count(count))
            for least, most, count in given.get("arrived", ())
        )
        return Ledger(str(given["form"]), more=more, lost=lost, arrived=arrived, **lists)
    except (AttributeError, KeyError, TypeError, OverflowError) as error:
        raise ValueError("no ledger") from error


def _entries(given: Mapping[str, Mapping[str, list[str]]], marks: Mapping[str, datetime]) -> Iterable[Entry]:
    for side, times in given.items():
        here = _side(side)
        for at, keys in times.items():
            moment = _moment(at)
            for key in keys:
                if not _KEY.match(key):
                    raise ValueError("no pseudonym")
                yield Entry(here, key, moment, marks.get(OTHER[here]))


def _side(text: str) -> Side:
    return SIDES[SIDES.index(text)]


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError("times of a ledger are UTC without zone")
    return found


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("no count")
    return value
