"""What the measurements share: CPU time and peak memory of a child, rounds taken in turn, medians, tables."""

from __future__ import annotations

import argparse
import os
import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Cost(NamedTuple):
    """CPU seconds (user and system), seconds on the wall, and the peak of resident memory in MB."""

    cpu: float
    wall: float
    memory: float


def child(args: Sequence[str], environ: Mapping[str, str] | None = None, expect: Sequence[int] = (0, 1)) -> Cost:
    """Run this interpreter with ``args``; its output is dropped, another exit code than expected raises."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    actions = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    start = time.perf_counter()
    # -P: the tree that is measured is the one of this file, whatever folder the measurement is started in.
    pid = os.posix_spawn(sys.executable, [sys.executable, "-P", *args], env, file_actions=actions)
    _, status, used = os.wait4(pid, 0)  # of the child and of the children it has waited for
    wall = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in expect:
        raise RuntimeError(f"exit code {code} of python {' '.join(args)}")
    return _cost(used, wall)


class Stopped(Exception):
    """A program that did not end in its time."""


def program(argv: Sequence[str], limit: float, environ: Mapping[str, str], output: Path) -> tuple[int, Cost]:
    """Run another program for at most that many seconds, both its streams into a file: exit code and cost.

    What its exit codes mean the program knows; the file shows whether it did its work. Raises Stopped.
    """
    write = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
               *((os.POSIX_SPAWN_OPEN, stream, str(output), write, 0o600) for stream in (1, 2))]  # fmt: skip
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], list(argv), {**os.environ, **environ}, file_actions=actions, setpgroup=0)
    ended, status, used = os.wait4(pid, os.WNOHANG)
    while not ended and time.perf_counter() - start < limit:
        time.sleep(0.01)
        ended, status, used = os.wait4(pid, os.WNOHANG)
    if not ended:
        os.killpg(pid, signal.SIGKILL)
        os.wait4(pid, 0)
        raise Stopped(f"stopped after {limit:.0f} s")
    return os.waitstatus_to_exitcode(status), _cost(used, time.perf_counter() - start)


def _cost(used: resource.struct_rusage, wall: float) -> Cost:
    scale = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * scale / 1e6)


def in_turn(rounds: int, subjects: Mapping[str, Callable[[], Cost]]) -> dict[str, Cost]:
    """Medians of several rounds. All subjects are run in every round, so that a busy moment hits all of them."""
    taken: dict[str, list[Cost]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            taken[name].append(run())
    return {name: median(costs) for name, costs in taken.items()}


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each column."""
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def arguments(about: str | None) -> argparse.ArgumentParser:
    """The options that every measurement has."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--quick", action="store_true", help="smaller inputs and fewer rounds, for a first look")
    return parser


def verdict(bars: Mapping[str, bool]) -> int:
    """Say which bars hold; 1 when one does not."""
    for name, holds in bars.items():
        print(f"{'holds ' if holds else 'BROKEN'}  {name}")
    return int(not all(bars.values()))
