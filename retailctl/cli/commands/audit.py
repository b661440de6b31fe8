"""`retailctl audit`."""

from __future__ import annotations

import typer

from retailctl.cli.deliver import deliver_report, wants
from retailctl.cli.flags import REPORTED, ReportFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_EXAMPLES = """\b
Examples:
  retailctl audit
  retailctl audit -f sarif --output html=audit.html
  retailctl audit --rule OWN-01 --fail-on warn --no-waivers
"""


@app.command(cls=Sectioned, epilog=_EXAMPLES)
@shared(REPORTED, ReportFormat)
def audit(run: Run) -> int:
    """Judge everything that can be judged now: one report, one verdict."""
    from retailctl import api

    with busy(run.console, "auditing"):
        report = api.audit(run.root, run.audit_options(api, picture=wants(run, "html")))
    return deliver_report(run, report)
