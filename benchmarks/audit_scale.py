"""What ``retailctl audit`` costs on estates of 1,000, 10,000 and 100,000 interfaces.

    python benchmarks/audit_scale.py [--quick] [--rounds N] [--sizes N ...] [--jobs N]

Measured on generated estates (``estate_generator.py``), each run a process of its own, runs taken in turn, medians:
``cold`` with an empty cache folder, ``warm`` with nothing changed since, ``changed`` with one file touched up, and
with ``--jobs`` the cold run once more in that many processes. CPU is user and system of the run and its workers,
memory the peak of its largest process. The floor beside it: ``yaml.load(CSafeLoader)`` of the same files, one after
the other, in a process of its own; CPU seconds differ between machines, the ratio hardly does.

Bars: cold 10k at most 6 CPU seconds and 500 MB, warm 10k at most 1.5 CPU seconds, CPU per interface at 100k at most
2.5 times that at 1k. The seconds are judged as they are: on a slow or busy machine read the ratio instead.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.estate_generator import generate
from benchmarks.measuring import Cost, arguments, child, in_turn, verdict

AS_OF = "2026-11-20"
COLD, WARM, CHANGED, FLOOR = "cold", "warm", "changed", "CSafeLoader"
_LOAD = "import sys,yaml\nfor n in sys.argv[1:]: yaml.load(open(n,encoding='utf-8'),yaml.CSafeLoader)"
_ROUNDS = {1_000: 5, 10_000: 3, 100_000: 1}


class Bench:
    """One generated estate and a cache folder of its own."""

    def __init__(self, folder: Path, interfaces: int, jobs: int) -> None:
        self.root, self.cache = folder / f"estate-{interfaces}", folder / f"cache-{interfaces}"
        self.interfaces, self.jobs = interfaces, jobs
        self.size = generate(self.root, interfaces)
        self._turn = 0

    def subjects(self) -> dict[str, Callable[[], Cost]]:
        """What is measured, in an order in which each finds the cache it needs."""
        parallel = {f"{COLD} --jobs {self.jobs}": partial(self.cold, self.jobs)} if self.jobs > 1 else {}
        return {**parallel, COLD: self.cold, WARM: self.audit, CHANGED: self.changed, FLOOR: self.floor}

    def audit(self, jobs: int = 1) -> Cost:
        """One run as it is."""
        args = ["-m", "retailctl", "audit", "--as-of", AS_OF, "--jobs", str(jobs), str(self.root)]
        return child(args, {"RETAILCTL_CACHE_DIR": str(self.cache)})

    def cold(self, jobs: int = 1) -> Cost:
        """A run that finds nothing in the cache."""
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.audit(jobs)

    def changed(self) -> Cost:
        """A run after somebody changed a word in the small file."""
        self._turn += 1
        path = self.root / "inventories" / "base.yaml"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"  - {{id: late-{self._turn}, system_of_record: sys-00000, writers: [sys-00000]}}\n")
        return self.audit()

    def floor(self) -> Cost:
        """PyYAML on the same files."""
        return child(["-c", _LOAD, *sorted(map(str, (self.root / "inventories").glob("*.yaml")))])


def main() -> int:
    """Print the tables; 1 when a bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, help="rounds for every size (default: 5, 3 and 1)")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of interfaces")
    parser.add_argument("--jobs", type=int, default=2, help="processes of the parallel run; 1 leaves it out")
    options = parser.parse_args()
    sizes = options.sizes or ([1_000, 10_000] if options.quick else [1_000, 10_000, 100_000])
    costs: dict[int, dict[str, Cost]] = {}
    with tempfile.TemporaryDirectory() as name:
        for interfaces in sorted(sizes):
            bench = Bench(Path(name), interfaces, options.jobs)
            rounds = options.rounds or (1 if options.quick else _ROUNDS.get(interfaces, 3))
            child(["-m", "retailctl", "--version"], {"RETAILCTL_CACHE_DIR": os.devnull})  # compiled from here on
            costs[interfaces] = in_turn(rounds, bench.subjects())
            _table(bench, costs[interfaces], rounds)
            shutil.rmtree(bench.root)
            shutil.rmtree(bench.cache)
    return verdict(_bars(costs))


def _table(bench: Bench, costs: dict[str, Cost], rounds: int) -> None:
    floor = costs[FLOOR].cpu
    print(f"{bench.interfaces:,} interfaces, {bench.size / 1e6:.1f} MB of YAML, median of {rounds}")
    print(f"  {'':<14}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'CPU ms each':>13}{'of CSafeLoader':>16}")
    for name, cost in costs.items():
        each = 1000 * cost.cpu / bench.interfaces
        print(f"  {name:<14}{cost.cpu:9.2f}{cost.wall:9.2f}{cost.memory:9.0f}{each:13.3f}{cost.cpu / floor:16.2f}")


def _bars(costs: dict[int, dict[str, Cost]]) -> dict[str, bool]:
    bars: dict[str, bool] = {}
    if 10_000 in costs:
        cold, warm = costs[10_000][COLD], costs[10_000][WARM]
        bars[f"cold 10k: {cold.cpu:.1f} s, at most 6"] = cold.cpu <= 6
        bars[f"cold 10k: {cold.memory:.0f} MB, at most 500"] = cold.memory <= 500
        bars[f"warm 10k: {warm.cpu:.2f} s, at most 1.5"] = warm.cpu <= 1.5
    for small, large in ((1_000, 10_000), (10_000, 100_000), (1_000, 100_000)):
        if small in costs and large in costs:
            growth = costs[large][COLD].cpu / large / (costs[small][COLD].cpu / small)
            text = f"CPU per interface, cold, {large:,} against {small:,}: {growth:.2f} times, at most 2.5"
            bars[text] = growth <= 2.5
    return bars


if __name__ == "__main__":
    sys.exit(main())
