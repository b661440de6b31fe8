"""Identity of the running code, for cache keys."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from retailctl import __version__
from retailctl.workspace.cache import digest


@cache
def tool_identity() -> str:
    """Version of the tool and name, size and time of each of its files.

    The version alone would do for an installed wheel; in a checkout, code and packs change under one version.
    """
    root = Path(__file__).resolve().parent.parent
    parts = [__version__]
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            found = (Path(folder) / name).stat()
            parts.append(f"{os.path.relpath(Path(folder) / name, root)}:{found.st_size}:{found.st_mtime_ns}")
    return digest(*parts)
