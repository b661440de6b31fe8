"""`retailctl schema`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from retailctl.cli.deliver import deliver
from retailctl.cli.flags import PRINTED
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.cli.tables import as_json
from retailctl.cli.usage import one_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Sectioned)
@shared(PRINTED, Literal["json"])
def schema(
    run: Run,
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="Which file; without it, the list.")] = None,
) -> None:
    """Print the JSON Schema of a file you write, for editors and for CI."""
    from retailctl import api

    kinds = list(api.SCHEMA_KINDS)
    if kind is None:
        run.console.lines((name, "") for name in kinds)
        return
    if kind not in kinds:
        raise one_of("KIND", kind, kinds)
    text = as_json(api.schema(kind))
    deliver(run, lambda _: text)
