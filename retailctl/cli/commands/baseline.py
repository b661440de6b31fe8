"""`retailctl baseline`: write, show."""

from __future__ import annotations

from typing import Annotated

import typer

from retailctl.cli import pages, tables
from retailctl.cli.deliver import say_written
from retailctl.cli.flags import LISTED, PageFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="Known findings, frozen: write, show.")
_FLAGS = (*LISTED, "baseline")


@app.command(cls=Sectioned)
@shared(_FLAGS, PageFormat)
def write(
    run: Run,
    update: Annotated[bool, typer.Option("--update", help="Let the baseline grow.", show_default=False)] = False,
) -> None:
    """Freeze the findings of today. What is gone leaves the baseline; what is new needs --update."""
    from retailctl import api

    with busy(run.console, "auditing"):
        made = api.baseline_write(run.root, update=update, options=run.audit_options(api))
    say_written(run, "wrote", [str(made["path"])])
    counts = ", ".join(f"{tables.amount(made[name])} {name}" for name in ("added", "removed", "kept"))
    tables.show_page(run, made, lambda _: [(counts, "")])


@app.command(cls=Sectioned)
@shared(_FLAGS, PageFormat)
def show(run: Run) -> None:
    """Show what the baseline holds, and what in it no longer occurs."""
    from retailctl import api

    page = api.baseline_show(run.root, run.audit_options(api))
    tables.show_page(run, page, lambda page: pages.any_page("baseline", page))
