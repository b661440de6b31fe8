"""`retailctl inventory odoo`: what a live Odoo shows of its interfaces, read and never written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from retailctl.cli.deliver import deliver_report, say_written, wants
from retailctl.cli.inventory_scan import SCANNED, DryRun, Out
from retailctl.cli.odoo_login import LoginFlags, ask_login
from retailctl.cli.progress import busy
from retailctl.cli.run import Run
from retailctl.errors import UsageError

if TYPE_CHECKING:
    from retailctl.inventory.odoo.records import OdooRecords

FLAGS = SCANNED
Transport = Literal["auto", "jsonrpc", "json2"]
EPILOG = """\b
The secret comes from RETAILCTL_ODOO_PASSWORD or RETAILCTL_ODOO_API_KEY (login:
RETAILCTL_ODOO_LOGIN), --password-stdin, --password-file, --keyring or a prompt.

\b
Examples:
  retailctl inventory odoo https://erp.example.com --db shop --login auditor
  retailctl inventory odoo https://erp.example.com --db shop --save shop.json
  retailctl inventory odoo http://localhost:8069 --db test --dry-run -f json
"""
_NAMES = {"jsonrpc": "JSON-RPC", "json2": "JSON-2"}


def _named(flag: str, metavar: str, help: str, **more: Any) -> Any:
    return typer.Option(flag, metavar=metavar, help=help, show_default=False, **more)


def odoo(
    run: Run,
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the server, without user and password.")],
    db: Annotated[str, _named("--db", "NAME", "Name of the database.")],
    login: Annotated[str, _named("--login", "NAME", "Login of the account that reads.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read password or API key from standard input.")
    ] = False,
    password_file: Annotated[
        Path | None, _named("--password-file", "FILE", "Read it from a file only you may read (0600).")
    ] = None,
    keyring: Annotated[bool, typer.Option("--keyring", help="Read it from the keyring of the system.")] = False,
    transport: Annotated[
        Transport, _named("--transport", "NAME", "auto (default), jsonrpc, or json2 from 19.0 on.")
    ] = "auto",
    ca_bundle: Annotated[Path | None, _named("--ca-bundle", "FILE", "Certificates of a private CA (PEM).")] = None,
    allow_plaintext: Annotated[
        bool, typer.Option("--allow-plaintext", help="Send the password over plain http.")
    ] = False,
    timeout: Annotated[float, _named("--timeout", "SECONDS", "For one call; default 30.", min=1, max=3600)] = 30.0,
    max_rps: Annotated[float, _named("--max-rps", "N", "Calls per second at most.", min=0, max=1000)] = 0.0,
    save: Annotated[Path | None, _named("--save", "FILE", "Write the records as JSON too, private.")] = None,
    out: Out = None,
    dry_run: DryRun = False,
) -> int:
    """Read a live Odoo: jobs, webhooks, accounts, connectors."""
    from retailctl import api

    if run.flags.offline:
        raise UsageError("inventory odoo contacts a server: --offline excludes it")
    account = LoginFlags(login=login, stdin=password_stdin, file=password_file, keyring=keyring)
    options = api.OdooOptions(
        login=ask_login(run.console, account),
        transport=transport,
        ca_bundle=ca_bundle,
        allow_plaintext=allow_plaintext,
        seconds=timeout,
        max_rps=max_rps,
        save=save,
        out=out,
        dry_run=dry_run,
        told=lambda model: run.console.detail(f"reading {model}", 2),
    )
    with busy(run.console, "reading Odoo"):
        live = api.inventory_odoo(run.root, url, db, options, run.audit_options(api, picture=wants(run, "html")))
    for line, style in coverage_lines(live.records, live.calls, live.end):
        run.console.note(line, style)
    if save is not None:
        say_written(run, "wrote", [save.name])
    if live.report.summary.scan is not None:
        say_written(run, "wrote", live.report.summary.scan.written)
    return deliver_report(run, live.report)


def coverage_lines(records: OdooRecords, calls: int, end: str) -> list[tuple[str, str]]:
    """What was read and what was not, model by model where somebody has to know: lines with a style."""
    by = {
        name: [one for one in records.coverage if one.readable == name]
        for name in ("read", "partial", "blocked", "absent")
    }
    told = {"read": "read", "partial": "in part", "blocked": "blocked", "absent": "absent"}
    counts = ", ".join(f"{len(by[name])} {word}" for name, word in told.items())
    rows = sum(one.rows for one in records.coverage)
    lines = [
        (f"Odoo {records.version} at {records.url}, database {records.database}: {_NAMES[records.transport]}", ""),
        (f"this transport ends with {end}" if end else "no end of this transport is announced", "dim"),
        (f"models: {counts}; {rows:,} rows, {calls} calls", ""),
    ]
    lines += [(f"  in part: {one.model} ({one.reason})", "unknown") for one in by["partial"]]
    lines += [(f"  blocked: {one.model} ({one.reason})", "unknown") for one in by["blocked"]]
    hidden = [f"{one.model}.{name}" for one in records.coverage if one.fields for name in one.left_out]
    lines += [(f"  not readable: {', '.join(hidden)}", "unknown")] if hidden else []
    return lines
