"""Interrupted runs, runs that are repeated, and what happens to a run whose ground moves."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retailctl import api
from retailctl.errors import IncompleteError, UsageError
from retailctl.model.report import Report
from retailctl.parallel import parts
from retailctl.parallel.comparison import row_classes
from retailctl.parallel.engines.duckdb import DuckEngine
from retailctl.parallel.run_folder import RunFolder
from retailctl.parallel.sides import make_sides
from retailctl.workspace.lock import locked
from tests.unit.parallel.comparing import told
from tests.unit.parallel.running import DAY, PLAN, line, run, workspace

_RUNNING = "retailctl.parallel.running"
_STEPS = range(0, 44, 4)


class Stopped(Exception):
    """The process is gone."""


def estate(root: Path, plan: str = PLAN) -> Path:
    """Six business days of orders, with differences on each."""
    legacy = [line(f"o{n}", store=n % 3, ts=f"2026-11-{10 + n % 6} 10:00:00") for n in range(60)]
    new = [line(f"o{n}", store=n % 3, qty=2 + (n % 7 == 0), ts=f"2026-11-{10 + n % 6} 10:00:00") for n in range(57)]
    return workspace(root, legacy, new, plan)


def kept(root: Path) -> dict[str, bytes]:
    """Everything that a run leaves to be committed, and the parts."""
    files = [*(root / "migrations").rglob("*"), *(root / ".retailctl" / "runs").glob("*/evidence/*")]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files if file.is_file()}


def resume(root: Path, name: str = "") -> tuple[Report, tuple[str, ...]]:
    options = api.RunOptions(threads=1, memory="256MB")
    return api.parallel_resume(name, root, api.AuditOptions(use_cache=False), options)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part for each partition, however small."""
    monkeypatch.setattr(parts, "_LEAST", 1)


@pytest.mark.usefixtures("small_parts")
def test_a_run_that_stops_at_any_step_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = estate(tmp_path / "whole")
    (whole / ".retailctl").mkdir()
    (whole / ".retailctl" / "key").write_text("k" * 40, encoding="ascii")
    first = run(whole)
    want = kept(whole)
    assert sum(name.endswith(".parquet") for name in want) >= 6, "one part for each business day"
    journal = RunFolder._append
    stopped = 0
    for step in _STEPS:
        root = tmp_path / f"stopped-{step}"
        shutil.copytree(whole, root, ignore=shutil.ignore_patterns("runs", "evidence"))
        count = 0

        def append(folder: RunFolder, said: Any, at: int = step) -> None:
            nonlocal count
            if count == at:
                with (folder.path / "run.jsonl").open("ab") as stream:
                    stream.write(b'{"step": "part", "num')  # torn
                raise Stopped
            journal(folder, said)
            count += 1

        monkeypatch.setattr(RunFolder, "_append", append)
        try:
            run(root)
        except Stopped:
            stopped += 1
        else:
            break
        finally:
            monkeypatch.setattr(RunFolder, "_append", journal)
        report, remarks = resume(root)
        assert told(report) == told(first)
        assert kept(root) == want
        assert remarks[0].startswith("went on with run ")
    assert stopped > 5


def test_a_run_again_reads_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = estate(tmp_path)
    first = run(root)
    asked: list[str] = []
    rows: Callable[[DuckEngine, str], Any] = DuckEngine.rows

    def spied(engine: DuckEngine, query: str) -> Any:
        asked.append(query)
        return rows(engine, query)

    monkeypatch.setattr(DuckEngine, "rows", spied)
    assert told(run(root)) == told(first)
    assert asked and not [query for query in asked if " from l " in f"{query} " or " from n " in f"{query} "]


def test_other_gates_read_no_row_either_and_are_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = estate(tmp_path)
    run(root)
    before = sorted(kept(root))
    workspace_plan = root / "migrations" / "w2-orders" / "parallel" / "orders.yaml"
    workspace_plan.write_text(PLAN + "gates:\n  - {metric: missing, limit: '5'}\n", encoding="utf-8")
    monkeypatch.setattr("retailctl.parallel.parts.classify", _stop)
    run(root)
    assert len([name for name in kept(root) if "/ev-" in name]) == 1 + len([name for name in before if "/ev-" in name])
    runs = sorted((root / ".retailctl" / "runs").iterdir())
    first, second = ([file.read_bytes() for file in sorted(one.glob("evidence/*"))] for one in runs)
    assert first == second, "the parts of the first run are those of the second"


def test_what_changed_since_is_named_and_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = estate(tmp_path)
    monkeypatch.setattr(f"{_RUNNING}.row_classes", _stop)
    with pytest.raises(Stopped):
        run(root)
    monkeypatch.undo()
    with (root / "new.csv").open("a", encoding="utf-8") as stream:
        stream.write(line("o59", ts="2026-11-15 10:00:00") + "\n")
    report, remarks = resume(root, "orders")
    assert remarks[0] == "changed since on the new side: new.csv"
    assert remarks[1].startswith("compared again: business_day=2026-11-1")
    assert told(report).rows == {"legacy": 60, "new": 58}
    with pytest.raises(UsageError, match="no run was interrupted"):
        resume(root)


