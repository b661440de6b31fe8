"""The text of ``pyproject.toml`` and the places of the keys of its ``[tool.retailctl]`` table."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from retailctl.errors import Location

PYPROJECT: Final = "pyproject.toml"
TABLE: Final = "tool.retailctl"
_MAX_BYTES: Final = 1024 * 1024
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_HEADER: Final = re.compile(r"\s*\[([^\[\]]+)\]")


def read_text(folder: Path, name: str) -> str | None:
    """Return the text; None for a file that is absent, a link, not regular, larger than 1 MiB or not UTF-8.

    Such a file belongs to other tools; it is no error that we cannot use it.
    """
    try:
        descriptor = os.open(folder / name, _FLAGS)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_BYTES:
            return None
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(_MAX_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    finally:
        os.close(descriptor)


def locate_key(text: str, name: str, path: tuple[str | int, ...]) -> Location:
    """Return the line of a key of the table, that of the closest header when it is not found."""
    wanted = [str(step) for step in path]
    table: list[str] = []
    best, best_depth = 0, -1
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = _parts(header[1])
        here = table if header else [*table, *_parts(line.partition("=")[0])]
        if here[:2] == TABLE.split(".") and here[2:] == wanted[: len(here) - 2] and len(here) > best_depth:
            best, best_depth = number, len(here)
    return Location(name, best, 1 if best else 0, pointer="/" + "/".join((*TABLE.split("."), *wanted)))


def _parts(text: str) -> list[str]:
    return [part.strip().strip("\"'") for part in text.split(".")]
