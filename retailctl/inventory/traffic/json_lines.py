"""Logs with one JSON object per line.

Writers put the keys of every line in the same order. An expression made of the first line reads all lines that look
like it, thousands at once; the others are parsed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from retailctl.inventory.traffic.days import Minutes
from retailctl.inventory.traffic.json_layout import layout, value_at
from retailctl.inventory.traffic.json_records import fits, is_call, object_of, text_of, words_of
from retailctl.inventory.traffic.json_words import Words
from retailctl.inventory.traffic.tally import Columns

_MATCHED: Final = b"\x01=\n"
_TEXTS: Final = 8_192
_CUT: Final = re.compile(r"[ ?#;]")
_PORT: Final = re.compile(r"^(?:\[([0-9A-Fa-f:.]+)\]|([^:]*)):\d+$")

# How the host of a line is told: (host, service host, service name) -> one of them.
Choose = Callable[[str, str, str], str]


class JsonLines:
    """Rows of one file. ``words`` tell which keys mean what; ``sample`` are its first lines."""

    def __init__(self, words: Words, sample: Sequence[str], choose: Choose | None = None) -> None:
        self._words, self._choose = words, choose
        self._minutes = Minutes()
        self._chosen: dict[tuple[bytes, bytes, bytes], tuple[bytes, bool]] = {}
        first = next(
            ((line, one) for line in sample if (one := object_of(line)) is not None and is_call(one, words)), None
        )
        self._names = {} if first is None else words_of(first[1], words)
        self._layout = None
        if first is not None and _is_plain({name: text_of(value_at(first[1], of)) for name, of in self._names.items()}):
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
            record = object_of(line.decode("utf-8", "replace"))
            if record is None or not is_call(record, self._words):
                odd.append(number)
                continue
            names = self._names if fits(record, self._names) else words_of(record, self._words)
            more.append(self._row({column: text_of(value_at(record, name)) for column, name in names.items()}))
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
            list(map(self._minutes.of, parts.get("time", nothing))),
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
            self._minutes.of(_bytes(parts.get("time", ""))),
            _bytes(parts.get("status", "")[:3]),
            _bytes(host.replace(" ", "")),
        )


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
