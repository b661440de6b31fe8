"""A sign of life on stderr while something takes long. Only for a person who watches."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from retailctl.cli.color import is_terminal
from retailctl.cli.console import Console

_WAIT = 0.5  # most runs are over by then, and a line that flashes by only irritates
_STEP = 0.2
_FRAMES = "|/-\\"


@contextmanager
def busy(console: Console, what: str) -> Iterator[None]:
    """Show ``what`` and the seconds so far until the block ends, then leave the line empty."""
    if not _watched(console):
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_turn, args=(console, what, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _watched(console: Console) -> bool:
    calm = console.environ.get("CI", "") in ("", "0", "false") and console.environ.get("TERM") != "dumb"
    return console.progress and not console.quiet and calm and is_terminal(sys.stderr)


def _turn(console: Console, what: str, done: threading.Event) -> None:
    start = time.monotonic()
    if done.wait(_WAIT):
        return
    turn = 0
    while not done.wait(_STEP):
        turn += 1
        console.transient(f"{_FRAMES[turn % len(_FRAMES)]} {what} {time.monotonic() - start:.0f}s")
    console.transient("")
