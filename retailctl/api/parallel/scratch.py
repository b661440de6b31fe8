"""Where an engine puts what does not fit into memory."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError
from retailctl.workspace.lock import locked

_PREFIX: Final = "retailctl-scratch-"
_LOCK: Final = "lock"


@contextmanager
def scratch_folder(parent: Path | None) -> Iterator[Path]:
    """A private folder that goes with the run, whatever happens; in the system's folder for such files by default.

    What a run that was killed has left there is removed first: it may hold personal values. Raises IncompleteError
    where ``parent`` is not there.
    """
    try:
        _swept(parent or Path(tempfile.gettempdir()))
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True) as name:
            inner = Path(name) / "work"
            with locked(Path(name) / _LOCK, "a run"):
                inner.mkdir(mode=0o700)
                yield inner
    except FileNotFoundError:
        raise IncompleteError(f"{parent}: no such folder for scratch files", hint="make it first") from None


def _swept(parent: Path) -> None:
    """Remove folders of ours whose process is gone."""
    for path in parent.glob(f"{_PREFIX}*"):
        try:
            status = path.lstat()
            if not path.is_dir() or path.is_symlink() or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
                continue
            if not (path / _LOCK).exists():
                continue  # of a process that is about to lock it
            with locked(path / _LOCK, "remove"):
                shutil.rmtree(path, ignore_errors=True)
        except (OSError, IncompleteError):
            continue
