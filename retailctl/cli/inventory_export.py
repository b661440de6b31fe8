"""`retailctl inventory export`: the estate for other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from retailctl.cli import outputs
from retailctl.cli.deliver import deliver, say_written
from retailctl.cli.flags import LISTED
from retailctl.cli.progress import busy
from retailctl.cli.run import Run
from retailctl.errors import UsageError

ExportFormat = Literal["backstage", "calm", "csv", "xlsx"]
# -o is a file or a folder here, and there is one format at a time.
FLAGS = tuple(name for name in LISTED if name != "output")
EPILOG = """\b
Examples:
  retailctl inventory export --format backstage -o catalog-info.yaml
  retailctl inventory export --format xlsx -o register.xlsx
  retailctl inventory export --format calm > architecture.json
"""
_NAMES = {
    "backstage": "catalog-info.yaml", "calm": "architecture.json", "csv": "interfaces.csv", "xlsx": "interfaces.xlsx"
}  # fmt: skip


def export(
    run: Run,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="A file, or a folder for it.", show_default=False),
    ] = None,
) -> None:
    """Write the estate as a Backstage catalogue, FINOS CALM, or a register."""
    from retailctl import api

    format = run.flags.format
    if target is None and format == "xlsx":
        raise UsageError("--format xlsx needs -o FILE", hint="a workbook is no text for a terminal")
    with busy(run.console, "exporting"):
        content = api.inventory_export(run.root, format, run.audit_options(api))
    if target is None:
        deliver(run, lambda _: content.decode("utf-8"))
        return
    named = target / _NAMES[format] if target.is_dir() else target
    path = outputs.checked(str(named), outside=run.flags.allow_outside)
    _write(run, path, content, format)
    say_written(run, "wrote", [named.as_posix()])


def _write(run: Run, path: Path, content: bytes, format: str) -> None:
    if format != "xlsx":
        outputs.write(path, run.console.clean(content.decode("utf-8"), json=format == "calm"))
        return
    from retailctl.workspace.atomic import write_atomic

    write_atomic(path, content)
