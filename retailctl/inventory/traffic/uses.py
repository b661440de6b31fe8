"""Use: what is known of the calls of one method on one path template of one host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

UseKind = Literal["path", "known", "call", "static", "preflight", "absent", "nothing"]
_FAMILIES: Final = 32
UNKNOWN_DAY: Final = 0


@dataclass(slots=True)
class Consumer:
    """Calls of one client, and its first and last day as ordinals (0: the lines say none)."""

    count: int = 0
    first: int = UNKNOWN_DAY
    last: int = UNKNOWN_DAY

    def add(self, count: int, first: int, last: int) -> None:
        """More calls of the same client."""
        self.count += count
        self.first = min(self.first, first) if self.first and first else self.first or first
        self.last = max(self.last, last)


@dataclass(slots=True)
class Use:
    """``kind``: ``known`` is a template that was known before, ``path`` one made of the paths of the log, ``call`` a
    name that is no path (model and method), ``static`` a
    part of a page, ``preflight`` a question of a browser before the call, ``absent`` paths that are not there,
    ``nothing`` lines without a request.

    ``errors`` are answers of 500 and above, ``refused`` those of 400 to 499, ``absent`` those of them that say that
    there is no such path or method. ``consumers`` are by client as the log has it, ``agents`` calls by family of
    software, ``minutes`` calls per minute not yet folded into ``peak``, ``labels`` databases.
    """

    host: bytes
    method: str
    segments: tuple[str, ...]
    kind: UseKind
    template: str = ""
    count: int = 0
    errors: int = 0
    refused: int = 0
    absent: int = 0
    first: int = UNKNOWN_DAY
    last: int = UNKNOWN_DAY
    line: int = 0
    peak: int = 0
    folded: int = 0
    minutes: dict[bytes, int] = field(default_factory=dict)
    agents: dict[str, int] = field(default_factory=dict)
    consumers: dict[bytes, Consumer] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)

    @property
    def served(self) -> int:
        """Calls that were not answered with "there is no such thing"."""
        return self.count - self.absent

    @property
    def is_offered(self) -> bool:
        """Is there reason to believe that the host offers this?"""
        return self.kind == "known" or (self.kind in ("path", "call") and self.served > 0)

    def seen_on(self, day: int) -> None:
        """Calls on a day, as an ordinal; 0 is no day."""
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)

    def use_agent(self, family: str, count: int) -> None:
        """Calls by a family of software; beyond 32 families they are ``other``."""
        if family not in self.agents and len(self.agents) >= _FAMILIES:
            family = "other"
        self.agents[family] = self.agents.get(family, 0) + count

    def fold_minutes(self, but: bytes = b"") -> None:
        """Keep the busiest minute only, and the counts of one that may not be over."""
        if self.minutes:
            self.peak = max(self.peak, *self.minutes.values())
            self.minutes = {but: self.minutes[but]} if but in self.minutes else {}

    def take(self, other: Use) -> None:
        """The calls of another use, as if they had been of this one."""
        self.count += other.count
        self.errors += other.errors
        self.refused += other.refused
        self.absent += other.absent
        self.seen_on(other.first)
        self.seen_on(other.last)
        self.line = max(self.line, other.line)
        self.peak = max(self.peak, other.peak)
        self.folded += other.folded
        self.labels |= other.labels
        for minute, count in other.minutes.items():
            self.minutes[minute] = self.minutes.get(minute, 0) + count
        for family, count in sorted(other.agents.items()):
            self.use_agent(family, count)
        for who, consumer in other.consumers.items():
            self.consumers.setdefault(who, Consumer()).add(consumer.count, consumer.first, consumer.last)

    def keep_most(self, number: int) -> None:
        """Forget all consumers but those with most calls; the calls of the others stay in ``folded``."""
        if len(self.consumers) > number:
            ranked = sorted(self.consumers.items(), key=lambda item: (-item[1].count, item[0]))
            self.folded += sum(consumer.count for _, consumer in ranked[number:])
            self.consumers = dict(ranked[:number])
