"""`retailctl inventory addons`: what the source code of Odoo addons offers, runs and calls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from retailctl.cli import tables
from retailctl.cli.deliver import Lines, deliver, say_written
from retailctl.cli.escape import one_line
from retailctl.cli.flags import LISTED, TableFormat
from retailctl.cli.inventory_scan import DryRun, Environment, Out
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, shared
from retailctl.errors import UsageError

FLAGS = tuple(name for name in LISTED if name not in ("root_argument", "jobs", "no_cache"))
EPILOG = """\b
Examples:
  retailctl inventory addons addons/
  retailctl inventory addons custom/ enterprise/ -f json --details
  retailctl inventory addons custom/ --observe --system erp
"""
_SHOWN = (
    *("module", "routes", "paths", "exposed", "exposed_without_csrf", "crons", "calls", "calls_by_helper"),
    *("no_timeout", "verify_off", "plain_http", "secrets", "problems"),
)
_SHORT = {"exposed_without_csrf": "no_csrf", "calls_by_helper": "by_helper"}
_MORE = (
    *("modules", "test_modules", "python_files", "xml_files", "test_files", "python_files_outside", "licenses"),
    *("routes", "bare_overrides", "wrapped", "paths", "constant_paths", "unresolved_paths", "auth", "type", "csrf_off"),
    *("exposed", "exposed_without_csrf", "webhook_like", "crons", "crons_in_data", "crons_in_demo", "crons_often"),
    *("crons_inactive", "records", "calls", "calls_by_helper", "calls_iap", "libraries", "no_timeout", "verify_off"),
    *("urls", "hosts", "plain_http", "secrets", "queue_jobs", "open_access", "problems"),
)


@shared(FLAGS, TableFormat)
def addons(
    run: Run,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders of modules, or of one.")],
    details: Annotated[bool, typer.Option("--details", help="JSON: what stands behind each figure.")] = False,
    observe: Annotated[bool, typer.Option("--observe", help="Merge into the observed inventory.")] = False,
    literals: Annotated[bool, typer.Option("--literals", help="With --observe: credential-like values.")] = False,
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="The Odoo that they run in.")] = "odoo",
    environment: Environment = "",
    out: Out = None,
    dry_run: DryRun = False,
) -> int:
    """Routes, jobs, calls and literals in Odoo source; nothing is run."""
    from retailctl import api

    for name, given in (("--literals", literals), ("--dry-run", dry_run), ("--out", out is not None)):
        if given and not observe:
            raise UsageError(f"{name} goes with --observe", hint="without it, figures are shown and nothing is written")
    options = api.AddonsOptions(
        details=details,
        literals=literals,
        observe=observe,
        scan=api.ScanOptions(system=system, environment=environment, out=out, dry_run=dry_run),
    )
    with busy(run.console, "reading addons"):
        page, report = api.inventory_addons(run.root, paths, options, run.audit_options(api))
    page = run.console.redactor.value(page)
    for problem in page["problems"]:
        run.console.note(one_line(f"{problem['place']}: {problem['message']}"), "warn")
    deliver(run, lambda format: _rendered(page, format))
    if report is None:
        unread = any(problem["code"] == "unreadable" for problem in page["problems"])
        return 3 if unread and not run.flags.allow_partial else 0
    if report.summary.scan is not None:
        say_written(run, "wrote", report.summary.scan.written)
    run.console.note(f"{len(report.findings)} findings on what was seen; retailctl audit shows them", "dim")
    return 3 if report.summary.exit_code == 3 else 0


def _rendered(page: Mapping[str, Any], format: str) -> Lines | str:
    if format == "json":
        return tables.as_json(page)
    rows = page["modules"]
    if format == "csv":
        return tables.as_csv(rows, list(rows[0]))
    telling = [
        {_SHORT.get(name, name): row[name] for name in _SHOWN}
        for row in rows
        if not row["test"] and any(row[name] for name in _SHOWN[1:])
    ]
    silent = page["totals"]["modules"] - len(telling)
    lines = tables.as_text(telling, [_SHORT.get(name, name) for name in _SHOWN])
    if silent:
        lines.append((f"{silent} {'module has' if silent == 1 else 'modules have'} nothing of it", "dim"))
    return [*lines, ("", ""), ("Totals", "title"), *tables.fields(page["totals"], _MORE)]
