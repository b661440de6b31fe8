"""JSON objects of a log: which of them is a call, and under which names its parts stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.traffic.json_layout import value_at
from retailctl.inventory.traffic.json_words import Words

_STATUS_PAGE: Final = frozenset({"nginx_version", "server_zones"})


def text_of(value: Any) -> str:
    """A value as text; of a list the first one, empty for what is no text and no number."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if value is None or isinstance(value, dict):
        return ""
    return str(value) if not isinstance(value, bool) else ""


def object_of(line: str) -> dict[str, Any] | None:
    """The object of a line; None for anything else. Never raises."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def words_of(record: dict[str, Any], words: Words) -> dict[str, str]:
    """Column -> the name that this record has for it."""
    found: dict[str, str] = {}
    for column, names in words.items():
        name = next((name for name in names if text_of(value_at(record, name)) != ""), None)
        if name is not None:
            found[column] = name
    return found


def fits(record: dict[str, Any], names: dict[str, str]) -> bool:
    """Does a record have all these names?"""
    return all(value_at(record, name) is not None for name in names.values())


def is_call(record: dict[str, Any], words: Words) -> bool:
    """A method and a path, or a request line; a status or a time beside it."""
    names = words_of(record, words)
    line = text_of(value_at(record, names["line"])) if "line" in names else ""
    whole = "method" in names and "path" in names
    return (whole or line.partition(" ")[2].startswith(("/", "http", "*"))) and bool(names.keys() & {"status", "time"})


def share_of_objects(lines: Sequence[str], words: Words) -> float:
    """Which part of the lines are calls."""
    records = [object_of(line) for line in lines]
    return sum(1 for record in records if record is not None and is_call(record, words)) / max(1, len(lines))


def is_status(line: str) -> bool:
    """Is it a snapshot of the counters of nginx Plus? Those are JSON lines too."""
    record = object_of(line)
    return record is not None and (record.keys() >= _STATUS_PAGE or {"server_zones", "upstreams"} <= record.keys())


def refused_status(artefact: Artefact) -> InputError:
    """Why a file of status snapshots is not read."""
    return artefact.error(
        "INP001",
        "is a status snapshot of nginx Plus (counters per zone), not an access log: it names no request",
        1,
        hint="scan the file that access_log writes",
    )
