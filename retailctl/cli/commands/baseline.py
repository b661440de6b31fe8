"""`retailctl baseline`: write, show."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from retailctl.cli import pages, tables
from retailctl.cli.deliver import say_written
from retailctl.cli.flags import LISTED, PageFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="Known findings, frozen: write, show.")
_FLAGS = (*LISTED, "baseline")
Against = Annotated[
    str | None,
    typer.Option(
        "--against", metavar="REF|VERSION", help="As in `contract check --against`.", show_default=False
    ),
]  # fmt: skip


@app.command(cls=Sectioned)
@shared(_FLAGS, PageFormat)
def write(
    run: Run,
    update: Annotated[bool, typer.Option("--update", help="Let the baseline grow.", show_default=False)] = False,
    command: Annotated[
        Literal["audit", "contract-check", "contract-lint"],
        typer.Option(
            "--command",
            metavar="COMMAND",
            show_default=False,
            help="Whose findings: audit (default), contract-check or contract-lint.",
        ),
    ] = "audit",
    against: Against = None,
) -> None:
    """Freeze the findings of today. What is gone leaves the baseline; what is new needs --update.

    Findings of contracts have the same file: each command replaces its own entries and keeps the others.
    """
    from retailctl import api

    if against is not None and command != "contract-check":
        raise UsageError("--against goes with --command contract-check", hint="an audit looks at today only")
    with busy(run.console, "checking"):
        made = api.baseline_write(
            run.root, update=update, options=run.audit_options(api), command=command, against=against
        )  # fmt: skip
    say_written(run, "wrote", [str(made["path"])])
    counts = ", ".join(f"{tables.amount(made[name])} {name}" for name in ("added", "removed", "kept"))
    tables.show_page(run, made, lambda _: [(counts, "")])


@app.command(cls=Sectioned)
@shared(_FLAGS, PageFormat)
def show(run: Run, against: Against = None) -> None:
    """Show what the baseline holds, and what in it no longer occurs."""
    from retailctl import api

    page = api.baseline_show(run.root, run.audit_options(api), against)
    tables.show_page(run, page, lambda page: pages.any_page("baseline", page))
