from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from retailctl.errors import ConfigError, IncompleteError
from retailctl.workspace import lock, process
from retailctl.workspace.lock import Holder, locked, workspace_lock

HOLD = (
    "import sys\nfrom pathlib import Path\nfrom retailctl.workspace.lock import locked\n"
    "with locked(Path(sys.argv[1]), 'baseline write'):\n    print('held', flush=True)\n    sys.stdin.read()\n"
)


def hold(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def record(path: Path, holder: Holder) -> None:
    path.write_text(json.dumps(asdict(holder)))


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = hold(path)
    try:
        with pytest.raises(IncompleteError) as caught, locked(path, "waiver add"):
            pytest.fail("two writers at once")
        assert caught.value.exit_code == 3
        assert caught.value.message == f"locked by process {child.pid} (baseline write)"
    finally:
        child.communicate("")
    with locked(path, "waiver add"):
        assert json.loads(path.read_text())["pid"] == os.getpid()
    assert path.read_text() == ""


def test_a_killed_holder_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = hold(path)
    child.send_signal(signal.SIGKILL)
    child.communicate()  # waits, and closes the pipes
    assert json.loads(path.read_text())["pid"] == child.pid
    with locked(path, "waiver add"):
        assert json.loads(path.read_text())["what"] == "waiver add"


def test_the_same_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    with locked(tmp_path / "lock", "one"):
        with pytest.raises(IncompleteError, match=r"this process \(one\)"), locked(tmp_path / "lock", "two"):
            pytest.fail("nested")
        assert json.loads((tmp_path / "lock").read_text())["what"] == "one"


def test_the_record_decides_where_the_file_system_has_no_locks(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    other = Holder.me("baseline write")
    living = replace(other, pid=os.getppid(), start=process.started(os.getppid()))
    stale = {
        "dead": replace(other, pid=dead_pid(), start=""),
        "pid used again": replace(living, start="1"),
        "before a restart": replace(living, boot="earlier"),
        "nonsense pid": replace(other, pid=-1, start=""),
    }
    record(path, living)
    with pytest.raises(IncompleteError, match=f"process {os.getppid()}"), locked(path, "x"):
        pytest.fail("holder is alive")
    for case, holder in stale.items():
        record(path, holder)
        with locked(path, case):
            assert json.loads(path.read_text())["what"] == case


def test_a_holder_on_another_machine_is_respected_and_the_way_out_named(tmp_path: Path) -> None:
    record(tmp_path / "lock", replace(Holder.me("x"), boot="other", node="elsewhere"))
    with pytest.raises(IncompleteError, match="another machine") as caught, locked(tmp_path / "lock", "y"):
        pytest.fail("held elsewhere")
    assert "delete lock" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"pid": true}',
        '{"pid": 1}',
        "[" * 3000,
        '{"pid": 1e400}',
        "\x00" * 50,
        json.dumps(asdict(Holder(10**30))),
    ],
)
def test_a_torn_or_forged_record_never_crashes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lock"
    path.write_text(text)
    try:
        with locked(path, "x"):
            assert json.loads(path.read_text())["pid"] == os.getpid()
    except IncompleteError as error:  # a number that is no pid, on "another machine"
        assert "delete" in error.hint


def test_a_forged_record_cannot_command_the_terminal(tmp_path: Path) -> None:
    record(tmp_path / "lock", replace(Holder.me("\x1b]0;owned\x07" + "A" * 999), boot="o", node="e"))
    with pytest.raises(IncompleteError) as caught, locked(tmp_path / "lock", "y"):
        pytest.fail("held elsewhere")
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_the_lock_is_released_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", "x"):
        raise ZeroDivisionError
    with locked(tmp_path / "lock", "y"):
        pass


def test_a_link_or_pipe_is_not_used_as_a_lock(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "link").symlink_to("victim")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "no/folder"):
        with pytest.raises(IncompleteError, match="cannot be used"), locked(tmp_path / name, "x"):
            pytest.fail(name)
    assert (tmp_path / "victim").read_text() == "precious"


def test_the_workspace_lock_makes_its_folder_and_refuses_a_link(tmp_path: Path) -> None:
    with workspace_lock(tmp_path, "waiver add"):
        assert json.loads((tmp_path / ".retailctl" / "lock").read_text())["what"] == "waiver add"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / ".retailctl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="symbolic link"), workspace_lock(tmp_path / "root", "x"):
        pytest.fail("link")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_no_locks_at_all_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_system_lock", lambda _descriptor: True)
    held, refused = locked(tmp_path / "lock", "a"), pytest.raises(IncompleteError, match="this process")
    with held, refused, locked(tmp_path / "lock", "b"):
        pytest.fail("the record is not read")
