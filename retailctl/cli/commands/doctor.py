"""`retailctl doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from retailctl.cli import pages, tables
from retailctl.cli.flags import LISTED, PageFormat
from retailctl.cli.run import Run, Sectioned, shared

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Sectioned)
@shared(LISTED, PageFormat)
def doctor(
    run: Run,
    config_only: Annotated[
        bool,
        typer.Option("--config-only", help="Settings and nothing else, for scripts.", show_default=False),
    ] = False,
) -> None:
    """Show versions and every setting with its origin. No secrets: safe to paste into an issue."""
    from retailctl import api

    page = api.doctor(run.root, run.audit_options(api), config_only)
    tables.show_page(run, page, lambda page: pages.any_page("", page))
