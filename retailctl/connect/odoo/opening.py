"""Which transport a server is read by, told by one probe that needs no login."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, Literal

from retailctl.connect.odoo.answers import check_status, value_of
from retailctl.connect.odoo.errors import OdooError
from retailctl.connect.odoo.json2 import Json2Source
from retailctl.connect.odoo.jsonrpc import JsonRpcSource
from retailctl.connect.odoo.source import Login, OdooSource, Transport, version_key
from retailctl.connect.odoo.wire import Wire
from retailctl.errors import UsageError

Wanted = Literal["auto", "jsonrpc", "json2"]
PROBE: Final = "/web/webclient/version_info"
_VERSION: Final = re.compile(r"(\d{1,3})\.(\d{1,3})")
_JSON2: Final = (19, 0)
_OLDEST: Final = (10, 0)


def open_source(wire: Wire, database: str, wanted: Wanted, login: Callable[[Transport], Login]) -> OdooSource:
    """Probe, choose, log in once.

    ``login`` gives the account for a transport; it is asked after the probe, so that nobody types a password for a
    server that is not there. Raises OdooError, and UsageError for what the caller has to give first.
    """
    version = probe(wire)
    if wanted == "json2" and version_key(version) < _JSON2:
        hint = "leave --transport out, or use jsonrpc"
        raise OdooError(
            "method", f"Odoo {version} has no JSON-2, which begins with 19.0", at=wire.server.url, hint=hint
        )
    newest: Transport = "json2" if version_key(version) >= _JSON2 else "jsonrpc"
    account = login(newest if wanted == "auto" else wanted)
    if wanted == "json2" and not account.is_key:
        raise UsageError("JSON-2 needs an API key", hint="set RETAILCTL_ODOO_API_KEY, or use --transport jsonrpc")
    if (wanted == "auto" and newest == "json2" and account.is_key) or wanted == "json2":
        return Json2Source(wire, database, account, version)
    if not account.name:
        hint = "set RETAILCTL_ODOO_LOGIN, or give --login"
        raise UsageError("JSON-RPC needs the login of the account beside its secret", hint=hint)
    return JsonRpcSource(wire, database, account, version)


def probe(wire: Wire) -> str:
    """The version of a server, as ``18.0``; a route that every version has and that is not deprecated."""
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {}, "id": 1}).encode()
    answer = wire.post(PROBE, body, {}, again=True)
    check_status(answer, wire.server)
    told = value_of(answer.body, wire.server)
    result: Any = told.get("result") if isinstance(told, dict) else None
    found = None
    for name in ("server_serie", "server_version") if isinstance(result, dict) else ():
        found = found or _VERSION.search(str(result.get(name) or ""))
    if found is None:
        hint = "check that the address is that of Odoo itself"
        raise OdooError("answer", "the server does not say which version of Odoo it is", at=wire.server.url, hint=hint)
    version = f"{int(found[1])}.{int(found[2])}"
    if version_key(version) < _OLDEST:
        raise OdooError(
            "method", f"Odoo {version} is too old to be read", at=wire.server.url, hint="10.0 is the oldest"
        )
    return version
