"""One command line from parsing to exit code."""

from __future__ import annotations


def run(args: list[str]) -> int:
    """Run ``args`` and return the exit code."""
    from retailctl.cli.lazy import build

    return int(build().main(args, prog_name="retailctl", standalone_mode=False) or 0)
