"""One connection of a replay: what it sends, what it takes, and every way in which a service can fail it."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from retailctl.connect.addresses import may_replay
from retailctl.connect.replay import Connection, ReplayClient
from retailctl.model.http_exchange import HttpAnswer, HttpFailure, HttpRequest
from tests.unit.connect.conftest import Answer, Server, moved, reply

GET = HttpRequest("GET", "/orders/1?a=b", (("accept", "application/json"),))
Client = Callable[..., ReplayClient]


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    made: list[ReplayClient] = []

    def make(path: str = "", *, most: int = 1000, timeout: float = 5.0, **more: object) -> ReplayClient:
        to = Connection(server.url(path), {"127.0.0.1"}, timeout=timeout, most=most, **more)  # type: ignore[arg-type]
        made.append(ReplayClient(to))
        return made[-1]

    yield make
    for one in made:
        one.close()


def answered(result: HttpAnswer | HttpFailure) -> HttpAnswer:
    assert isinstance(result, HttpAnswer), result
    return result


def failed(result: HttpAnswer | HttpFailure) -> str:
    assert isinstance(result, HttpFailure), result
    assert "hunter2" not in result.told
    return result.kind


def kept_open(*answers: bytes) -> Answer:
    """Several answers on one connection."""

    def answer(connection: socket.socket, request: bytes) -> None:
        for number, body in enumerate(answers):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            if number + 1 < len(answers):
                connection.recv(65536)

    return answer


def test_what_is_sent_and_what_is_kept(server: Server, client: Client) -> None:
    server.answers = [reply(b'{"a": 1}', "Content-Type: application/json", "Set-Cookie: s=hunter2")]
    answer = answered(client("/api/", headers=(("Authorization", "Bearer x"),)).ask(GET))
    assert (answer.status, answer.body, dict(answer.headers)) == (
        200,
        b'{"a": 1}',
        {"content-type": "application/json"},
    )
    assert answer.seconds > 0
    head, *lines = server.asked[0].decode().lower().split("\r\n")
    assert head == "get /api/orders/1?a=b http/1.1"
    assert {f"host: 127.0.0.1:{server.port}", "authorization: bearer x", "accept: application/json"} <= set(lines)
    assert "accept-encoding: gzip, identity" in lines
    assert not any(line.startswith("content-length") for line in lines)


def test_a_body_is_sent_with_its_length_and_a_header_of_the_environment_wins(server: Server, client: Client) -> None:
    server.answers = [reply()]
    request = HttpRequest("POST", "/", (("x-shop", "recorded"),), b"{}")
    answered(client(headers=(("X-Shop", "ours"),)).ask(request))
    sent = server.asked[0].lower()
    assert b"content-length: 2" in sent
    assert b"x-shop: ours" in sent
    assert b"recorded" not in sent


def test_one_connection_serves_one_request_after_the_other(server: Server, client: Client) -> None:
    server.answers = [kept_open(b"1", b"2", b"3")]
    asking = client()
    assert [answered(asking.ask(GET)).body for _ in range(3)] == [b"1", b"2", b"3"]
    assert len(server.asked) == 1


def test_after_a_failure_the_next_request_has_a_connection_of_its_own(server: Server, client: Client) -> None:
    server.answers = [reply(b"x" * 2000), reply(b"fine")]
    asking = client(most=100)
    assert failed(asking.ask(GET)) == "too large"
    assert answered(asking.ask(GET)).body == b"fine"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(server: Server, client: Client, status: str) -> None:
    server.answers = [moved("/other", status)]
    answer = answered(client(kept=("location",)).ask(GET))
    assert (answer.status, answer.headers["location"]) == (int(status[:3]), "/other")
    assert len(server.asked) == 1


def drip(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n")
    for _ in range(60):
        connection.sendall(b"x")
        time.sleep(0.05)


def endless(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(b"x" * 1000)


def torn(connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhunter2")


def raw(data: bytes) -> Answer:
    return lambda connection, request: connection.sendall(data)


def silent(connection: socket.socket, request: bytes) -> None:
    connection.recv(1)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (drip, "timeout"),
        (silent, "timeout"),
        (endless, "too large"),
        (torn, "protocol"),
        (raw(b""), "protocol"),
        (raw(b"220 smtp hunter2\r\n"), "protocol"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"), "protocol"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "protocol"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000), "protocol"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "protocol"),
        (reply(gzip.compress(b"0" * 1_000_000, mtime=0), "Content-Encoding: gzip"), "too large"),
        (reply(b"hunter2", "Content-Encoding: gzip"), "packed"),
        (reply(b"x", "Content-Encoding: br"), "packed"),
    ],
)
def test_what_no_answer_can_be_made_of(server: Server, client: Client, answer: Answer, kind: str) -> None:
    server.answers = [answer]
    start = time.monotonic()
    assert failed(client(timeout=0.3).ask(GET)) == kind
    assert time.monotonic() - start < 3


def test_more_bytes_than_announced_are_not_read(server: Server, client: Client) -> None:
    server.answers = [raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}hunter2")]
    assert answered(client().ask(GET)).body == b"{}"


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    asking = ReplayClient(Connection(f"http://127.0.0.1:{port}", {"127.0.0.1"}, timeout=1.0))
    assert failed(asking.ask(GET)) == "unreachable"


@pytest.mark.parametrize("address", ["169.254.169.254", "127.0.0.1", "0.0.0.0", "224.0.0.1"])
def test_a_name_that_leads_where_it_must_not_is_refused(address: str) -> None:
    to = Connection("http://shop.example", {"shop.example"}, timeout=1.0, resolver=lambda *_: [address])
    assert failed(ReplayClient(to).ask(GET)) == "refused"


@pytest.mark.parametrize(
    ("host", "answer", "named", "may"),
    [("shop.example", "10.1.2.3", (), True), ("shop.example", "192.168.0.9", (), True), ("shop.example", "93.184.216.34", (), True),
     ("shop.example", "169.254.169.254", (), False), ("shop.example", "127.0.0.1", (), False),
     ("shop.example", "127.0.0.1", ("127.0.0.1",), True), ("localhost", "127.0.0.1", (), True), ("localhost", "10.0.0.1", (), False),
     ("10.0.0.1", "10.0.0.2", (), False), ("shop.example", "fe80::1", (), False), ("shop.example", "fd00::1", (), True)],
)  # fmt: skip
def test_where_a_replay_may_go(host: str, answer: str, named: tuple[str, ...], may: bool) -> None:
    assert may_replay(host, answer, named) is may
