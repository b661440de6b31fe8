"""Step d: pairs that look alike. A suggestion for a person, never a merge (estate.md section 3)."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, NamedTuple

from retailctl.inventory.identity.groups import Group, Grouped
from retailctl.model.estate import Estate

_ENOUGH: Final = 0.72
_MOST: Final = 200  # nobody reads more in one sitting, and the next scan brings the rest
_COMPARISONS: Final = 200_000
_WORDS: Final = re.compile(r"[a-z0-9]+")
_IDLE: Final = frozenset({"if", "api", "the", "to", "from", "of", "in", "out", "for", "and", "v1", "v2", "interface"})


class Suggestion(NamedTuple):
    """``observed`` may be the same as ``same_as``; ``why`` is for the person who decides."""

    observed: str
    same_as: str
    confidence: float
    why: str


def suggest(grouped: Grouped, estate: Estate, settled: frozenset[tuple[str, str]]) -> list[Suggestion]:
    """The best partner of each observed interface among the declared ones that share a system with it.

    Pairs of another provider, or without a system in common, are never suggested. At most 200, best first.
    """
    by_system: dict[str, set[str]] = defaultdict(set)
    words: dict[str, frozenset[str]] = {}
    for entry in estate.of("interface").values():
        noun = entry.noun
        systems = {noun.provider, *(consumer.system for consumer in noun.consumers or ())}
        for system in filter(None, systems):
            by_system[system].add(entry.id)
        words[entry.id] = _words(f"{entry.id} {noun.name or ''} {getattr(noun.key, 'address', '') or ''}")
    left = _COMPARISONS
    found: list[Suggestion] = []
    for group in grouped.groups.values():
        if group.kind != "interface" or group.declared:
            continue
        mine = _words(
            " ".join(
                (
                    group.id,
                    *sorted({known.seen.name for known in group.known}),
                    *(group.key.columns if group.key else ()),
                )
            )
        )
        near = (
            sorted(by_system.get(group.provider, ())) if group.provider else sorted(_shared(group, grouped, by_system))
        )
        left -= len(near)
        if left < 0:
            break
        best = max(((_alike(mine, words[id_]), id_) for id_ in near if (group.id, id_) not in settled), default=None)
        if best is not None and best[0] >= _ENOUGH:
            seen = group.known[0].seen
            why = f"{seen.source} calls it {seen.name or group.id} at {seen.ref}"
            found.append(Suggestion(group.id, best[1], best[0], why))
    return sorted(found, key=lambda one: (-one.confidence, one.observed))[:_MOST]


def _shared(group: Group, grouped: Grouped, by_system: dict[str, set[str]]) -> set[str]:
    systems = {grouped.consumer(consumer, known.seen) for known in group.known for consumer in known.seen.consumers}
    return {id_ for system in systems for id_ in by_system.get(system, ())}


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.lower())) - _IDLE


def _alike(a: frozenset[str], b: frozenset[str]) -> float:
    """Share of words in common, each by its best partner: 1 for equal words in any order."""
    if not a & b:  # nothing in common but letters: no suggestion, and no need to compare them
        return 0.0
    short, long = sorted((a, b), key=lambda words: (len(words), sorted(words)))
    total = sum(1.0 if word in long else max((_ratio(word, other) for other in long), default=0.0) for word in short)
    return total / len(short) * math.sqrt(math.sqrt(len(short) / len(long)))


@lru_cache(maxsize=65_536)
def _ratio(a: str, b: str) -> float:
    if abs(len(a) - len(b)) > 3:
        return 0.0
    ratio = SequenceMatcher(None, a, b).ratio()
    return ratio if ratio > 0.8 else 0.0
