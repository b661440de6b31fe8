"""When the RPC services of Odoo end: a table, its rows with source and day, and which row is in force."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from retailctl.workspace.reader import parse_bytes

_TABLE: Final = Path(__file__).parent / "odoo_rpc_ends.yaml"
_VERSION: Final = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?")
# JSON-RPC and XML-RPC calls go to the service `object`, their logins to `common`; JSON-2 is none of these.
_SERVICE_OF: Final = {"jsonrpc": "object", "xmlrpc": "object"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RpcEnd:
    """One announcement. Versions are ``(22, 0)``; ``online`` is that of Odoo Online, None where nothing was said.

    ``as_of`` is the day on which somebody last looked whether it still holds.
    """

    service: str
    deprecated_since: tuple[int, int]
    self_hosted: tuple[int, int]
    self_hosted_when: str
    online: tuple[int, int] | None
    online_when: str
    in_force: bool
    announced: date | None
    source: str
    as_of: date

    @property
    def words(self) -> str:
        """``Odoo 22 (fall 2028), on Odoo Online 21.1 (winter 2027)``."""
        online = f", on Odoo Online {_text(self.online)} ({self.online_when})" if self.online else ""
        return f"Odoo {_text(self.self_hosted)} ({self.self_hosted_when}){online}"


@cache
def rpc_ends() -> tuple[RpcEnd, ...]:
    """Every announcement, also those that no longer hold."""
    data = parse_bytes(_TABLE.name, _TABLE.read_bytes()).data
    return tuple(_row(row, _day(data["as_of"])) for row in data["ends"])


def end_of(service: str) -> RpcEnd | None:
    """The announcement in force for a service (``db``, ``common``, ``object``); None for one that does not end."""
    return next((end for end in rpc_ends() if end.in_force and end.service == service), None)


def end_of_transport(transport: str) -> RpcEnd | None:
    """The same for a transport (``jsonrpc``, ``xmlrpc``); None for JSON-2, which has no announced end."""
    return end_of(_SERVICE_OF.get(transport, ""))


def version_of(text: str) -> tuple[int, int] | None:
    """(19, 0) for ``19.0``, ``saas~19.1`` gives (19, 1); None when no version stands there."""
    found = _VERSION.search(text)
    return (int(found[1]), int(found[2] or 0)) if found else None


def is_deprecated(end: RpcEnd, version: str) -> bool | None:
    """Does a server of this version warn of it already? None when its version is not known."""
    known = version_of(version)
    return None if known is None else known >= end.deprecated_since


def _row(row: dict[str, Any], as_of: date) -> RpcEnd:
    version = version_of(str(row["self_hosted"]))
    since = version_of(str(row["deprecated_since"]))
    assert version is not None and since is not None  # noqa: S101 - our own table, read by every test
    return RpcEnd(
        service=str(row["service"]),
        deprecated_since=since,
        self_hosted=version,
        self_hosted_when=str(row["self_hosted_when"]),
        online=version_of(str(row["online"])) if "online" in row else None,
        online_when=str(row.get("online_when", "")),
        in_force=row["in_force"] is True or str(row["in_force"]) == "true",
        announced=_day(row["announced"]) if "announced" in row else None,
        source=str(row["source"]),
        as_of=as_of,
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _text(version: tuple[int, int] | None) -> str:
    if version is None:
        return ""
    return str(version[0]) if version[1] == 0 else f"{version[0]}.{version[1]}"
