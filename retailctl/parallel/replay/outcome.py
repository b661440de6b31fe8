"""From what was gathered to a verdict: each spot judged, each request in exactly one class, each route and the run."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final, Literal

from retailctl.model.replay_plan import AcceptedDifference, HttpPlan
from retailctl.model.replay_run import REPLAY_CLASSES, Latency, ReplayRun, RouteRun, RunVerdict
from retailctl.parallel.replay.answers import STATUS
from retailctl.parallel.replay.collect import RouteRecord, Row
from retailctl.parallel.replay.noise import Judged, NoiseRules, Spot, judge
from retailctl.parallel.replay.rule_rows import rule_of
from retailctl.parallel.replay.rules import DiffRules
from retailctl.parallel.replay.samples import SpotSamples

REJECTED_BUDGET: Final = 0.0001
"""So many answers may be missing (parallel.md section 15); above it nothing passes."""
CONFIDENCE: Final = 3.0
"""No difference among n: with 95 % confidence the true share is below 3/n (the rule of three)."""
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """The run as reports show it, and the spots and rejections that findings are made of."""

    run: ReplayRun
    spots: tuple[SpotResult, ...]
    rejected: tuple[tuple[str, str, str, int], ...]
    silent: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of a run besides its answers."""

    plan: str
    plan_sha256: str
    requests: int
    sent: int
    not_sent: Mapping[str, int]
    unusable: Mapping[str, int]
    ended: str = ""


def outcome(records: Iterable[RouteRecord], plan: HttpPlan, rules: DiffRules, counted: Counted, as_of: date) -> Outcome:
    """Judge everything that was gathered."""
    routes = sorted(records, key=lambda one: one.route)
    noise = NoiseRules(plan.noise.least, plan.noise.z, measured=plan.noise.pairs > 0)
    verdict = judge([one.ledger for one in routes], noise)
    made: list[RouteRun] = []
    spots: list[SpotResult] = []
    silent: list[tuple[str, str]] = []
    for record in routes:
        judged = _Route(record, plan, rules, as_of, partial(verdict, record.ledger))
        spots.extend(judged.results())
        made.append(judged.run())
        why = _why_silent(record)
        if why:
            silent.append((record.route, why))
    known = {one.route for one in routes}
    silent += [
        (name, "none of its requests was sent")
        for name in sorted({f"{row.method} {row.path}" for row in plan.routes or ()} - known)
    ]
    rejected = tuple(
        (one.route, side, told, count) for one in routes for (side, told), count in sorted(one.rejected.items())
    )
    run = _run(made, counted, over=_over_budget(routes), silent=bool(silent))
    return Outcome(run, tuple(spots), rejected, tuple(silent))


def _why_silent(record: RouteRecord) -> str:
    if not record.compared:
        return "no request has an answer of both sides"
    if record.refused == record.compared:
        return "both sides refused every request (401 or 403): that says nothing of their answers"
    return ""