def _stop(*_: object) -> None:
    raise Stopped


def test_a_source_that_changes_in_between_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = estate(tmp_path)

    def changed(*told: Any) -> Any:
        os.utime(root / "new.csv", ns=(1, 1))
        return row_classes(*told)

    monkeypatch.setattr(f"{_RUNNING}.row_classes", changed)
    with pytest.raises(IncompleteError, match=r"new.csv was changed or removed while it was compared"):
        run(root)
    assert not [name for name in kept(root) if "evidence" in name]


def test_a_source_that_goes_in_between_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = estate(tmp_path)

    def gone(*told: Any) -> Any:
        (root / "legacy.csv").unlink()
        return make_sides(*told)

    monkeypatch.setattr(f"{_RUNNING}.make_sides", gone)
    with pytest.raises(IncompleteError, match=r"legacy.csv"):
        run(root)
    assert not [name for name in kept(root) if "evidence" in name]


def test_two_equal_runs_at_once_are_told_apart(tmp_path: Path) -> None:
    root = estate(tmp_path)
    run(root)
    (folder,) = (root / ".retailctl" / "runs").iterdir()
    with (
        locked(folder / "lock", "parallel run orders"),
        pytest.raises(IncompleteError, match=r"locked by this process \(parallel run orders\)"),
    ):
        run(root)


def test_a_part_that_was_touched_is_made_again(tmp_path: Path) -> None:
    root = estate(tmp_path)
    run(root)
    want = kept(root)
    (part,) = (root / ".retailctl" / "runs").glob("*/evidence/*")
    part.write_bytes(b"PAR1 and nothing else")
    run(root)
    assert kept(root) == want


def test_old_run_folders_go(tmp_path: Path) -> None:
    root = estate(tmp_path)
    for number in range(12):
        run(root, day=DAY.replace(day=1 + number))
    assert len(list((root / ".retailctl" / "runs").iterdir())) == 10


def test_the_journal_holds_no_personal_value(tmp_path: Path) -> None:
    root = workspace(tmp_path, [line("o1", mail="ada@shop.example")], [line("o1", mail="bob@shop.example")])
    run(root)
    for file in (root / ".retailctl" / "runs").rglob("*"):
        if file.is_file():
            assert b"@shop.example" not in file.read_bytes(), file.name
            assert file.stat().st_mode & 0o077 == 0, file.name
    (manifest,) = (root / ".retailctl" / "runs").glob("*/manifest.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))["inputs"]["legacy"][0]["name"] == "legacy.csv"


@pytest.mark.parametrize("largest", [64, 2_000])
def test_a_full_disk_ends_in_one_error_and_the_run_goes_on_with_room(tmp_path: Path, largest: int) -> None:
    """The limit on the size of files stands for the disk: of the journal, or of a part."""
    root = estate(tmp_path)
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {largest})); "
        "from retailctl.__main__ import main; sys.exit(main())"
    )
    arguments = ["parallel", "run", "orders", "--root", str(root), "--as-of", DAY.isoformat(), "--no-cache"]
    ended = subprocess.run(
        [sys.executable, "-B", "-c", code, *arguments], check=False, capture_output=True, text=True, cwd=Path.cwd()
    )
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr and "error: " in ended.stderr
    assert not [name for name in kept(root) if "/ev-" in name]
    run(root)
    assert [name for name in kept(root) if "/ev-" in name]


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL at five moments, as the machine gives them: before, within and after the run."""
    whole = estate(tmp_path / "whole")
    (whole / ".retailctl").mkdir()
    (whole / ".retailctl" / "key").write_text("k" * 40, encoding="ascii")
    options = ["--as-of", DAY.isoformat(), "--threads", "1", "-f", "json"]
    command = [sys.executable, "-m", "retailctl", "parallel"]
    started = time.perf_counter()
    subprocess.run([*command, "run", "orders", "--root", str(whole), *options], check=False, capture_output=True)
    wall = time.perf_counter() - started
    want = kept(whole)
    chance = random.Random(5)
    for number in range(5):
        root = tmp_path / f"killed-{number}"
        shutil.copytree(whole, root, ignore=shutil.ignore_patterns("runs", "evidence"))
        with subprocess.Popen(
            [*command, "run", "orders", "--root", str(root), *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            time.sleep(chance.uniform(0.2, 1.0) * wall)
            process.kill()
        try:
            resume(root)
        except UsageError:  # nothing was begun yet, or all was done
            run(root)
        assert kept(root) == want, number
