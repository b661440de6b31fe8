"""A real server on this machine whose answers are raw bytes: it can be as wrong as it likes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from retailctl.connect.http import Timeouts, fetch_document
from retailctl.workspace.limits import Limits

Answer = Callable[[socket.socket, bytes], None]
QUICK = Timeouts(connect=1.0, read=1.0, total=1.5)


@dataclass
class Server:
    """Answers each connection with the next answer, the last one again and again; ``asked`` are the requests."""

    port: int
    answers: list[Answer] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/a.json", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def get(self, path: str = "/a.json", *, limit: int = 1000, timeouts: Timeouts = QUICK) -> bytes:
        return fetch_document(
            self.url(path), hosts={"127.0.0.1"}, limits=Limits(file_bytes=limit), timeouts=timeouts
        )  # fmt: skip


def reply(body: bytes = b"", *headers: str, status: str = "200 OK") -> Answer:
    """A whole answer at once."""

    def answer(connection: socket.socket, request: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
        connection.sendall("\r\n".join(lines).encode() + body)

    return answer


def moved(target: str, status: str = "302 Found") -> Answer:
    return reply(b"", f"Location: {target}", status=status)


@pytest.fixture
def server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Server(listener.getsockname()[1])

        def run() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    if made.stopped.is_set():
                        return
                    _serve(made, connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield made
        made.stopped.set()
        with socket.create_connection(("127.0.0.1", made.port), timeout=5):
            pass
        thread.join(timeout=5)
        assert not thread.is_alive()


def _serve(server: Server, connection: socket.socket) -> None:
    connection.settimeout(5)
    request = b""
    try:
        while b"\r\n\r\n" not in request and (more := connection.recv(65536)):
            request += more
        server.asked.append(request)
        number = min(len(server.asked), len(server.answers)) - 1
        server.answers[number](connection, request)
    except OSError:
        return  # the client hung up, as it should
