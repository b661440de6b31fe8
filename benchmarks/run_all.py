"""Every measurement, one after the other, each in a process of its own: what ``make bench`` runs.

    python benchmarks/run_all.py [--quick] [NAME ...]

A measurement is a module of this folder with a ``main`` that knows ``--quick``; it says in its docstring what is
measured and against which floor. The exit code is 1 when a bar is broken; the others run all the same.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments

_HELPERS = frozenset(
    {
        "__init__",
        "contract_documents",
        "estate_generator",
        "event_documents",
        "measuring",
        "parallel_rows",
        "replay_services",
        "run_all",
    }
)


def main() -> int:
    """Run them; 1 when one of them said so."""
    here = Path(__file__).resolve().parent
    known = sorted(path.stem for path in here.glob("*.py") if path.stem not in _HELPERS)
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(known)}; all without a name")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(known)):
        parser.error(f"no measurement {', '.join(unknown)}; there are {', '.join(known)}")
    broken = []
    for name in options.names or known:
        print(f"== {name}", flush=True)
        quick = ["--quick"] if options.quick else []
        if subprocess.run([sys.executable, str(here / f"{name}.py"), *quick], check=False).returncode:
            broken.append(name)
    print(f"broken: {', '.join(broken)}" if broken else "every bar holds")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
