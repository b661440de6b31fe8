"""Addresses as people write them, and which transport a server is read by."""

from __future__ import annotations

import json
import socket
import ssl
from typing import Any

import httpcore
import pytest

from retailctl.connect.bodies import BodyTooLarge
from retailctl.connect.guard import AddressRefused
from retailctl.connect.odoo.addresses import ServerAddress, server_address
from retailctl.connect.odoo.errors import first_line, server_error
from retailctl.connect.odoo.failures import told
from retailctl.connect.odoo.opening import open_source, probe
from retailctl.connect.odoo.source import Login
from retailctl.connect.odoo.wire import Wire, WireOptions, may_ask
from retailctl.errors import UsageError
from tests.support.fake_odoo.faults import always, on
from tests.support.fake_odoo.server import Raw, serving
from tests.support.fake_odoo.synthetic import synthetic


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://erp.example", "https://erp.example"),
        ("https://ERP.example:443/", "https://erp.example"),
        ("https://erp.example:8443/web/login?db=x#menu", "https://erp.example:8443"),
        ("https://erp.example/odoo/settings", "https://erp.example"),
        ("http://localhost:8069", "http://localhost:8069"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8069", "http://[::1]:8069"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        (" https://erp.example ", "https://erp.example"),
    ],
)
def test_the_address_of_a_server(text: str, url: str) -> None:
    assert server_address(text).url == url


def test_plain_http_where_somebody_said_so() -> None:
    assert server_address("http://erp.example", allow_plaintext=True) == ServerAddress("http", "erp.example", 80)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("18.0", "18.0"),
        ("18.0-20250702", "18.0"),
        ("saas~18.2+e", "18.2"),
        ("17.0+e", "17.0"),
        ("19.1a1", "19.1"),
    ],
)
def test_the_version_of_a_server(text: str, version: str) -> None:
    with serving(synthetic("18.0")) as server:
        body = {"jsonrpc": "2.0", "result": {"server_version": text}}
        server.fault = on(always(Raw(json.dumps(body).encode())), "version_info")
        wire = Wire(server_address(server.url))
        assert probe(wire) == version
        wire.close()


@pytest.mark.parametrize(
    ("version", "wanted", "key", "transport"),
    [
        ("18.0", "auto", False, "jsonrpc"),
        ("18.0", "auto", True, "jsonrpc"),
        ("19.0", "auto", False, "jsonrpc"),
        ("19.0", "auto", True, "json2"),
        ("19.0", "jsonrpc", True, "jsonrpc"),
        ("19.0", "json2", True, "json2"),
    ],
)
def test_the_transport_follows_version_and_account(version: str, wanted: Any, key: bool, transport: str) -> None:
    with serving(synthetic(version)) as server:
        wire = Wire(server_address(server.url))
        login = Login("admin", server.key if key else server.password, key)
        source = open_source(wire, server.recording.database, wanted, lambda _: login)
        wire.close()
        assert (source.transport, source.version, source.account) == (transport, version, 2)
        assert server.logins == (transport == "jsonrpc")
        assert source.calls == len(server.paths) == (3 if transport == "jsonrpc" else 2)


@pytest.mark.parametrize(
    ("wanted", "login", "message"),
    [
        ("json2", Login("admin", "pass-word"), "JSON-2 needs an API key"),
        ("json2", Login("admin", "key\nX-Evil: 1", is_key=True), "characters that no key has"),
        ("jsonrpc", Login("", "0" * 40, is_key=True), "needs the login"),
    ],
)
def test_an_account_that_does_not_fit(wanted: Any, login: Login, message: str) -> None:
    with serving(synthetic("19.0")) as server:
        wire = Wire(server_address(server.url))
        with pytest.raises(UsageError, match=message):
            open_source(wire, "odoo19", wanted, lambda _: login)
        wire.close()
        assert server.paths == ["/web/webclient/version_info"]


@pytest.mark.parametrize(
    ("host", "answer", "may"),
    [
        ("erp.example", "93.184.216.34", True),
        ("erp.example", "10.1.2.3", True),
        ("erp.example", "127.0.0.1", True),
        ("erp.example", "169.254.169.254", False),
        ("erp.example", "224.0.0.1", False),
        ("erp.example", "0.0.0.0", False),
    ],
)
def test_where_the_name_of_a_server_may_lead(host: str, answer: str, may: bool) -> None:
    assert may_ask(host, answer, {host}) is may


SERVER = ServerAddress("https", "erp.example", 443)


@pytest.mark.parametrize(
    ("error", "kind", "message", "passing"),
    [
        (AddressRefused(), "connection", "an address that is not asked", False),
        (BodyTooLarge(), "size", "more than 33,554,432 bytes", False),
        (httpcore.ConnectTimeout("x"), "time", "no whole answer within 30 seconds", False),
        (httpcore.ReadError("MARKED"), "connection", "closed the connection", True),
        (httpcore.RemoteProtocolError("MARKED"), "connection", "closed the connection", True),
        (httpcore.ConnectError("MARKED"), "connection", "cannot be reached", True),
        (RuntimeError("MARKED"), "connection", "closed the connection", True),
    ],
)
def test_what_happens_on_the_way(error: Exception, kind: str, message: str, passing: bool) -> None:
    said = told(error, SERVER, WireOptions())
    assert (said.kind, said.passing, said.exit_code) == (kind, passing, 3)
    assert message in str(said)
    assert "MARKED" not in str(said)
    assert said.hint


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (10, "has expired, or is not valid yet"),
        (18, "signed by itself"),
        (19, "signed by itself"),
        (62, "for another host"),
        (7, "cannot be verified"),
    ],
)
def test_what_is_wrong_with_a_certificate(code: int, message: str) -> None:
    cause = ssl.SSLCertVerificationError("MARKED")
    cause.verify_code = code
    error = httpcore.ConnectError("MARKED")
    error.__cause__ = cause
    assert message in str(told(error, SERVER, WireOptions()))


@pytest.mark.parametrize("cause", [ConnectionRefusedError(), ConnectionResetError(), socket.gaierror(), ssl.SSLError()])
def test_every_cause_has_words(cause: OSError) -> None:
    error = httpcore.ConnectError("MARKED")
    error.__cause__ = cause
    said = told(error, SERVER, WireOptions())
    assert said.kind == "connection"
    assert said.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Out of cheese\nsecond line", "Out of cheese"),
        ("see /opt/odoo/addons/sale/models.py please", "see … please"),
        ("server 10.1.2.3, port 5432 is down", "server …, … is down"),
        ("it is s3cret!", "it is ***!"),
        ("a\x1b[31mb\u202ec", "a [31mb c"),
        ("Traceback (most recent call last):", ""),
        ("<html>", ""),
        (None, ""),
        (["x"], ""),
        ("x" * 500, "x" * 159 + "…"),
    ],
)
def test_of_what_a_server_says_one_clean_line_is_quoted(text: Any, line: str) -> None:
    assert first_line(text, lambda said: said.replace("s3cret", "***")) == line


@pytest.mark.parametrize(
    "data", [None, "text", [], {"name": None}, {"name": 5, "message": {"a": 1}}, {"name": "X", "message": 5}]
)
def test_an_error_of_any_shape_is_an_error(data: Any) -> None:
    assert server_error(data, "https://erp.example", str).kind == "server"
