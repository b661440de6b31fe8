"""What a caller may say about reading a live Odoo, and what comes back. Light: every command loads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retailctl.connect.odoo.opening import Wanted
    from retailctl.connect.odoo.source import Login, Transport
    from retailctl.inventory.odoo.records import OdooRecords
    from retailctl.model.report import Report

    AskLogin = Callable[[str, str, Transport], Login]


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooOptions:
    """``login`` is asked for (server, database, transport) once the server has answered, and gives the account.

    ``seconds`` is the deadline of one call, ``max_rps`` calls per second (0: as fast as the server answers), ``save`` a
    file for the records, ``told`` takes each model before it is read. ``out`` and ``dry_run`` are those of a scan.
    """

    login: AskLogin
    transport: Wanted = "auto"
    ca_bundle: Path | None = None
    allow_plaintext: bool = False
    seconds: float = 30.0
    max_rps: float = 0.0
    save: Path | None = None
    out: Path | None = None
    dry_run: bool = False
    told: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class LiveRead:
    """``records`` as they were read by ``calls`` requests, and what the estate looks like with them."""

    records: OdooRecords
    calls: int
    report: Report

    @property
    def end(self) -> str:
        """When the transport in use ends, by our own table; empty: no end is announced."""
        from retailctl.graph.odoo_rpc import end_of_transport

        end = end_of_transport(self.records.transport)
        return f"{end.words}; {end.source}" if end is not None else ""