class _Route:
    """The judgement on one route."""

    def __init__(
        self, record: RouteRecord, plan: HttpPlan, rules: DiffRules, as_of: date, verdict: Callable[[Spot], Judged]
    ) -> None:
        self._record, self._rules, self._as_of, self._plan = record, rules, as_of, plan
        self._judged = {spot: verdict(spot) for spot, count in record.ledger.spots.items() if count.raw}
        self._accepted = {spot: self._acceptance(spot) for spot in self._judged}
        self._weights = {spot: self._weight(spot) for spot in self._judged}

    def results(self) -> Iterable[SpotResult]:
        """Each spot at which the new side differs, noise left out."""
        for spot, judged in sorted(self._judged.items()):
            weight = self._weights[spot]
            if weight == "noise":
                continue
            accepted, why = self._accepted[spot]
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

    def _acceptance(self, spot: Spot) -> tuple[AcceptedDifference | None, str]:
        """Who accepts a difference, or why nobody does although the plan names it."""
        for row in self._plan.accepted or ():
            if row.path != _accepted_name(spot[0]) or row.route not in (None, self._record.route):
                continue
            raw = self._record.ledger.spots[spot].raw
            if row.expires < self._as_of:
                return None, f"accepted by {row.owner} until {row.expires}, which is over"
            if row.max_requests is not None and raw > row.max_requests:
                return None, f"accepted by {row.owner} for {row.max_requests:,} requests, and these are more"
            return row, ""
        return None, ""

    def _weight(self, spot: Spot) -> Weight:
        judged = self._judged[spot]
        if judged.outcome == "noise":
            return "noise"
        if self._accepted[spot][0] is not None:
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
        clean = record.compared and not any(classes[name] for name in _DIFFERENT)
        noisy = sorted({spot[0] or "(body)" for spot, count in record.ledger.spots.items() if count.noise})
        weights = set(self._weights.values())
        verdict: RunVerdict = "pass"
        if "error" in weights:
            verdict = "fail"
        elif "unsure" in weights or _why_silent(record) or record.rejected.total() > record.requests * REJECTED_BUDGET:
            verdict = "unknown"
        return RouteRun(
            route=record.route,
            requests=record.requests,
            classes={name: classes[name] for name in REPLAY_CLASSES if classes[name]},
            pairs=record.ledger.pairs,
            noisy=tuple(noisy[:20]),
            legacy=_latency(record.legacy),
            new=_latency(record.new),
            bound=min(1.0, CONFIDENCE / record.compared) if clean else None,
            verdict=verdict,
        )

    def _class(self, row: Row) -> str:
        weights = {self._weights[spot] for spot in row.spots if spot in self._weights}
        if "error" in weights:
            status = any(spot[0] == STATUS and self._weights.get(spot) == "error" for spot in row.spots)
            return (row.hint or "STATUS") if status else "FIELD"
        for weight, name in (("unsure", "UNSURE"), ("warn", "MINOR"), ("accepted", "ACCEPTED"), ("noise", "NOISE")):
            if weight in weights:
                return name
        return "EQUAL"


_DIFFERENT: Final = ("MISSING_IN_NEW", "EXTRA_IN_NEW", "STATUS", "FIELD", "UNSURE", "MINOR")


def _accepted_name(path: str) -> str:
    """``status``, ``header NAME`` and ``body``, as people write them."""
    return path.replace("(status)", "status").replace("(header) ", "header ") or "body"


def _latency(seconds: array[float]) -> Latency:
    ordered = sorted(seconds)
    if not ordered:
        return Latency()
    return Latency(p50=_share(ordered, 0.5), p95=_share(ordered, 0.95))


def _share(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)


def _over_budget(routes: Sequence[RouteRecord]) -> bool:
    sent = sum(one.requests for one in routes)
    return sum(one.rejected.total() for one in routes) > sent * REJECTED_BUDGET


def _run(routes: list[RouteRun], counted: Counted, *, over: bool, silent: bool) -> ReplayRun:
    classes: Counter[str] = Counter()
    for one in routes:
        classes.update(one.classes)
    compared = classes.total() - classes["REJECTED"]
    verdict: RunVerdict = "pass"
    if any(one.verdict == "fail" for one in routes):
        verdict = "fail"
    elif not compared or over or silent or counted.ended or any(one.verdict != "pass" for one in routes):
        verdict = "unknown"
    clean = compared and not any(classes[name] for name in _DIFFERENT)
    left = counted.sent - sum(one.requests for one in routes)
    not_sent = dict(counted.not_sent)
    if left > 0:
        not_sent["the run ended before it"] = left
    return replace(
        ReplayRun(
            plan=counted.plan, plan_sha256=counted.plan_sha256, verdict=verdict, requests=counted.requests,
            sent=counted.sent - max(left, 0), compared=compared, pairs=sum(one.pairs for one in routes),
        ),
        classes={name: classes[name] for name in REPLAY_CLASSES if classes[name]},
        not_sent=dict(sorted(not_sent.items())),
        unusable=dict(sorted(counted.unusable.items())),
        bound=min(1.0, CONFIDENCE / compared) if clean else None,
        routes=tuple(routes),
    )  # fmt: skip
