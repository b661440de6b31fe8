"""Hostile tables of which only the message matters, in this process: a child of its own for each would cost too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.cli.main import main
from tests.hostile import tables
from tests.hostile.case import Case, verify
from tests.hostile.child import Done


@pytest.mark.parametrize("case", tables.MILD, ids=[case.name for case in tables.MILD])
def test_hostile_table(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "ws"
    root.mkdir()
    case.build(root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RETAILCTL_CACHE_DIR", str(tmp_path / "cache"))
    for argv in case.runs:
        code = main(list(argv))
        out, err = capfd.readouterr()
        verify(case, Done(code, out, err, 0.0, 0.0, tmp_path, lambda: 0.0))


def test_the_costly_cases_run_in_a_child() -> None:
    assert {case.name for case in tables.CASES} == tables.COSTLY
