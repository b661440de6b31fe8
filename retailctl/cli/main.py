"""Entry point. `--version` and `--help` are answered from a table, before typer is imported."""

from __future__ import annotations

import os
import sys

from retailctl.cli.stream import write_all


def main(argv: list[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    args = sys.argv[1:] if argv is None else list(argv)
    if args[:1] == ["help"]:
        args = [*args[1:], "--help"]
    quick = None if "_RETAILCTL_COMPLETE" in os.environ else _quick_answer(args)
    if quick is not None:
        write_all(sys.stdout, quick)
        return 0
    from retailctl.cli.session import run

    return run(args)


def _quick_answer(args: list[str]) -> str | None:
    if args[:1] == ["--version"]:
        from retailctl import __version__

        return f"retailctl {__version__}\n"
    if args[:1] in (["--help"], ["-h"]):
        from retailctl.cli.table import overview

        return overview()
    return None
