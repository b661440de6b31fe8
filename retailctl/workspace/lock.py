"""One writer at a time: an advisory lock file that says who holds it.

The operating system's lock on the open file ends with its process. The record in the file (pid, start time,
what it does) tells the second writer whom to wait for, and decides where the file system has no locks.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.workspace import process

STATE_FOLDER: Final = ".retailctl"
_MAX_RECORD: Final = 4096
_UNSUPPORTED: Final = frozenset((errno.ENOLCK, errno.ENOSYS, errno.EINVAL, getattr(errno, "EOPNOTSUPP", -1)))
_OPEN: Final = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe in the place of the file must not make us wait
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process and its start time, on which start of which machine, and what it does."""

    pid: int
    start: str = ""
    boot: str = ""
    space: str = ""
    node: str = ""
    what: str = ""

    @classmethod
    def me(cls, what: str) -> Holder:
        """This process."""
        pid = os.getpid()
        return cls(pid, process.started(pid), process.boot(), process.pid_space(), process.node(), what)

    @property
    def may_run(self) -> bool:
        """Whether the process may still be at work, given that the system's file lock is free."""
        if self.boot != process.boot():
            return self.node != process.node()  # the same machine has started anew; another one we cannot ask
        if self.space != process.pid_space():
            return False  # a container on this machine: the file lock would have shown it
        return process.runs(self.pid) and (not self.start or self.start == process.started(self.pid))


@contextmanager
def workspace_lock(root: Path, what: str) -> Iterator[None]:
    """Hold the lock of a workspace; raise as :func:`locked` does."""
    folder = root / STATE_FOLDER
    if folder.is_symlink():
        raise ConfigError(
            "is a symbolic link; local state stays in the workspace",
            at=Location(STATE_FOLDER),
            hint="Remove the link; the folder is made again.",
        )
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    with locked(folder / "lock", what):
        yield


@contextmanager
def locked(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file ``path`` while the block runs; ``what`` tells others what for ("waiver add").

    A lock whose process is gone is taken over. The file stays, empty: removing it would let two writers hold
    two files of the same name. Raises :class:`IncompleteError` when somebody else holds the lock (it says
    who) or the file cannot be used.
    """
    try:
        descriptor = os.open(path, _OPEN, 0o600)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        _acquire(descriptor, path, what)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, what: str) -> None:
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        free = _system_lock(descriptor)
        holder = _read(descriptor)
        if free and (holder is None or not holder.may_run):
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, json.dumps(asdict(Holder.me(what))).encode())
            return
    except OSError as error:
        raise _unusable(path, error) from error
    raise _held(path, holder)


if sys.platform == "win32":

    def _system_lock(descriptor: int) -> bool:
        """Lock the open file until it is closed; False when another one has it."""
        import msvcrt

        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far from the record, which others must be able to read
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _system_lock(descriptor: int) -> bool:
        """Lock the open file until it is closed; False when another one has it."""
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _UNSUPPORTED:
                return True  # a file system without locks: the record decides
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise
        return True


def _read(descriptor: int) -> Holder | None:
    """Return the record, None when there is none or it is torn. Every field is foreign data."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        record: Any = json.loads(os.read(descriptor, _MAX_RECORD))
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or type(record.get("pid")) is not int:
        return None
    words: dict[str, Any] = {name: record.get(name) for name in ("start", "boot", "space", "node", "what")}
    if not all(isinstance(word, str) for word in words.values()):
        return None
    return Holder(record["pid"], **words)


def _held(path: Path, holder: Holder | None) -> IncompleteError:
    who = "another process"
    hint = "Wait until it has finished, then run the command again."
    if holder is not None:
        task = "".join(c if c.isprintable() else "?" for c in holder.what[:60])
        who = f"process {holder.pid}" + (f" ({task})" if task else "")
        if holder.boot != process.boot():
            who += " on another machine"
            hint = f"Wait until it has finished; if it no longer runs, delete {path.name}."
        elif holder.pid == os.getpid() and holder.space == process.pid_space():
            who = f"this process ({task})"
    return IncompleteError(f"locked by {who}", at=_place(path), hint=hint)


def _unusable(path: Path, error: OSError) -> IncompleteError:
    reason = error.strerror or type(error).__name__
    hint = "Check that the folder exists and can be written, and that this is a regular file."
    return IncompleteError(f"cannot be used as a lock: {reason}", at=_place(path), hint=hint)


def _place(path: Path) -> Location:
    inner = path.parent.name == STATE_FOLDER
    return Location(f"{STATE_FOLDER}/{path.name}" if inner else path.as_posix())
