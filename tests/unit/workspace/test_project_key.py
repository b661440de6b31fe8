"""The key of a workspace: given, kept, made, or too short; and large files line by line."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from retailctl.errors import IncompleteError, InputError, UsageError
from retailctl.workspace.project_key import project_key
from retailctl.workspace.streams import lines_of


def test_the_key_of_the_environment_wins_and_nothing_is_written(tmp_path: Path) -> None:
    assert project_key(tmp_path, {"RETAILCTL_KEY": "k" * 32}) == (b"k" * 32, "")
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, remark = project_key(tmp_path, {})
    assert (len(first), remark) == (64, "")
    assert project_key(tmp_path, {}) == (first, "")
    assert stat.S_IMODE((tmp_path / ".retailctl/key").stat().st_mode) == 0o600


@pytest.mark.parametrize("given", ["short", "x" * 15])
def test_a_short_key_is_refused_and_not_repeated(given: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="protects nothing") as caught:
        project_key(tmp_path, {"RETAILCTL_KEY": given})
    assert given not in str(caught.value)
    (tmp_path / ".retailctl").mkdir()
    (tmp_path / ".retailctl/key").write_text(given)
    with pytest.raises(UsageError, match="protects nothing"):
        project_key(tmp_path, {})


def test_a_key_that_cannot_be_kept_is_used_and_told(tmp_path: Path) -> None:
    (tmp_path / ".retailctl").write_text("a file in the way")
    try:
        key, remark = project_key(tmp_path, {})
    except UsageError as error:
        assert "cannot be read" in error.message
    else:
        assert len(key) == 64
        assert "RETAILCTL_KEY" in remark


def test_lines_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(b"1\n\n22")
    assert list(lines_of(tmp_path, "a.ndjson")) == [b"1\n", b"\n", b"22"]
    with pytest.raises(InputError, match="more than 1 bytes") as caught:
        list(lines_of(tmp_path, "a.ndjson", longest=1))
    assert caught.value.at is not None
    assert caught.value.at.line == 1


@pytest.mark.parametrize("name", ["none.ndjson", "folder", "../out.ndjson", "pipe"])
def test_what_is_no_file_of_the_workspace(name: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "out.ndjson").write_text("1")
    os.mkfifo(root / "pipe")
    with pytest.raises((InputError, IncompleteError)):
        list(lines_of(root, name))
