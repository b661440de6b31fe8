"""What comes back from a replay, gathered by route while it runs: counts, latencies, masked samples."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.model.http_exchange import HttpAnswer, HttpFailure
from retailctl.parallel.replay.answers import Comparer
from retailctl.parallel.replay.learned import Learned
from retailctl.parallel.replay.noise import NoiseLedger, Spot
from retailctl.parallel.replay.run import Exchange
from retailctl.parallel.replay.samples import Masker, SpotSamples

_GONE: Final = (404, 410)
_REFUSED: Final = (401, 403)
_SPOTS: Final = 50
"""So many spots of one request are remembered, so that a million requests fit into memory."""


class Row(NamedTuple):
    """One request that was compared: where it differs, and whether one side has no such thing."""

    spots: tuple[Spot, ...]
    hint: str = ""


@dataclass(slots=True)
class RouteRecord:
    """Everything seen on one route."""

    route: str
    ledger: NoiseLedger = field(default_factory=NoiseLedger)
    rows: Counter[Row] = field(default_factory=Counter)
    samples: dict[Spot, SpotSamples] = field(default_factory=dict)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    legacy: array[float] = field(default_factory=lambda: array("d"))
    new: array[float] = field(default_factory=lambda: array("d"))
    refused: int = 0
    requests: int = 0

    @property
    def compared(self) -> int:
        """Requests with an answer of both sides."""
        return self.rows.total()


class Collector:
    """Takes exchanges one after the other."""

    def __init__(self, comparer: Comparer, masker: Masker, learned: Mapping[str, Learned] | None = None) -> None:
        self._comparer, self._masker, self._learned = comparer, masker, learned or {}
        self.routes: dict[str, RouteRecord] = {}

    def take(self, made: Exchange) -> None:
        """Compare the answers to one request; nothing of them is kept but counts and masked samples."""
        route = self.routes.get(made.routed.route)
        if route is None:
            route = self.routes[made.routed.route] = RouteRecord(made.routed.route)
            route.ledger.is_measured = made.routed.is_safe
            route.ledger.learned = self._learned.get(made.routed.route)
        route.requests += 1
        legacy, new = made.legacy, made.new
        if isinstance(legacy, HttpFailure) or isinstance(new, HttpFailure):
            for side, answer in (("legacy", legacy), ("new", new)):
                if isinstance(answer, HttpFailure):
                    route.rejected[side, f"{answer.kind}: {answer.told}"] += 1
                    break  # one request is rejected once
            return
        route.legacy.append(legacy.seconds)
        route.new.append(new.seconds)
        route.refused += legacy.status in _REFUSED and new.status in _REFUSED
        raw = self._comparer.against_new(legacy, new)
        again = made.again
        noise = self._comparer.against_itself(legacy, again) if isinstance(again, HttpAnswer) else None
        spots = route.ledger.add(raw, noise)
        recorded = made.routed.recorded
        for one in raw:
            if (one.path, one.kind) in route.ledger.spots:
                samples = route.samples.setdefault((one.path, one.kind), SpotSamples())
                self._masker.take(one, recorded.number, recorded.line, samples)
        route.rows[Row(_telling(spots, route.ledger), _hint(legacy, new))] += 1


def _telling(spots: tuple[Spot, ...], ledger: NoiseLedger) -> tuple[Spot, ...]:
    """The spots that may decide the class of a request: of very many those that are least noisy."""
    if len(spots) <= _SPOTS:
        return tuple(sorted(spots))
    return tuple(sorted(sorted(spots, key=lambda spot: (ledger.spots[spot].noise, spot))[:_SPOTS]))


def _hint(legacy: HttpAnswer, new: HttpAnswer) -> str:
    """Whether one side has what the other does not; the judgement on the status decides whether that counts."""
    if legacy.status // 100 == 2 and new.status in _GONE:
        return "MISSING_IN_NEW"
    return "EXTRA_IN_NEW" if new.status // 100 == 2 and legacy.status in _GONE else ""
