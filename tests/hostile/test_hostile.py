"""Every hostile input through a child process: exit code, place, no traceback, 5 s of CPU, 300 MiB."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import files, outputs, policy, scans, settings, tables, values
from tests.hostile.case import Case, verify
from tests.hostile.child import run

CASES = (*files.CASES, *values.CASES, *outputs.CASES, *policy.CASES, *settings.CASES, *tables.CASES, *scans.CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_hostile(case: Case, tmp_path: Path) -> None:
    root = tmp_path / "ws"
    (root / "inventories").mkdir(parents=True)
    case.build(root)
    for argv in case.runs:
        verify(case, run(tmp_path, *argv, bait=case.bait))


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)
