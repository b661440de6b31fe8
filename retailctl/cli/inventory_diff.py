"""`retailctl inventory diff`: what two scans see differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from retailctl.cli import tables
from retailctl.cli.deliver import Lines, deliver
from retailctl.cli.escape import one_line
from retailctl.cli.flags import LISTED
from retailctl.cli.progress import busy
from retailctl.cli.run import Run
from retailctl.errors import UsageError

DiffFormat = Literal["text", "json", "markdown", "csv"]
FLAGS = (*(name for name in LISTED if name not in ("root_argument", "as_of")), "exit_zero")
COLUMNS = ("status", "kind", "id", "what", "before", "after", "declared", "sources")
EPILOG = """\b
Examples:
  retailctl inventory diff scans/october scans/november
  retailctl inventory diff --since v1.4                 that revision against now
  retailctl inventory diff v1.4 main -f markdown
"""


def diff(
    run: Run,
    before: Annotated[str, typer.Argument(metavar="A", help="A folder or a git revision.", show_default=False)] = "",
    after: Annotated[str, typer.Argument(metavar="B", help="The later one.", show_default=False)] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="REV", help="This revision against now.", show_default=False)
    ] = "",
) -> int:
    """What is new, gone or changed between two scans, and where nobody looked."""
    from retailctl import api

    if bool(since) == bool(before and after) or (since and before):
        raise UsageError("inventory diff needs A and B, or --since REV", hint="such as --since HEAD~1")
    with busy(run.console, "comparing"):
        page = api.inventory_diff(since or before, after, run.root, run.audit_options(api))
    page = run.console.redactor.value(page)
    deliver(run, lambda format: _render(format, page))
    return 0 if run.flags.exit_zero else int(page["exit_code"])


def _render(format: str, page: Mapping[str, Any]) -> Lines | str:
    if format == "json":
        return tables.as_json(page)
    if format == "csv":
        return tables.as_csv(page["rows"], COLUMNS)
    rows = [{**row, "sources": ", ".join(row["sources"]), "declared": _declared(row)} for row in page["rows"]]
    return _markdown(page, rows) if format == "markdown" else _text(page, rows)


def _declared(row: Mapping[str, Any]) -> str:
    return "" if row["declared"] is None else "declared" if row["declared"] else "not declared"


def _counts(page: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {status}" for status, number in page["counts"].items() if number) or "no difference"


def _text(page: Mapping[str, Any], rows: list[dict[str, Any]]) -> Lines:
    lines: Lines = []
    for row in rows:
        what = f" {row['what']}" if row["what"] else ""
        values = f": {row['before']} -> {row['after']}" if row["status"] == "changed" else ""
        remark = (
            row["after"] if row["status"] == "not looked" else row["before"] if row["before"] == "not looked" else ""
        )
        more = [part for part in (row["declared"], remark, row["sources"] and f"by {row['sources']}") if part]
        if row["kind"] in ("edge", "direct edge"):
            more = [f"over {row['after']}"]
        told = f" ({'; '.join(more)})" if more else ""
        style = "unknown" if row["status"] == "not looked" else "warn"
        lines.append((one_line(f"{row['status']}: {row['kind']} {row['id']}{what}{values}{told}"), style))
    return [*lines, (one_line(f"{page['before']} against {page['after']}: {_counts(page)}"), "title")]


def _markdown(page: Mapping[str, Any], rows: list[dict[str, Any]]) -> str:
    from retailctl.report.escape import markdown

    title = f"## {markdown(page['before'])} against {markdown(page['after'])}\n\n{_counts(page)}\n"
    if not rows:
        return title
    head = "| " + " | ".join(COLUMNS) + " |\n|" + " --- |" * len(COLUMNS) + "\n"
    body = "".join("| " + " | ".join(markdown(str(row[name])) for name in COLUMNS) + " |\n" for row in rows)
    return f"{title}\n{head}{body}"
