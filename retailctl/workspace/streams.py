"""A large file of the workspace line by line: the guards of the reader without its limit on the whole file."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from retailctl.errors import IncompleteError, InputError, Location
from retailctl.workspace import input_codes as codes
from retailctl.workspace.reader import open_regular

LINE: Final = 16 * 1024 * 1024
"""Most bytes of one line: what has no line ends is no file of lines."""


def lines_of(root: Path, relative: str, *, longest: int = LINE) -> Iterator[bytes]:
    """The lines of a regular file below ``root``, with their ends.

    Raises InputError for a path that leaves the root and for a line that is too long, IncompleteError for a file that
    cannot be read.
    """
    try:
        with open_regular(root, relative) as stream:
            number = 0
            while line := stream.readline(longest + 1):
                number += 1
                if len(line) > longest:
                    told = f"the line has more than {longest:,} bytes"
                    raise InputError(codes.SIZE, told, at=Location(relative, number), hint=codes.FIX[codes.SIZE])
                yield line
    except OSError as error:
        looped = error.errno == errno.ELOOP
        reason = "the path leads nowhere" if looped else error.strerror or type(error).__name__
        hint = "Check the file and its permissions."
        raise IncompleteError(f"cannot be read: {reason}", at=Location(relative), hint=hint) from None
