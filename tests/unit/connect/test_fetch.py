"""Fetching one document: what is asked, what is taken, and every way in which a server can fail us."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from pathlib import Path

import pytest

from retailctl import __version__
from retailctl.connect.http import Timeouts, fetch_document
from retailctl.errors import IncompleteError, InputError
from retailctl.workspace.limits import Limits
from tests.unit.connect.conftest import QUICK, Answer, Server, moved, reply

SECRET = b"hunter2-in-the-body"


def drip(head: bytes) -> Answer:
    """A byte at a time: each wait is short, all of them together never end."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(head)
        for _ in range(60):
            connection.sendall(b"x")
            time.sleep(0.1)

    return answer


def endless(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(b"x" * 1000)


def torn(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + SECRET)


def silent(connection: socket.socket, request: bytes) -> None:
    connection.recv(1)


def hung_up(connection: socket.socket, request: bytes) -> None:
    """Nothing is said."""


def test_a_document_is_what_the_server_sent(server: Server) -> None:
    server.answers = [reply(b'{"a": 1}', "Content-Type: application/json")]
    assert server.get() == b'{"a": 1}'


def test_the_request_says_who_asks_and_nothing_else(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.answers = [reply(b"{}", "Set-Cookie: a=b")]
    server.get("/x?y=1")
    lines = server.asked[0].decode().split("\r\n")
    assert lines[0] == "GET /x?y=1 HTTP/1.1"
    names = {line.partition(":")[0].lower() for line in lines[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert f"user-agent: retailctl/{__version__}" in server.asked[0].decode().lower()


def test_a_packed_body_is_unpacked(server: Server) -> None:
    server.answers = [
        reply(gzip.compress(b"{}", mtime=0), "Content-Encoding: gzip"),
        reply(zlib.compress(b"[]"), "Content-Encoding: deflate"),
    ]
    assert server.get() == b"{}"
    assert server.get() == b"[]"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (endless, "more than 1,000 bytes"),
        (reply(b"x" * 1001), "more than 1,000 bytes"),
        (reply(gzip.compress(b"\0" * 50_000_000, mtime=0)[:900], "Content-Encoding: gzip"), "more than 1,000 bytes"),
        (reply(gzip.compress(b"abc", mtime=0)[:-4], "Content-Encoding: gzip"), "packed"),
        (reply(b"plain", "Content-Encoding: gzip"), "packed"),
        (reply(b"x", "Content-Encoding: br"), "packed"),
        (reply(b"x", "Content-Encoding: gzip, gzip"), "packed"),
        (torn, "closed the connection"),
        (hung_up, "closed the connection"),
        (silent, "no answer within 1 seconds"),
        (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"), "no answer within 1.5 seconds"),
        (drip(b"HTTP/1.1 200 OK\r\nX-Long: "), "no answer within 1.5 seconds"),
        (lambda c, _: c.sendall(SECRET + b"\r\n\r\n"), "did not speak HTTP"),
        (reply(SECRET, status="404 " + SECRET.decode()), "status 404"),
        (reply(SECRET, status="500 no"), "status 500"),
        (reply(b"", status="204 No Content"), "status 204"),
        (reply(b"<html>" + SECRET, "Content-Type: text/html; charset=utf-8"), "a web page"),
        (moved("", "304 Not Modified"), "status 304"),
        (reply(SECRET, status="302 Found"), "status 302"),
    ],
)  # fmt: skip
def test_what_cannot_be_had(server: Server, answer: Answer, says: str) -> None:
    server.answers = [answer]
    began = time.monotonic()
    with pytest.raises(IncompleteError) as caught:
        server.get()
    assert time.monotonic() - began < 4
    assert says in str(caught.value)
    assert SECRET.decode() not in str(caught.value)
    assert caught.value.at is not None
    assert caught.value.at.path == server.url()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(IncompleteError, match="cannot be reached"):
        fetch_document(f"http://127.0.0.1:{port}/", hosts={"127.0.0.1"}, limits=Limits())


def test_https_to_a_server_that_speaks_http(server: Server) -> None:
    server.answers = [reply(b"{}")]
    with pytest.raises(IncompleteError, match="cannot be fetched"):
        fetch_document(server.url().replace("http:", "https:"), hosts={"127.0.0.1"}, limits=Limits(), timeouts=QUICK)


def test_redirects_on_the_same_host_are_followed(server: Server) -> None:
    server.answers = [moved("/b"), moved("c", "307 Temporary Redirect"), moved("/d?x", "301 Moved"), reply(b"{}")]
    assert server.get() == b"{}"
    assert [one.split()[1] for one in server.asked] == [b"/a.json", b"/b", b"/c", b"/d?x"]


def test_a_redirect_loop_ends(server: Server) -> None:
    server.answers = [moved("/a.json")]
    with pytest.raises(IncompleteError, match="more than 3 redirects"):
        server.get()
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    "target",
    ["http://localhost:{port}/a", "http://127.0.0.2:{port}/a", "https://127.0.0.1:{port}/a", "//evil.example/",
     "http://127.0.0.1/a", "http://169.254.169.254/latest", "file:///etc/passwd", "http://u:p@127.0.0.1:{port}/a"],
)  # fmt: skip
def test_a_redirect_elsewhere_is_refused(server: Server, target: str) -> None:
    server.answers = [moved(target.format(port=server.port))]
    hosts = {"127.0.0.1", "localhost", "127.0.0.2"}  # even where the other host was allowed as well
    with pytest.raises(InputError) as caught:
        fetch_document(server.url(), hosts=hosts, limits=Limits())
    assert caught.value.code == "INP042"
    assert "evil" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://127.0.0.1:{port}/a", {"localhost"}),
        ("http://user@127.0.0.1:{port}/a", {"127.0.0.1"}),
        ("http://127.0.0.1:{port}@evil.example/a", {"127.0.0.1"}),
        ("http://schemas.example:{port}/a", {"schemas.example"}),
        ("ftp://127.0.0.1:{port}/a", {"127.0.0.1"}),
        ("http://127.0.0.1:{port}99999/a", {"127.0.0.1"}),
        ("http://[::1/a", {"::1"}),
        ("a.json", {""}),
    ],
)
def test_what_is_refused_before_anything_is_sent(server: Server, url: str, hosts: set[str]) -> None:
    with pytest.raises(InputError) as caught:
        fetch_document(url.format(port=server.port), hosts=hosts, limits=Limits())
    assert caught.value.code == "INP042"
    assert server.asked == []


