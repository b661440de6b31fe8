"""`retailctl explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from retailctl.cli import deliver, pages, tables
from retailctl.cli.flags import LISTED, PageFormat
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_EXAMPLES = """\b
Examples:
  retailctl explain OWN-01
  retailctl explain 3f9a0c2e7b1d4856
  retailctl explain --all -f json
"""


@app.command(cls=Sectioned, epilog=_EXAMPLES)
@shared(LISTED, PageFormat)
def explain(
    run: Run,
    what: Annotated[
        str | None,
        typer.Argument(metavar="RULE|FINGERPRINT", help="A rule, or one finding.", show_default=False),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Every rule of the catalogue.", show_default=False)] = False,
) -> None:
    """Say why a rule exists, what good and bad look like, how to fix a finding and how to waive it."""
    from retailctl import api

    if all == bool(what):
        raise UsageError(
            "explain needs one of RULE, FINGERPRINT and --all", hint="`retailctl policy list` names the rules"
        )
    if all:
        rules = run.console.redactor.value(api.explain_all(run.root))
        text = [line for rule in rules for line in (*pages.rule_page(rule), ("", ""))]
        deliver.deliver(run, lambda format: tables.as_json(rules) if format == "json" else text)
        return
    page = api.explain(what or "", run.root, run.audit_options(api))
    is_rule = "why" in page or "title" in page
    tables.show_page(run, page, pages.rule_page if is_rule else lambda page: pages.any_page(str(what), page))
