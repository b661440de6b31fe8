"""``parallel compare`` against the floor and against other tools: two sides of order lines, about 1 % differing.

    python benchmarks/parallel_compare.py [--quick] [--rows N] [--memory] [--peers PYTHON] [--folder DIR]

The floor is what nobody can do without: read both Parquet files in DuckDB and hash every row (CPU seconds of the
process, without its start). Beside it, each in a process of its own: the comparison, the same near cut-over (300 rows
differ, as the comparison before it has told), the same under three memory limits (``--memory``), CSV of at most a million rows, and with ``--peers`` the
tools that this interpreter has installed (datacompy on polars, pandas merge, csv-diff). Every comparison has to find
exactly what was planted. Bars: 4.5 times the floor and 650 MB at any size from ten million rows, near cut-over 2.5 times and 300 MB; six times less CPU and
ten times less memory than datacompy there.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import parallel_rows
from benchmarks.measuring import Cost, Stopped, arguments, child, in_turn, program, verdict

FULL, MOST_CSV = 10_000_000, 1_000_000
BAR, MOST_MB = 4.5, 650
NEAR_BAR, NEAR_MB = 2.5, 300
LIMITS = ("256MB", "512MB", "1GB")
_KEY = ",".join(parallel_rows.KEY)
_FLOOR = """
import sys, time, duckdb
start = time.process_time()
engine = duckdb.connect()
engine.execute("set threads = 2; set preserve_insertion_order = false")
for name in ("legacy", "new"):
    query = f"select count(*), bit_xor(hash({columns})) from read_parquet('{sys.argv[1]}/{name}.parquet')"
    engine.execute(query).fetchall()
open(sys.argv[2], "w").write(str(time.process_time() - start))
""".replace("{columns}", ", ".join(parallel_rows.COLUMNS))
_TABLES = "a, b = (pl.read_parquet(f'{sys.argv[1]}/{name}.parquet') for name in ('legacy', 'new'))"
PEERS = {
    "datacompy": ("datacompy, polars", f"""
import sys, datacompy, polars as pl
{_TABLES}
found = datacompy.PolarsCompare(a, b, join_columns={list(parallel_rows.KEY)!r})
print(len(found.df1_unq_rows), len(found.df2_unq_rows), found.count_matching_rows())
"""),
    "pandas merge": ("pandas, pyarrow", f"""
import sys, pandas as pd
a, b = (pd.read_parquet(f'{{sys.argv[1]}}/{{name}}.parquet') for name in ('legacy', 'new'))
both = a.merge(b, on={list(parallel_rows.KEY)!r}, how='outer', indicator=True)
print(both['_merge'].value_counts().to_dict())
for name in {[name for name in parallel_rows.COLUMNS if name not in parallel_rows.KEY]!r}:
    print(name, int((both[name + '_x'] != both[name + '_y']).sum()))
"""),
    "csv-diff": ("csv_diff", """
import sys, csv_diff
def rows(name):
    import csv
    with open(f'{sys.argv[1]}/{name}.csv', newline='') as stream:
        return {(row['order_id'], row['line_no']): row for row in csv.DictReader(stream)}
found = csv_diff.compare(rows('legacy'), rows('new'))
print({name: len(rows) for name, rows in found.items()})
"""),
}  # fmt: skip


def main() -> int:
    """Print the figures; 1 when a bar is broken or an answer is wrong."""
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, help="rows of a side (1,000,000)")
    parser.add_argument("--memory", action="store_true", help="again with 256 MB, 512 MB and 1 GB")
    parser.add_argument("--peers", metavar="PYTHON", type=Path, help="an interpreter that has the other tools")
    parser.add_argument("--folder", type=Path, help="where the files go; they stay there (default: a scratch folder)")
    options = parser.parse_args()
    rows = options.rows or (100_000 if options.quick else MOST_CSV)
    with tempfile.TemporaryDirectory(prefix="retailctl-bench-") as scratch:
        return _measured(options.folder or Path(scratch), rows, options)


def _measured(folder: Path, rows: int, options: Any) -> int:
    wide, near, text = folder / "wide", folder / "near", folder / "text"
    truths = {
        wide: written(wide, rows),
        near: written(near, rows, "near"),
        text: written(text, min(rows, MOST_CSV), "csv"),
    }
    subjects: dict[str, Callable[[], Cost]] = {
        "floor": partial(floor, wide),
        "compare": partial(compare, wide, truths[wide]),
        "floor near cut-over": partial(floor, near),
        "near cut-over": partial(compare, near, truths[near]),
    }
    compare(near, truths[near])  # the first comparison of two files tells how many buckets the next ones need
    costs = in_turn(1 if options.quick or rows >= FULL else 3, subjects)
    costs["floor, CSV rows as Parquet"] = floor(text)
    costs["compare CSV"] = compare(text, truths[text], ending="csv")
    for limit in LIMITS if options.memory else ():
        costs[f"compare, {limit}"] = compare(wide, truths[wide], more=("--memory", limit))
    if options.peers:
        for name in PEERS:
            told = peer(options.peers, name, text if name == "csv-diff" else wide)
            if told:
                costs[name] = told
    print(f"{rows:,} rows of a side, CSV {min(rows, MOST_CSV):,}; what was planted: {truths[wide]}")
    for name, cost in costs.items():
        base = costs[_floor_of(name)].cpu
        print(f"{name:<28}{cost.cpu:9.2f} s CPU{cost.cpu / base:8.2f}x{cost.wall:9.2f} s{cost.memory:8.0f} MB")
    return verdict(_bars(rows, costs))


def _floor_of(name: str) -> str:
    if name.endswith(("CSV", "csv-diff")):
        return "floor, CSV rows as Parquet"
    return "floor near cut-over" if "near" in name else "floor"


def written(folder: Path, rows: int, *more: str) -> dict[str, int]:
    """Have the files written by another process: the peak memory of a child counts from that of its parent."""
    child(["-m", "benchmarks.parallel_rows", str(folder), str(rows), *more], expect=(0,))
    truth: dict[str, int] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth


def _bars(rows: int, costs: dict[str, Cost]) -> dict[str, bool]:
    """All answers were right, or there would be no costs; below ten million rows the start counts too much."""
    found, base = costs["compare"], costs["floor"].cpu
    bars = {"every comparison found what was planted, and nothing else": True}
    if rows >= FULL:
        bars[f"compare at most {BAR} times the floor: {found.cpu / base:.2f}"] = found.cpu <= BAR * base
        bars[f"compare in at most {MOST_MB} MB: {found.memory:.0f}"] = found.memory <= MOST_MB
        near, least = costs["near cut-over"], costs["floor near cut-over"].cpu
        bars[f"near cut-over at most {NEAR_BAR} times its floor: {near.cpu / least:.2f}"] = near.cpu <= NEAR_BAR * least
        bars[f"near cut-over in at most {NEAR_MB} MB: {near.memory:.0f}"] = near.memory <= NEAR_MB
        if other := costs.get("datacompy"):
            bars[f"6 times less CPU than datacompy: {other.cpu / found.cpu:.1f}"] = other.cpu >= 6 * found.cpu
            bars[f"10 times less memory: {other.memory / found.memory:.1f}"] = other.memory >= 10 * found.memory
    return bars


def floor(folder: Path) -> Cost:
    """Read both Parquet files and hash every row."""
    told = folder / "floor.txt"
    cost = child(["-c", _FLOOR, str(folder), str(told)])
    return cost._replace(cpu=float(told.read_text(encoding="utf-8")))


def compare(folder: Path, truth: dict[str, int], *, ending: str = "parquet", more: tuple[str, ...] = ()) -> Cost:
    """The comparison as a user runs it. Raises RuntimeError where it does not find what was planted."""
    told = folder / f"report-{ending}.json"
    files = [str(folder / f"{side}.{ending}") for side in ("legacy", "new")]
    command = ["-m", "retailctl", "parallel", "compare", *files, "--key", _KEY, "--threads", "2", "--root", str(folder)]
    output = ["--allow-outside", "--output", f"json={told}", "--scratch", str(folder)]
    cost = child([*command, *output, *more], expect=(1,))
    summary = json.loads(told.read_text(encoding="utf-8"))["summary"]
    counts = {**summary["classes"], **summary["duplicates"]["new"]}
    counts |= {f"{field} {name}": n for field, names in summary["fields"].items() for name, n in names.items()}
    wrong = {name: (count, counts.get(name)) for name, count in truth.items() if counts.get(name) != count}
    if wrong:
        raise RuntimeError(f"planted and found are not the same: {wrong}")
    return cost


def peer(python: Path, name: str, folder: Path) -> Cost | None:
    """Another tool on the same files; None, and a word on why, where it is not installed or does not end well."""
    modules, script = PEERS[name]
    output = folder / f"{name}.txt"
    output.unlink(missing_ok=True)
    if program([str(python), "-c", f"import {modules}"], 60, {}, output)[0]:
        print(f"{name}: not installed in {python.name}")
        return None
    try:
        code, cost = program([str(python), "-c", script, str(folder)], 1_800, {}, output)
    except Stopped as stopped:
        print(f"{name}: {stopped}")
        return None
    print(f"{name} says (exit {code}): {' '.join(output.read_text(encoding='utf-8').split())[-300:]}")
    return cost if code == 0 else None


if __name__ == "__main__":
    sys.exit(main())
