"""Tally: counts of a log of any length in bounded memory.

Nothing is done per line in Python: a block of lines comes as columns, counters written in C join equal rows, and only
what differs is looked at. Four bounds keep the memory flat (paths remembered, uses, clients, minutes). Up to a bound
the result does not depend on the order of lines; beyond it, what was met first decides which names are learned and
which rare clients are still told apart. Totals are exact in any case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.traffic.agents import family
from retailctl.inventory.traffic.days import ordinal
from retailctl.inventory.traffic.learned import Learned, Served, learn
from retailctl.inventory.traffic.routes import READ, Routes, Special
from retailctl.inventory.traffic.uses import Consumer, Use

_PATHS: Final = 32_768  # remembered ways from a path to its use
_USES: Final = 4_096
_ROWS: Final = 8_192  # different rows counted before they are added up
_CLIENTS: Final = 32_768  # over all uses
_MOST: Final = 2_048  # of one use, once there are too many
_MINUTES: Final = 8_192  # over all uses
_TEXTS: Final = 8_192  # remembered agents, and remembered minutes
SHOWN: Final = 20  # clients without a name that a use keeps in the end
_CALLS: Final = frozenset({"path", "known", "call"})
_ABSENT: Final = frozenset({b"404", b"405", b"501"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Some lines of a log by column. ``requests`` are ``METHOD path`` without query, ``clients`` ``address ident user``
    with ``-`` for what is not known, ``minutes`` times cut behind the minute; without ``hosts`` there is one server.
    """

    requests: Sequence[bytes]
    clients: Sequence[bytes]
    agents: Sequence[bytes]
    minutes: Sequence[bytes]
    statuses: Sequence[bytes]
    hosts: Sequence[bytes] | None = None


