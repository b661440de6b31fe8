"""The server: JSON-RPC and, from 19.0 on, JSON-2, on loopback; with faults that a test asks for."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.needs import ROOT
from tests.support.fake_odoo.calls import Call, Calls, Failure
from tests.support.fake_odoo.recording import Recording

PEM = ROOT / "tests/fixtures/tls/localhost.pem"
POSITIONAL = {
    "search_read": ("domain", "fields", "offset", "limit", "order"),
    "search_count": ("domain",),
    "has_access": ("ids", "operation"),
    "check_access_rights": ("operation", "raise_exception"),
}
STATUS = {"AccessError": 403, "UserError": 404, "AttributeError": 404}


@dataclass(frozen=True)
class Raw:
    """An answer over HTTP."""

    body: bytes
    status: int = 200
    kind: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Fault = Callable[["Wire", str, Any], Raw | None]
"""(the connection, path, body) -> another answer; None for the usual one. It may write and close by itself."""


@dataclass
class FakeOdoo:
    """A running server; ``paths`` are all requests in order, ``logins`` how often somebody logged in."""

    calls: Calls
    port: int = 0
    scheme: str = "http"
    password: str = "marked-Passw0rd-of-the-account"
    key: str = "markedkey0123456789abcdef0123456789abcdef"
    fault: Fault | None = None
    paths: list[str] = field(default_factory=list)
    logins: int = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://{'localhost' if self.scheme == 'https' else '127.0.0.1'}:{self.port}"

    @property
    def recording(self) -> Recording:
        return self.calls.recording


class Wire(BaseHTTPRequestHandler):
    """One connection; ``odoo`` is set by the server class below."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    odoo: FakeOdoo
    hung_up = False

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.odoo.paths.append(self.path)
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        answer = self.odoo.fault(self, self.path, body) if self.odoo.fault else None
        if not self.hung_up:
            self.send(answer or self._usual(body))

    def hang_up(self) -> None:
        """A fault wrote what it wanted: no answer follows, and the connection ends."""
        self.close_connection = self.hung_up = True

    def do_GET(self) -> None:
        self.odoo.calls.wrong.append(f"GET {self.path}")
        self.send(Raw(b"", 405))

    def send(self, raw: Raw) -> None:
        lines = [f"HTTP/1.1 {raw.status} X", f"Content-Type: {raw.kind}", f"Content-Length: {len(raw.body)}"]
        lines += [f"{name}: {value}" for name, value in raw.headers]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + raw.body)

    def _usual(self, body: Any) -> Raw:
        if self.path == "/web/webclient/version_info":
            return _rpc(body, {"result": version_info(self.odoo.recording.version)})
        if self.path == "/jsonrpc":
            return self._jsonrpc(body)
        if self.path.startswith("/json/2/") and self.odoo.recording.version >= "19":
            return self._json2(body)
        if not self.path.startswith("/json/2/"):
            self.odoo.calls.wrong.append(f"POST {self.path}")
        return Raw(b"<!DOCTYPE HTML><title>404 Not Found</title>", 404, "text/html; charset=utf-8")

    def _jsonrpc(self, body: Any) -> Raw:
        params = body["params"]
        try:
            return _rpc(body, {"result": self._service(params["service"], params["method"], params["args"])})
        except Failure as failure:
            recorded = self.odoo.recording.answers.get(failure.case)
            error = {"code": 0, "message": "Odoo Server Error", "data": failure.data()}
            return _rpc(body, {"error": recorded["response"]["body"]["error"] if recorded else error})

    def _service(self, service: str, method: str, args: list[Any]) -> Any:
        odoo = self.odoo
        if service == "common" and method == "version":
            return {**version_info(odoo.recording.version)}
        database, *rest = args
        if database != odoo.recording.database:
            message = (
                f'connection to server at "127.0.0.1", port 5432 failed: FATAL:  database "{database}" does not exist\n'
            )
            raise Failure("psycopg2.OperationalError", message, "authenticate_wrong_database")
        if service == "common" and method in ("login", "authenticate"):
            odoo.logins += 1
            good = rest[1] in (odoo.password, odoo.key)
            return odoo.recording.accounts.get(rest[0], False) if good else False
        if service != "object" or method != "execute_kw":
            odoo.calls.wrong.append(f"service {service}.{method}")
            raise Failure("builtins.NameError", "no such service")
        uid, secret, model, name, *given = rest
        account = next((login for login, number in odoo.recording.accounts.items() if number == uid), "")
        if secret not in (odoo.password, odoo.key) or not account:
            raise Failure("odoo.exceptions.AccessDenied", "Access Denied", "execute_wrong_password")
        positional, named = given[0], given[1] if len(given) > 1 else {}
        together = {**dict(zip(POSITIONAL.get(name, ()), positional, strict=False)), **named}
        return odoo.calls.answer(Call(account, model, name, together))

    def _json2(self, body: Any) -> Raw:
        odoo, answers = self.odoo, self.odoo.recording.answers
        _, _, _, model, method = self.path.split("/")
        if self.headers.get("X-Odoo-Database") != odoo.recording.database:
            return Raw(b"<!DOCTYPE html>\n<title>404 Not Found</title>\n", 404, "text/html; charset=utf-8")
        if self.headers.get("Authorization") != f"bearer {odoo.key}":
            failure = Failure("werkzeug.exceptions.Unauthorized", "Invalid apikey")
            return Raw(json.dumps(failure.data()).encode(), 401, headers=(("WWW-Authenticate", "Bearer "),))
        if not isinstance(body, dict):
            odoo.calls.wrong.append(f"JSON-2 with a body that is no object: {self.path}")
            return Raw(b"[]")
        try:
            value = odoo.calls.answer(Call("admin", model, method, body))
        except Failure as failure:
            status = STATUS.get(failure.name.rpartition(".")[2], 500)
            recorded = answers.get({404: "json2_404_unknown_model", 403: "json2_403_access"}.get(status, ""))
            data = recorded["response"]["body"] if recorded else failure.data()
            return Raw(json.dumps(data).encode(), status)
        return Raw(json.dumps(value).encode())


def version_info(version: str) -> dict[str, Any]:
    """As ``/web/webclient/version_info`` answers."""
    major, minor = version.split(".")
    numbers = [int(major), int(minor), 0, "final", 0, ""]
    return {"server_version": version, "server_version_info": numbers, "server_serie": version, "protocol_version": 1}


def _rpc(body: Any, told: dict[str, Any]) -> Raw:
    return Raw(json.dumps({"jsonrpc": "2.0", "id": (body or {}).get("id"), **told}).encode())


@contextmanager
def serving(recording: Recording, *, tls: bool = False) -> Iterator[FakeOdoo]:
    """Serve until the block ends; fails when anything was asked that must never be."""
    odoo = FakeOdoo(Calls(recording), scheme="https" if tls else "http")
    handler = type("Handler", (Wire,), {"odoo": odoo, "log_message": lambda *_: None})

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up is no news."""

    server = Server(("127.0.0.1", 0), handler)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    odoo.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield odoo
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
    assert odoo.calls.wrong == []
