"""Logs with one JSON object per line.

Writers put the keys of every line in the same order. An expression made of the first line reads all lines that look
like it, thousands at once; the others are parsed one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.traffic.json_layout import layout, value_at
from retailctl.inventory.traffic.json_words import Words
from retailctl.inventory.traffic.tally import Columns

_STATUS_PAGE: Final = frozenset({"nginx_version", "server_zones"})
_MATCHED: Final = b"\x01=\n"
_TEXTS: Final = 8_192
_CUT: Final = re.compile(r"[ ?#;]")
_CLF: Final = re.compile(r"\[?(\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d)")
_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")
_PORT: Final = re.compile(r"^(?:\[([0-9A-Fa-f:.]+)\]|([^:]*)):\d+$")

# How the host of a line is told: (host, service host, service name) -> one of them.
Choose = Callable[[str, str, str], str]


class JsonLines:
    """Rows of one file. ``words`` tell which keys mean what; ``sample`` are its first lines."""

    def __init__(self, words: Words, sample: Sequence[str], choose: Choose | None = None) -> None:
        self._words, self._choose = words, choose
        self._minutes: dict[str, bytes] = {}
        found = next((one for line in sample if (one := _object(line)) is not None and _is_call(one, words)), None)
        self._names = {} if found is None else _names(found, words)
        first = next((line for line in sample if _object(line) is found or _object(line) == found), "")
        wanted = {name: column for column, name in self._names.items()}
        self._layout = layout(first, wanted) if found is not None else None

    def columns(self, block: bytes, first: int) -> tuple[Columns | None, Sequence[int], list[int]]:
        """The rows of a block by column, the numbers of their lines, and those of lines that are none."""
        rows: list[tuple[bytes, ...]] = []
        numbers: list[int] = []
        odd: list[int] = []
        lines = block.split(b"\n")[:-1]
        if self._layout is not None:
            pattern, order = self._layout
            found = pattern.findall(block)
            rows = [self._row({name: part.decode("utf-8", "replace") for name, part in zip(order, parts, strict=True)}) for parts in found]  # fmt: skip  # noqa: E501
            if len(rows) == len(lines):
                return _columns(rows), range(first, first + len(lines)), []
            lines = pattern.sub(_MATCHED, block).split(b"\n")[:-1]
        more: list[tuple[bytes, ...]] = []
        more_numbers: list[int] = []
        for number, line in enumerate(lines, first):
            if line == b"\x01=":
                numbers.append(number)
                continue
            if not line.strip():
                continue
            record = _object(line.decode("utf-8", "replace"))
            if record is None or not _is_call(record, self._words):
                odd.append(number)
                continue
            names = self._names if _fits(record, self._names) else _names(record, self._words)
            more.append(self._row({column: _text(value_at(record, name)) for column, name in names.items()}))
            more_numbers.append(number)
        rows += more
        return (_columns(rows) if rows else None), numbers + more_numbers, odd

    def _row(self, parts: dict[str, str]) -> tuple[bytes, ...]:
        line = parts.get("line", "")
        method, path = parts.get("method", ""), parts.get("path", "")
        if not method and line:
            method, _, path = line.partition(" ")
        host = parts.get("host", "")
        if self._choose is not None:
            host = self._choose(host, parts.get("server", ""), parts.get("service", ""))
            if host and host in (parts.get("server"), parts.get("service")):
                path = parts.get("upstream") or path
        if "://" in path[:12]:
            address = path.partition("://")[2]
            host = host or address.partition("/")[0].rpartition("@")[2]
        client = parts.get("client", "").partition(",")[0].strip()
        if (port := _PORT.match(client)) is not None:
            client = port[1] or port[2]
        who = f"{client.replace(' ', '') or '-'} - {parts.get('user') or '-'}"
        return (
            _bytes(f"{method.upper()} {_CUT.split(path, maxsplit=1)[0]}"),
            _bytes(who),
            _bytes(parts.get("agent", "")),
            self._minute(parts.get("time", "")),
            _bytes(parts.get("status", "")[:3]),
            _bytes(host.lower()),
        )

    def _minute(self, text: str) -> bytes:
        """A time cut behind the minute. Numbers are seconds, milliseconds or more since 1970."""
        key = text[:17] if not text[:5].isdigit() else text[:8]
        found = self._minutes.get(key) if not key.isdigit() else None
        if found is None:
            found = _bytes(_minute(text))
            if len(self._minutes) > _TEXTS:
                self._minutes.clear()
            self._minutes[key] = found
        return found


def _minute(text: str) -> str:
    common = _CLF.match(text)
    if common is not None:
        return common[1]
    iso = _ISO.match(text)
    if iso is not None:
        return f"{iso[1]}T{iso[2]}"
    try:
        seconds = float(text)
        while seconds > 1e11:
            seconds /= 1000
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M")
    except (ValueError, OverflowError, OSError):
        return ""


def _columns(rows: list[tuple[bytes, ...]]) -> Columns:
    requests, clients, agents, minutes, statuses, hosts = zip(*rows, strict=True)
    return Columns(requests, clients, agents, minutes, statuses, hosts)


def _bytes(text: str) -> bytes:
    return text.replace("\n", " ").encode("utf-8", "replace")


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if value is None or isinstance(value, dict):
        return ""
    return str(value) if not isinstance(value, bool) else ""


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _names(record: dict[str, Any], words: Words) -> dict[str, str]:
    """Column -> the name that this record has for it."""
    found: dict[str, str] = {}
    for column, names in words.items():
        name = next((name for name in names if _text(value_at(record, name)) != ""), None)
        if name is not None:
            found[column] = name
    return found


def _fits(record: dict[str, Any], names: dict[str, str]) -> bool:
    return all(value_at(record, name) is not None for name in names.values())


def _is_call(record: dict[str, Any], words: Words) -> bool:
    """A method and a path, or a request line; a status or a time beside it."""
    names = _names(record, words)
    line = _text(value_at(record, names["line"])) if "line" in names else ""
    whole = "method" in names and "path" in names
    return (whole or line.partition(" ")[2].startswith(("/", "http", "*"))) and bool(names.keys() & {"status", "time"})


def share_of_objects(lines: Sequence[str], words: Words) -> float:
    """Which part of the lines are calls."""
    records = [_object(line) for line in lines]
    return sum(1 for record in records if record is not None and _is_call(record, words)) / max(1, len(lines))


def is_status(line: str) -> bool:
    """Is it a snapshot of the counters of nginx Plus? Those are JSON lines too."""
    record = _object(line)
    return record is not None and (record.keys() >= _STATUS_PAGE or {"server_zones", "upstreams"} <= record.keys())


def refused_status(artefact: Artefact) -> InputError:
    """Why a file of status snapshots is not read."""
    return artefact.error(
        "INP001",
        "is a status snapshot of nginx Plus (counters per zone), not an access log: it names no request",
        1,
        hint="scan the file that access_log writes",
    )
