"""Signals, full disks, writers that meet, and runs that must give the same bytes (hostile.md 44 to 46)."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile.case import AUDIT, SOUND, write
from tests.hostile.child import DAY, Done, command, environment, run
from tests.hostile.outputs import FORMATS
from tests.hostile.values import dense

MACHINE = tuple(name for name in FORMATS if name != "text")
WAIVER = ("waiver", "add", "--rule", "OWN-02", "--subject", "order", "--reason", "why", "--owner", "o",
          "--approved-by", "a", "--expires", "2026-12-01")  # fmt: skip
HOLDER = """\
import sys, time
from pathlib import Path
from retailctl.workspace.lock import workspace_lock
with workspace_lock(Path(sys.argv[1]), "baseline write"):
    print("held", flush=True)
    time.sleep(60)
"""
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
not_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def ws(tmp_path: Path) -> Path:
    """A workspace with one mistake and some findings."""
    root = tmp_path / "ws"
    write(root, {"inventories/a.yaml": SOUND + "  - {id: pos, nmae: x}\n", "inventories/b.yaml": dense(12)})
    return root


def bounded(done: Done) -> Done:
    done.within_bounds()
    return done


# 44: what was there before is there afterwards


@pytest.mark.parametrize("format", MACHINE)
def test_a_disk_that_is_full_leaves_the_old_output(format: str, ws: Path) -> None:
    old = ws / "out"
    old.write_text("old")
    done = bounded(run(ws.parent, "audit", "--no-cache", "-o", f"{format}=out", limits={"RLIMIT_FSIZE": 1024}))
    assert done.code == 3 and "cannot write" in done.err and "as it was before" in done.err
    assert old.read_text() == "old"
    assert sorted(path.name for path in ws.iterdir()) == ["inventories", "out"], "a draft was left"


@needs_full
@pytest.mark.parametrize("format", ["text", "json", "html"])
def test_a_full_stdout_is_told(format: str, ws: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = bounded(run(ws.parent, "audit", "-f", format, stdout=full))
    assert done.code == 3 and "cannot write the result" in done.err


def test_a_cache_that_cannot_be_written_changes_nothing(ws: Path) -> None:
    plain = bounded(run(ws.parent, *AUDIT[0], "--no-cache"))
    (ws.parent / "cache").write_text("a file in the place of the folder")
    assert bounded(run(ws.parent, *AUDIT[0])).out == plain.out
    (ws.parent / "cache").unlink()
    full = bounded(run(ws.parent, *AUDIT[0], limits={"RLIMIT_FSIZE": 16}, stdout=subprocess.PIPE))  # type: ignore[arg-type]
    assert (full.code, full.out) == (plain.code, plain.out)


def test_a_forged_cache_is_not_believed(ws: Path) -> None:
    write(ws, {"inventories/large.yaml": "teams:\n" + "".join(f"  - {{id: team-{n}}}\n" for n in range(6_000))})
    plain = bounded(run(ws.parent, *AUDIT[0]))
    entries = [path for path in (ws.parent / "cache").rglob("*") if path.is_file() and path.stat().st_size]
    assert entries
    for path in entries:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    assert bounded(run(ws.parent, *AUDIT[0])).out == plain.out
    for path in entries:
        path.write_bytes(b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.")
    assert bounded(run(ws.parent, *AUDIT[0])).out == plain.out


@not_root
def test_a_folder_that_cannot_be_written_is_told_before_the_run(ws: Path) -> None:
    (ws / "closed").mkdir(mode=0o500)
    assert "cannot be written" in bounded(run(ws.parent, "audit", "-o", "json=closed/x.json")).err


@pytest.mark.parametrize("argv", [WAIVER, ("baseline", "write", "--update")], ids=["waiver", "baseline"])
def test_the_second_writer_is_told_who_holds_the_lock(argv: tuple[str, ...], ws: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(ws)], stdout=subprocess.PIPE, env=environment(ws.parent))
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        done = bounded(run(ws.parent, *argv))
        assert done.code == 3 and f"locked by process {holder.pid} (baseline write)" in done.err
        assert not (ws / "policies").exists()
        holder.kill()  # with -9: nobody cleans up, and the lock is free all the same
        holder.wait()
        assert bounded(run(ws.parent, *argv)).code == 0
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close() if holder.stdout else None


@pytest.mark.parametrize(("argv", "name"), [(WAIVER, "waivers.yaml"), (("baseline", "write", "--update"), "baseline.json")])
def test_a_full_disk_leaves_waivers_and_baseline_as_they_were(argv: tuple[str, ...], name: str, ws: Path) -> None:
    assert bounded(run(ws.parent, *argv)).code == 0
    path = ws / "policies" / name
    path.write_text(path.read_text() + "\n" * 2_000)
    before = path.read_bytes()
    write(ws, {"inventories/c.yaml": "systems:\n  - {id: crm, nmae: x}\n"})
    other = tuple("customer" if word == "order" else word for word in argv)
    done = bounded(run(ws.parent, *other, limits={"RLIMIT_FSIZE": 512}))
    assert done.code == 3, done.err
    assert path.read_bytes() == before
    assert [entry.name for entry in (ws / "policies").iterdir()] == [name]


def test_two_writers_lose_nothing(ws: Path) -> None:
    names = ("order", "customer", "finance", "inventory")
    jobs = []
    for name in names:
        argv = tuple(name if word == "order" else word for word in WAIVER)
        jobs.append(subprocess.Popen(command(*argv), cwd=ws, env=environment(ws.parent), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
    done = {}
    for name, job in zip(names, jobs, strict=True):
        err = job.communicate(timeout=120)[1].decode()
        done[name] = job.returncode
        assert job.returncode == 0 or (job.returncode == 3 and "locked by" in err), err
    written = (ws / "policies/waivers.yaml").read_text()
    assert {name for name in names if f"subject: {name}\n" in written} == {name for name in names if done[name] == 0}


def killed(ws: Path, number: int, wait: float) -> int:
    """Start an audit that writes a file, and send a signal after a while; its exit code."""
    job = subprocess.Popen(command("audit", "--no-cache", "-o", "json=out"), cwd=ws, env=environment(ws.parent),
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip
    time.sleep(wait)
    job.send_signal(number)
    err = job.communicate(timeout=60)[1].decode()
    assert "Traceback" not in err, err
    if number == signal.SIGINT and job.returncode == 130:
        assert "interrupted" in err and "hint:" in err
    return job.returncode


def test_kill_9_leaves_the_old_output(ws: Path) -> None:
    (ws / "out").write_text("old")
    for wait in (0.3, 0.8):
        killed(ws, signal.SIGKILL, wait)
        content = (ws / "out").read_text()
        assert content == "old" or json.loads(content)


# 45: interrupts and readers that go away


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_in_the_middle_of_the_run(number: int, code: int, ws: Path) -> None:
    write(ws, {"inventories/c.yaml": "systems:\n" + "".join(f"  - {{id: s{n}, note: x}}\n" for n in range(60_000))})
    codes = {killed(ws, number, wait) for wait in (1.0, 1.6)}
    assert code in codes and codes <= {code, 1, -number}, codes
    assert not [path for path in ws.iterdir() if path.name.startswith(".out")], "a draft was left"


@pytest.mark.parametrize("argv", [("audit",), ("audit", "-f", "json"), ("inventory", "list", "-f", "csv"), ("explain", "--all")])
def test_a_reader_that_goes_away(argv: tuple[str, ...], ws: Path) -> None:
    job = subprocess.Popen(command(*argv), cwd=ws, env=environment(ws.parent), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert job.stdout is not None and job.stderr is not None and job.stdout.readline()
    job.stdout.close()
    err = job.stderr.read().decode()
    job.stderr.close()
    assert job.wait(60) in (0, 1) and err == ""


# 46: the same bytes


def stable(text: str) -> str:
    """Without the one thing that JUnit and others may not have either: a time of day would fail this test."""
    assert not re.search(r"\d\d:\d\d:\d\d\.\d", text)
    return text


def outputs(ws: Path, *more: str, **env: str) -> dict[str, bytes]:
    """The audit in every machine format, as files."""
    flags = [word for name in MACHINE for word in ("-o", f"{name}=out.{name}")]
    done = bounded(run(ws.parent, "audit", "--as-of", DAY, "--no-cache", *flags, *more, cwd=ws, env=env))
    assert done.code == 1, done.err
    return {name: (ws / f"out.{name}").read_bytes() for name in MACHINE} | {"text": done.out.encode()}


def test_same_bytes_for_any_seed_folder_and_number_of_jobs(ws: Path, tmp_path: Path) -> None:
    first = outputs(ws, PYTHONHASHSEED="1")
    for content in first.values():
        assert str(tmp_path).encode() not in content and os.uname().nodename.encode() not in content
        stable(content.decode())
    assert outputs(ws, "--jobs", "8", PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C") == first
    other = tmp_path / "other" / "place" / "ws"
    write(other, {f"inventories/{path.name}": path.read_bytes() for path in sorted((ws / "inventories").iterdir(), reverse=True)})
    assert outputs(other, PYTHONHASHSEED="3") == first
    from_below = bounded(run(ws.parent, "audit", "-f", "json", "--as-of", DAY, "--no-cache", cwd=ws / "inventories"))
    assert from_below.out.encode() == first["json"]
