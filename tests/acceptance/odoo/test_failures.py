"""Every way in which a live Odoo fails: one clear error, exit code 3, in time, and no word of the server's."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.acceptance.odoo.conftest import Odoo
from tests.support.fake_odoo import faults
from tests.support.fake_odoo.calls import Failure
from tests.support.fake_odoo.server import PEM, Fault, Raw, serving
from tests.support.fake_odoo.synthetic import synthetic

HTML = Raw(b"<!DOCTYPE html><html>Sign in</html>", 200, "text/html; charset=utf-8")
PAGE = "a web page, not with JSON"
SHAPE = "not the shape that Odoo gives it"
CLOSED = "closed the connection before its answer was whole"
POSTGRES = 'connection to server at "10.1.2.3", port 5432 failed: FATAL:  database "x" does not exist'

# name -> where it strikes, how, and what the user is told
FAULTS: dict[str, tuple[str, Fault, str]] = {
    "slow headers": ("login", faults.silent, "no whole answer within 2 seconds"),
    "dripping body": ("login", faults.dripping, "no whole answer within 2 seconds"),
    "truncated body": ("ir.cron", faults.truncated, CLOSED),
    "truncated login": ("login", faults.truncated, CLOSED),
    "closed connection": ("version_info", faults.closed, CLOSED),
    "301 to https": ("version_info", faults.moved(301, "https://127.0.0.1/web"), "write https and the TLS port"),
    "302 to https": ("version_info", faults.moved(302, "https://127.0.0.1/web"), "write https and the TLS port"),
    "307 elsewhere": ("version_info", faults.moved(307, "http://evil.example/MARKED"), "redirects to another host"),
    "308 here": ("login", faults.moved(308, "/jsonrpc/"), "redirects are not followed"),
    "redirect nowhere": ("login", faults.moved(302, "http://[bad"), "with a redirect (302)"),
    "html with 200": ("version_info", faults.always(HTML), PAGE),
    "html as json": ("login", faults.always(Raw(b"<html>MARKED</html>")), PAGE),
    "502": ("login", faults.always(Raw(b"<html>Bad Gateway</html>", 502, "text/html")), "status 502"),
    "503": ("version_info", faults.always(Raw(b"", 503, "text/plain")), "status 503"),
    "429": ("ir.cron", faults.always(Raw(b"", 429)), "--max-rps 1"),
    "proxy login": ("version_info", faults.always(Raw(b"MARKED", 401, "text/html")), "a login of its own (status 401)"),
    "404": ("version_info", faults.always(Raw(b"MARKED", 404, "text/html")), "status 404"),
    "error without data": ("login", faults.error({"code": 1, "message": "MARKED"}), SHAPE),
    "error as text": ("login", faults.error("MARKED"), SHAPE),
    "result missing": ("login", faults.always(Raw(b'{"jsonrpc": "2.0", "id": 1}')), SHAPE),
    "a list": ("login", faults.always(Raw(b"[]")), SHAPE),
    "rows are no rows": ("ir.cron", faults.always(Raw(b'{"result": [{"name": "MARKED"}]}')), SHAPE),
    "no version": ("version_info", faults.always(Raw(b'{"result": {}}')), "which version of Odoo"),
    "too old": ("version_info", faults.always(Raw(b'{"result": {"server_version": "8.0"}}')), "8.0 is too old"),
    "not json": ("login", faults.always(Raw(b"MARKED")), "is not JSON"),
    "not utf-8": ("login", faults.always(Raw(b'"\xff\xfe"')), "is not JSON"),
    "deep": ("login", faults.always(Raw(b"[" * 100_000)), "is not JSON"),
    "huge number": ("login", faults.always(Raw(b'{"result": ' + b"9" * 5000 + b"}")), "is not JSON"),
    "many values": ("ir.cron", faults.always(Raw(b"[" + b"0," * 1_000_001 + b"0]")), "more than 1,000,000 values"),
    "many objects": ("ir.cron", faults.always(Raw(b"[" + b"{}," * 250_001 + b"0]")), "or 250,000 objects"),
    "packed": ("login", faults.always(Raw(b"x", headers=(("Content-Encoding", "br"),))), "packed in a way"),
    "wrong database": ("login", faults.server_error("psycopg2.OperationalError", POSTGRES), "check --db"),
    "access denied": ("context_get", faults.server_error("odoo.exceptions.AccessDenied", "MARKED"), "refuses the login"),
    "unknown method": ("context_get", faults.server_error("builtins.AttributeError", "MARKED"), "this method"),
    "rpc_helper": ("context_get", faults.server_error("builtins.AttributeError", "'ir.model' object has no attribute '_get_rpc_config'"), "rpc_helper"),
    "server error": ("context_get", faults.server_error("odoo.exceptions.Other", "Out of cheese\nMARKED"), "the server failed: Out of cheese"),
    "path in error": ("context_get", faults.server_error("X", "in /home/MARKED/odoo.py"), "the server failed: in …"),
    "trace as message": ("context_get", faults.server_error("X", faults.TRACE), "the server failed"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_failure_is_one_clear_error(odoo: Odoo, name: str) -> None:
    place, fault, told = FAULTS[name]
    with serving(synthetic("18.0")) as server:
        server.fault = faults.on(fault, place)
        start = time.monotonic()
        # Two seconds where nothing comes; a busy machine needs more than that for what should come.
        ended = odoo(server, "--timeout", "2" if fault in (faults.silent, faults.dripping) else "25")
        assert time.monotonic() - start < 25, "the slow ones last for half a minute"
    assert ended.code == 3, ended.err
    assert told in ended.err
    assert ended.err.count("error:") == 1
    assert "hint:" in ended.err
    assert ended.out == ""
    assert "10.1.2.3" not in ended.err
    assert server.logins <= 1, "a login is never tried again"


def test_an_answer_without_end_is_cut(odoo: Odoo) -> None:
    fault = faults.Endless()
    with serving(synthetic("18.0")) as server:
        server.fault = faults.on(fault, "ir.cron")
        ended = odoo(server)
    assert (ended.code, ended.out) == (3, "")
    assert "more than 33,554,432 bytes in one answer" in ended.err
    assert fault.sent < 45_000_000


@pytest.mark.parametrize("login", ["nobody", "admin"])
def test_a_wrong_password_and_an_unknown_user_look_the_same(
    odoo: Odoo, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    with serving(synthetic("18.0")) as server:
        monkeypatch.setenv("RETAILCTL_ODOO_LOGIN", login)
        monkeypatch.setenv("RETAILCTL_ODOO_PASSWORD", "MARKED-wrong" if login == "admin" else server.password)
        ended = odoo(server, account=False)
    assert (ended.code, ended.out) == (3, "")
    assert "the server refuses the login" in ended.err
    assert server.logins == 1


def test_a_database_that_is_not_there(odoo: Odoo) -> None:
    with serving(synthetic("18.0")) as server:
        ended = odoo(server, db="nodb")
    assert ended.code == 3
    assert "there is none of that name" in ended.err
    assert "5432" not in ended.err


def test_a_read_is_tried_once_more_when_the_connection_breaks_and_a_login_is_not(odoo: Odoo) -> None:
    with serving(synthetic("18.0")) as server:
        server.fault = faults.on(faults.Once(faults.closed), "ir.cron")
        assert odoo(server, "--dry-run", "--exit-zero").code == 0
    with serving(synthetic("18.0")) as server:
        server.fault = faults.on(faults.Once(faults.closed), "login")
        ended = odoo(server)
        assert (ended.code, server.paths.count("/jsonrpc")) == (3, 1)


JSON2: dict[str, tuple[Fault, str]] = {
    "400": (faults.always(Raw(b'{"name": "MARKED"}', 400)), "does not take the call (400)"),
    "415": (faults.always(Raw(b"<html>MARKED", 415, "text/html")), "status 415"),
    "422": (faults.always(Raw(b'{"message": "MARKED"}', 422)), "does not take the call (422)"),
    "500": (faults.always(Raw(json.dumps(Failure("X", "Out of cheese").data()).encode(), 500)), "the server failed: Out of cheese"),
    "500 without json": (faults.always(Raw(b"MARKED", 500)), "the server failed"),
    "403": (faults.always(Raw(b'{"message": "MARKED"}', 403)), "may not read this"),
    "404 json": (faults.always(Raw(b'{"message": "MARKED"}', 404)), "does not know this model"),
    "404 html": (faults.always(Raw(b"<html>MARKED", 404, "text/html")), "no database of that name"),
    "401": (faults.always(Raw(b'{"message": "MARKED"}', 401)), "refuses the API key"),
    "200 html": (faults.always(HTML), PAGE),
    "not the shape": (faults.always(Raw(b"[]")), SHAPE),
}  # fmt: skip


@pytest.mark.parametrize("name", JSON2)
def test_every_status_of_json_2(odoo: Odoo, name: str) -> None:
    fault, told = JSON2[name]
    with serving(synthetic("19.0")) as server:
        server.fault = faults.on(fault, "/json/2/")
        ended = odoo(server, key=True)
    assert (ended.code, ended.out) == (3, "")
    assert told in ended.err
    assert ended.err.count("error:") == 1


def test_a_password_is_no_key(odoo: Odoo, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(synthetic("19.0")) as server:
        monkeypatch.setenv("RETAILCTL_ODOO_API_KEY", server.password)
        ended = odoo(server, account=False)
    assert ended.code == 3
    assert "refuses the API key" in ended.err


def test_json_2_where_there_is_none(odoo: Odoo) -> None:
    with serving(synthetic("18.0")) as server:
        ended = odoo(server, "--transport", "json2", key=True)
        assert (ended.code, server.paths) == (3, ["/web/webclient/version_info"])
    assert "begins with 19.0" in ended.err


# -- the way to the server ----------------------------------------------------------------------------------------


@contextmanager
def answering(data: bytes) -> Iterator[int]:
    """A port that says this to everybody."""

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(data)
                    connection.recv(65536)
            except OSError:
                return

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def test_tls_is_checked(odoo: Odoo) -> None:
    with serving(synthetic("18.0"), tls=True) as server:
        trusted = ("--ca-bundle", str(PEM))
        assert odoo(server, "--dry-run", "--exit-zero", *trusted).code == 0
        for url, args, told in (
            ("", (), "signed by itself, or by an authority that is not trusted"),
            (f"https://127.0.0.1:{server.port}", trusted, "the certificate is for another host"),
            (f"http://127.0.0.1:{server.port}", (), "if this is a TLS port, write https"),
        ):
            ended = odoo(server, "--timeout", "25", *args, url=url)
            assert ended.code == 3
            assert told in ended.err
            assert ended.err.count("error:") == 1
        assert server.logins == 1


def test_a_plain_port_with_https(odoo: Odoo) -> None:
    with serving(synthetic("18.0")) as server, answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        ended = odoo(server, url=f"https://127.0.0.1:{port}")
    assert ended.code == 3
    assert "the port does not speak TLS" in ended.err


def test_a_port_of_another_protocol(odoo: Odoo) -> None:
    with serving(synthetic("18.0")) as server, answering(b"220 mail.example ESMTP MARKED\r\n") as port:
        ended = odoo(server, url=f"http://127.0.0.1:{port}")
    assert ended.code == 3
    assert "does not speak HTTP" in ended.err


def test_nobody_there(odoo: Odoo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(synthetic("18.0")) as server:
        refused = odoo(server, url=f"http://127.0.0.1:{port}")
        unknown = odoo(server, url="https://odoo.invalid")
    assert (refused.code, unknown.code) == (3, 3)
    assert "connection refused" in refused.err
    assert "the name of the host is not known" in unknown.err


# -- refused before anything is sent ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "args", "told"),
    [
        ("https://admin:MARKED@erp.example", (), "holds a user or password"),
        ("https://MARKED@erp.example", (), "holds a user or password"),
        ("http://erp.example", (), "plain http would send the password in clear"),
        ("erp.example", (), "not the address of a server"),
        ("ftp://erp.example", (), "not the address of a server"),
        ("https://erp.example:99999", (), "not a valid address"),
        ("https://erp.example/MARKED/api", (), "only the address of the server"),
        ("https://erp.example", ("--ca-bundle", "no-such.pem"), "cannot be read as certificates"),
        ("https://erp.example", ("--save", "none/records.json"), "its folder is not there"),
        ("https://erp.example", ("--save", "inventories"), "its folder is not there"),
        ("https://erp.example", ("--offline",), "--offline excludes it"),
        ("https://erp.example", ("--password-stdin", "--keyring"), "exclude each other"),
    ],
)
def test_what_is_wrong_on_the_command_line_is_exit_2(odoo: Odoo, url: str, args: tuple[str, ...], told: str) -> None:
    with serving(synthetic("18.0")) as server:
        ended = odoo(server, *args, url=url)
        assert server.paths == []
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