@pytest.mark.parametrize(
    ("host", "answers"),
    [
        ("schemas.example", ["127.0.0.1"]),
        ("schemas.example", ["93.184.216.34", "10.0.0.1"]),
        ("schemas.example", ["::ffff:127.0.0.1"]),
        ("metadata.google.internal", ["169.254.169.254"]),
    ],
)
def test_a_name_that_leads_inside_is_refused(host: str, answers: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        fetch_document(
            f"https://{host}/a", hosts={host}, limits=Limits(), resolver=lambda host, port: answers
        )  # fmt: skip
    assert caught.value.code == "INP042"
    assert "10.0.0.1" not in str(caught.value)


def test_a_name_server_that_does_not_answer(server: Server) -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(3)
        return []

    with pytest.raises(IncompleteError, match="no answer within"):
        fetch_document(
            "https://schemas.example/", hosts={"schemas.example"}, limits=Limits(),
            timeouts=Timeouts(0.2, 0.2, 0.3), resolver=slow,
        )  # fmt: skip


def test_messages_keep_queries_to_themselves(server: Server) -> None:
    server.answers = [reply(b"", status="403 Forbidden")]
    with pytest.raises(IncompleteError) as caught:
        server.get("/a.json?token=hunter2")
    assert "hunter2" not in str(caught.value)
