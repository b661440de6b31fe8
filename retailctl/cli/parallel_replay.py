"""``retailctl parallel replay``: flags in, one replay, its verdict out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from retailctl.cli.deliver import deliver_report
from retailctl.cli.flags import LISTED, ReportFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, shared

FLAGS = (
    *(name for name in LISTED if name not in ("root_argument", "jobs", "allow_partial", "no_cache")),
    "exit_zero",
    "include_waived",
)
EXAMPLES = """\b
Examples:
  retailctl parallel replay orders
  retailctl parallel replay migrations/w2/parallel/orders.yaml --rate 2x
  retailctl parallel replay orders --requests checkout.har -f junit

Exit codes: 0 pass, 1 fail, 2 the plan or its recording is wrong, 3 unknown.
"""


@shared(FLAGS, ReportFormat)
def replay(
    run: Run,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan of kind http: its path, or its name.")],
    rate: Annotated[
        str | None,
        typer.Option(
            "--rate", metavar="R", help="Pairs per second (20), recorded speed (2x), or max.", show_default=False
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, max=64, help="Requests at a time.", show_default=False),
    ] = None,
    requests: Annotated[
        Path | None,
        typer.Option(
            "--requests", metavar="FILE", help="Another recording: .har, .ndjson or .log.", show_default=False
        ),
    ] = None,
    no_record: Annotated[bool, typer.Option("--no-record", help="Write neither evidence nor history.")] = False,
) -> int:
    """Send recorded requests to legacy and new, and compare the answers."""
    from retailctl import api

    options = api.ReplayOptions(
        run=run.audit_options(api),
        requests=requests,
        rate=rate,
        workers=workers,
        offline=run.flags.offline,
        record=not no_record,
    )
    with busy(run.console, "replaying"):
        report = api.parallel_replay(plan, run.root, options)
    return deliver_report(run, report)
