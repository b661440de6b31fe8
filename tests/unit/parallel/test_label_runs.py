"""Labels in a whole run: counted, told, worth the same as before, and open to a gate of their own."""

from __future__ import annotations

from pathlib import Path

from tests.unit.parallel.comparing import classes, told
from tests.unit.parallel.running import PLAN, line, run, workspace

LINES = (
    PLAN.replace("key: [order_id]", "key: [order_id, store]")
    + """\
gates:
  - {metric: missing, limit: "0"}
  - {metric: missing, scope: {class: KEY_REMAP}, limit: "0"}
  - {metric: extra, scope: {class: SPLIT_MERGE}, limit: "1"}
  - {metric: unexplained, limit: "0"}
  - {metric: matched_ratio, limit: "50%"}
"""
)


def test_moved_and_split_rows_are_told_and_the_bridge_stays_to_the_cent(tmp_path: Path) -> None:
    same = [line("o1"), line("o2", store=2)]
    legacy = [*same, line("o3", ts="2026-11-18 11:00:00"), line("o4", store=1, qty=3)]
    new = [
        *same, line("x3", ts="2026-11-18 11:00:00"), line("o4", store=2, qty=1), line("o4", store=3, qty=2)
    ]  # fmt: skip
    report = run(workspace(tmp_path, legacy, new, LINES))
    found = told(report)
    assert classes(report) == {"EQUAL": 2, "KEY_REMAP": 2, "SPLIT_MERGE": 3}
    assert [(gate.verdict, gate.measured) for gate in found.gates[:5]] == [
        ("pass", "0"), ("fail", "1"), ("fail", "2"), ("pass", "0"), ("fail", "28.5714%"),
    ]  # fmt: skip
    lines = {row.name: (row.rows, row.amount) for row in found.bridge["EUR"].lines}
    assert lines == {"KEY_REMAP": (2, "0.00"), "SPLIT_MERGE": (3, "0.00")}
    assert found.bridge["EUR"].remainder == "0.00"
    messages = {one.name: one.message for one in report.findings}
    assert messages["key-remap"] == "2 rows of one side are on the other under another key, alike in all else"
    assert len(found.samples) == 2


def test_a_row_that_may_still_come_is_not_taken_for_another(tmp_path: Path) -> None:
    report = run(workspace(tmp_path, [line("o1"), line("o2")], [line("o1"), line("x2")], PLAN + "lag: 15m\n"))
    assert classes(report) == {"EQUAL": 1, "PENDING": 2}
