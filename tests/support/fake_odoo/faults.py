"""Ways in which a server, or what stands before it, answers wrongly. Each is a fault for ``FakeOdoo.fault``."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.support.fake_odoo.server import Fault, Raw, Wire

TRACE = 'Traceback (most recent call last):\n  File "/opt/odoo/odoo/http.py", line 9, in dispatch\n    MARKED-TRACE\n'


def on(fault: Fault, place: str) -> Fault:
    """The fault at one place only: a path, or a word of the body such as ``login``."""

    def answer(wire: Wire, path: str, body: Any) -> Raw | None:
        return fault(wire, path, body) if place in path or place in json.dumps(body) else None

    return answer


def always(raw: Raw) -> Fault:
    """This answer."""
    return lambda wire, path, body: raw


def moved(status: int, target: str) -> Fault:
    """A redirect."""
    return always(Raw(b"", status, headers=(("Location", target),)))


def error(data: Any) -> Fault:
    """An error object of JSON-RPC."""
    return always(Raw(json.dumps({"jsonrpc": "2.0", "id": 1, "error": data}).encode()))


def server_error(name: str, message: str) -> Fault:
    """An error inside Odoo, with a traceback, as JSON-RPC sends it."""
    return error(
        {"code": 200, "message": "Odoo Server Error", "data": {"name": name, "message": message, "debug": TRACE}}
    )


def silent(wire: Wire, path: str, body: Any) -> Raw | None:
    """No byte of an answer, for longer than anybody waits."""
    time.sleep(30.0)
    wire.hang_up()
    return None


def dripping(wire: Wire, path: str, body: Any) -> Raw | None:
    """One byte of the body at a time: no single read ever waits for long."""
    wire.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(300):
        wire.wfile.write(b" ")
        wire.wfile.flush()
        time.sleep(0.1)
    wire.hang_up()
    return None


def truncated(wire: Wire, path: str, body: Any) -> Raw | None:
    """Less than the length says."""
    wire.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"jsonrpc"')
    wire.hang_up()
    return None


def closed(wire: Wire, path: str, body: Any) -> Raw | None:
    """Hung up without a word."""
    wire.hang_up()
    return None


class Endless:
    """200 MB of a body; ``sent`` is what the client took before it hung up."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, wire: Wire, path: str, body: Any) -> Raw | None:
        wire.hang_up()
        block = b" " * 1_000_000
        wire.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200000000\r\n\r\n")
        for _ in range(200):
            wire.wfile.write(block)
            self.sent += len(block)
        return None


class Once:
    """A fault for the first request that meets it, and not again."""

    def __init__(self, fault: Fault) -> None:
        self.fault, self.met = fault, 0

    def __call__(self, wire: Wire, path: str, body: Any) -> Raw | None:
        self.met += 1
        return self.fault(wire, path, body) if self.met == 1 else None
