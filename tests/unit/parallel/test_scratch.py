"""The scratch folder of a run: gone with the run, and with the next one where a kill has left it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from retailctl.api.parallel.scratch import scratch_folder
from retailctl.errors import IncompleteError


def left_behind(parent: Path, name: str, age: float, *, lock: bool = True) -> Path:
    """The folder of a process that was killed so many seconds ago."""
    folder = parent / f"retailctl-scratch-{name}"
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "source-1.parquet").write_bytes(b"personal")
    if lock:
        (folder / "lock").write_text("", encoding="utf-8")
        os.utime(folder / "lock", (time.time() - age,) * 2)
    return folder


def test_it_is_private_and_goes_with_the_run(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert list(tmp_path.iterdir()) == [folder.parent]
    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_has_left_goes_with_the_next_run_but_never_what_is_in_use(tmp_path: Path) -> None:
    old = left_behind(tmp_path, "old", 3600)
    kept = [left_behind(tmp_path, "about-to-lock", 1), left_behind(tmp_path, "just-made", 0, lock=False)]
    other = tmp_path / "retailctl-notes"
    other.mkdir()
    with scratch_folder(tmp_path) as first:
        long_ago = time.time() - 3600
        os.utime(first.parent / "lock", (long_ago, long_ago))
        with scratch_folder(tmp_path):
            assert first.is_dir(), "an hour old, and held"
    assert not old.exists()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in [*kept, other]}


def test_a_folder_that_is_not_there_is_told_and_an_error_of_the_run_is_its_own(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="no such folder for scratch files"), scratch_folder(tmp_path / "nowhere"):
        pass
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(IncompleteError, match="no such folder"), scratch_folder(tmp_path / "file"):
        pass
    with pytest.raises(FileNotFoundError), scratch_folder(tmp_path):
        (tmp_path / "gone").read_bytes()
