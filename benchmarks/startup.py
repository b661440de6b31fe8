"""Start-up cost as a ratio to a bare interpreter: medians of CPU time, the three measured in turn.

python benchmarks/startup.py [ROUNDS]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "--version": ["-m", "retailctl", "--version"],
    "--help": ["-m", "retailctl", "--help"],
    "audit --help": ["-m", "retailctl", "audit", "--help"],
    "audt (usage error)": ["-m", "retailctl", "audt"],
}
BUDGET = 8.0


def cpu_seconds(args: list[str]) -> float:
    """CPU time, user and system, of one child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *args], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the table; exit 1 if --version or --help is over budget."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for args in COMMANDS.values():
        cpu_seconds(args)  # compiles what is not compiled yet
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):  # in turn, so that a busy moment hits all of them
        for name, args in COMMANDS.items():
            taken[name].append(cpu_seconds(args))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    bare = medians["python -c pass"]
    for name, median in medians.items():
        sys.stdout.write(f"{name:<20}{1000 * median:7.1f} ms{median / bare:7.1f}x\n")
    return int(max(medians["--version"], medians["--help"]) > BUDGET * bare)


if __name__ == "__main__":
    sys.exit(main())
