"""Start-up against a bare interpreter: CPU of ``retailctl --version`` and ``--help`` beside ``python -c pass``.

    python benchmarks/startup.py [--quick]

Medians, every command once in every round. The floor is the interpreter itself; the bar for ``--version`` and
``--help`` is eight times that.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments, child, in_turn, verdict

_BARE = "python -c pass"
COMMANDS = {
    _BARE: ["-c", "pass"],
    "--version": ["-m", "retailctl", "--version"],
    "--help": ["-m", "retailctl", "--help"],
    "audit --help": ["-m", "retailctl", "audit", "--help"],
    "audt (usage error)": ["-m", "retailctl", "audt"],
}
_BAR = 8.0


def main() -> int:
    """Print the table; 1 when --version or --help is over the bar."""
    rounds = 5 if arguments(__doc__).parse_args().quick else 15
    runs = {name: partial(child, args, expect=(0, 2)) for name, args in COMMANDS.items()}
    in_turn(1, runs)  # compiles what is not compiled yet
    costs = in_turn(rounds, runs)
    bare = costs[_BARE].cpu
    for name, cost in costs.items():
        print(f"{name:<20}{1000 * cost.cpu:7.1f} ms{cost.cpu / bare:7.1f}x{cost.memory:7.0f} MB")
    return verdict({f"{name} at most {_BAR:.0f}x": costs[name].cpu <= _BAR * bare for name in ("--version", "--help")})


if __name__ == "__main__":
    sys.exit(main())
