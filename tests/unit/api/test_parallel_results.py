"""A stored result is the report itself: equal after reading, the same bytes in every format, and nothing else is one."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.api.parallel.results import load, save, stored
from retailctl.errors import RetailctlError
from retailctl.model.contract_change import ChangeWitness, ContractChange
from retailctl.model.finding import Finding
from retailctl.model.parallel_run import ParallelSummary
from retailctl.model.picture import Picture
from retailctl.model.replay_run import ReplayRun
from retailctl.model.report import Report, Summary
from retailctl.model.rule import Rule
from retailctl.report.formats import FORMATS, render
from tests.unit.report.contract_sample import sample_contract_report
from tests.unit.report.parallel_sample import parallel_everywhere, sample_parallel_report
from tests.unit.report.sample import sample_report

TEXT = st.text(st.characters(), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
NUMBERS = st.floats(allow_nan=False) | st.integers(0, 9)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=2)
CHANGES = st.builds(ContractChange, witness=st.none() | st.builds(ChangeWitness, value=JSON))
SUMMARIES = st.builds(
    Summary,
    replay=st.none() | st.builds(ReplayRun, bound=NUMBERS, routes=st.just(())),
    parallel=st.none() | st.builds(ParallelSummary, totals=st.lists(OBJECTS, max_size=2).map(tuple)),
)
PICTURES = st.builds(
    Picture, width=NUMBERS, height=NUMBERS, nodes=st.just(()), edges=st.just(()), layers=st.just((("a", 1.5),))
)
REPORTS = st.builds(
    Report,
    picture=st.none() | PICTURES,
    summary=SUMMARIES,
    findings=st.lists(st.builds(Finding, change=st.none() | CHANGES), max_size=2).map(tuple),
    rules=st.lists(st.builds(Rule, match=OBJECTS, params=OBJECTS), max_size=1).map(tuple),
)


@given(REPORTS)
@settings(max_examples=40, deadline=None)
def test_a_report_comes_back_as_it_was(report: Report) -> None:
    with tempfile.TemporaryDirectory() as name:
        save(report, Path(name))
        assert load(Path(name)) == report


@pytest.mark.parametrize(
    "sample", [sample_parallel_report, sample_contract_report, sample_report, lambda: parallel_everywhere("\udc80<x>")]
)
def test_every_format_has_the_same_bytes(sample: Callable[[], Report], tmp_path: Path) -> None:
    report = sample()
    save(report, tmp_path)
    again = load(tmp_path)
    for name in FORMATS:
        assert "".join(render(again, name)) == "".join(render(report, name)), name


def test_the_file_is_its_owners_and_keeps_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "correct-horse-battery")
    file = save(parallel_everywhere("x correct-horse-battery x"), tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "correct-horse" not in file.read_text(encoding="utf-8")
    assert load(tmp_path).workspace == "x *** x and x *** x"


def _changed(change: Callable[[Any], None]) -> Callable[[str], str]:
    def apply(text: str) -> str:
        data = json.loads(text)
        change(data)
        return json.dumps(data)

    return apply


BROKEN: dict[str, tuple[Callable[[str], str], int]] = {
    "cut short": (lambda text: text[: len(text) // 2], 2),
    "empty": (lambda text: "", 2),
    "a list": (lambda text: "[1]", 2),
    "too deep": (lambda text: '{"report":' * 50_000, 2),
    "another schema": (_changed(lambda data: data.update(schema="retailctl.result/v9")), 2),
    "no report": (_changed(lambda data: data.pop("report")), 2),
    "an unknown key": (_changed(lambda data: data["report"].update(surprise=1)), 2),
    "a missing key": (_changed(lambda data: data["report"].pop("command")), 2),
    "a number for a text": (_changed(lambda data: data["report"].update(command=7)), 2),
    "a text for a number": (_changed(lambda data: data["report"]["summary"].update(exit_code="0")), 2),
    "no such verdict": (_changed(lambda data: data["report"]["summary"].update(verdict="fine")), 2),
    "a text for a list": (_changed(lambda data: data["report"].update(findings="none")), 2),
    "a pair of three": (_changed(lambda data: data["report"]["summary"]["parallel"]["samples"]["a"][0].update(key=[["a", "b", "c"]])), 2),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_result_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    change, code = BROKEN[name]
    file = save(sample_parallel_report(), tmp_path)
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(RetailctlError) as caught:
        load(tmp_path)
    assert caught.value.exit_code == code
    assert caught.value.at is not None and caught.value.at.path.endswith("/result.json")
    assert caught.value.hint


def test_runs_are_listed_newest_first_without_what_is_none(tmp_path: Path) -> None:
    for at, name in enumerate(("first", "second")):
        (tmp_path / name).mkdir()
        file = save(sample_parallel_report(), tmp_path / name)
        os.utime(file, ns=(at, at))
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "result.json").write_text("{", encoding="utf-8")
    (tmp_path / "linked").symlink_to(tmp_path / "first")
    os.mkfifo(tmp_path / "unfinished" / "result.json")
    assert [(one.run, one.verdict, one.plan) for one in stored(tmp_path)] == [
        ("second", "fail", "legacy.csv and new.parquet"), ("first", "fail", "legacy.csv and new.parquet")
    ]  # fmt: skip
    assert stored(tmp_path / "nowhere") == []
