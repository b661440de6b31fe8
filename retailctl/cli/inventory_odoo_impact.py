"""`retailctl inventory odoo-impact`: what an upgrade of Odoo breaks of what is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retailctl.cli.deliver import deliver_report
from retailctl.cli.flags import REPORTED, ReportFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, shared

_WITHOUT = ("rule", "skip_rule", "tag", "baseline", "no_waivers", "include_waived")
FLAGS = tuple(name for name in REPORTED if name not in _WITHOUT)
EPILOG = """\b
Examples:
  retailctl inventory odoo-impact --analysis scripts/ --from 18.0 --to 19.0
  retailctl inventory odoo-impact --analysis scripts/ --from 17.0 --to 19.0 -f sarif
  retailctl inventory odoo-impact --analysis an/ --from 18 --to 19 --addons custom/

Exit codes: 0 nothing hit, 1 findings, 2 usage, 3 a version in between has no analysis.
"""


@shared(FLAGS, ReportFormat)
def odoo_impact(
    run: Run,
    analysis: Annotated[
        Path, typer.Option("--analysis", metavar="DIR", help="Your upgrade_analysis.txt files.", show_default=False)
    ],
    start: Annotated[str, typer.Option("--from", metavar="VERSION", help="The version you have.", show_default=False)],
    end: Annotated[str, typer.Option("--to", metavar="VERSION", help="The version you go to.", show_default=False)],
    addons: Annotated[
        list[Path] | None,
        typer.Option("--addons", metavar="DIR", help="Own modules; may be repeated.", show_default=False),
    ] = None,
) -> int:
    """Fields and models of Odoo that are used here and change."""
    from retailctl import api

    with busy(run.console, "holding uses against changes"):
        report = api.inventory_odoo_impact(run.root, analysis, start, end, run.audit_options(api), addons=addons or ())
    return deliver_report(run, report)
