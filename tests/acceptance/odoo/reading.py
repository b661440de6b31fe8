"""Reading a fake server without the command around it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from retailctl.connect.odoo.addresses import server_address
from retailctl.connect.odoo.opening import open_source
from retailctl.connect.odoo.source import Login, OdooSource
from retailctl.connect.odoo.wire import Wire, WireOptions
from retailctl.inventory.odoo.reading import read_records
from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords
from tests.support.fake_odoo.server import FakeOdoo

TAKEN = datetime(2026, 11, 20, tzinfo=UTC)


def opened(server: FakeOdoo, transport: Any = "auto", login: str = "admin", **options: Any) -> tuple[Wire, OdooSource]:
    """A connection, and the source behind it."""
    wire = Wire(server_address(server.url), WireOptions(**options))
    account = Login(login, server.key if transport == "json2" else server.password, transport == "json2")
    return wire, open_source(wire, server.recording.database, transport, lambda _: account)


def read(server: FakeOdoo, transport: str = "auto", login: str = "admin") -> tuple[OdooRecords, int]:
    """The records, and how many requests they took."""
    wire, source = opened(server, transport, login)
    try:
        return read_records(source, url=wire.server.url, database=server.recording.database, taken=TAKEN), source.calls
    finally:
        wire.close()


def coverage(records: OdooRecords, model: str) -> ModelCoverage:
    """That of one model."""
    return next(one for one in records.coverage if one.model == model)
