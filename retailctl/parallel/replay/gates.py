"""Gates of a replay: a figure against its limit. One that says that a run saw too little makes it unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from retailctl.model.parallel_run import GateResult
from retailctl.model.replay_plan import HttpGate, HttpMetric, HttpPlan
from retailctl.model.replay_run import RouteRun, RunVerdict

SHORT: Final[frozenset[HttpMetric]] = frozenset(("coverage", "rejected", "undecided"))
"""A run that saw too little proves nothing: beyond these limits it is unknown, never pass."""
AT_LEAST: Final[frozenset[HttpMetric]] = frozenset(("coverage", "matched_ratio"))
_CLASS: Final[dict[HttpMetric, tuple[str, ...]]] = {
    "missing": ("MISSING_IN_NEW",), "extra": ("EXTRA_IN_NEW",), "status": ("STATUS",), "field": ("FIELD",),
    "undecided": ("UNSURE",), "rejected": ("REJECTED",),
    "unexplained": ("MISSING_IN_NEW", "EXTRA_IN_NEW", "STATUS", "FIELD"),
}  # fmt: skip
_GOOD: Final = ("EQUAL", "NOISE", "ACCEPTED", "MINOR")
_DEFAULT: Final[tuple[tuple[HttpMetric, str], ...]] = (
    ("missing", "0"), ("extra", "0"), ("status", "0"), ("field", "0"), ("undecided", "0"), ("rejected", "0.01%"),
    ("coverage", "100%"),
)  # fmt: skip
_LIMIT: Final = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(%|ppm)?")
_SHARES: Final = {"%": Decimal("0.01"), "ppm": Decimal("0.000001")}
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen: the routes, those of which nothing is known, and how much of what was sent was answered."""

    routes: tuple[RouteRun, ...]
    silent: frozenset[str]
    sent: int
    answered: int
    ended: str = ""


def limit_of(gate: HttpGate) -> tuple[Decimal, bool] | None:
    """The limit of a gate, and whether it is a share; None for what is no limit of this metric."""
    found = _LIMIT.fullmatch(gate.limit.strip())
    if found is None:
        return None
    number = Decimal(found[1]) * _SHARES.get(found[2] or "", _ONE)
    share = bool(found[2]) or gate.metric in AT_LEAST
    return None if share and number > 1 else (number, share)


def gates_of(plan: HttpPlan) -> tuple[HttpGate, ...]:
    """The gates of a plan, or the usual ones. That it saw enough is asked of every run."""
    usual = tuple(HttpGate(metric=metric, limit=limit) for metric, limit in _DEFAULT)
    if not plan.gates:
        return usual
    given = {gate.metric for gate in plan.gates if gate.route is None}
    return (*plan.gates, *(gate for gate in usual if gate.metric in SHORT and gate.metric not in given))


def judged(seen: Seen, gates: Iterable[HttpGate]) -> Iterator[GateResult]:
    """Each gate, measured; then whether anything was compared at all, and whether the run came to its end."""
    for gate in gates:
        yield _judged(seen, gate)
    compared = sum(map(_compared, seen.routes))
    yield GateResult(
        gate="requests", verdict="pass" if compared else "unknown", measured=str(compared), limit="1 or more", needed=1
    )
    whole = not seen.ended and seen.answered >= seen.sent
    yield GateResult(
        gate="completed", verdict="pass" if whole else "unknown", measured=f"{seen.answered} of {seen.sent}",
        limit="all", needed=1,
    )  # fmt: skip


def matched_ratio(routes: Iterable[RouteRun]) -> Decimal | None:
    """Requests whose answers are equal, tolerance, noise and what is accepted included, of those compared."""
    rows = tuple(routes)
    compared = sum(map(_compared, rows))
    good = sum(route.classes.get(name, 0) for route in rows for name in _GOOD)
    return Decimal(good) / compared if compared else None


def coverage(seen: Seen, route: str | None = None) -> Decimal | None:
    """The share of the routes of the plan and of the recording on which something was compared."""
    known = {one.route for one in seen.routes} | seen.silent
    wanted = known if route is None else {route}
    return Decimal(len((wanted & known) - seen.silent)) / len(wanted) if wanted else None


def unexplained(routes: Iterable[RouteRun]) -> int:
    """Requests that differ, and nobody accepts it."""
    return sum(route.classes.get(name, 0) for route in routes for name in _CLASS["unexplained"])


def _judged(seen: Seen, gate: HttpGate) -> GateResult:
    routes = [route for route in seen.routes if gate.route in (None, route.route)]
    found, limit = _figure(seen, gate, routes), limit_of(gate)
    verdict: RunVerdict = "unknown"
    if found is not None and limit is not None:
        good = found >= limit[0] if gate.metric in AT_LEAST else found <= limit[0]
        verdict = "pass" if good else "unknown" if gate.metric in SHORT else "fail"
    name = f"{gate.metric} ({gate.route})" if gate.route else gate.metric
    return GateResult(gate=name, verdict=verdict, measured=_shown(found, limit), limit=gate.limit, needed=gate.streak)


def _figure(seen: Seen, gate: HttpGate, routes: list[RouteRun]) -> Decimal | None:
    if gate.metric == "coverage":
        return coverage(seen, gate.route)
    if gate.metric == "matched_ratio":
        return matched_ratio(routes)
    limit = limit_of(gate)
    if not routes and gate.route is not None:
        return None
    counts = Counter({route.route: sum(route.classes.get(name, 0) for name in _CLASS[gate.metric]) for route in routes})
    total = counts.total()
    if gate.metric in ("field", "unexplained") and not total:  # told by a spot, though no request was put down to it
        total = int(any(route.verdict == "fail" and not unexplained([route]) for route in routes))
    if limit is None or not limit[1]:
        return Decimal(total)
    if gate.metric == "rejected":  # of each route: a small one must not be lost among the others
        return max((Decimal(counts[route.route]) / route.requests for route in routes if route.requests), default=None)
    compared = sum(map(_compared, routes))
    return Decimal(total) / compared if compared else None


def _compared(route: RouteRun) -> int:
    return sum(route.classes.values()) - route.classes.get("REJECTED", 0)


def _shown(found: Decimal | None, limit: tuple[Decimal, bool] | None) -> str:
    if found is None:
        return "not known"
    if limit is not None and limit[1]:
        return f"{(found * 100).quantize(Decimal('0.0001')).normalize():f}%"
    return f"{found:f}"
