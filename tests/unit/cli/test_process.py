"""Whole processes: pipes, signals, full disks, closed streams."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

FAKES = Path(__file__).with_name("fakes.py")
HOME = FAKES.parents[3]


def command(*args: str) -> list[str]:
    return [sys.executable, str(FAKES), *args]


def environ(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "CI")}
    return {**clean, "PYTHONPATH": str(HOME), **more}


def shell(line: str, **more: str) -> subprocess.CompletedProcess[str]:
    text = line.replace("retailctl", f"{sys.executable} {FAKES}")
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", text],
        check=False,
        capture_output=True,
        text=True,
        env=environ(**more),
        timeout=60,
    )


@pytest.mark.parametrize("flags", ["", "-f json", "-f csv", "--color always"])
def test_a_reader_that_goes_away_is_no_error(flags: str) -> None:
    done = shell(f"retailctl inventory list {flags} | head -1", FAKE="many")
    assert done.returncode == 0 and done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_the_verdict_survives_a_broken_pipe() -> None:
    done = shell("retailctl audit | true")
    assert (done.returncode, done.stderr) == (1, "")
    done = shell("retailctl --help | true")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_ends_the_run_with_a_hint(number: signal.Signals, code: int, word: str) -> None:
    process = subprocess.Popen(
        command("audit", "-o", "-"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ(FAKE="slow"),
    )
    assert process.stderr is not None and process.stderr.readline() == "started\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert out == "" and err.startswith(f"error: {word}\n  hint: ") and "Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_is_no_success() -> None:
    done = shell("retailctl inventory list > /dev/full")
    assert done.returncode == 3 and "cannot write the result: No space left on device" in done.stderr


def test_closed_streams_do_no_harm() -> None:
    assert shell("retailctl audit >&-").returncode == 1
    assert shell("retailctl audt 2>&-").returncode == 2
    assert shell("retailctl audit >&- 2>&-").returncode == 1


def test_a_source_that_cannot_be_read_is_three() -> None:
    done = shell("retailctl audit", FAKE="partial")
    assert (done.returncode, done.stderr) == (3, "error: inventories/pos.yaml: permission denied\n")


def test_an_old_encoding_loses_no_run() -> None:
    done = shell("retailctl inventory list", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0


@pytest.mark.parametrize("no", ["", "1"])
@pytest.mark.parametrize(("flag", "colored"), [("", False), ("--color always", True)])
def test_a_pipe_gets_colour_only_on_the_command_line(no: str, flag: str, colored: bool) -> None:
    done = shell(f"retailctl audit {flag}", FORCE_COLOR="1", NO_COLOR=no, TERM="xterm-256color")
    assert ("\x1b[" in done.stdout) == colored
    assert "\x1b]" not in done.stdout


def test_machine_formats_never_get_colour() -> None:
    for args in ("audit -f json", "audit -f markdown", "inventory list -f csv", "schema inventory"):
        assert "\x1b" not in shell(f"retailctl {args} --color always", FORCE_COLOR="1").stdout


def test_completion_knows_commands_and_flags() -> None:
    asked = {"_RETAILCTL_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
    assert shell("retailctl", COMP_WORDS="x au", **asked).stdout.split() == ["audit"]
    asked["COMP_CWORD"] = "2"
    assert shell("retailctl", COMP_WORDS="x audit --fail", **asked).stdout.split()[:1] == ["--fail-on"]
    assert "complete_bash" in shell("retailctl --show-completion bash").stdout
