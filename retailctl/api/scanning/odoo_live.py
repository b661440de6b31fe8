"""A live Odoo as a source of a scan: connect, read what the allow-list names, and hand it on as any other source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from retailctl.api.options import AuditOptions
from retailctl.api.scanning.odoo_options import LiveRead, OdooOptions
from retailctl.api.scanning.options import ScanOptions
from retailctl.api.scanning.readings import reading_of
from retailctl.api.scanning.taking import Taken, take_in
from retailctl.api.session import Session, open_session
from retailctl.errors import ConfigError, UsageError
from retailctl.inventory.odoo.records import OdooRecords
from retailctl.inventory.reading import Found, Reading
from retailctl.model.governance_files import SourceSettings
from retailctl.workspace.atomic import write_atomic


def inventory_odoo(root: Path | None, url: str, database: str, odoo: OdooOptions, options: AuditOptions) -> LiveRead:
    """Read a server, save its records if asked to, then identify, merge, judge and write as a scan does.

    Raises UsageError before anything is sent (address, login), and OdooError (exit code 3) for whatever the server
    or the way to it does.
    """
    session = open_session(root, options)
    if odoo.save is not None and (odoo.save.is_dir() or not odoo.save.absolute().parent.is_dir()):
        raise UsageError(
            f"--save {odoo.save.name}: its folder is not there", hint="name a file in a folder that exists"
        )
    reading = reading_of(session, ScanOptions())
    records, calls = read_server(session, url, database, odoo)
    if odoo.save is not None:
        from retailctl.inventory.odoo.saving import as_json

        write_atomic(odoo.save, as_json(records, reading.fingerprint), mode=0o600)
    taken = Taken()
    taken.take(_found(records, reading))
    taken.files["odoo"] += 1
    report = take_in(session, taken, command="inventory odoo", out=odoo.out, dry_run=odoo.dry_run)
    return LiveRead(records, calls, report)


def live_found(session: Session, name: str, odoo: OdooOptions) -> Iterator[Found]:
    """What the live source of that id in the settings shows: for ``inventory scan --live ID``.

    Raises UsageError for an id that is no live source, ConfigError for one without url or database, and OdooError.
    """
    source = live_source(session, name)
    given = replace(
        odoo,
        transport=source.transport or odoo.transport,
        ca_bundle=session.root / source.ca_bundle if source.ca_bundle else odoo.ca_bundle,
        allow_plaintext=bool(source.allow_plaintext) or odoo.allow_plaintext,
    )
    records, _ = read_server(session, source.url or "", source.database or "", given)
    scan = ScanOptions(system=source.system or "", environment=source.environment or "")
    yield from _found(records, reading_of(session, scan))


def read_server(session: Session, url: str, database: str, odoo: OdooOptions) -> tuple[OdooRecords, int]:
    """The records of one database, and how many requests that took."""
    from retailctl.connect.odoo.addresses import server_address
    from retailctl.connect.odoo.opening import open_source
    from retailctl.connect.odoo.wire import Wire, WireOptions
    from retailctl.inventory.odoo.reading import read_records

    if not database.strip():
        raise UsageError("the name of the database is empty", hint="give it with --db NAME")
    server = server_address(url, allow_plaintext=odoo.allow_plaintext)
    wire = Wire(server, WireOptions(seconds=odoo.seconds, max_rps=odoo.max_rps, ca_bundle=odoo.ca_bundle))
    try:
        source = open_source(wire, database, odoo.transport, lambda kind: odoo.login(server.url, database, kind))
        as_of = session.options.as_of
        taken = datetime.combine(as_of, time(), UTC) if as_of else datetime.now(UTC).replace(microsecond=0)
        records = read_records(source, url=server.url, database=database, taken=taken, progress=odoo.told)
        return records, source.calls
    finally:
        wire.close()


def live_source(session: Session, name: str) -> SourceSettings:
    """The live source of that id. Raises UsageError when there is none, ConfigError when it lacks url or database."""
    live = {one.id: one for one in session.settings.sources or () if one.live == "odoo"}
    if name not in live:
        known = f"live sources are {', '.join(sorted(live))}" if live else "there is none: live: odoo, url and database"
        raise UsageError(f"--live {name}: no live source of that id in the settings", hint=known)
    source = live[name]
    if not source.url or not source.database:
        raise ConfigError(f"source {name} needs url and database", hint="a login is never written there")
    return source


def _found(records: OdooRecords, reading: Reading) -> Iterator[Found]:
    from retailctl.inventory.odoo.seen import found

    return found(records, reading)
