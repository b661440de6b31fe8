"""Derived facts of what moves: what parallel runs, drills and measurements prove of an interface.

The newest run of each plan that covers it counts, and the worst of them; of other figures the newest evidence that has
them. What nobody proved is left out, so that the rule which needs it is *unknown*. Meanings stand in
``policy/run_facts_schema.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, takewhile
from typing import Any, Final, NamedTuple

from retailctl.errors import Location
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.evidence_figures import count, number, service_levels, share_unsorted, ties
from retailctl.model.migration import EvidenceFact, Migration, MovedUnit, PlanFact

Figure = Callable[[EvidenceFact], float | None]
_RUN: Final = "parallel_run"


class RunFacts(NamedTuple):
    """Facts by interface, and the evidence that they were read from."""

    values: dict[str, dict[str, Any]]
    places: dict[str, dict[str, tuple[Location, ...]]]


@dataclass(frozen=True, slots=True)
class _Measure:
    """One figure: fact, age of what it was read from, how it is read, and whether the larger one is the worse."""

    fact: str
    days: str
    figure: Figure
    worst: Callable[[Iterable[float]], float] = max


_MEASURES: Final = (
    _Measure("trace_join_rate", "trace_days", number("trace_join_rate"), min),
    _Measure("lag_minutes", "lag_days", number("lag_p95_minutes")),
    _Measure("duplicates_injected", "duplicate_test_days", count("duplicates_injected"), min),
    _Measure("duplicates_found", "duplicate_test_days", count("duplicates_found")),
    _Measure("unsorted_exceptions", "exceptions_days", share_unsorted),
    _Measure("checkpoint_breaks", "checkpoint_days", ties),
    _Measure("schema_errors", "sampled_days", count("schema_errors")),
)


def run_facts(graph: EstateGraph, as_of: date) -> RunFacts:
    """Facts of every interface by id. Evidence of a day to come proves nothing yet."""
    migration = graph.estate.migration
    units: dict[str, list[MovedUnit]] = defaultdict(list)
    for unit in migration.units:
        units[unit.interface].append(unit)
    proved = _Proved(migration, as_of)
    found = RunFacts({}, {})
    for id_ in graph.interfaces:
        moved = units.get(id_, [])
        values: dict[str, Any] = {} if migration.unread and not moved else {"moving": bool(moved)}
        places: dict[str, tuple[Location, ...]] = {}
        ends = {id_, *(successor for unit in moved for successor in unit.successors)}
        evidence = proved.of(ends)
        if evidence:
            _measured(evidence, as_of, values, places)
        if moved:
            values["waves"] = sorted({unit.wave for unit in moved})
            _runs(proved, ends, as_of, values, places)
            levels = service_levels(graph, id_, moved, evidence, as_of)
            values |= levels.values
            places |= dict.fromkeys(levels.values, levels.places)
        found.values[id_] = values
        found.places[id_] = places
    return found


class _Proved:
    """Evidence and plans by the interfaces that they cover."""

    def __init__(self, migration: Migration, as_of: date) -> None:
        self._evidence: dict[str, list[EvidenceFact]] = defaultdict(list)
        self._plans: dict[str, list[PlanFact]] = defaultdict(list)
        self._runs: dict[tuple[str, str], list[EvidenceFact]] = defaultdict(list)
        for plan in migration.plans:
            for name in plan.covers:
                self._plans[name].append(plan)
        for one in migration.evidence:
            if one.day > as_of or (one.expires is not None and one.expires < as_of):
                continue
            if one.kind == _RUN:
                self._runs[one.wave, one.plan].append(one)
            for name in one.covers:
                self._evidence[name].append(one)
        self._days = {plan: sorted_runs(runs) for plan, runs in self._runs.items()}
        self._newest = {runs[-1].location.path for runs in self._days.values() if runs[-1].current}

    def of(self, names: set[str]) -> list[EvidenceFact]:
        """What covers any of the interfaces, once each; of the runs of a plan only the newest."""
        found = {one.location.path: one for name in sorted(names) for one in self._evidence.get(name, ())}
        return [one for path, one in found.items() if one.kind != _RUN or path in self._newest]

    def plans(self, names: set[str]) -> list[PlanFact]:
        """The plans that cover any of the interfaces."""
        return list(
            {(plan.wave, plan.name): plan for name in sorted(names) for plan in self._plans.get(name, ())}.values()
        )

    def runs(self, plan: PlanFact) -> list[EvidenceFact]:
        """The runs of a plan, one per day, oldest first; none while the newest is of the plan as it was."""
        runs = self._days.get((plan.wave, plan.name), [])
        return runs if runs and runs[-1].current else []


def sorted_runs(runs: Iterable[EvidenceFact]) -> list[EvidenceFact]:
    """One run of each day, oldest day first: of the plan as it is now before others; then by name."""
    by_day = {one.day: one for one in sorted(runs, key=lambda one: (one.day, one.current, one.id))}
    return [by_day[day] for day in sorted(by_day)]


def _measured(
    evidence: list[EvidenceFact], as_of: date, values: dict[str, Any], places: dict[str, tuple[Location, ...]]
) -> None:
    for measure in _MEASURES:
        known = [(one, figure) for one in evidence if (figure := measure.figure(one)) is not None]
        if not known:
            continue
        last = max(one.day for one, _ in known)
        newest = [(one, figure) for one, figure in known if one.day == last]
        worst = measure.worst(figure for _, figure in newest)
        values[measure.fact] = worst
        values[measure.days] = (as_of - last).days
        place = tuple(one.location for one, figure in newest if figure == worst)
        places[measure.fact] = places[measure.days] = place


def _runs(
    proved: _Proved, ends: set[str], as_of: date, values: dict[str, Any], places: dict[str, tuple[Location, ...]]
) -> None:
    """The worst of the newest runs; nothing while a plan that covers the interface has no run as it is now."""
    plans = proved.plans(ends)
    values["parallel_plans"] = sorted(plan.name for plan in plans)
    if not plans:
        return
    places["parallel_plans"] = tuple(plan.location for plan in plans)
    by_plan = [proved.runs(plan) for plan in plans]
    if not all(by_plan):
        return
    newest = [runs[-1] for runs in by_plan]
    values["run_age_days"] = max((as_of - one.day).days for one in newest)
    values["run_verdict"] = next(v for v in ("fail", "unknown", "pass") if v in {one.verdict for one in newest})
    for fact, figure, worst in _OF_RUNS:
        told = [figure(one) for one in newest]
        known = [value for value in told if value is not None]
        if known and len(known) == len(told):
            values[fact] = worst(known)
    clean = [clean_days(runs) for runs in by_plan]
    values["run_clean_days"] = min(len(days) for days in clean)
    values["run_closes"] = min(sum(a.month != b.month for a, b in pairwise(days)) for days in clean)
    where = tuple(one.location for one in sorted(newest, key=lambda one: (one.verdict == "pass", one.location)))
    places.update({fact: where for fact in values if fact.startswith("run_")})


def _defects(run: EvidenceFact) -> float | None:
    """Rows that cannot be compared for what they are, as a share of those read."""
    told = [_number_of(run.classes, name) for name in ("REJECTED", "KEY_INVALID")]
    rows = sum(filter(None, (_number_of(run.rows, side) for side in ("legacy", "new"))))
    return None if None in told or not rows else round(sum(filter(None, told)) / rows, 6)


def _number_of(row: Mapping[str, Any], name: str) -> float | None:
    """A count of a run; None for what is none."""
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_OF_RUNS: Final[tuple[tuple[str, Figure, Callable[[Iterable[float]], float]], ...]] = (
    ("run_days", count("days"), min),
    ("run_matched_ratio", number("matched_ratio"), min),
    ("run_coverage", number("coverage"), min),
    ("run_unexplained", count("unexplained"), max),
    ("run_duplicates", count("duplicates"), max),
    ("run_defects", _defects, max),
)


def clean_days(runs: list[EvidenceFact]) -> list[date]:
    """The business days at the end of the history on which every gate held by itself, oldest first.

    The streaks in the newest run know the calendar: a day without a run breaks them, a closed one does not. A run
    without gates is clean when it passed.
    """
    streaks = list(_streaks(runs[-1]))
    if not streaks:
        return [one.day for one in takewhile(lambda one: one.verdict == "pass", reversed(runs))][::-1]
    longest = min(streaks)
    return [one.day for one in runs[-longest:]] if longest > 0 else []


def _streaks(run: EvidenceFact) -> Iterator[int]:
    for gate in run.gates.values():
        streak = gate.get("streak")
        if isinstance(streak, int) and not isinstance(streak, bool):
            yield streak
