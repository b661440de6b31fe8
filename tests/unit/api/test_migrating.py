"""Evidence of waves as rules read it: sealed, of the plan as it is, newest first, and never more than it proves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.api.loading import Loaded, load
from retailctl.api.session import open_session
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.model.report import Report
from tests.support.evidence import WAVE, evidence_files, lines_of, plan_file, run_body, wave_file

AS_OF = date(2026, 11, 20)
INVENTORY = "interfaces: [{id: if-a}, {id: if-b}, {id: if-new, slo: [{sli: success_ratio, objective: 0.99}]}]\n"
OPTIONS = api.AuditOptions(as_of=AS_OF, use_cache=False)


def workspace(root: Path, files: Mapping[str, str], inventory: str = INVENTORY) -> Path:
    for path, text in {"retailctl.yaml": "name: shop\n", "inventories/a.yaml": inventory, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def loaded(root: Path) -> Loaded:
    return load(open_session(root, OPTIONS))


def known(root: Path, interface: str = "if-a") -> dict[str, Any]:
    return facts(EstateGraph(loaded(root).estate), AS_OF)["interface"][interface]


def run(day: str = "2026-11-19", plan: str = "orders", **body: Any) -> dict[str, Any]:
    return {"plan": plan, "day": day, **body}


def files_of(runs: Sequence[Mapping[str, Any]] = (), evidence: Sequence[Mapping[str, Any]] = ()) -> dict[str, str]:
    return dict(evidence_files(["if-a"], runs, evidence))


def inputs(report: Report) -> list[tuple[str, str, int]]:
    return [(f.rule, f.locations[0].path, f.locations[0].line) for f in report.findings if f.rule.startswith("INP")]


def test_the_newest_run_of_each_plan_counts_and_the_worst_of_the_plans(tmp_path: Path) -> None:
    runs = [
        run("2026-11-18", values={"matched_ratio": "0.5"}, verdict="fail"),
        run("2026-11-19", values={"matched_ratio": "0.9999", "days": 20}),
        run("2026-11-17", "stock", values={"matched_ratio": "0.97", "days": 4}, verdict="unknown"),
    ]
    found = known(workspace(tmp_path, files_of(runs)))
    assert found["parallel_plans"] == ["orders", "stock"]
    assert (found["run_matched_ratio"], found["run_days"], found["run_age_days"]) == (0.97, 4, 3)
    assert found["run_verdict"] == "unknown"
    assert "run_unexplained" not in found


def test_a_plan_without_a_run_leaves_all_open(tmp_path: Path) -> None:
    path, text = plan_file("stock", ["if-a"])
    found = known(workspace(tmp_path, files_of([run(values={"days": 20})]) | {path: text}))
    assert [name for name in found if name.startswith("run_")] == []
    assert found["moving"] is True


def test_a_run_of_a_plan_that_was_changed_does_not_count(tmp_path: Path) -> None:
    root = workspace(tmp_path, files_of([run(values={"days": 20})]))
    assert known(root)["run_days"] == 20
    path, text = plan_file("orders", ["if-a"])
    (root / path).write_text(json.dumps({**json.loads(text), "note": "another promise"}), encoding="utf-8")
    assert "run_days" not in known(root)


def test_days_under_an_earlier_plan_count_in_the_streak_that_the_newest_run_gives(tmp_path: Path) -> None:
    root = workspace(tmp_path, files_of([run("2026-10-31"), run("2026-11-01")]))
    path, text = plan_file("orders", ["if-a"])
    text = json.dumps({**json.loads(text), "note": "another promise"})
    (root / path).write_text(text, encoding="utf-8")
    body = run_body(text, "orders", "2026-11-02", gates={"missing": {"verdict": "pass", "streak": 3}})
    (root / WAVE / "evidence" / "ev.yaml").write_text(lines_of(body), encoding="utf-8")
    found = known(root)
    assert (found["run_clean_days"], found["run_closes"], found["run_age_days"]) == (3, 1, 18)


def test_a_run_of_a_day_to_come_does_not_count(tmp_path: Path) -> None:
    found = known(workspace(tmp_path, files_of([run("2026-11-19", values={"days": 3}), run("2026-11-21", values={})])))
    assert (found["run_days"], found["run_age_days"]) == (3, 1)


def test_evidence_that_was_changed_is_a_finding_at_its_seal_and_counts_as_missing(tmp_path: Path) -> None:
    root = workspace(tmp_path, files_of([run(values={"days": 20})]))
    file = root / WAVE / "evidence" / "run-orders-2026-11-19.yaml"
    file.write_text(file.read_text("utf-8").replace('"days": 20', '"days": 99'), encoding="utf-8")
    report = api.audit(root, OPTIONS)
    (found,) = (f for f in report.findings if f.rule == "INP025")
    assert (found.locations[0].path, found.locations[0].line) == (f"{WAVE}/evidence/{file.name}", 9)
    assert "run_days" not in known(root)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("id: ev\nkind: parallel_run\nplan: orders\n", "INP020", 1),
        ("id: ev\nkind: seance\nat: 2026-11-01\n", "INP020", 2),
        ("id: ev\nkind: drill\nat: yesterday\n", "INP020", 3),
        ("id: ev\nkind: drill\nat: 2026-11-01\nvalue: {a: 1}\n", "INP021", 4),
        ("id: ev\nkind: drill\nat: 2026-11-01\ncovers: [if-c]\n", "INP023", 4),
        (f"id: ev\nkind: drill\nat: 2026-11-01\nsha256: {'0' * 64}\n", "INP025", 4),
        ("id: ev\nkind: drill\nat: 2026-11-01\nvalues: {a: [1]}\n", "INP020", 4),
        ("- id: ev\n", "INP011", 1),
        ("{", "INP001", 1),
    ],
)
def test_what_is_wrong_with_evidence_is_a_finding_with_its_place(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    root = workspace(tmp_path, {**files_of(), **dict([wave_file(["if-a"])]), f"{WAVE}/evidence/ev.yaml": text})
    assert (code, f"{WAVE}/evidence/ev.yaml", line) in inputs(api.audit(root, OPTIONS))


def test_evidence_of_a_plan_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    _, plan = plan_file("orders", ["if-a"])
    text = lines_of(run_body(plan, "orders", "2026-11-19"))
    root = workspace(tmp_path, {**dict([wave_file(["if-a"])]), f"{WAVE}/evidence/ev.yaml": text})
    assert inputs(api.audit(root, OPTIONS)) == [("INP023", f"{WAVE}/evidence/ev.yaml", 3)]


def test_covers_of_a_plan_names_interfaces_or_flows_of_the_inventory(tmp_path: Path) -> None:
    path, text = plan_file("orders", ["if-a:in:order", "if-aa"])
    (found,) = (f for f in api.audit(workspace(tmp_path, {path: text}), OPTIONS).findings if f.rule == "INP023")
    assert found.message == "covers names if-aa, which is no interface of the inventory"
    assert found.fix == "did you mean if-a?"


def test_what_moves_is_not_known_while_a_wave_cannot_be_read(tmp_path: Path) -> None:
    files = dict([wave_file(["if-a"])]) | {"migrations/w2/wave.yaml": "wave: {units: [if-b]}\n"}
    root = workspace(tmp_path, files)
    assert known(root)["moving"] is True
    assert "moving" not in known(root, "if-b")
    (root / "migrations/w2/wave.yaml").unlink()
    assert known(root, "if-b")["moving"] is False


def test_a_flow_as_a_unit_moves_its_interface(tmp_path: Path) -> None:
    assert known(workspace(tmp_path, dict([wave_file(["if-a:in:order"])])))["moving"] is True


def test_evidence_covers_what_it_names_else_all_units_of_its_wave(tmp_path: Path) -> None:
    drill = {"kind": "drill", "at": "2026-11-12", "values": {"duplicates_injected": 5, "duplicates_found": 0}}
    all_units = workspace(tmp_path / "1", files_of((), [{"id": "ev", **drill}]))
    named = workspace(tmp_path / "2", files_of((), [{"id": "ev", "covers": ["if-b"], **drill}]))
    assert known(all_units)["duplicate_test_days"] == 8
    assert "duplicates_found" not in known(all_units, "if-b")
    assert "duplicates_found" not in known(named)
    assert known(named, "if-b")["duplicates_found"] == 0


def test_what_expired_proves_nothing(tmp_path: Path) -> None:
    one = {"id": "ev", "kind": "slo_window", "at": "2026-11-12", "values": {"trace_join_rate": 1}}
    assert known(workspace(tmp_path / "1", files_of((), [{**one, "expires": "2026-11-20"}])))["trace_join_rate"] == 1
    assert "trace_join_rate" not in known(workspace(tmp_path / "2", files_of((), [{**one, "expires": "2026-11-19"}])))


def test_objectives_are_those_of_what_takes_over(tmp_path: Path) -> None:
    together = {"coexistence": {"legacy": "if-a", "new": "if-new"}}
    slo = {"id": "ev", "kind": "slo_window", "at": "2026-11-12", "covers": ["if-new"], "values": {"success_ratio": 0.9}}
    files = files_of((), [slo]) | dict([wave_file(["if-a"], **together)])
    assert known(workspace(tmp_path, files))["slo_unmet"] == ["success_ratio 0.9 for 0.99"]


@pytest.mark.parametrize("value", ["", "NaN", "-1", "1e400", "many", True])
def test_a_figure_that_cannot_be_counted_is_left_out(tmp_path: Path, value: Any) -> None:
    one = {"id": "ev", "kind": "slo_window", "at": "2026-11-12", "values": {"trace_join_rate": value}}
    found = known(workspace(tmp_path, files_of((), [one])))
    assert "trace_join_rate" not in found


def test_clean_days_are_no_more_than_the_streaks_of_the_newest_run(tmp_path: Path) -> None:
    runs = [run(f"2026-11-{day}") for day in range(10, 19)]
    runs.append(run("2026-11-19", gates={"missing": {"verdict": "pass", "streak": 3}}))
    assert known(workspace(tmp_path, files_of(runs)))["run_clean_days"] == 3
