"""How long the transport in use lasts: our own table, never what a server's log says.

Two announcements are in circulation for the same version of Odoo; the later one, which postponed the end, is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from retailctl.inventory.odoo.records import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """``self_hosted`` and ``online`` are the first versions without the services; ``as_of`` the day of the source."""

    self_hosted: str
    online: str
    source: str
    as_of: str


ENDS: Final[dict[Transport, End | None]] = {
    "jsonrpc": End(
        self_hosted="Odoo 22 (fall 2028)",
        online="21.1 (winter 2027)",
        source="odoo/odoo PR #252721",
        as_of="2026-03-09",
    ),
    "json2": None,
}


def ends_of(transport: Transport) -> str:
    """One line for people."""
    end = ENDS[transport]
    if end is None:
        return "no end of this transport is announced"
    return (
        f"this transport ends with {end.self_hosted}, on Odoo Online with {end.online} "
        f"({end.source}, {end.as_of}); JSON-2 with an API key, from 19.0 on, takes its place"
    )
