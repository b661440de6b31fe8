from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from retailctl.errors import ConfigError, IncompleteError
from retailctl.workspace.atomic import DRAFT_SUFFIX, write_atomic


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def drafts(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.endswith(DRAFT_SUFFIX)]


@pytest.mark.parametrize(
    ("data", "stored"),
    [("a: é\r\nb: 1\n", "a: é\r\nb: 1\n".encode()), (b"\xff\x00", b"\xff\x00"), ("", b"")],
)
def test_bytes_arrive_as_given(tmp_path: Path, data: str | bytes, stored: bytes) -> None:
    target = tmp_path / "x.yaml"
    target.write_bytes(b"old")
    write_atomic(target, data)
    assert target.read_bytes() == stored
    assert drafts(tmp_path) == []


@pytest.mark.parametrize(
    ("umask", "mode", "expected"), [(0o022, None, 0o644), (0o077, None, 0o600), (0o022, 0o600, 0o600)]
)
def test_a_new_file_gets_the_mode_less_the_umask(tmp_path: Path, umask: int, mode: int | None, expected: int) -> None:
    before = os.umask(umask)
    try:
        write_atomic(tmp_path / "new", "x", mode=mode)
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "new") == expected


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755, 0o664])
def test_the_mode_of_an_existing_file_is_kept(tmp_path: Path, mode: int) -> None:
    target = tmp_path / "x"
    target.write_text("old")
    target.chmod(mode)
    write_atomic(target, "new")
    assert (target.read_text(), mode_of(target)) == ("new", mode)


def test_a_link_that_leads_out_is_refused_and_its_target_untouched(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "x.yaml").symlink_to(outside)
    with pytest.raises(ConfigError, match="leads out"):
        write_atomic(inner / "x.yaml", "new")
    assert outside.read_text() == "precious"
    assert (inner / "x.yaml").is_symlink()


def test_a_folder_link_that_leads_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "policies").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="leads out") as caught:
        write_atomic(root / "policies" / "waivers.yaml", "new", inside=root)
    assert caught.value.at is not None
    assert caught.value.at.path == "policies/waivers.yaml"
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_that_stays_inside_is_followed_and_kept(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_ring_of_links_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises((IncompleteError, ConfigError)):
        write_atomic(tmp_path / "a", "x")


def test_a_device_or_folder_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(ConfigError, match="not a regular file"):
            write_atomic(tmp_path / name, "x")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("number", "hint"), [(errno.ENOSPC, "space"), (errno.EROFS, "read-only"), (errno.EIO, "old content")]
)
def test_a_full_or_read_only_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    target = tmp_path / "x"
    target.write_text("old")

    def fail(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(IncompleteError, match=os.strerror(number)) as caught:
        write_atomic(target, "new")
    assert hint in caught.value.hint
    assert target.read_text() == "old"
    assert drafts(tmp_path) == []


def test_a_really_full_disk(tmp_path: Path) -> None:
    """The size limit of the process stands in for the disk: the kernel refuses the write half way."""
    target = tmp_path / "x"
    target.write_text("old")
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from retailctl.errors import IncompleteError\nfrom retailctl.workspace.atomic import write_atomic\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "try:\n    write_atomic(Path(sys.argv[1]), 'n' * 100_000)\n"
        "except IncompleteError as e:\n    print(e.exit_code, e.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True, text=True, check=True)
    assert done.stdout == "3 cannot be written: File too large\n"
    assert target.read_text() == "old"
    assert drafts(tmp_path) == []


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_text("old and whole")
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom retailctl.workspace import atomic\n"
        "os.fsync = lambda fd: os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic.write_atomic(Path(sys.argv[1]), 'n' * 100_000)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(target)], capture_output=True, check=False)
    assert done.returncode == -9
    assert target.read_text() == "old and whole"
    assert all(name.startswith(".") for name in drafts(tmp_path))


def test_a_missing_folder_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="No such file") as caught:
        write_atomic(tmp_path / "no" / "x", "x")
    assert "Create the folder" in caught.value.hint


def test_a_read_only_file_or_folder_is_refused(nobody_folder: Path) -> None:
    target = nobody_folder / "x"
    target.write_text("old")
    target.chmod(0o444)
    with pytest.raises(IncompleteError, match="Permission") as caught:
        write_atomic(target, "new")
    assert "permissions" in caught.value.hint
    target.chmod(0o644)
    nobody_folder.chmod(0o555)
    with pytest.raises(IncompleteError, match="Permission"):
        write_atomic(target, "new")
    assert target.read_text() == "old"


@pytest.mark.parametrize("name", ["x" * 255, "-rf", "a\nb", 'q"uote', os.fsdecode(b"\xff\xfe.yaml")])
def test_odd_file_names(tmp_path: Path, name: str) -> None:
    write_atomic(tmp_path / name, "x")
    assert os.listdir(tmp_path) == [name]
