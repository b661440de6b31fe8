"""Logs with one JSON object per line.

Writers put the keys of every line in the same order. An expression made of the first line reads all lines that look
like it, thousands at once; the others are parsed one by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
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
        self._minutes: dict[int, bytes] = {}
        self._texts: dict[bytes, bytes] = {}
        self._chosen: dict[tuple[bytes, bytes, bytes], tuple[bytes, bool]] = {}
        first = next(
            ((line, one) for line in sample if (one := _object(line)) is not None and _is_call(one, words)), None
        )
        self._names = {} if first is None else _names(first[1], words)
        self._layout = None
        if first is not None and _is_plain({name: _text(value_at(first[1], of)) for name, of in self._names.items()}):
            self._layout = layout(first[0], {name: column for column, name in self._names.items()})

    def columns(self, block: bytes, first: int) -> tuple[Columns | None, Sequence[int], list[int]]:
        """The rows of a block by column, the numbers of their lines, and those of lines that are none."""
        rows: list[tuple[bytes, ...]] = []
        numbers: list[int] = []
        odd: list[int] = []
        size = block.count(b"\n")
        lines: list[bytes] | None = None
        if self._layout is not None:
            pattern, order = self._layout
            found = pattern.findall(block)
            if len(found) == size:
                return self._transposed(found, order), range(first, first + size), []
            if found:
                rows = list(self._rows(self._transposed(found, order)))
                lines = pattern.sub(_MATCHED, block).split(b"\n")[:-1]
        more: list[tuple[bytes, ...]] = []
        more_numbers: list[int] = []
        for number, line in enumerate(block.split(b"\n")[:-1] if lines is None else lines, first):
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

    def _transposed(self, found: list[tuple[bytes, ...]], order: tuple[str, ...]) -> Columns:
        """Rows that the expression found, as columns: what ``_row`` does, for thousands at once."""
        parts: dict[str, Sequence[bytes]] = dict(zip(order, zip(*found, strict=True), strict=True))
        nothing = (b"",) * len(found)
        hosts = parts.get("host", nothing)
        paths = parts.get("path", nothing)
        if self._choose is not None:
            triples = zip(hosts, parts.get("server", nothing), parts.get("service", nothing), strict=True)
            chosen = [self._choice(*triple) for triple in triples]
            hosts = [host for host, _ in chosen]
            behind = parts.get("upstream", nothing)
            rows = zip(chosen, paths, behind, strict=True)
            paths = [other if inside and other else path for (_, inside), path, other in rows]
        requests = parts.get("line")
        if "method" in parts:
            requests = list(map(b" ".join, zip(parts["method"], paths, strict=True)))
        users, clients = parts.get("user"), parts.get("client", nothing)
        return Columns(
            requests or nothing,
            [client + b" - -" for client in clients]
            if users is None
            else list(map(b" - ".join, zip(clients, users, strict=True))),
            parts.get("agent", nothing),
            list(map(self._minute_of, parts.get("time", nothing))),
            parts.get("status", nothing),
            hosts,
        )

    def _rows(self, columns: Columns) -> Iterator[tuple[bytes, ...]]:
        hosts = columns.hosts or (b"",) * len(columns.requests)
        return zip(
            columns.requests, columns.clients, columns.agents, columns.minutes, columns.statuses, hosts, strict=True
        )

    def _choice(self, host: bytes, server: bytes, service: bytes) -> tuple[bytes, bool]:
        """The provider, and whether it is what lies behind the gateway."""
        known = self._chosen.get((host, server, service))
        if known is None and self._choose is not None:
            name = _bytes(self._choose(*(part.decode("utf-8", "replace") for part in (host, server, service))))
            known = self._chosen[host, server, service] = (name, name in (server, service) and name != b"")
            if len(self._chosen) > _TEXTS:
                self._chosen.clear()
        return known or (host, False)

    def _row(self, parts: dict[str, str]) -> tuple[bytes, ...]:
        line = parts.get("line", "")
        method, path = parts.get("method", ""), parts.get("path", "")
        if not method and line:
            method, _, path = line.partition(" ")
        host = parts.get("host", "")
        if self._choose is not None:
            name, inside = self._choice(*(_bytes(parts.get(part, "")) for part in ("host", "server", "service")))
            host, path = name.decode("utf-8", "replace"), (parts.get("upstream") or path) if inside else path
        if "://" in path[:12]:
            address = path.partition("://")[2]
            host = host or re.split(r"[/?#]", address, maxsplit=1)[0].rpartition("@")[2]
        client = parts.get("client", "").partition(",")[0].strip()
        if (port := _PORT.match(client)) is not None:
            client = port[1] or port[2]
        who = f"{client.replace(' ', '') or '-'} - {parts.get('user') or '-'}"
        return (
            _bytes(f"{method.upper()} {_CUT.split(path, maxsplit=1)[0]}"),
            _bytes(who),
            _bytes(parts.get("agent", "")),
            self._minute_of(_bytes(parts.get("time", ""))),
            _bytes(parts.get("status", "")[:3]),
            _bytes(host.replace(" ", "")),
        )

    def _minute_of(self, raw: bytes) -> bytes:
        """A time cut behind the minute. Numbers are seconds, milliseconds or more since 1970."""
        known = self._texts.get(raw[:17])
        if known is not None:
            return known
        if raw[:9].isdigit():
            return self._minute_of_number(raw)
        if len(self._texts) > _TEXTS:
            self._texts.clear()
        known = self._texts[raw[:17]] = self._minute_of_text(raw)
        return known

    @staticmethod
    def _minute_of_text(raw: bytes) -> bytes:
        text = raw[:18].decode("ascii", "replace")
        common = _CLF.match(text)
        iso = _ISO.match(text) if common is None else None
        return common[1].encode() if common is not None else f"{iso[1]}T{iso[2]}".encode() if iso is not None else b""

    def _minute_of_number(self, raw: bytes) -> bytes:
        try:
            seconds = float(raw)
            while seconds > 1e11:
                seconds /= 1000
            minute = int(seconds) // 60
            known = self._minutes.get(minute)
            if known is None:
                if len(self._minutes) > _TEXTS:
                    self._minutes.clear()
                known = datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%M").encode()
                self._minutes[minute] = known
        except (ValueError, OverflowError, OSError):
            return b""
        return known


def _is_plain(values: dict[str, str]) -> bool:
    """Are the parts of a call what they are called? Then an expression may take them as they stand."""
    method = values.get("method", "")
    address = values.get("path", "") or values.get("line", "").partition(" ")[2]
    return (
        method == method.upper()
        and "://" not in address
        and "," not in values.get("client", "")
        and _PORT.match(values.get("client", "")) is None
        and " " not in values.get("host", "")
    )


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
