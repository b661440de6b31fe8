"""Words of registers in the vocabulary of an inventory. What no table knows stays as it is written: it is evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, get_args

from retailctl.inventory.registers import vocabulary
from retailctl.inventory.registers.headers import normal
from retailctl.model.durations import interval_minutes, seconds
from retailctl.model.fields import Criticality, Direction, Disposition, Latency, Lifecycle, Mode, Pattern

DOUBT: Final = re.compile(r"\?+\s*\)?\s*$")
_NUMBER: Final = re.compile(r"^\D{0,10}?(\d[\d.,' \u00a0]{0,20})\s*(k|m)?\b(.{0,60})$", re.IGNORECASE)
_CRON: Final = re.compile(r"^@\w+$|^(?:[\d*][\d*/,-]*\s+){2}(?:[\d*/,\-a-zA-Z?]+\s+){2}[\d*/,\-a-zA-Z?]+$")

_TABLES: Final[Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]]] = {
    "lifecycle": (vocabulary.LIFECYCLE, get_args(Lifecycle)),
    "classification.criticality": (vocabulary.CRITICALITY, get_args(Criticality)),
    "mode": (vocabulary.MODE, get_args(Mode)),
    "disposition": (vocabulary.DISPOSITION, get_args(Disposition)),
    "direction": (vocabulary.DIRECTION, get_args(Direction)),
    "classification.latency": (vocabulary.LATENCY, get_args(Latency)),
    "pattern": ({}, get_args(Pattern)),
}
_UNITS: Final = {
    "s": "s", "sec": "s", "sek": "s", "min": "m", "h": "h", "hr": "h", "hrs": "h", "hou": "h", "stu": "h", "uur": "h",
    "ure": "h", "heu": "h", "d": "d", "day": "d", "tag": "d", "dag": "d", "jou": "d",
}  # fmt: skip
_MINUTES: Final = re.compile(
    r"^(?:every|alle|elke|toutes les|chaque|each)?\s*(\d{1,4})\s*"
    r"(s|sec|seconds?|sekunden|min|mins|minutes?|minuten|h|hrs?|hours?|stunden|uur|uren|heures?|d|days?|tage|dagen|jours?)$"
)


def word(field: str, text: str) -> str | None:
    """The value of a vocabulary that a cell means; None when no table knows it. ``retired?`` is doubt, and retired."""
    phrases, values = _TABLES[field]
    text = DOUBT.sub("", text)
    # "active (since 2020)", "A - business stops": what comes first is the word, the rest explains it.
    for part in (text, re.split(r"[(:;/,]| - | \u2013 ", text, maxsplit=1)[0]):
        plain = normal(part)
        if not plain:
            continue
        same = next((value for value in values if normal(value) == plain), None)
        if same is not None or plain in phrases:
            return same or phrases[plain]
    return None


def protocol_of(text: str) -> tuple[str, str] | None:
    """(protocol, pattern) of a technology; None for one that no table knows. The pattern may be empty."""
    for part in (text, *re.split(r"[/,;+(]| via | over | - ", text)):
        found = vocabulary.PROTOCOL.get(normal(part))
        if found is not None:
            protocol, _, pattern = found.partition(" ")
            return protocol, pattern
    return None


def schedule_of(text: str) -> str | None:
    """A cron expression as it is, or an interval such as ``15m`` and ``1d``; None for other words."""
    text = text.strip()
    if _CRON.match(text) and interval_minutes(text) is not None:
        return text
    if seconds(text) is not None:
        return text
    plain = normal(text)
    known = vocabulary.INTERVAL.get(plain)
    if known is not None:
        return known
    found = _MINUTES.match(plain)
    return f"{int(found[1])}{_UNITS[found[2][:3]]}" if found is not None else None


def per_day(text: str, header: str) -> int | None:
    """Messages on a day, where cell or header says that it counts a day (or an hour, a week, a month, a year)."""
    found = _NUMBER.match(text.strip())
    if found is None:
        return None
    digits = re.sub(r"[ '\u00a0]", "", found[1]).rstrip(".,")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    digits = digits.replace(",", ".")
    if not re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", digits):
        return None
    number = float(digits) * {"k": 1e3, "m": 1e6}.get((found[2] or "").lower(), 1)
    unit = _unit_in(normal(found[3])) or _unit_in(normal(header))
    factor = {"hour": 24.0, "day": 1.0, "week": 1 / 7, "month": 1 / 30, "year": 1 / 365}.get(unit or "")
    return round(number * factor) if factor is not None else None


def _unit_in(text: str) -> str | None:
    words = {
        "hour": ("hour", "hourly", "stunde", "uur", "heure", "h"),
        "day": ("day", "daily", "tag", "dag", "jour", "d"),
        "week": ("week", "weekly", "woche", "semaine"),
        "month": ("month", "monthly", "monat", "maand", "mois"),
        "year": ("year", "yearly", "jahr", "jaar", "an"),
    }
    present = set(text.split())
    return next((unit for unit, spelled in words.items() if present & set(spelled)), None)
