"""A bug in retailctl: one line for the user, and a file that can be pasted into an issue."""

from __future__ import annotations

import os
import platform
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

from retailctl import __version__
from retailctl.cli.console import Console


def report(error: BaseException, args: list[str], console: Console) -> str:
    """Write the report and return the one line that says where it is.

    It has the traceback and the command line, redacted; no locals and no environment: those hold secrets.
    """
    what = f"internal error ({type(error).__name__}), a bug in retailctl"
    text = console.clean(_document(error, args))
    for folder in _folders(console.environ):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, path = tempfile.mkstemp(".txt", time.strftime("error-%Y%m%d-%H%M%S-", time.gmtime()), folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
        except OSError:
            continue
        return f"{what}; please report it with {path}"
    return f"{what}; no report could be written: {error}"


def _folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    cache = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
    home = environ.get("HOME") or environ.get("USERPROFILE")
    folders = [Path(cache)] if cache else [Path(home) / ".cache"] if home else []
    return (*(folder / "retailctl" / "errors" for folder in folders), Path(tempfile.gettempdir()))


def _document(error: BaseException, args: list[str]) -> str:
    lines = (
        f"retailctl {__version__}",
        f"python {platform.python_version()} on {platform.system()} {platform.machine()}",
        f"command: retailctl {' '.join(args)}",
        f"error: {type(error).__name__}: {error}",
        "",
        "".join(traceback.format_exception(error)),
    )
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    text = "\n".join(lines)
    return text.replace(home, "~") if len(home) > 1 else text
