"""Noise that an earlier run has learned: how often legacy differed from itself, by route and place; never a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retailctl.parallel.replay.noise import NoiseLedger, Spot


@dataclass(frozen=True, slots=True)
class Learned:
    """The noise of one route: of ``pairs`` pairs of legacy answers how many differed at each spot, and since when."""

    at: date
    pairs: int
    spots: Mapping[Spot, int] = field(default_factory=dict)

    def z(self, spot: Spot, differing: int, requests: int) -> float:
        """How much more often the new side differs than legacy did from itself: the test of two proportions."""
        both = requests + self.pairs
        pooled = (differing + self.spots.get(spot, 0)) / both if both else 0.0
        spread = sqrt(pooled * (1 - pooled) * (1 / requests + 1 / self.pairs)) if requests and self.pairs else 0.0
        return (differing / requests - self.spots.get(spot, 0) / self.pairs) / spread if spread else 0.0


def learned_of(ledgers: Iterable[tuple[str, NoiseLedger]], at: date) -> dict[str, Learned]:
    """What the routes of a run have to tell; those that were not measured in it tell nothing."""
    return {
        route: Learned(at, ledger.pairs, {spot: count.noise for spot, count in ledger.spots.items() if count.noise})
        for route, ledger in ledgers
        if ledger.pairs and ledger.learned is None
    }


def as_data(routes: Mapping[str, Learned]) -> dict[str, Any]:
    """For a file."""
    return {
        route: {
            "at": one.at.isoformat(),
            "pairs": one.pairs,
            "spots": [[path, kind, count] for (path, kind), count in sorted(one.spots.items())],
        }
        for route, one in sorted(routes.items())
    }


def from_data(data: Any) -> dict[str, Learned]:
    """From a file. Raises ValueError for anything that ``as_data`` does not make."""
    try:
        return {str(route): _learned(row) for route, row in data.items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not learned noise ({type(error).__name__})") from None


def _learned(row: Any) -> Learned:
    spots = {(str(path), str(kind)): int(count) for path, kind, count in row["spots"]}
    made = Learned(date.fromisoformat(row["at"]), int(row["pairs"]), spots)
    if made.pairs < 1 or any(not 0 < count <= made.pairs for count in spots.values()):
        raise ValueError("not a count of pairs")
    return made
