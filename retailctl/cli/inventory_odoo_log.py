"""`retailctl inventory odoo-log`: who calls what, by the server logs of Odoo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retailctl.cli.deliver import deliver_report, say_written, wants
from retailctl.cli.inventory_scan import DryRun, Environment, Out, System
from retailctl.cli.progress import Read, busy, size_of
from retailctl.cli.run import Run
from retailctl.errors import UsageError

EPILOG = """\b
Examples:
  retailctl inventory odoo-log logs/odoo.log --system erp
  retailctl inventory odoo-log logs/odoo-2026-11-*.log.gz --dry-run -f json
"""


def odoo_log(
    run: Run,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Server logs; gzip is unpacked.")],
    system: System = "",
    environment: Environment = "",
    out: Out = None,
    dry_run: DryRun = False,
) -> int:
    """Read server logs of Odoo 16 to 19: models, methods, callers."""
    from retailctl import api

    for path in files:
        if path.is_dir():
            raise UsageError(f"{path.as_posix()} is a folder", hint="name log files, or use inventory scan")
    read = Read(size_of(files))
    options = api.ScanOptions(
        kind="odoo-log", system=system, environment=environment, out=out, dry_run=dry_run, progress=read
    )
    with busy(run.console, "reading logs", read):
        report = api.inventory_scan(run.root, files, options, run.audit_options(api, picture=wants(run, "html")))
    if report.summary.scan is not None:
        say_written(run, "wrote", report.summary.scan.written)
    return deliver_report(run, report)
