"""Two services on this machine that answer as a test says, and a workspace with a plan that names them."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from retailctl import api
from retailctl.model.report import Report


class Asked(NamedTuple):
    """One request as a service sees it; ``again`` counts how often the same one came before."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    again: int

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Reply(NamedTuple):
    body: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


Behaviour = Callable[[Asked], Reply]


@dataclass
class Service:
    """A service; ``asked`` is everything that it was asked, in the order of arrival."""

    port: int
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def service(behaviour: Behaviour) -> Iterator[Service]:
    """Serve until the block ends; one thread for each connection, which stays open."""
    seen: Counter[tuple[str, str]] = Counter()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            with lock:
                again = seen[self.command, self.path]
                seen[self.command, self.path] += 1
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, body, again)
                made.asked.append(asked)
            reply = behaviour(asked)
            data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            lines = [f"HTTP/1.1 {reply.status} X", f"Content-Length: {len(data)}"]
            if not any(name.lower() == "content-type" for name, _ in reply.headers):
                lines.append("Content-Type: application/json")
            lines += [f"{name}: {value}" for name, value in reply.headers]
            head = "\r\n".join([*lines, "", ""]).encode()
            self.wfile.write(head if self.command == "HEAD" else head + data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is written."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    made = Service(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def workspace(root: Path, legacy: str, new: str, requests: Sequence[dict[str, Any]], /, **plan: Any) -> Path:
    """A workspace with one plan, ``orders``; keys that are given replace or extend those of the plan."""
    (root / "inventories").mkdir(parents=True, exist_ok=True)
    (root / "captures").mkdir(exist_ok=True)
    lines = [json.dumps(one) for one in requests]
    (root / "captures/orders.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    place = root / "migrations/w1/parallel"
    place.mkdir(parents=True, exist_ok=True)
    whole = {
        "kind": "http",
        "requests": {"ndjson": "captures/orders.ndjson"},
        "legacy": {"base_url": legacy},
        "new": {"base_url": new},
        "allow_hosts": ["127.0.0.1"],
        "rate": "max",
        **plan,
    }
    (place / "orders.yaml").write_text(json.dumps(whole, indent=2), encoding="utf-8")
    return root


def replayed(
    root: Path, legacy: Behaviour, new: Behaviour, requests: Sequence[dict[str, Any]], /, **plan: Any
) -> tuple[Report, Service, Service]:
    """Replay requests against two behaviours."""
    with service(legacy) as old, service(new) as other:
        workspace(root, old.url, other.url, requests, **plan)
        return api.parallel_replay("orders", root), old, other