class Tally:
    """``uses`` in order of their first line; read them after ``finish``."""

    def __init__(
        self, known: PathTemplates, system: str, special: Special | None = None, *, labelled: bool = False
    ) -> None:
        self.uses: list[Use] = []
        self._routes = Routes(known, system, special, labelled=labelled)
        self._numbers: dict[tuple[bytes, str, tuple[str, ...], str, str], int] = {}
        self._paths: dict[bytes, int] = {}
        self._days: dict[bytes, int] = {}
        self._families: dict[bytes, str] = {}
        self._answers: Counter[tuple[int, bytes, bytes]] = Counter()
        self._calls: Counter[tuple[int, bytes, int]] = Counter()
        self._agents: Counter[tuple[int, bytes]] = Counter()

    def add(self, columns: Columns, lines: Iterable[int]) -> None:
        """Count some lines; ``lines`` are their numbers."""
        keys = self._routes.shorten(columns.hosts, columns.requests)
        numbers: list[int | None] = list(map(self._paths.get, keys))
        if None in numbers:
            numbers = [
                self._number(key) if number is None else number for key, number in zip(keys, numbers, strict=True)
            ]
        found: list[int] = numbers  # type: ignore[assignment]
        met = {self._day(minute) for minute in set(columns.minutes)}
        days = repeat(*met) if len(met) == 1 else map(self._days.__getitem__, columns.minutes)
        self._answers.update(zip(found, columns.statuses, columns.minutes, strict=True))
        self._calls.update(zip(found, columns.clients, days, strict=False))
        self._agents.update(zip(found, columns.agents, strict=True))
        for number, line in dict(zip(found, lines, strict=False)).items():
            self.uses[number].line = max(self.uses[number].line, line)
        self._bound()

    def finish(self) -> None:
        """Learn the templates and keep what is reported. Call it once, at the end."""
        self._learn(1)
        for use in self.uses:
            use.fold_minutes()

    def _number(self, key: bytes) -> int:
        number = self._paths.get(key)  # the same path may stand in a block more than once
        if number is None:
            number = self._paths[key] = self._place(self._routes.use(key))
        return number

    def _day(self, minute: bytes) -> int:
        day = self._days.get(minute)
        if day is None:
            day = self._days[minute] = ordinal(minute)
        return day

    def _place(self, use: Use) -> int:
        identity = (use.host, use.method, use.segments, use.template, use.kind)
        number = self._numbers.get(identity)
        if number is None:
            number = self._numbers[identity] = len(self.uses)
            self.uses.append(use)
        else:
            self.uses[number].take(use)
        return number

    def _fold(self) -> None:
        """From the counters to the uses."""
        self._fold_answers()
        self._fold_agents()
        self._fold_calls()

    def _fold_answers(self) -> None:
        latest = b""
        for (number, status, minute), count in self._answers.items():
            use = self.uses[number]
            use.count += count
            if status[:1] == b"4":
                use.refused += count
                use.absent += count if status in _ABSENT else 0
            elif status[:1] == b"5":
                use.errors += count
            use.seen_on(self._day(minute))
            use.minutes[minute] = use.minutes.get(minute, 0) + count
            latest = minute
        self._answers.clear()
        if sum(len(use.minutes) for use in self.uses) > _MINUTES:
            for use in self.uses:
                use.fold_minutes(latest)

    def _fold_agents(self) -> None:
        for (number, agent), count in self._agents.items():
            use = self.uses[number]
            name = self._families.get(agent)
            if name is None:
                name = self._families[agent] = family(agent)
            if name and use.kind in _CALLS:
                use.use_agent(name, count)
        self._agents.clear()

    def _fold_calls(self) -> None:
        for (number, client, day), count in self._calls.items():
            use = self.uses[number]
            if use.kind in _CALLS:
                consumer = use.consumers.get(client)
                if consumer is None:
                    consumer = use.consumers[client] = Consumer()
                consumer.add(count, day, day)
        self._calls.clear()
        self._bound_clients()

    def _bound(self) -> None:
        if len(self._answers) > _ROWS:
            self._fold_answers()
        if len(self._agents) > _ROWS:
            self._fold_agents()
        if len(self._calls) > _CLIENTS:
            self._fold_calls()
        if len(self._days) > _TEXTS:
            self._days.clear()
        if len(self._families) > _TEXTS:
            self._families.clear()
        if len(self.uses) > _USES:
            self._bound_uses()
        elif len(self._paths) > _PATHS:
            self._paths.clear()

    def _bound_clients(self) -> None:
        most = _CLIENTS
        while sum(len(use.consumers) for use in self.uses) > _CLIENTS:
            most = min(most // 2, _MOST)
            for use in self.uses:
                use.keep_most(most)

    def _bound_uses(self) -> None:
        """Learn early; then, if need be, with stricter limits until half of the room is free.

        Scanners ask for thousands of paths that are not there: those go first, and only their number is kept.
        """
        self._fold()
        for use in self.uses:
            if use.kind == "path" and not use.served:
                use.kind, use.segments = "absent", ()
        strict = 1
        while len(self.uses) > _USES // 2 and strict < 512:
            self._learn(strict)
            strict *= 2
        if len(self.uses) > _USES // 2:
            self._drop()

    def _learn(self, strict: int) -> None:
        self._fold()
        hosts: dict[bytes, dict[tuple[str, ...], Served]] = {}
        for use in self.uses:
            if use.kind == "path" and use.served:
                paths = hosts.setdefault(use.host, {})
                known = paths.get(use.segments)
                written = use.method not in READ or (known is not None and known.written)
                paths[use.segments] = Served(use.segments, use.served + (known.count if known else 0), written)
        crowded = self._routes.crowded
        learned: dict[bytes, Learned] = {}
        for host, paths in hosts.items():
            before = {place: kept for (of, place), kept in crowded.items() if of == host}
            learned[host] = learn(paths.values(), before, strict=strict)
        for host, result in learned.items():
            crowded.update({(host, place): kept for place, kept in result.crowded.items()})
        self._renumber(learned)

    def _renumber(self, learned: dict[bytes, Learned]) -> None:
        before, self.uses, self._numbers = self.uses, [], {}
        self._paths.clear()
        for use in before:
            if use.kind == "path":
                host = learned.get(use.host)
                become = host.become.get(use.segments) if host is not None else None
                use.segments = become if become is not None else self._routes.again(use.host, use.segments)
            self._place(use)

    def _drop(self) -> None:
        """Too many hosts or methods to tell apart: what was called least is counted as no request."""
        self._fold()
        before, self.uses, self._numbers = self.uses, [], {}
        self._paths.clear()
        ranked = sorted(range(len(before)), key=lambda n: (-before[n].served, n))
        kept = set(ranked[: _USES // 4])
        for number, use in enumerate(before):
            if number not in kept:
                use.host, use.method, use.segments, use.template, use.kind = b"", "", (), "", "nothing"
                use.consumers, use.agents = {}, {}
            self._place(use)
