"""Where an engine puts what does not fit into memory."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError
from retailctl.workspace.lock import locked

_PREFIX: Final = "retailctl-scratch-"
_LOCK: Final = "lock"
_ELSEWHERE: Final = "name a folder for scratch files that can be written: --scratch DIR"
_SETTLED: Final = 60.0
"""Seconds after which a folder that nobody holds is one of a process that is gone."""


@contextmanager
def scratch_folder(parent: Path | None) -> Iterator[Path]:
    """A private folder that goes with the run, whatever happens; in the system's folder for such files by default.

    What a run that was killed has left there is removed first: it may hold personal values. Raises IncompleteError
    where ``parent`` is not there or cannot be written.
    """
    if parent is not None and not parent.is_dir():
        raise IncompleteError(f"{parent}: no such folder for scratch files", hint="make it first")
    _swept(parent or Path(tempfile.gettempdir()))
    try:
        made = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True)
    except OSError as error:
        where = parent or tempfile.gettempdir()
        raise IncompleteError(f"{where}: {error.strerror or type(error).__name__}", hint=_ELSEWHERE) from None
    with made as name:
        inner = Path(name) / "work"
        with locked(Path(name) / _LOCK, "a run"):
            inner.mkdir(mode=0o700)
            yield inner


def _swept(parent: Path) -> None:
    """Remove folders of ours whose process is gone."""
    for path in parent.glob(f"{_PREFIX}*"):
        try:
            status = path.lstat()
            if not path.is_dir() or path.is_symlink() or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
                continue
            if not (path / _LOCK).exists() or time.time() - (path / _LOCK).stat().st_mtime < _SETTLED:
                continue  # of a process that is about to lock it: between making the file and its lock anybody can
            with locked(path / _LOCK, "remove"):
                shutil.rmtree(path, ignore_errors=True)
        except (OSError, IncompleteError):
            continue
