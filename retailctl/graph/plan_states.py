"""How each plan of a parallel run stands: its newest run that counts, and how many clean days there are in a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from retailctl.graph.run_facts import clean_days, sorted_runs
from retailctl.model.migration import EvidenceFact, Migration
from retailctl.model.report import PlanState


def plan_states(migration: Migration, as_of: date) -> Iterator[PlanState]:
    """One row per plan, in order of wave and name. The verdict is unknown while the plan as it is has no run."""
    for plan in sorted(migration.plans, key=lambda one: (one.wave, one.name)):
        runs = sorted_runs(
            one
            for one in migration.evidence
            if (one.kind, one.wave, one.plan) == ("parallel_run", plan.wave, plan.name) and one.day <= as_of
        )
        newest = runs[-1] if runs and runs[-1].current else None
        yield PlanState(
            wave=plan.wave,
            plan=plan.name,
            covers=plan.covers,
            verdict=newest.verdict if newest else "unknown",
            last_day=newest.day.isoformat() if newest else "",
            age_days=(as_of - newest.day).days if newest else 0,
            days=len(runs) if newest else 0,
            clean_days=len(clean_days(runs)) if newest else 0,
            red=tuple(sorted(_red(newest))) if newest else (),
            path=newest.location.path if newest else plan.location.path,
        )


def _red(run: EvidenceFact) -> Iterator[str]:
    """Gates that did not hold; one that only waits for more days in a row did."""
    for name, gate in run.gates.items():
        if gate.get("verdict") == "fail" or (gate.get("verdict") != "pass" and not gate.get("streak")):
            yield name
