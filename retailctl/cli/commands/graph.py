"""`retailctl graph`."""

from __future__ import annotations

import typer

from retailctl.cli import pages, tables
from retailctl.cli.flags import LISTED, PageFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="How the estate hangs together.")


@app.callback()
def _group() -> None:
    """How the estate hangs together: hubs, cycles, second writers."""


@app.command(cls=Sectioned)
@shared(LISTED, PageFormat)
def show(run: Run) -> None:
    """Show the shape: counts, hubs, density, cycles, duplicates, second writers, shared credentials."""
    from retailctl import api

    with busy(run.console, "reading the estate"):
        page = api.graph_show(run.root, run.audit_options(api))
    tables.show_page(run, page, lambda page: pages.any_page("estate", page))
