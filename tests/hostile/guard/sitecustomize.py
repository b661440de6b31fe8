"""Loaded by every child before retailctl: ends the process when it touches what no command may touch.

An audit hook sees every socket, every program that is started and every file that is opened, whichever library does
it; so "no network, nothing run, nothing read outside" is observed and not inferred from the output.
"""

import os
import sys

DENIED = ("socket.", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "ctypes.", "urllib.")
BAIT = tuple(filter(None, os.environ.pop("HOSTILE_BAIT", "").split(os.pathsep)))
CAUGHT = 99
# What importing ctypes does, as duckdb's package has it imported: a handle on the interpreter, which is loaded anyway.
ITSELF = (("ctypes.dlopen", (None,)),)


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """End at once: an exception could be caught by the code that is watched."""
    touched = event.startswith(DENIED) and (event, arguments) not in ITSELF
    if event == "open" and BAIT and isinstance(arguments[0], str | bytes):
        path = os.fsdecode(arguments[0])
        touched = any(path.endswith(bait) for bait in BAIT)
    if touched:
        os.write(2, f"GUARD: {event} {arguments!r}\n".encode(errors="replace"))
        os._exit(CAUGHT)


sys.addaudithook(watch)
