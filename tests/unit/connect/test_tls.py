"""Certificates are checked, and against the name of the host although the connection goes to an address.

The certificate is for ``localhost``, signed by itself and good for a hundred years; its key is no secret.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from retailctl.connect.http import fetch_document
from retailctl.connect.replay import Connection, ReplayClient
from retailctl.errors import IncompleteError
from retailctl.model.http_exchange import HttpAnswer, HttpRequest
from retailctl.workspace.limits import Limits
from tests.needs import ROOT

PEM = ROOT / "tests/fixtures/tls/localhost.pem"


@pytest.fixture
def port() -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)

    def serve(listener: socket.socket) -> None:
        try:
            plain, _ = listener.accept()
            with plain, context.wrap_socket(plain, server_side=True) as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=5)


def fetch(host: str, port: int) -> bytes:
    return fetch_document(
        f"https://{host}:{port}/a", hosts={host}, limits=Limits(), resolver=lambda host, port: ["127.0.0.1"]
    )  # fmt: skip


def test_a_certificate_that_is_trusted_for_the_name(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    assert fetch("localhost", port) == b"{}"


@pytest.mark.parametrize(("host", "trusted"), [("localhost", False), ("127.0.0.1", True), ("other.localhost", True)])
def test_a_certificate_that_is_not(port: int, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    with pytest.raises(IncompleteError, match="certificate is not valid"):
        fetch(host, port)


@pytest.mark.parametrize(
    ("host", "trusted", "kind"),
    [("localhost", True, ""), ("localhost", False, "unreachable"), ("other.localhost", True, "unreachable")],
)
def test_a_replay_checks_certificates_too(
    port: int, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool, kind: str
) -> None:
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM)) if trusted else monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    client = ReplayClient(Connection(f"https://{host}:{port}", {host}, resolver=lambda *_: ["127.0.0.1"], timeout=5.0))
    answer = client.ask(HttpRequest("GET", "/a"))
    client.close()
    if isinstance(answer, HttpAnswer):
        assert (answer.body, kind) == (b"{}", "")
    else:
        assert answer.kind == kind
