"""`retailctl inventory scan`: what files of an estate show, held against what is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from retailctl.cli.deliver import deliver_report, say_written, wants
from retailctl.cli.flags import REPORTED
from retailctl.cli.odoo_login import LoginFlags, ask_login
from retailctl.cli.progress import Read, busy, size_of
from retailctl.cli.run import Run
from retailctl.errors import UsageError

# ROOT would stand between the paths: it is an option here.
SCANNED = tuple(name for name in REPORTED if name not in ("root_argument", "rule", "skip_rule", "tag"))
EPILOG = """\b
Examples:
  retailctl inventory scan exports/ logs/erp-access.log.gz
  retailctl inventory scan register.xlsx --column-map columns.yaml
  retailctl inventory scan crontab.txt --as cron --system erp-host-1
  retailctl inventory scan exports/ --dry-run -f json
"""


def _named(flag: str, metavar: str, help: str) -> Any:
    return typer.Option(flag, metavar=metavar, help=help, show_default=False)


Kind = Annotated[str, _named("--as", "KIND", "Read the files named as this kind.")]
System = Annotated[str, _named("--system", "NAME", "Host or system of files that do not say it.")]
Environment = Annotated[str, _named("--environment", "NAME", "Environment that the files describe.")]
Out = Annotated[Path | None, _named("--out", "DIR", "Folder of observed files.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report only; write nothing.")]


def scan(
    run: Run,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...", help="Files and folders; default: sources of the settings.", show_default=False
        ),
    ] = None,
    kind: Kind = "",
    system: System = "",
    environment: Environment = "",
    env_file: Annotated[list[Path] | None, _named("--env-file", "FILE", "NAME=value lines for ${NAME}.")] = None,
    column_map: Annotated[Path | None, _named("--column-map", "FILE", "Columns of a register by field.")] = None,
    out: Out = None,
    dry_run: DryRun = False,
    live: Annotated[list[str] | None, _named("--live", "ID", "Contact this source of the settings.")] = None,
) -> int:
    """Read logs, exports and configuration; show where they disagree."""
    from retailctl import api

    read = Read(size_of(paths or ()))
    options = api.ScanOptions(
        kind=kind, system=system, environment=environment, out=out, dry_run=dry_run, live=tuple(live or ()),
        env_files=tuple(env_file or ()), column_map=column_map, progress=read,
        server=api.OdooOptions(login=ask_login(run.console, LoginFlags())) if live else None,
    )  # fmt: skip
    if live and run.flags.offline:
        raise UsageError("--live and --offline exclude each other")
    with busy(run.console, "reading sources", read):
        report = api.inventory_scan(
            run.root, list(paths or ()), options, run.audit_options(api, picture=wants(run, "html"))
        )
    if report.summary.scan is not None:
        say_written(run, "wrote", report.summary.scan.written)
    return deliver_report(run, report)
