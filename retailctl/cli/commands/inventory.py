"""`retailctl inventory`: scan and its sisters, list, show, check, and what people are asked."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import typer

from retailctl.cli import (
    inventory_addons,
    inventory_ask,
    inventory_diff,
    inventory_export,
    inventory_odoo,
    inventory_odoo_impact,
    inventory_odoo_log,
    inventory_scan,
    pages,
    tables,
)
from retailctl.cli.deliver import deliver_report, wants
from retailctl.cli.flags import LISTED, REPORTED, PageFormat, ReportFormat, TableFormat
from retailctl.cli.progress import busy
from retailctl.cli.run import Run, Sectioned, shared
from retailctl.errors import UsageError

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, help="What exists: scan, odoo, addons, list, show, ask, diff."
)

Kind = Literal[
    "systems",
    "interfaces",
    "events",
    "domains",
    "credentials",
    "teams",
    "partners",
    "processes",
    "capabilities",
    "consumptions",
    "flows",
]
_KINDS = f"One of {', '.join(get_args(Kind))}; default interfaces."
_COLUMNS = ("id", "name", "kind", "protocol", "system", "owner", "domain", "status", "lifecycle")


app.command(cls=Sectioned, epilog=inventory_scan.EPILOG)(
    shared(inventory_scan.SCANNED, ReportFormat)(inventory_scan.scan)
)
app.command(cls=Sectioned, epilog=inventory_odoo.EPILOG)(
    shared(inventory_odoo.FLAGS, ReportFormat)(inventory_odoo.odoo)
)
app.command("odoo-log", cls=Sectioned, epilog=inventory_odoo_log.EPILOG)(
    shared(inventory_scan.SCANNED, ReportFormat)(inventory_odoo_log.odoo_log)
)
app.command("addons", cls=Sectioned, epilog=inventory_addons.EPILOG)(inventory_addons.addons)
app.command("odoo-impact", cls=Sectioned, epilog=inventory_odoo_impact.EPILOG)(inventory_odoo_impact.odoo_impact)


@app.command("list", cls=Sectioned)
@shared(LISTED, TableFormat)
def list_(
    run: Run,
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help=_KINDS, show_default=False)] = "interfaces",
    where: Annotated[
        list[str] | None,
        typer.Option("--where", "-w", metavar="FIELD=VALUE", help="Only entries with this value."),
    ] = None,
) -> None:
    """List systems, interfaces, or whatever else the inventory holds."""
    from retailctl import api

    conditions = dict(map(_condition, where or ()))
    rows = api.inventory_list(run.root, kind, where=conditions, options=run.audit_options(api))
    columns = [name for name in _COLUMNS if any(name in row for row in rows)] or ["id"]
    tables.show_rows(run, rows, columns, empty=f"no {kind}" + (" with that" if conditions else ""))


@app.command(cls=Sectioned)
@shared(LISTED, PageFormat)
def show(run: Run, id: Annotated[str, typer.Argument(metavar="ID", help="Any id of the inventory.")]) -> None:
    """Show one entry: values, sightings, conflicts, places, findings."""
    from retailctl import api

    page = api.inventory_show(run.root, id, run.audit_options(api))
    tables.show_page(run, page, lambda page: pages.any_page(id, page))


@app.command(cls=Sectioned)
@shared(REPORTED, ReportFormat)
def check(run: Run) -> int:
    """Check the inventory alone: files, references, identity, coverage."""
    from retailctl import api

    with busy(run.console, "checking the inventory"):
        report = api.inventory_check(run.root, run.audit_options(api, picture=wants(run, "html")))
    return deliver_report(run, report)


app.command(cls=Sectioned, epilog=inventory_ask.ASK)(
    shared(inventory_ask.ASKED, inventory_ask.YamlFormat)(inventory_ask.ask)
)
app.command(cls=Sectioned, epilog=inventory_ask.ANSWER)(
    shared(inventory_ask.ANSWERED, PageFormat)(inventory_ask.answer)
)


app.command("export", cls=Sectioned, epilog=inventory_export.EPILOG)(
    shared(inventory_export.FLAGS, inventory_export.ExportFormat)(inventory_export.export)
)
app.command("diff", cls=Sectioned, epilog=inventory_diff.EPILOG)(
    shared(inventory_diff.FLAGS, inventory_diff.DiffFormat)(inventory_diff.diff)
)


def _condition(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"--where: {text!r} is not FIELD=VALUE", hint="such as --where owner=team-stores")
    return name, value
