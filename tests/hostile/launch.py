"""Start a program under limits and report what it has cost; run by ``child`` in a bare interpreter.

Not started from the tests directly: the peak memory of a child counts from its fork, so it would be at least that
of the test process. This one is small.
"""

import json
import os
import resource
import signal
import sys


def main() -> None:
    """Arguments: descriptor for the answer, JSON of limits by name, program and its arguments."""
    answer, limits, program = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
    os.set_inheritable(answer, False)
    child = os.fork()
    if child == 0:
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, name), (most, most))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python itself does: writing too much is an error number
        os.execv(program[0], program)
    signal.signal(signal.SIGTERM, lambda number, _: os.kill(child, number))
    signal.signal(signal.SIGINT, lambda number, _: os.kill(child, number))
    _, status, cost = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    found = {"code": code, "cpu": cost.ru_utime + cost.ru_stime, "peak": cost.ru_maxrss / 1024}
    os.write(answer, json.dumps(found).encode())


if __name__ == "__main__":
    main()
