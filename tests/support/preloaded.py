"""A Python that has imported retailctl and forks a process for every command; started by ``warm``, never imported.

What a command pays for is its own work: starting Python and importing everything takes longer than most of what the
tests ask for. Each process is new, begins with nothing but modules and the rules that ship with them, and ends as a program does.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import resource
import runpy
import signal
import socket
import sys
from pathlib import Path
from typing import Any

START = ("retailctl.cli.session", "retailctl.api.auditing")
"""What every audit imports; the time for it is added to the cost of each command."""
HEAVY = ("cel_expr_python.cel", "fastavro", "google.protobuf.message_factory", "jsonschema_rs", "networkx",
         "proto_schema_parser.parser", "ruamel.yaml", "yaml")  # fmt: skip
"""Libraries that are imported inside functions; one that is not installed is missing in the process too."""
LENGTH = 4


def preload() -> float:
    """Import all of retailctl and its libraries; the CPU seconds of the part that every command needs."""
    for name in START:
        importlib.import_module(name)
    importlib.import_module("retailctl.api.session").builtin_pack()
    spent = resource.getrusage(resource.RUSAGE_SELF)
    import retailctl

    for found in pkgutil.walk_packages(retailctl.__path__, "retailctl."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page
    return spent.ru_utime + spent.ru_stime


def become(request: dict[str, Any], streams: list[int]) -> None:
    """Be the process of ``python -m retailctl`` in its folder, with its environment, limits and streams."""
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    for name, most in request["limits"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    if guard := request["guard"]:
        exec(compile(Path(guard).read_bytes(), guard, "exec"), {"__name__": "sitecustomize"})
    sys.dont_write_bytecode = True  # a file limit would cut what is compiled
    sys.path.insert(0, request["cwd"])  # as -m does
    sys.argv = ["retailctl", *request["argv"]]
    runpy.run_module("retailctl", run_name="__main__", alter_sys=True)


def received(channel: socket.socket, count: int) -> bytes:
    """So many bytes, or fewer where the other side has gone."""
    parts = []
    while count and (part := channel.recv(count)):
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def serve(channel: socket.socket) -> bool:
    """Answer one request; whether this is the process that serves."""
    head, streams, _, _ = socket.recv_fds(channel, LENGTH, 2)
    if len(head) < LENGTH:
        sys.exit()
    request = json.loads(received(channel, int.from_bytes(head)))
    child = os.fork()
    if child == 0:
        channel.close()
        become(request, streams)
        return False
    for stream in streams:
        os.close(stream)
    _, status, cost = os.wait4(child, 0)
    found = {"code": os.waitstatus_to_exitcode(status), "cpu": cost.ru_utime + cost.ru_stime,
             "peak": cost.ru_maxrss / 1024}  # fmt: skip
    channel.sendall(json.dumps(found).encode() + b"\n")
    return True


def main() -> None:
    """The argument is the descriptor of a socket; ends when its other side is closed."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    spent = preload()
    channel.sendall(json.dumps({"start": spent}).encode() + b"\n")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    while serve(channel):
        pass


if __name__ == "__main__":
    main()
