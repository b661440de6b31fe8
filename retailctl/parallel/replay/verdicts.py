"""The judgement on one route: each spot weighed, each request put into exactly one class."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from retailctl.model.replay_plan import AcceptedDifference
from retailctl.model.replay_run import REPLAY_CLASSES, Latency, RouteRun, RunVerdict
from retailctl.parallel.replay.accepting import Acceptance
from retailctl.parallel.replay.answers import STATUS
from retailctl.parallel.replay.collect import RouteRecord, Row
from retailctl.parallel.replay.noise import Judged, Spot
from retailctl.parallel.replay.rule_rows import rule_of
from retailctl.parallel.replay.rules import DiffRules
from retailctl.parallel.replay.samples import SpotSamples

REJECTED_BUDGET: Final = 0.0001
"""So many answers of a route may be missing (parallel.md section 15); above it nothing passes."""
CONFIDENCE: Final = 3.0
"""No difference among n: with 95 % confidence the true share is below 3/n (the rule of three)."""
DIFFERENT: Final = ("MISSING_IN_NEW", "EXTRA_IN_NEW", "STATUS", "FIELD", "UNSURE", "MINOR")
Weight = Literal["error", "warn", "accepted", "unsure", "noise"]


@dataclass(frozen=True, slots=True)
class SpotResult:
    """One spot of one route, judged. ``hint`` sets apart what is missing in new from any other status."""

    route: str
    spot: Spot
    requests: int
    judged: Judged
    weight: Weight
    samples: SpotSamples
    hint: str = ""
    accepted: AcceptedDifference | None = None
    why_not_accepted: str = ""


def why_silent(record: RouteRecord) -> str:
    """Why nothing is known of a route; empty where something is."""
    if not record.compared:
        return "no request has an answer of both sides"
    if record.refused == record.compared:
        return "both sides refused every request (401 or 403): that says nothing of their answers"
    return ""


class RouteJudgement:
    """The judgement on one route; ``judged`` are the spots at which the new side differs."""

    def __init__(
        self, record: RouteRecord, judged: Mapping[Spot, Judged], acceptance: Acceptance, rules: DiffRules
    ) -> None:
        self._record, self._judged, self._acceptance, self._rules = record, judged, acceptance, rules
        self._weights = {spot: self._weight(spot) for spot in judged}

    def results(self) -> Iterable[SpotResult]:
        """Each spot at which the new side differs, noise left out."""
        for spot, judged in sorted(self._judged.items()):
            weight = self._weights[spot]
            if weight == "noise":
                continue
            accepted, why = self._acceptance.of((self._record.route, spot))
            for hint, requests in sorted(self._hints(spot).items()):
                samples = self._record.samples.get(spot, SpotSamples())
                yield SpotResult(self._record.route, spot, requests, judged, weight, samples, hint, accepted, why)

    def _hints(self, spot: Spot) -> Mapping[str, int]:
        if spot[0] != STATUS:
            return {"": self._record.ledger.spots[spot].raw}
        found: Counter[str] = Counter()
        for row, count in self._record.rows.items():
            if spot in row.spots:
                found[row.hint] += count
        return found

    def _weight(self, spot: Spot) -> Weight:
        judged = self._judged[spot]
        if judged.outcome == "noise":
            return "noise"
        if self._acceptance.of((self._record.route, spot))[0] is not None:
            return "accepted"
        if judged.outcome == "unsure":
            return "unsure"
        minor = self._rules.at(spot[0]).is_minor or rule_of(spot).severity != "error"
        return "warn" if minor else "error"

    def run(self) -> RouteRun:
        """The route in numbers."""
        record = self._record
        classes: Counter[str] = Counter({"REJECTED": record.rejected.total()})
        for row, count in record.rows.items():
            classes[self._class(row)] += count
        clean = record.compared and not any(classes[name] for name in DIFFERENT)
        return RouteRun(
            route=record.route,
            requests=record.requests,
            classes={name: classes[name] for name in REPLAY_CLASSES if classes[name]},
            pairs=record.ledger.pairs,
            noisy=record.ledger.noisy[:20],
            legacy=_latency(record.legacy),
            new=_latency(record.new),
            bound=min(1.0, CONFIDENCE / record.compared) if clean else None,
            verdict=self._verdict(),
        )

    def _verdict(self) -> RunVerdict:
        record, weights = self._record, set(self._weights.values())
        if "error" in weights:
            return "fail"
        short = record.rejected.total() > record.requests * REJECTED_BUDGET
        return "unknown" if "unsure" in weights or short or why_silent(record) else "pass"

    def _class(self, row: Row) -> str:
        weights = {self._weights[spot] for spot in row.spots if spot in self._weights}
        if "error" in weights:
            status = any(spot[0] == STATUS and self._weights.get(spot) == "error" for spot in row.spots)
            return (row.hint or "STATUS") if status else "FIELD"
        for weight, name in (("unsure", "UNSURE"), ("warn", "MINOR"), ("accepted", "ACCEPTED"), ("noise", "NOISE")):
            if weight in weights:
                return name
        return "EQUAL"


def _latency(seconds: array[float]) -> Latency:
    ordered = sorted(seconds)
    if not ordered:
        return Latency()
    return Latency(p50=_share(ordered, 0.5), p95=_share(ordered, 0.95))


def _share(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)
