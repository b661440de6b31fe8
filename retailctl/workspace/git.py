"""The git command line, for reading only.

The repository is not trusted: its configuration can name programs to run (hooks, transports, credential helpers, file
monitors). Only commands that read objects are used here, none of which runs a filter or a hook, and what could still
start a program or a connection, such as the fetching of objects that a partial clone left out, is switched off.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from retailctl.errors import ConfigError, IncompleteError

TIMEOUT: Final = 60.0
"""Seconds that one command, or one object, may take."""

MOST: Final = 64 * 1024 * 1024
"""Bytes of one answer: a few small trees that hold each other can list billions of files."""

_SAFE: Final = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),  # a bare repository committed into a folder brings its own configuration
)
# What the person who started us may decide; everything else could redirect to another repository or run a program.
_KEPT: Final = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_"),
    *("GIT_CONFIG_VALUE_", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH"),
)
_SET: Final = {
    "GIT_ALLOW_PROTOCOL": "none",  # unlike protocol.allow, the repository's protocol.<name>.allow cannot override it
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # a commit is what its hash says
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",  # messages are recognised by their words
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gave back; ``complete`` is False when it was stopped for saying too much."""

    code: int
    out: bytes
    error: str
    complete: bool = True


class Git:
    """Runs git in one folder. Raises :class:`ConfigError` when git is not installed."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("git")
        if program is None or not Path(program).is_absolute():  # relative: found in the folder that is examined
            raise ConfigError("git is not installed", hint="Install git, or compare with a file instead of a revision.")
        self.folder = folder
        self._command = (program, *_SAFE)

    def run(self, *arguments: str, feed: bytes = b"") -> Answer:
        """Run one command to its end. Raises :class:`IncompleteError` when it takes too long or cannot start."""
        with tempfile.TemporaryFile() as errors, self._start(arguments, errors) as process:
            with Watch(process) as watch, watch.limited():
                out = _talk(process, feed)
            errors.seek(0)
            first = errors.read(2000).decode("utf-8", "replace").strip()
        if watch.late:
            raise too_slow(arguments[0])
        return Answer(process.returncode, out[:MOST], first, complete=len(out) <= MOST)

    def batch(self) -> Blobs:
        """Start the process that gives the content of objects."""
        return Blobs(self._start(("cat-file", "--batch"), subprocess.DEVNULL))

    def _start(self, arguments: tuple[str, ...], errors: IO[bytes] | int) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - a fixed program without a shell
                (*self._command, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self.folder,
                env=environment(),
            )
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise IncompleteError(f"git cannot be started: {reason}", hint="Check the installation of git.") from None


class Blobs:
    """One ``git cat-file --batch``: contents by object id, one after the other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._watch = process, Watch(process)

    def size(self, oid: str) -> int | None:
        """Ask for an object; its size, or None when the repository has no such blob."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        with self._watch.limited():
            try:
                stdin.write(f"{oid}\n".encode("ascii"))
                stdin.flush()
                words = stdout.readline(200).split()
            except OSError:
                words = []
        self._check()
        return int(words[2]) if len(words) == 3 and words[1] == b"blob" else None

    def content(self, size: int) -> bytes:
        """Read the content of the object that :meth:`size` asked for; nothing of it was read before."""
        if self._process.stdout is None:
            return b""
        with self._watch.limited():
            data = self._process.stdout.read(size + 1)
        self._check()
        if len(data) != size + 1:
            raise IncompleteError("git ended in the middle of a file", hint="Run `git fsck` on the repository.")
        return data[:-1]

    def close(self) -> None:
        """End the process."""
        self._watch.close()
        self._process.kill()  # it only reads, and it may be waiting to write a content nobody wants
        with self._process:
            pass

    def _check(self) -> None:
        if self._watch.late:
            raise too_slow("cat-file")


class Watch:
    """Kills a process that keeps us waiting: reading from a pipe has no time limit of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.late = False
        self._process, self._until, self._done = process, math.inf, threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    @contextmanager
    def limited(self) -> Iterator[None]:
        """What happens inside may take ``TIMEOUT`` seconds."""
        self._until = time.monotonic() + TIMEOUT
        try:
            yield
        finally:
            self._until = math.inf

    def close(self) -> None:
        """Stop watching."""
        self._done.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is not None:
            self._process.kill()

    def _watch(self) -> None:
        while not self._done.wait(min(TIMEOUT / 4, 0.5)):
            if time.monotonic() > self._until:
                self.late = True
                self._process.kill()
                return


def environment() -> dict[str, str]:
    """Return the environment git runs in: that of the user, without what redirects git or makes it talk."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return kept | _SET


def too_slow(command: str) -> IncompleteError:
    """Return the error for a command that did not end."""
    return IncompleteError(
        f"git {command} did not answer within {TIMEOUT:g} seconds", hint="Check the disk that holds the repository."
    )


def _talk(process: subprocess.Popen[bytes], feed: bytes) -> bytes:
    out = b""
    if process.stdin is not None and process.stdout is not None:
        try:
            process.stdin.write(feed)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it ended before it had read everything: its exit code says why
        out = process.stdout.read(MOST + 1)
        if len(out) > MOST:
            process.kill()
        process.wait()
    return out
