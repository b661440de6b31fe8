"""The runs of the reference estate: what is committed is what the script makes, and it shows what was planted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.workspace.reader import read_document
from tests.needs import ROOT
from tests.reference_estate.shadow.data import DAYS, FIRST, HALF_EVEN, LAST, OUTAGE, PLANS, TWICE, WRONG_ZONE
from tests.reference_estate.shadow.runs import WAVE, run_days, workspace

# Those of the machine that made them; what a run found does not depend on them.
_MADE_BY = {"id", "engine", "tool", "sha256"}


def evidence(root: Path, plan: str) -> dict[str, dict[str, Any]]:
    """The evidence of every run of a plan by business day; there is one of each."""
    paths = sorted((root / WAVE / "evidence").glob(f"ev-parallel-{plan}-*.yaml"))
    read = [read_document(root, path.relative_to(root).as_posix()).data for path in paths]
    by_day = {one["last_day"]: one for one in read}
    assert len(by_day) == len(read)
    return by_day


def trend(plan: str) -> dict[str, dict[str, Any]]:
    return {row["day"]: row for row in api.parallel_trend(plan, ROOT, api.AuditOptions(use_cache=False), 99)}


def test_the_script_makes_what_is_committed(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    run_days(root, DAYS[:2])
    for plan in PLANS:
        made, kept = evidence(root, plan), evidence(ROOT, plan)
        assert set(made) == {day.isoformat() for day in DAYS[:2]}
        for day, body in made.items():
            assert {k: v for k, v in body.items() if k not in _MADE_BY} == {
                k: v for k, v in kept[day].items() if k not in _MADE_BY
            }


@pytest.mark.parametrize("plan", PLANS)
def test_every_business_day_was_run_under_the_plan_as_it_is(plan: str) -> None:
    rows = trend(plan)
    assert list(rows) == [day.isoformat() for day in DAYS]
    assert all(row["same_plan"] for row in rows.values())
    assert len(DAYS) == 30


def days(first: date, last: date) -> set[str]:
    return {(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}


@pytest.mark.parametrize(
    ("plan", "red"),
    [
        ("orders", days(*WRONG_ZONE) | days(*HALF_EVEN)),
        ("stock", days(*TWICE)),
        ("payments", days(OUTAGE[0].date(), OUTAGE[1].date())),
    ],
)
def test_red_days_are_those_of_the_faults_and_no_others(plan: str, red: set[str]) -> None:
    rows = trend(plan)
    assert {day for day, row in rows.items() if row["verdict"] == "fail"} == red
    waits = {day for day, row in rows.items() if row["verdict"] == "unknown"}
    assert (
        waits
        == days(FIRST, FIRST + timedelta(days=8)) - red
        | {
            day
            for day in rows
            if any(day in days(last, last + timedelta(days=9)) for last in map(date.fromisoformat, red))
        }
        - red
    )


def test_each_fault_shows_as_what_it_is() -> None:
    orders, stock, payments = (evidence(ROOT, plan) for plan in PLANS)
    money = {day for day, one in orders.items() if one["gates"]["field (severity money)"]["verdict"] == "fail"}
    assert money <= days(*HALF_EVEN)
    assert len(money) > 3  # a price has to end in half a cent
    shifted = {day for day, one in orders.items() if one["classes"]["BOUNDARY"] or one["classes"]["PENDING"]}
    assert shifted == days(*WRONG_ZONE)  # the last order of the evening counts as one of the next day
    assert all(one["bridge"]["EUR"]["remainder"] == "0.00" for one in orders.values())
    assert {day for day, one in stock.items() if one["values"]["duplicates"]} == days(*TWICE)
    lost = {day: one["classes"]["MISSING_IN_NEW"] for day, one in payments.items()}
    assert {day for day, count in lost.items() if count} == {OUTAGE[0].date().isoformat()}
    assert (DAYS[0], DAYS[-1]) == (FIRST, LAST)
