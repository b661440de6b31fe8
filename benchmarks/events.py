"""What event contracts cost: the check of many versions under a transitive promise, and one comparison from the shell.

    python benchmarks/events.py [--quick] [--schemas N] [--versions N] [--rounds N]

The first part makes a workspace (``event_documents.py``: 200 schemas of 50 versions, BACKWARD_TRANSITIVE) and runs
``contract check`` in one process: every version against the one before it, the newest against all. The floor reads the
same files and parses those that are JSON. Told apart are reading (estate and documents) and comparing; every planted
break must be found, and no other. The second part is a cold ``contract diff`` of one schema in each language beside a
bare interpreter, nothing cached.

Bars: the check at most 5 CPU seconds for 200 schemas of 50 versions (the same per comparison for other numbers), a
comparison from the shell at most 0.6.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.event_documents import LANGUAGES, generate
from benchmarks.measuring import arguments, child, in_turn, verdict

_CHECK, _COLD = 5.0, 0.6
_FULL: Final = 200 * (2 * 50 - 3)
_BARE: Final = "python -c pass"


def main() -> int:
    """Print both tables; 1 when a bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("--schemas", type=int, default=0, help="200 if it is not given; 20 with --quick")
    parser.add_argument("--versions", type=int, default=0, help="50 if it is not given; 20 with --quick")
    parser.add_argument("--rounds", type=int, default=0, help="of the cold comparison: 5 if not given; 3 with --quick")
    options = parser.parse_args()
    schemas = options.schemas or (20 if options.quick else 200)
    versions = max(3, options.versions or (20 if options.quick else 50))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bars = _check(folder, schemas, versions)
        bars |= _cold(folder, min(schemas, len(LANGUAGES)), versions, options.rounds or (3 if options.quick else 5))
    return verdict(bars)


def _check(folder: Path, schemas: int, versions: int) -> dict[str, bool]:
    """The check in this process, with nothing parsed before."""
    from retailctl.api.contracts import checking
    from retailctl.api.contracts.estate import open_workspace
    from retailctl.api.contracts.options import ContractOptions

    os.environ["RETAILCTL_CACHE_DIR"] = os.devnull
    planted = generate(folder, schemas, versions)
    least = _spent(partial(_floor, folder))
    loading = _spent(partial(open_workspace, folder, ContractOptions()))
    started = time.process_time()
    report = checking.contract_check(folder, ContractOptions())
    whole = time.process_time() - started
    rows = report.summary.contracts.contracts if report.summary.contracts is not None else ()
    broken = {row.contract for row in rows if row.compatible is not True}
    for part, cost in {"floor: read, json.loads": least, "estate alone": loading, "contract check": whole,
                       "check without estate": whole - loading}.items():  # fmt: skip
        print(f"  {part:<26}{cost:8.2f} CPU s{cost / least:7.1f} of the floor", flush=True)
    print(f"  {len(rows):,} comparisons, {1e3 * (whole - loading) / len(rows):.2f} ms each, "
          f"{len(report.findings):,} findings")  # fmt: skip
    most = _CHECK * len(rows) / _FULL
    return {
        f"{schemas} schemas of {versions} versions: {whole:.2f} CPU s, at most {most:.2f}": whole <= most,
        f"{len(planted & broken)} of {len(planted)} breaks found, {len(broken - planted)} others": planted == broken,
    }


def _floor(folder: Path) -> None:
    for path in folder.rglob("v*/*"):
        content = path.read_text(encoding="utf-8")
        if path.suffix != ".proto":
            json.loads(content)


def _spent(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def _cold(folder: Path, kinds: int, versions: int, rounds: int) -> dict[str, bool]:
    """The first and the last version of one schema in each language."""
    runs = {_BARE: partial(child, ["-c", "pass"])}
    alone = folder / "alone"
    alone.mkdir()
    for number, (language, (suffix, _)) in zip(range(kinds), LANGUAGES.items(), strict=False):
        home = folder / "contracts" / f"domain-{number}" / f"event-{number:03d}"
        pair = []
        for at in (1, versions):
            pair.append(alone / f"{number}-{at}.{suffix}")
            pair[-1].write_bytes((home / f"v{at}" / f"event-{number:03d}.{suffix}").read_bytes())
        command = ["-m", "retailctl", "contract", "diff", *map(str, pair), "--root", str(alone)]
        runs[language] = partial(child, command, {"RETAILCTL_CACHE_DIR": os.devnull})
    in_turn(1, runs)  # compiles what is not compiled yet
    costs = in_turn(rounds, runs)
    bare = costs[_BARE].cpu
    for name, cost in costs.items():
        print(f"  {name:<26}{cost.cpu:8.2f} CPU s{cost.cpu / bare:7.1f} of the floor")
    return {
        f"contract diff, {name}: {cost.cpu:.2f} CPU s, at most {_COLD}": cost.cpu <= _COLD
        for name, cost in costs.items() if name != _BARE
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
