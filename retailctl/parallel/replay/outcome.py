"""From what was gathered to a verdict: noise, what is accepted, each route, and the gates of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from retailctl.model.replay_plan import HttpPlan
from retailctl.model.replay_run import REPLAY_CLASSES, ReplayRun, RouteRun
from retailctl.parallel.judgement.gates import verdict_of
from retailctl.parallel.replay.accepting import Use, accept
from retailctl.parallel.replay.collect import RouteRecord
from retailctl.parallel.replay.gates import Seen, coverage, gates_of, judged, matched_ratio, unexplained
from retailctl.parallel.replay.noise import NoiseRules, judge
from retailctl.parallel.replay.rules import DiffRules
from retailctl.parallel.replay.verdicts import CONFIDENCE, DIFFERENT, RouteJudgement, SpotResult, why_silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """The run as reports show it, the spots and rejections that findings are made of, and what is accepted."""

    run: ReplayRun
    spots: tuple[SpotResult, ...]
    rejected: tuple[tuple[str, str, str, int], ...]
    silent: tuple[tuple[str, str], ...]
    uses: tuple[Use, ...] = ()


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
    found = {
        record.route: {spot: verdict(record.ledger, spot) for spot, count in record.ledger.spots.items() if count.raw}
        for record in routes
    }
    differing = {
        (record.route, spot): record.ledger.spots[spot].raw
        for record in routes
        for spot, one in sorted(found[record.route].items())
        if one.outcome != "noise"
    }
    acceptance = accept(plan.accepted or (), differing, as_of)
    judgements = [RouteJudgement(one, found[one.route], acceptance, rules) for one in routes]
    silent = _silent(routes, plan)
    return Outcome(
        run=_run([one.run() for one in judgements], plan, counted, frozenset(route for route, _ in silent)),
        spots=tuple(spot for one in judgements for spot in one.results()),
        rejected=tuple(
            (one.route, side, told, count) for one in routes for (side, told), count in sorted(one.rejected.items())
        ),
        silent=silent,
        uses=acceptance.uses,
    )


def _silent(routes: list[RouteRecord], plan: HttpPlan) -> tuple[tuple[str, str], ...]:
    """The routes of which nothing is known, and why."""
    found = [(record.route, why) for record in routes if (why := why_silent(record))]
    named = {f"{row.method} {row.path}" for row in plan.routes or ()} - {one.route for one in routes}
    return (*found, *((name, "none of its requests was sent") for name in sorted(named)))


def _run(routes: list[RouteRun], plan: HttpPlan, counted: Counted, silent: frozenset[str]) -> ReplayRun:
    classes: Counter[str] = Counter()
    for one in routes:
        classes.update(one.classes)
    compared = classes.total() - classes["REJECTED"]
    answered = sum(one.requests for one in routes)
    seen = Seen(tuple(routes), silent, counted.sent, answered, counted.ended)
    gates = tuple(judged(seen, gates_of(plan)))
    clean = compared and not any(classes[name] for name in DIFFERENT)
    not_sent = dict(counted.not_sent)
    if answered < counted.sent:
        not_sent["the run ended before it"] = counted.sent - answered
    return replace(
        ReplayRun(
            plan=counted.plan, plan_sha256=counted.plan_sha256, verdict=verdict_of(gates), requests=counted.requests,
            sent=min(counted.sent, answered), compared=compared, pairs=sum(one.pairs for one in routes),
        ),
        rows={"legacy": compared - classes["EXTRA_IN_NEW"], "new": compared - classes["MISSING_IN_NEW"]},
        classes={name: classes[name] for name in REPLAY_CLASSES if classes[name]},
        not_sent=dict(sorted(not_sent.items())),
        unusable=dict(sorted(counted.unusable.items())),
        bound=min(1.0, CONFIDENCE / compared) if clean else None,
        routes=tuple(routes),
        gates=gates,
        values={
            "matched_ratio": _text(matched_ratio(routes), "0.000001"),
            "unexplained": str(unexplained(routes)),
            "coverage": _text(coverage(seen), "0.0001"),
        },
    )  # fmt: skip


def _text(figure: Decimal | None, step: str) -> str:
    """Never rounded up: one in ten million that differs must not look like none."""
    return "" if figure is None else f"{figure.quantize(Decimal(step), ROUND_DOWN):f}"
