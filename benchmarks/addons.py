"""The inventory of a whole tree of addons: CPU and memory, and every count held against what was planted.

    python benchmarks/addons.py [--quick]

5,000 Python files (40 MB) and 3,500 XML files (25 MB) in 700 modules are written with known counts, and read by the
command as users run it. Bars: at most 20 CPU seconds; routes, sign-in, paths, crons and calls exactly as planted; peak
memory of the whole tree at most 1.5 times that of a tenth of it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import Cost, arguments, child, verdict
from tests.support.addons import Planted, Writer

MODULES, PYTHON, XML, PYTHON_BYTES, XML_BYTES = 700, 5_000, 3_500, 45_000_000, 25_000_000
BAR = 20.0


def measured(part: int, folder: Path) -> tuple[Cost, dict[str, object], Planted]:
    tree, output = folder / f"tree-{part}", folder / f"figures-{part}.json"
    tree.mkdir()
    planted = Writer(tree, 7).tree(
        MODULES // part, PYTHON // part, XML // part, PYTHON_BYTES // part, XML_BYTES // part
    )
    args = ["-m", "retailctl", "inventory", "addons", str(tree), "--allow-outside", "-o", f"json={output}", "-q"]
    cost = child(args, expect=(0,))
    return cost, json.loads(output.read_text(encoding="utf-8"))["totals"], planted


def main() -> int:
    options = arguments(__doc__).parse_args()
    whole = 10 if options.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        small, _, _ = measured(whole * 10, Path(folder))
        cost, totals, planted = measured(whole, Path(folder))
    size = ", ".join(
        f"{planted.files[ending]:,} .{ending} ({planted.bytes[ending] / 1e6:.1f} MB)" for ending in ("py", "xml")
    )
    print(f"{size}: {cost.cpu:.1f} CPU s, {cost.memory:.0f} MB; a tenth: {small.cpu:.1f} CPU s, {small.memory:.0f} MB")
    wrong = {name: (count, totals[name]) for name, count in planted.counts.items() if totals[name] != count}
    if totals["auth"] != dict(planted.auth):
        wrong["auth"] = (planted.auth, totals["auth"])
    if wrong:
        print(f"planted and counted differ: {wrong}")
    return verdict(
        {
            f"at most {BAR / whole:.0f} CPU seconds": cost.cpu <= BAR / whole,
            "every count as planted": not wrong,
            "memory at most 1.5 times that of a tenth": cost.memory <= 1.5 * small.memory,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
