"""`retailctl parallel`: replay."""

from __future__ import annotations

import typer

from retailctl.cli import parallel_replay
from retailctl.cli.run import Sectioned

app = typer.Typer(rich_markup_mode=None, add_completion=False, help="Legacy and new side by side: replay.")


@app.callback()
def _group() -> None:
    """Does the new flow do what the legacy flow does: send recorded requests to both."""


app.command("replay", cls=Sectioned, epilog=parallel_replay.EXAMPLES)(parallel_replay.replay)
