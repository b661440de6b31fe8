"""Where an engine puts what does not fit into memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retailctl.errors import IncompleteError


@contextmanager
def scratch_folder(parent: Path | None) -> Iterator[Path]:
    """A private folder that goes with the run, whatever happens; in the system's folder for such files by default.

    Raises IncompleteError where ``parent`` is not there.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="retailctl-", dir=parent) as name:
            yield Path(name)
    except FileNotFoundError:
        raise IncompleteError(f"{parent}: no such folder for scratch files", hint="make it first") from None
