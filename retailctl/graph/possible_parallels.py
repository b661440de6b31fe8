"""Who may be somebody's duplicate: pairs of interfaces that nothing declared tells apart, without looking at all pairs.

An estate of n interfaces has n² pairs, and one that says little has nothing to stop the search early.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from retailctl.graph.estate_graph import direction_of, provider_of
from retailctl.graph.gaps import missing_end
from retailctl.model.interface import Interface

_ANY: Final = object()
_BOTH: Final = "both"


class _Group:
    """Interfaces that meet at the same place, counted by domain, direction and connector."""

    def __init__(self, members: Iterable[Interface]) -> None:
        self._counts: dict[tuple[object, object], Counter[str | None]] = defaultdict(Counter)
        for one in members:
            for domain in (one.domain, _ANY):
                for direction in (direction_of(one), _ANY):
                    self._counts[domain, direction][one.connector] += 1
        self._totals = {key: counts.total() for key, counts in self._counts.items()}

    def has_match(self, one: Interface, *, inside: bool) -> bool:
        """Whether another member fits; ``inside`` says that ``one`` is a member itself."""
        found = 0
        for domain in _fitting(one.domain):
            for direction in _fitting(direction_of(one)):
                total = self._totals.get((domain, direction), 0)
                if total and one.connector is not None:  # the same connector makes them one; so it does with itself
                    total -= self._counts[domain, direction][one.connector]
                found += total
        return found > (inside and one.connector is None)


def _fitting(value: str | None) -> tuple[object, ...]:
    return (_ANY,) if value is None or value == _BOTH else (value, None, _BOTH)


class PossibleParallels:
    """Answers for one set of interfaces; what is asked for often is counted once."""

    def __init__(self, interfaces: Iterable[Interface]) -> None:
        poor: list[Interface] = []
        self._whole: dict[str, Interface] = {}
        self._at: dict[str | None, dict[str, None]] = defaultdict(dict)
        for one in interfaces:
            if missing_end(one) is not None:
                poor.append(one)
                continue
            self._whole[one.id] = one
            for end in (provider_of(one), *(consumption.system for consumption in one.consumers or ())):
                self._at[end][one.id] = None
        self._poor = _Group(poor)
        self._groups: dict[tuple[str | None, str | None], _Group] = {}

    def has_match(self, one: Interface) -> bool:
        """Whether another interface may connect the same pair of systems: its ends are not known, or it has all
        named ends of this one; and neither domain nor direction nor an equal connector tells the two apart."""
        if self._poor.has_match(one, inside=missing_end(one) is not None):
            return True
        inside = one.id in self._whole
        consumers = {None} if one.consumers is None else {consumption.system for consumption in one.consumers}
        return any(self._group(provider_of(one), name).has_match(one, inside=inside) for name in consumers)

    def _group(self, provider: str | None, consumer: str | None) -> _Group:
        """Interfaces with both ends; None stands for any."""
        key = (provider, consumer)
        if key not in self._groups:
            lists = [self._at.get(end, {}) for end in dict.fromkeys(key) if end is not None]
            shortest = min(lists, key=len, default=self._whole)
            names = [name for name in shortest if all(name in other for other in lists)]
            self._groups[key] = _Group(self._whole[name] for name in names)
        return self._groups[key]
