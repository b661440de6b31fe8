"""`retailctl init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retailctl.cli.deliver import say_written
from retailctl.cli.flags import PRINTED, PageFormat
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.cli.tables import show_page

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(cls=Sectioned)
@shared(PRINTED, PageFormat)
def init(
    run: Run,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder; made if missing.")] = Path(),
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the estate; default: the folder's.")] = None,
) -> None:
    """Start a workspace: inventories/, contracts/, policies/, migrations/. No file is overwritten."""
    from retailctl import api

    written = [str(item) for item in api.init(path, name)]
    show_page(run, {"path": path.as_posix(), "written": written}, lambda _: [(item, "") for item in written])
    say_written(run, "next:", [f"edit the files, then: retailctl audit {path}" if written else "retailctl audit"])
