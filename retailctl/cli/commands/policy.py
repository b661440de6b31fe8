"""`retailctl policy`: list, test."""

from __future__ import annotations

from typing import Annotated

import typer

from retailctl.cli import pages, tables
from retailctl.cli.flags import LISTED, PageFormat, TableFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="The rules in force: list, test.")


@app.command("list", cls=Sectioned)
@shared(LISTED, TableFormat)
def list_(run: Run) -> None:
    """List the rules in force, with severity, stage and pack."""
    from retailctl import api

    rows = api.policy_list(run.root, run.audit_options(api))
    tables.show_rows(run, rows, ("id", "severity", "stage", "pack", "name", "title"), empty="no rules in force")


@app.command(cls=Sectioned)
@shared(LISTED, PageFormat)
def test(
    run: Run,
    packs: Annotated[
        list[str] | None, typer.Option("--pack", metavar="PACK", help="Only this pack; may be repeated.")
    ] = None,
) -> int:
    """Run the cases that rule packs bring along; exit 1 if one gives another verdict than it says."""
    from retailctl import api

    with busy(run.console, "testing rules"):
        result = api.policy_test(run.root, tuple(packs or ()))
    tables.show_page(run, result, pages.tested)
    return 0 if result["ok"] else 1
