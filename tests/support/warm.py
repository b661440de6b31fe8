"""Run retailctl in a process that need not import it first: for tests of what a command does, not of how it starts.

One ``preloaded`` Python waits beside each process of pytest. What starts cold stays so: runs under another hash seed or
time zone, signals, full disks, and everything with HYPOTHESIS_PROFILE=thorough.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.needs import ROOT

_START_SECONDS, _RUN_SECONDS = 120, 120


@dataclass(frozen=True, slots=True)
class Ended:
    """Exit code, both streams, and the cost: CPU seconds with those of a start, resident MiB."""

    code: int
    out: bytes
    err: bytes
    cpu: float
    peak: float


class Preloaded:
    """The Python that has everything imported, and the wire to it."""

    def __init__(self) -> None:
        self._wire, theirs = socket.socketpair()
        self._wire.settimeout(_START_SECONDS)
        environment = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__).with_name("preloaded.py")), str(theirs.fileno())],
                env={**environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,  # so that a child that hangs can be ended together with it
            )
        self._answers = self._wire.makefile("rb")
        self._start: float = self._answer()["start"]
        self._wire.settimeout(_RUN_SECONDS)

    def _answer(self) -> Any:
        line = self._answers.readline()
        assert line, "the preloaded Python has ended"
        return json.loads(line)

    def run(
        self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], more: Mapping[str, object], *, together: bool
    ) -> Ended:
        """One command; ``more`` has the limits and the guard. What it says to both streams may go to one."""
        request = json.dumps({"argv": argv, "cwd": str(cwd), "env": dict(env), **more}).encode()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            socket.send_fds(self._wire, [len(request).to_bytes(4)], [out.fileno(), (out if together else err).fileno()])
            self._wire.sendall(request)
            found = self._answer()
            texts = [os.pread(stream.fileno(), os.fstat(stream.fileno()).st_size, 0) for stream in (out, err)]
        return Ended(found["code"], texts[0], texts[1], found["cpu"] + self._start, found["peak"])

    def close(self) -> None:
        """End the process, and whatever it still runs."""
        self._answers.close()
        self._wire.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@cache
def _preloaded() -> Preloaded:
    preloaded = Preloaded()
    atexit.register(preloaded.close)
    return preloaded


def run(
    argv: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    limits: Mapping[str, int] | None = None,
    guard: Path | None = None,
    *,
    together: bool = False,
) -> Ended:
    """Run a command line in a folder, with exactly this environment, and wait for it; see ``Preloaded.run``."""
    more = {"limits": limits or {}, "guard": str(guard) if guard else ""}
    try:
        return _preloaded().run(argv, cwd, env, more, together=together)
    except (AssertionError, OSError):  # it has ended, or its command hangs: the next one gets a new one
        _preloaded().close()
        _preloaded.cache_clear()
        raise
