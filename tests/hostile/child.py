"""Run the command line as a user does, in a process of its own, and see what it did and what it cost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from tests.support import warm
from tests.support.effort import THOROUGH

HERE = Path(__file__).resolve().parent
CPU_SECONDS, PEAK_MIB = 5.0, 300.0
"""The bars of every case: CPU time, because the wall clock is that of a busy machine, and resident memory."""
_REFERENCE_LOOP = 0.06
_NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Python does not notice when a file limit cuts the module that it compiles, and would read the half one later."""
_OF_THE_START = ("PYTHON", "TZ", "LC_", "LANG")
"""What a Python reads from its environment when it starts."""
_STOP_CPU, _STOP_MEMORY = 20, 4 << 30
"""Where the system ends a child that missed the bars by far."""
DAY = "2026-11-20"


@dataclass(frozen=True)
class Done:
    """A finished run: exit code, both streams, cost, and the folder of the case."""

    code: int
    out: str
    err: str
    cpu: float
    peak: float
    folder: Path = field(repr=False)
    again: Callable[[], float] = field(repr=False, compare=False)
    """Runs the command once more, with nothing cached, and gives its CPU time."""

    @cached_property
    def report(self) -> Any:
        """The JSON on stdout; NaN and Infinity are not JSON."""

        def refuse(name: str) -> float:
            raise AssertionError(f"{name} in JSON")

        return json.loads(self.out, parse_constant=refuse)

    @cached_property
    def findings(self) -> list[str]:
        """``INP001 inventories/a.yaml:3`` for every finding of a JSON report."""
        return [f"{row['rule']} {_first_place(row)}" for row in self.report["findings"]]

    def finding(self, rule: str) -> Any:
        """The only finding of a rule."""
        (row,) = (row for row in self.report["findings"] if row["rule"] == rule)
        return row

    def within_bounds(self) -> None:
        """No traceback, nothing forbidden touched, CPU and memory below the bars.

        What costs too much runs twice more: a machine that others use may charge any one run twice its cost.
        """
        assert "GUARD:" not in self.err, self.err[-2000:]
        assert "Traceback" not in self.out + self.err, (self.out + self.err)[-4000:]
        assert self.code != 70, self.err
        least, slow = self.cpu, 1.0
        for _ in range(2):
            if least / slow >= CPU_SECONDS:
                slow = slowness()
                least = min(least, self.again())
        assert least / slow < CPU_SECONDS, f"{least:.1f} s CPU on a machine {slow:.1f} times slower"
        assert self.peak < PEAK_MIB, f"{self.peak:.0f} MiB"


def _first_place(row: Any) -> str:
    place = next(iter(row["locations"]), {"path": "", "line": 0})
    return f"{place['path']}:{place['line']}"


def slowness() -> float:
    """How many times longer this machine takes at the moment than the one of the bars (0.06 s for this loop).

    A processor that is shared or throttled charges several times as much CPU time for the same work.
    """
    costs = []
    for _ in range(5):
        start, total = time.process_time(), 0
        for number in range(1_000_000):
            total += number * number % 7
        costs.append(time.process_time() - start)
    return max(1.0, min(costs) / _REFERENCE_LOOP)


def environment(folder: Path, more: Mapping[str, str] | None = None, bait: tuple[str, ...] = ()) -> dict[str, str]:
    """A clean environment: own home and cache, the guard in front."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TMPDIR": str(folder),
        "PYTHONPATH": os.pathsep.join((str(HERE / "guard"), str(HERE.parents[1]))),
        "HOSTILE_BAIT": os.pathsep.join(("/etc/passwd", *bait)),
        **(more or {}),
    }


def command(*argv: str) -> list[str]:
    """The command line as a program with arguments."""
    return [sys.executable, "-m", "retailctl", *argv]


def run(
    folder: Path,
    *argv: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    bait: tuple[str, ...] = (),
    limits: Mapping[str, int] | None = None,
    stdout: IO[bytes] | None = None,
    cold: bool = False,
) -> Done:
    """Run retailctl in ``cwd`` (default ``folder/ws``) and wait for it; see ``warm`` for what starts cold."""
    bounds = {"RLIMIT_CPU": _STOP_CPU, "RLIMIT_AS": _STOP_MEMORY, "RLIMIT_CORE": 0, **(limits or {})}
    where = cwd or folder / "ws"

    def again() -> float:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        return run(folder, *argv, cwd=cwd, env=env, bait=bait, limits=limits, cold=True).cpu

    if not (cold or THOROUGH or stdout or any(name.startswith(_OF_THE_START) for name in env or {})):
        ended = warm.run(argv, where, environment(folder, env, bait), bounds, HERE / "guard" / "sitecustomize.py")
        out, err = (stream.decode("utf-8", "strict") for stream in (ended.out, ended.err))
        _keep(argv, {"code": ended.code, "cpu": ended.cpu, "peak": ended.peak})
        return Done(ended.code, out, err, ended.cpu, ended.peak, folder, again)
    reader, writer = os.pipe()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(HERE / "launch.py"), str(writer), json.dumps(bounds), *command(*argv)],
            check=False,
            cwd=where,
            env=environment(folder, {**_NO_BYTECODE, **(env or {})} if limits else env, bait),
            stdin=subprocess.DEVNULL,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(writer,),
            timeout=120,
        )
        os.close(writer)
        writer = -1
        found = json.loads(os.read(reader, 4096))
    finally:
        os.close(reader)
        if writer >= 0:
            os.close(writer)
    out, err = ((stream or b"").decode("utf-8", "strict") for stream in (done.stdout, done.stderr))
    _keep(argv, found)
    return Done(found["code"], out, err, found["cpu"], found["peak"], folder, again)


def _keep(argv: tuple[str, ...], found: Mapping[str, float]) -> None:
    """Append the cost to a file, for whoever wants to see the worst: HOSTILE_COSTS=costs.jsonl."""
    if place := os.environ.get("HOSTILE_COSTS"):
        row = {"test": os.environ.get("PYTEST_CURRENT_TEST", ""), "argv": argv, **found}
        with Path(place).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
