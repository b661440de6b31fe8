"""Runs day after day: what was pending comes, never comes, or cannot be looked up; and what gates make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.errors import ConfigError
from retailctl.model.parallel_run import ParallelSummary
from tests.unit.parallel.comparing import told
from tests.unit.parallel.running import PLAN, line, run, workspace

LAG = PLAN + "lag: 15m\n"
DAILY = LAG + "window: {from: 2026-11-18, to: 2026-11-19}\n"
NEXT = LAG + "window: {from: 2026-11-19, to: 2026-11-20}\n"
EARLY, LATE = "2026-11-18 09:00:00", "2026-11-18 23:55:00"
NEXT_DAY = "2026-11-19 10:00:00"
BOTH = [line("early", ts=EARLY), line("other", store=2, ts=EARLY)]


def gate(found: ParallelSummary, name: str) -> tuple[str, str, str]:
    (one,) = [gate for gate in found.gates if gate.gate == name]
    return one.verdict, one.measured, one.note


def late(found: ParallelSummary) -> dict[str, int]:
    return {name: count for name, count in found.classes.items() if name.startswith("LATE") and count}


def history(root: Path) -> list[dict[str, Any]]:
    file = root / "migrations/w2-orders/evidence/history/orders.jsonl"
    return [json.loads(one) for one in file.read_text(encoding="utf-8").splitlines()]


def first_day(root: Path, plan: str = DAILY) -> ParallelSummary:
    """A row of the legacy side is pending at the end of the day."""
    workspace(root, [*BOTH, line("slow", ts=LATE)], [*BOTH, line("last", ts="2026-11-18 23:50:00")], plan)
    return told(run(root))


def test_a_pending_row_is_kept_as_a_pseudonym_with_its_time(tmp_path: Path) -> None:
    found = first_day(tmp_path)
    assert found.classes["PENDING"] == 2
    assert found.late is not None and found.late.pending == {"legacy": 1, "new": 1}
    assert found.late.oldest_seconds == 300
    kept = history(tmp_path)[0]["late"]
    assert kept["marks"] == {"legacy": "2026-11-18T23:55:00", "new": "2026-11-18T23:50:00"}
    ((at, keys),) = kept["pending"]["legacy"].items()
    assert at == "2026-11-18T23:55:00" and len(keys) == 1 and len(keys[0]) == 16
    assert "slow" not in json.dumps(kept)


BAD, GOOD = ("fail", "fail"), ("pass", "pass")
# The rows of the next day beside those of both sides, legacy and new; what became of the two pending rows; whether the
# gates missing and extra hold in the next window, and over all rows.
CASES: dict[str, tuple[list[str], list[str], dict[str, int], tuple[str, str], tuple[str, str]]] = {
    "both came": (["slow", "last"], ["slow", "last"], {"LATE_ARRIVED": 2}, GOOD, GOOD),
    "one is gone from its own side": (["last"], ["slow", "last"], {"LATE_ARRIVED": 2}, GOOD, ("pass", "fail")),
    "neither came": (["slow"], ["last"], {"LATE_EXPIRED": 2}, BAD, BAD),
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "plan"),
    [*((case, NEXT) for case in CASES), ("one is gone from its own side", LAG)],
)
def test_the_next_run_says_what_became_of_pending_rows(case: str, plan: str, tmp_path: Path) -> None:
    legacy, new, expected, *verdicts = CASES[case]
    first_day(tmp_path, DAILY if plan is NEXT else plan)
    times = {"slow": LATE, "last": "2026-11-18 23:50:00"}
    rows = [*BOTH, line("next", ts=NEXT_DAY), line("more", store=2, ts=NEXT_DAY)]
    workspace(
        tmp_path, [*rows, *(line(one, ts=times[one]) for one in legacy)],
        [*rows, *(line(one, ts=times[one]) for one in new)], plan,
    )  # fmt: skip
    found = told(run(tmp_path))
    assert late(found) == expected
    assert (gate(found, "missing")[0], gate(found, "extra")[0]) == verdicts[plan is LAG]


def test_what_never_came_counts_once_and_not_among_the_rows_of_its_run(tmp_path: Path) -> None:
    first_day(tmp_path)
    rows = [*BOTH, line("next", ts=NEXT_DAY), line("more", store=2, ts=NEXT_DAY)]
    workspace(tmp_path, rows, rows, NEXT)
    found = told(run(tmp_path))
    assert (found.classes["MISSING_IN_NEW"], found.classes["EQUAL"]) == (0, 2)
    assert gate(found, "missing") == ("fail", "1", "") and gate(found, "unexplained") == ("fail", "2", "")
    assert {one.remainder for one in found.bridge.values()} == {"0.00"}
    # Another run of the same day looks again: what came by then came.
    workspace(tmp_path, rows, [*rows, line("slow", ts=LATE)], NEXT)
    found = told(run(tmp_path))
    assert late(found) == {"LATE_ARRIVED": 1, "LATE_EXPIRED": 1}
    assert (gate(found, "missing")[0], gate(found, "extra")[0]) == ("pass", "fail")
    # The day after, both are history.
    day = [line("o", ts="2026-11-20 10:00:00"), line("p", store=2, ts="2026-11-20 10:00:00")]
    workspace(tmp_path, [*rows, *day], [*rows, *day], NEXT.replace("11-20", "11-21").replace("11-19", "11-20"))
    assert late(told(run(tmp_path))) == {}


def test_a_source_that_no_longer_reaches_back_leaves_a_doubt(tmp_path: Path) -> None:
    first_day(tmp_path)
    rows = [line("next", ts=NEXT_DAY), line("more", store=2, ts=NEXT_DAY)]
    workspace(tmp_path, rows, rows, NEXT)
    found = told(run(tmp_path))
    assert late(found) == {"LATE_UNKNOWN": 2}
    assert gate(found, "missing") == ("unknown", "0", "1 row pending in earlier runs cannot be looked up any more")
    assert told(run(tmp_path)) == found, "a run over the same rows says the same"
    assert len(history(tmp_path)) == 2


def test_what_is_still_within_the_lag_stays_pending(tmp_path: Path) -> None:
    first_day(tmp_path)
    workspace(
        tmp_path, [*BOTH, line("slow", ts=LATE)],
        [*BOTH, line("last", ts="2026-11-18 23:50:00"), line("newer", ts="2026-11-18 23:56:00")], DAILY,
    )  # fmt: skip
    found = told(run(tmp_path))
    assert late(found) == {} and found.late is not None and found.late.pending == {"legacy": 1, "new": 2}


def test_another_key_of_pseudonyms_makes_pending_rows_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_KEY", "one key that is long enough, one key")
    first_day(tmp_path)
    monkeypatch.setenv("RETAILCTL_KEY", "another key that is long enough, too")
    rows = [*BOTH, line("slow", ts=LATE), line("last", ts="2026-11-18 23:50:00"), line("next", ts=NEXT_DAY)]
    workspace(tmp_path, rows, rows, NEXT)
    assert late(told(run(tmp_path))) == {"LATE_UNKNOWN": 2}


def test_event_times_that_may_not_be_shown_are_not_written_down(tmp_path: Path) -> None:
    hidden = DAILY.replace("{name: ts, type: timestamp, pii: none}", "{name: ts, type: timestamp}")
    assert first_day(tmp_path, hidden).classes["PENDING"] == 2
    report = run(tmp_path)
    assert [one for one in report.notices if one.startswith("2 pending rows cannot be followed to the next run")]
    assert "pending" not in history(tmp_path)[0]["late"]
    rows = [*BOTH, line("next", ts=NEXT_DAY), line("more", store=2, ts=NEXT_DAY)]
    workspace(tmp_path, rows, rows, hidden.replace("11-19", "11-20").replace("11-18,", "11-19,"))
    assert late(told(run(tmp_path))) == {"LATE_UNKNOWN": 2}


P99 = 'gates: [{metric: late_p99, limit: "15m"}, {metric: late_p99, limit: "2d"}]\n'


def test_how_late_rows_come_is_known_between_two_watermarks(tmp_path: Path) -> None:
    first = [line("o1", ts="2026-11-18 10:00:00")]
    found = told(run(workspace(tmp_path, first, first, LAG + P99)))
    names = [one.gate for one in found.gates[:2]]
    assert gate(found, names[0]) == ("pass", "none late", "")
    waiting = [*first, line("o2", ts="2026-11-18 10:05:00")]
    workspace(tmp_path, waiting, first, LAG + P99)
    found = told(run(tmp_path))
    assert gate(found, names[0]) == ("unknown", "not known", "1 row pending, and none came late so far")
    for ts, verdict, measured in (("10:15", "pass", "0s to 10m"), ("10:45", "unknown", "0s to 40m")):
        workspace(tmp_path, waiting, [*waiting, line("o3", ts=f"2026-11-18 {ts}:00")], LAG + P99)
        found = told(run(tmp_path))
        assert gate(found, names[0])[:2] == (verdict, measured)
        assert gate(found, names[1])[0] == "pass"
        # The same again, without this run.
        file = tmp_path / "migrations/w2-orders/evidence/history/orders.jsonl"
        file.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    assert found.late is not None and (found.late.p99_least, found.late.p99_most, found.late.p99_rows) == (0, 2400, 1)


def test_without_a_lag_nothing_is_late_and_nothing_known(tmp_path: Path) -> None:
    found = told(run(workspace(tmp_path, BOTH, BOTH, PLAN + P99)))
    assert found.gates[0].verdict == "unknown" and found.gates[0].note == "the plan has no lag: nothing is ever late"
    assert found.late is None


def test_a_plan_that_no_longer_says_when_a_row_happened_keeps_what_is_pending(tmp_path: Path) -> None:
    first_day(tmp_path)
    timeless = PLAN.replace("event_time: {field: ts, zone: UTC}\n", "").replace(", business_day", "")
    workspace(tmp_path, BOTH, BOTH, timeless)
    found = told(run(tmp_path))
    assert (late(found), found.classes["EQUAL"]) == ({}, 2)
    assert len(history(tmp_path)[1]["late"]["pending"]) == 2


def test_a_gate_of_a_scope_does_not_pass_on_what_is_known_by_pseudonym_only(tmp_path: Path) -> None:
    scoped = 'gates: [{metric: missing, scope: {store: "1"}, limit: "0"}]\n'
    first_day(tmp_path, DAILY + scoped)
    rows = [*BOTH, line("next", ts=NEXT_DAY), line("more", store=2, ts=NEXT_DAY)]
    workspace(tmp_path, rows, rows, NEXT + scoped)
    assert told(run(tmp_path)).gates[0].note == "1 row of earlier windows never came: of what scope is not known"


def test_a_ledger_that_is_none_is_an_error_with_its_line(tmp_path: Path) -> None:
    first_day(tmp_path)
    file = tmp_path / "migrations/w2-orders/evidence/history/orders.jsonl"
    row = json.loads(file.read_text(encoding="utf-8")) | {"late": {"form": "f", "lost": {"north": 1}}}
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        run(tmp_path)
    assert error.value.at is not None and error.value.at.line == 1
