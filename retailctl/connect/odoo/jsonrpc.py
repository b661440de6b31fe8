"""JSON-RPC through odoorpc, on our own wire: odoorpc makes the calls of a version, and opens no socket.

odoorpc limits the wait for each read but not the whole, takes bodies of any size, turns a POST that is redirected into
a GET, trusts the proxies of the environment, and logs passwords at DEBUG. So what it sends requests with is replaced;
see docs/decisions/0021.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from retailctl.connect.odoo.answers import check_status, value_of
from retailctl.connect.odoo.errors import OdooError, server_error
from retailctl.connect.odoo.source import Login, ReadOnlySource, Refused, Transport
from retailctl.connect.odoo.wire import Wire
from retailctl.errors import UsageError
from retailctl.model.redaction import Redactor

_RPC: Final = "/jsonrpc"
_POSITIONAL: Final = {
    "search_read": ("domain",),
    "search_count": ("domain",),
    "has_access": ("ids", "operation"),
    "check_access_rights": ("operation",),
}
_LOGGERS: Final = ("odoorpc", "odoorpc.rpc", "odoorpc.rpc.jsonrpclib", "odoorpc.odoo")


class _NoOpener:
    """Stands where odoorpc has the opener of urllib, so that nothing can be sent past the wire."""

    def open(self, *_: Any, **__: Any) -> Any:
        """Never called: requests go through ``_Proxy``."""
        raise Refused("odoorpc opens no connection here")


class _Proxy:
    """What odoorpc posts a message with: (path, parameters) -> the answer as it came."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.again = False

    def __call__(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send one message. Raises OdooError for everything that is no answer of JSON-RPC."""
        message = {"jsonrpc": "2.0", "method": "call", "params": _named(params or {}), "id": self._wire.calls + 1}
        answer = self._wire.post(path, json.dumps(message).encode(), {}, again=self.again)
        check_status(answer, self._wire.server)
        told = value_of(answer.body, self._wire.server)
        if not isinstance(told, dict):
            raise TypeError
        return told


def _named(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """``execute``, which a login of odoorpc uses, as the ``execute_kw`` that everything else is."""
    if params.get("method") != "execute":
        return params
    database, account, secret, model, method, *positional = params["args"]
    args = [database, account, secret, model, method, positional, {}]
    return {**params, "method": "execute_kw", "args": args}


class JsonRpcSource(ReadOnlySource):
    """An Odoo behind ``/jsonrpc``, logged in once."""

    transport: Transport = "jsonrpc"

    def __init__(self, wire: Wire, database: str, login: Login, version: str) -> None:
        """Log in. Raises OdooError, and UsageError when odoorpc is not installed."""
        super().__init__(version, wire.server.url)
        odoorpc = _library()
        self._wire, self._proxy = wire, _Proxy(wire)
        self._clean = Redactor((login.secret,)).text
        # With a version it asks nothing by itself.
        host = f"[{wire.server.host}]" if ":" in wire.server.host else wire.server.host
        self._odoo = odoorpc.ODOO(host, "jsonrpc", wire.server.port, wire.options.seconds, version, opener=_NoOpener())
        self._odoo._connector._proxy_json = self._proxy  # noqa: SLF001 - the one seam below its logging and decoding
        self._odoo.config["auto_commit"] = False
        self._odoo.config["auto_context"] = False
        self._guarded(lambda: self._odoo.login(database, login.name, login.secret), login=True)
        self.account = int(self._odoo.env.uid)
        self._proxy.again = True

    @property
    def calls(self) -> int:
        """See OdooSource."""
        return self._wire.calls

    def _send(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
        positional = _POSITIONAL.get(method, ())
        args = [named[name] for name in positional]
        rest = {name: value for name, value in named.items() if name not in positional}
        return self._guarded(lambda: self._odoo.execute_kw(model, method, args, rest))

    def _guarded(self, call: Any, *, login: bool = False) -> Any:
        """One call of odoorpc; nine kinds of exception become one."""
        at = self._at
        try:
            return call()
        except OdooError:
            raise
        except Exception as error:  # noqa: BLE001 - odoorpc passes on whatever its parts raise
            info = getattr(error, "info", None)
            if isinstance(info, dict) and isinstance(info.get("data"), dict):
                raise server_error(info["data"], at, self._clean) from None
            if login and type(error).__name__ == "RPCError" and not info:
                raise server_error({"name": "AccessDenied"}, at, self._clean) from None
            hint = "check that the address is that of Odoo itself; a proxy may answer for it"
            raise OdooError("answer", "the answer has not the shape that Odoo gives it", at=at, hint=hint) from None


def _library() -> Any:
    try:
        import odoorpc
    except ImportError:
        raise UsageError(
            "reading this Odoo needs odoorpc, which is not installed", hint="pip install 'retailctl[odoo]'"
        ) from None
    for name in _LOGGERS:  # at DEBUG it writes the password of every call, whatever asks for DEBUG
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    return odoorpc
