"""One command line from parsing to exit code: every way a run can end, and what the user is told about it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import typer
from typer.exceptions import TyperException

from retailctl.cli import crash, table, usage
from retailctl.cli.console import Console
from retailctl.cli.lazy import build
from retailctl.errors import RetailctlError

COMPLETE = "_RETAILCTL_COMPLETE"
INTERRUPTED, TERMINATED, INTERNAL = 130, 143, 70


class Terminated(BaseException):
    """SIGTERM arrived: unwinds like Ctrl-C, so that drafts of files are removed."""


def run(args: list[str]) -> int:
    """Run ``args`` and return the exit code. Nothing but a bug in this function leaves as an exception."""
    console = Console()
    if not args and COMPLETE not in console.environ:
        console.error(usage.no_command(table.overview()))
        return 2
    try:
        with _sigterm_unwinds():
            root = build(completion=_about_completion(args, console))
            code = int(root.main(args, prog_name="retailctl", standalone_mode=False, obj=console) or 0)
    except RetailctlError as error:
        console.error(error)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Terminated:
        code = TERMINATED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else INTERNAL
    except Exception as error:  # noqa: BLE001 - the edge of the program
        return _edge(error, args, console)
    # NOTE: typer turns Ctrl-C into exit code 130 by itself; no command of ours returns either number.
    if code in (INTERRUPTED, TERMINATED):
        console.error(_stopped(code))
    return code


def _about_completion(args: list[str], console: Console) -> bool:
    return COMPLETE in console.environ or args[:1] in (["--install-completion"], ["--show-completion"])


def _edge(error: Exception, args: list[str], console: Console) -> int:
    if isinstance(error, TyperException):
        told = usage.translate(error)
        console.error(told)
        return told.exit_code
    console.error(RetailctlError(crash.report(error, args, console)))
    return INTERNAL


def _stopped(code: int) -> RetailctlError:
    what = "interrupted" if code == INTERRUPTED else "terminated"
    return RetailctlError(what, hint="files are replaced whole or not at all; run the same command again")


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated
