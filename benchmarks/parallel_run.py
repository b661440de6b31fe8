"""``parallel run``: a whole run of a plan against the floor, the same again, text against Parquet, and after a kill.

    python benchmarks/parallel_run.py [--quick] [--rows N] [--kills N] [--folder DIR]

A workspace with a plan of order lines, about 1 % differing: totals per store, business day and currency, five
dimensions, a lag, a bridge. Measured are a run of Parquet, the same run again (nothing has changed), a run near
cut-over after one that told how little differs, a run of CSV and the same again (at most a million rows). The floor is
to read both Parquet files in DuckDB and hash every row. Then a run is killed with SIGKILL at random moments and
resumed: result, evidence, history and parts have to be the bytes of the run that nobody killed. Bars: 7 times the floor
and 800 MB from ten million rows on; a run again at most 1 times the floor; a second run of CSV at most a run of
Parquet; no byte different after any kill.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import ROOT, Cost, arguments, child, verdict
from benchmarks.parallel_compare import FULL, MOST_CSV, floor, written

BAR, MOST_MB, AGAIN, KILLS = 7.0, 800, 1.0, 50
_TYPES = {"line_no": "int", "store": "int", "qty": "int", "price": "decimal, scale: 2", "ts": "timestamp"}
_FIELDS = ("order_id", "line_no", "store", "sku", "qty", "price", "currency", "status", "ts")
_PLAN = """version: 1
entity: order_line
key: [order_id, line_no]
sources:
  legacy: {{{kind}: {folder}/legacy.{kind}}}
  new: {{{kind}: {folder}/new.{kind}}}
fields:
{fields}
  - {{name: customer, type: text, severity: customer}}
event_time: {{field: ts, zone: UTC}}
lag: 15m
amount: {{field: price, times: qty, currency: currency}}
totals:
  - {{group_by: [store, business_day, currency], measures: [rows, qty, net]}}
dimensions: [store, business_day, hour, currency, status]
"""


def main() -> int:
    """Print the figures; 1 when a bar is broken or an answer is another one."""
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, help="rows of a side (1,000,000)")
    parser.add_argument("--kills", type=int, help=f"how often a run is killed ({KILLS})")
    parser.add_argument("--folder", type=Path, help="where the files go; they stay there (default: a scratch folder)")
    options = parser.parse_args()
    rows = options.rows or (100_000 if options.quick else MOST_CSV)
    kills = options.kills if options.kills is not None else 5 if options.quick else KILLS
    with tempfile.TemporaryDirectory(prefix="retailctl-bench-") as scratch:
        return _measured((options.folder or Path(scratch)).resolve(), rows, kills)


def _measured(root: Path, rows: int, kills: int) -> int:
    root.mkdir(parents=True, exist_ok=True)
    (root / "retailctl.yaml").write_text("name: bench\n", encoding="utf-8")
    truth = written(root / "wide", rows)
    written(root / "near", rows, "near")
    written(root / "text", min(rows, MOST_CSV), "csv")
    for name, folder, kind in (("wide", "wide", "parquet"), ("near", "near", "parquet"), ("csv", "text", "csv"),
                               ("parquet", "text", "parquet")):  # fmt: skip
        _plan(root, name, folder, kind)
    costs = {"floor": floor(root / "wide")}
    costs["run"] = run(root, "wide", truth)
    costs["run again"] = run(root, "wide", truth)
    run(root, "near")
    costs["floor near cut-over"] = floor(root / "near")
    costs["run near cut-over"] = run(root, "near", day="2026-11-21", anew=True)
    costs["run, CSV rows as Parquet"] = run(root, "parquet")
    costs["run CSV"] = run(root, "csv")
    costs["run CSV again"] = run(root, "csv")
    print(f"{rows:,} rows of a side, CSV {min(rows, MOST_CSV):,}; what was planted: {truth}")
    for name, cost in costs.items():
        base = costs["floor near cut-over" if "near" in name else "floor"].cpu
        print(f"{name:<28}{cost.cpu:9.2f} s CPU{cost.cpu / base:8.2f}x{cost.wall:9.2f} s{cost.memory:8.0f} MB")
    bars = _bars(rows, costs)
    if kills:
        wrong = killed(root, "wide", kills)
        bars[f"{kills} runs killed and resumed to the same bytes: {kills - wrong}"] = not wrong
    return verdict(bars)


def _bars(rows: int, costs: Mapping[str, Cost]) -> dict[str, bool]:
    base, found = costs["floor"].cpu, costs["run"]
    text, parquet = costs["run CSV again"].cpu, costs["run, CSV rows as Parquet"].cpu
    bars = {f"a second run of CSV at most a run of Parquet: {text / parquet:.2f}": text <= parquet}
    if rows >= FULL:
        again = costs["run again"].cpu / base
        bars[f"a run at most {BAR} times the floor: {found.cpu / base:.2f}"] = found.cpu <= BAR * base
        bars[f"a run in at most {MOST_MB} MB: {found.memory:.0f}"] = found.memory <= MOST_MB
        bars[f"a run again at most {AGAIN} times the floor: {again:.2f}"] = again <= AGAIN
    return bars


def _plan(root: Path, name: str, folder: str, kind: str) -> None:
    target = root / "migrations" / "w1" / "parallel" / f"{name}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    fields = "\n".join(f"  - {{name: {field}, type: {_TYPES.get(field, 'text')}, pii: none}}" for field in _FIELDS)
    target.write_text(_PLAN.format(kind=kind, folder=folder, fields=fields), encoding="utf-8")


def _command(root: Path, name: str, day: str) -> list[str]:
    return ["-m", "retailctl", "parallel", "run", name, "--root", str(root), "--as-of", day, "--threads", "2",
            "--allow-outside", "--output", f"json={root / 'report.json'}"]  # fmt: skip


def run(
    root: Path, name: str, truth: Mapping[str, int] | None = None, *, day: str = "2026-11-20", anew: bool = False
) -> Cost:
    """A run as a user has it. ``anew`` keeps of earlier runs only how many rows differed.

    Raises RuntimeError where it does not find what was planted: with a lag, some missing rows may still come.
    """
    if anew:
        for file in (root / ".retailctl" / "runs").glob("*/manifest.json"):
            manifest = json.loads(file.read_text(encoding="utf-8"))
            file.write_text(json.dumps({**manifest, "work": "another"}), encoding="utf-8")
    cost = child(_command(root, name, day), expect=(0, 1, 3))
    summary = json.loads((root / "report.json").read_text(encoding="utf-8"))["summary"]
    if truth is not None:
        _check(truth, summary)
    return cost


def _check(truth: Mapping[str, int], summary: Mapping[str, Any]) -> None:
    classes, fields = summary["classes"], summary["fields"]
    alone = sum(classes.get(name, 0) for name in ("MISSING_IN_NEW", "EXTRA_IN_NEW", "PENDING", "KEY_REMAP",
                                                  "SPLIT_MERGE"))  # fmt: skip
    found = {
        "MISSING_IN_NEW": alone - truth["EXTRA_IN_NEW"], "EXTRA_IN_NEW": truth["EXTRA_IN_NEW"],
        "FIELD": classes["FIELD"], **summary["duplicates"]["new"],
        **{f"{field} {name}": count for field, names in fields.items() for name, count in names.items()},
    }  # fmt: skip
    wrong = {name: (count, found.get(name)) for name, count in truth.items() if found.get(name) != count}
    wrong |= {currency: one["remainder"] for currency, one in summary["bridge"].items() if float(one["remainder"])}
    if wrong:
        raise RuntimeError(f"planted and found are not the same: {wrong}")


def killed(root: Path, name: str, kills: int) -> int:
    """How many of so many runs, killed at a random moment and resumed, are not the run that nobody killed."""
    day, wrong = "2026-11-20", 0
    chance = random.Random(kills)
    command = [sys.executable, "-P", *_command(root, name, day)]
    resume = [sys.executable, "-P", "-m", "retailctl", "parallel", "resume", "--root", str(root), "--threads", "2",
              "--allow-outside", "--output", f"json={root / 'report.json'}"]  # fmt: skip
    _cleared(root)
    start = time.perf_counter()
    _quiet(command)
    wall, want = time.perf_counter() - start, _state(root)
    for _ in range(kills):
        _cleared(root)
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)  # fmt: skip
        time.sleep(chance.uniform(0, wall))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if _quiet(resume) == 2:  # nothing was begun, or all was done
            _quiet(command)
        wrong += _state(root) != want
    return wrong


def _quiet(command: list[str]) -> int:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode


def _cleared(root: Path) -> None:
    shutil.rmtree(root / ".retailctl" / "runs", ignore_errors=True)
    shutil.rmtree(root / "migrations" / "w1" / "evidence", ignore_errors=True)
    (root / "report.json").unlink(missing_ok=True)


def _state(root: Path) -> dict[str, str]:
    """Every byte that a run leaves: report, evidence, history, parts."""
    files = [root / "report.json", *(root / "migrations").rglob("*"), *(root / ".retailctl").rglob("part=*")]
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }


if __name__ == "__main__":
    sys.exit(main())
