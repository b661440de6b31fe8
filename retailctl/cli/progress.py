"""A sign of life on stderr while something takes long. Only for a person who watches."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from retailctl.cli.color import is_terminal
from retailctl.cli.console import Console

_WAIT = 0.5  # most runs are over by then, and a line that flashes by only irritates
_STEP = 0.2
_FRAMES = "|/-\\"
_BAR = 20  # signs of a full bar


class Read:
    """Bytes read so far: call it with the number of more; ``str`` is what a person sees of it.

    ``total`` are the bytes that lie on disk, 0 when they are not known. Packed files hold more than that, so the
    bar ends where it is full.
    """

    def __init__(self, total: int = 0) -> None:
        self._total, self._done = total, 0

    def __call__(self, more: int) -> None:
        """So many bytes more were read."""
        self._done += more

    def __str__(self) -> str:
        if not self._done:
            return ""
        text = f" {self._done / 1e6:,.0f} MB"
        if self._done <= self._total:
            full = self._done * _BAR // self._total
            text += f" [{'#' * full}{'.' * (_BAR - full)}] {self._done * 100 // self._total} %"
        return text


def size_of(paths: Iterable[Path]) -> int:
    """Bytes of all files, 0 as soon as one of the paths is no regular file: how much there is is not known then."""
    total = 0
    for path in paths:
        try:
            if not path.is_file():
                return 0
            total += path.stat().st_size
        except OSError:
            return 0
    return total


@contextmanager
def busy(console: Console, what: str, read: Read | None = None) -> Iterator[None]:
    """Show ``what``, the bytes read and the seconds so far until the block ends, then leave the line empty."""
    if not _watched(console):
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_turn, args=(console, what, done, read), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _watched(console: Console) -> bool:
    calm = console.environ.get("CI", "") in ("", "0", "false") and console.environ.get("TERM") != "dumb"
    return console.progress and not console.quiet and calm and is_terminal(sys.stderr)


def _turn(console: Console, what: str, done: threading.Event, read: Read | None) -> None:
    start = time.monotonic()
    if done.wait(_WAIT):
        return
    turn = 0
    while not done.wait(_STEP):
        turn += 1
        console.transient(f"{_FRAMES[turn % len(_FRAMES)]} {what}{read or ''} {time.monotonic() - start:.0f}s")
    console.transient("")
