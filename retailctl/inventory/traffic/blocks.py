"""A log of any size as blocks of whole lines, so that one regular expression reads thousands of lines at once."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact

SIZE: Final = 1 << 20
LONGEST: Final = 64 * 1024  # bytes of one line: servers write shorter ones, and no pattern may meet a longer one
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Cut:
    """What the blocks leave out: ``long`` lines (``first`` is the number of the first), and the end of a broken file.

    ``lines`` counts all lines that were met.
    """

    lines: int = 0
    long: int = 0
    first: int = 0
    broken: InputError | None = None


def blocks(artefact: Artefact, progress: Callable[[int], None], cut: Cut) -> Iterator[tuple[int, bytes]]:
    """(number of the first line, whole lines) in order; every line ends with a line feed.

    A line above 64 KiB is left out. A broken archive ends the file where it breaks: what came before is used, and
    ``cut.broken`` says so. Raises IncompleteError when the file cannot be opened.
    """
    carry, skipping = b"", False
    for chunk in _chunks(artefact, progress, cut):
        end = chunk.find(b"\n") if skipping else 0
        if end < 0:
            continue
        fresh, skipping = chunk[end + 1 :] if skipping else chunk, False
        end = fresh.rfind(b"\n") + 1
        block, carry = (carry + fresh[:end], fresh[end:]) if end else (b"", carry + fresh)
        if block:
            yield from _numbered(block, cut)
        if len(carry) > LONGEST:
            _leave_out(cut)
            carry, skipping = b"", True
    if carry and cut.broken is None:  # half a line is no line
        yield from _numbered(carry + b"\n", cut)


def _numbered(block: bytes, cut: Cut) -> Iterator[tuple[int, bytes]]:
    """The block, without its lines that are too long. A few searches tell that there is none."""
    start = at = 0
    while at < len(block):
        end = block.rfind(b"\n", at, at + LONGEST) + 1
        if end:
            at = end
            continue
        if start < at:
            yield _count(block[start:at], cut)
        _leave_out(cut)
        start = at = block.index(b"\n", at) + 1
    if start < len(block):
        yield _count(block[start:], cut)


def _count(piece: bytes, cut: Cut) -> tuple[int, bytes]:
    number = cut.lines + 1
    cut.lines += piece.count(b"\n")
    return number, piece


def _leave_out(cut: Cut) -> None:
    cut.lines += 1
    cut.long += 1
    cut.first = cut.first or cut.lines


def _chunks(artefact: Artefact, progress: Callable[[int], None], cut: Cut) -> Iterator[bytes]:
    mark = _MARK
    with artefact.stream() as stream:
        while True:
            try:
                chunk = stream.read(SIZE)
            except (OSError, EOFError, zlib.error) as error:
                reason = f"is a broken archive ({type(error).__name__}); what comes before the break was used"
                cut.broken = artefact.error("INP001", reason, cut.lines + 1, hint="copy the file again")
                return
            if not chunk:
                return
            progress(len(chunk))
            yield chunk.removeprefix(mark)
            mark = b""
