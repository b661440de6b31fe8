"""Writing to a stream whose reader may be gone. Imports next to nothing: `--help` goes through here too."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # as in typing, whose import costs more than all of `--help`
if TYPE_CHECKING:
    from typing import TextIO


def write_all(stream: TextIO | None, text: str) -> bool:
    """Write and flush; False if nobody reads any more. Other troubles (disk full) are raised."""
    if stream is None:  # started with the stream closed: `retailctl >&-`
        return False
    try:
        _encode_and_write(stream, text)
    except OSError as error:
        # The interpreter flushes once more at exit, and would print "Exception ignored" about the rest.
        _point_at_nothing(stream)
        if isinstance(error, BrokenPipeError):
            return False
        raise
    return True


def _encode_and_write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:  # a Windows code page, LANG=C, or a lone surrogate from a file name
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _point_at_nothing(stream: TextIO) -> None:
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, ValueError):  # not a real file, or closed: nothing is left to flush
        pass
