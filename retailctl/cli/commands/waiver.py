"""`retailctl waiver`: add, list."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from retailctl.cli import tables
from retailctl.cli.deliver import say_written
from retailctl.cli.flags import LISTED, PRINTED, ROOT, PageFormat, TableFormat
from retailctl.cli.run import Run, Sectioned, parse_date, shared
from retailctl.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="Accepted findings: add, list.")


def _text(help: str, metavar: str = "TEXT") -> Any:
    return typer.Option(help=help, metavar=metavar, show_default=False)


@app.command(cls=Sectioned)
@shared((*ROOT, *PRINTED, "as_of", "config", "no_config"), PageFormat)
def add(
    run: Run,
    rule: Annotated[str | None, _text("The rule that is waived.", "ID")] = None,
    subject: Annotated[str | None, _text("What it is waived for: an id or a glob.", "ID")] = None,
    reason: Annotated[str | None, _text("Why this is acceptable for now.")] = None,
    owner: Annotated[str | None, _text("The team that answers for it.", "TEAM")] = None,
    approved_by: Annotated[str | None, _text("Who accepted the risk.", "NAME")] = None,
    expires: Annotated[str | None, _text("Its last day.", "YYYY-MM-DD")] = None,
    id: Annotated[str | None, _text("Its name in reports; default: made from rule and subject.", "ID")] = None,
    compensating: Annotated[str | None, _text("The control in place meanwhile.")] = None,
    ticket: Annotated[str | None, _text("Where the work is planned.", "KEY")] = None,
) -> None:
    """Add a waiver to policies/waivers.yaml. Nothing is asked: all that a waiver needs is an option."""
    needed = {"rule": rule, "subject": subject, "reason": reason, "owner": owner, "approved-by": approved_by}
    missing = [f"--{name}" for name, value in {**needed, "expires": expires}.items() if not (value or "").strip()]
    if missing:
        raise UsageError(f"waiver add needs {', '.join(missing)}", hint="a waiver says who accepts what, until when")
    from retailctl import api

    made = api.waiver_add(
        run.root,
        rule=rule or "",
        subject=subject or "",
        reason=reason or "",
        owner=owner or "",
        approved_by=approved_by or "",
        expires=parse_date("--expires", expires) or date.min,
        id=id,
        compensating=compensating,
        ticket=ticket,
        options=run.audit_options(api),
    )
    say_written(run, "waived in", [str(made["path"])])
    tables.show_page(run, made, lambda made: [(str(made["id"]), "")])


@app.command("list", cls=Sectioned)
@shared(LISTED, TableFormat)
def list_(run: Run) -> None:
    """List the waivers, with owner and last day."""
    from retailctl import api

    rows = api.waiver_list(run.root, run.audit_options(api))
    columns = ("id", "rule", "subject", "status", "expires", "owner", "approved_by", "reason")
    tables.show_rows(run, rows, columns, empty="no waivers")
