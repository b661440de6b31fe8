"""Which process is this, and does another one still run? A pid alone is not enough: pids are used again."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path
from typing import Final

_STATE, _START = 0, 19  # fields 3 and 22 of /proc/<pid>/stat, counted after the command in parentheses
_DEAD: Final = frozenset(("Z", "X", "x"))
_MAX_PID: Final = 2**31 - 1


@cache
def boot() -> str:
    """The id of this start of the machine, "" where the system has none."""
    return _read("/proc/sys/kernel/random/boot_id").strip()


@cache
def pid_space() -> str:
    """The pid namespace of this process (containers have their own), "" where there are none."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def node() -> str:
    """The name of this machine."""
    return platform.node()


def started(pid: int) -> str:
    """When a process started, in ticks since boot; "" when it does not run or the system does not tell."""
    fields = _stat(pid)
    return fields[_START] if len(fields) > _START else ""


def runs(pid: int) -> bool:
    """Whether a process with this number runs; one that ended and was not collected does not.

    Always False on Windows, where the operating system's own file lock is the better witness.
    """
    # os.kill(pid, 0) ends a process on Windows; 0 and -1 mean groups of processes.
    if os.name == "nt" or not 0 < pid <= _MAX_PID:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    fields = _stat(pid)
    return not fields or fields[_STATE] not in _DEAD


def _stat(pid: int) -> list[str]:
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
