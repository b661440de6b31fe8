"""What ``retailctl contract diff`` costs: generated documents of three sizes and shapes, and a real pair beside peers.

    python benchmarks/contract_diff.py [--quick] [--rounds N] [--sizes N ...] [--shapes NAME ...]
                                       [--peers FOLDER ...] [--limit SECONDS]

Every run is a process of its own with nothing cached, runs taken in turn, medians; CPU is user and system, memory the
peak of resident memory. The generated pairs are those of ``contract_documents.py``: one component in 200 is changed,
and every one of these changes must be found: by its rule, at its component, and nothing else beside them.

The real pair is Stripe's of the corpus (RETAILCTL_CORPUS, or ``../shared/corpus``); without it that part is left out.
Peers: oasdiff, openapi-diff and api-smart-diff, each where it is found: on PATH, or in a folder given by ``--peers`` or
in RETAILCTL_PEERS (programs in it, in its ``bin`` or ``node_modules/.bin``; packages in its ``node_modules``). A peer
is stopped after the limit, and one that is not there is named. The floor is ``json.load`` of both files.

Bars: Stripe at most 1.0 CPU second and 300 MB; CPU per component at 50k at most 2.5 times that at 1k. Peers are run as
often as ``--peer-rounds`` says (default once: at their pace, medians take the afternoon).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.contract_documents import SHAPES, Pair, generate
from benchmarks.measuring import ROOT, Cost, Stopped, arguments, child, in_turn, median, program, verdict

OURS, FLOOR = "retailctl contract diff", "json.load"
_LOAD = "import json,sys\nfor n in sys.argv[1:]: json.load(open(n,encoding='utf-8'))"
_SMART = (
    "const fs = require('fs'), {apiDiff} = require('api-smart-diff');"
    "const [a, b] = process.argv.slice(-2).map(name => JSON.parse(fs.readFileSync(name, 'utf8')));"
    "console.log(apiDiff(a, b).length);"
)
Peer = Callable[[Path], tuple[int, Cost]]
"""Runs a peer whose output goes into a file."""
_ROUNDS = {1_000: 5, 10_000: 3, 50_000: 1}
_PAIR = Path("specpairs", "stripe-json")
_DOCUMENT = frozenset({"api-version-not-bumped"})
"""What is told of the documents as a whole: their versions are the same."""


def ours(pair: Sequence[Path]) -> Cost:
    """One cold run on two documents."""
    return child(["-m", "retailctl", *_command(pair)], {"RETAILCTL_CACHE_DIR": os.devnull})


def _command(pair: Sequence[Path]) -> list[str]:
    """The settings are those of the folder of the documents."""
    return ["contract", "diff", *map(str, pair), "--root", str(pair[0].parent), "--format", "json"]


def floor(pair: Sequence[Path]) -> Cost:
    """Parsing alone."""
    return child(["-c", _LOAD, *map(str, pair)])


def main() -> int:
    """Print the tables; 1 when a bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, help="rounds for every size (default: 5, 3 and 1; 5 for the real pair)")
    parser.add_argument("--sizes", type=int, nargs="*", help="numbers of component schemas; none: only the real pair")
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=SHAPES)
    parser.add_argument("--peers", type=Path, nargs="*", default=_folders(), help="folders with programs or packages")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds after which a peer is stopped")
    parser.add_argument("--peer-rounds", type=int, default=1, help="runs of each peer, of which the median counts")
    options = parser.parse_args()
    sizes = options.sizes if options.sizes is not None else [1_000, 10_000] if options.quick else sorted(_ROUNDS)
    child(["-m", "retailctl", "contract", "diff", "--help"])  # compiled from here on
    bars: dict[str, bool] = {}
    for shape in options.shapes if sizes else ():
        bars |= _shape(shape, sorted(sizes), options.rounds or (1 if options.quick else 0))
    rounds = options.rounds or (1 if options.quick else 5)
    bars |= _real(options.peers, options.limit, rounds, options.peer_rounds)
    return verdict(bars)


def _folders() -> list[Path]:
    return [Path(one) for one in os.environ.get("RETAILCTL_PEERS", "").split(os.pathsep) if one]


def _shape(shape: str, sizes: list[int], rounds: int) -> dict[str, bool]:
    """One shape in all sizes; beside the cost per component, how many times that of the smallest it is."""
    bars: dict[str, bool] = {}
    each: dict[int, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:  # the peak of a child is never below ours
                pair = elsewhere.submit(generate, Path(name), size, shape).result()
            files = (pair.base, pair.revision)
            taken = in_turn(rounds or _ROUNDS.get(size, 1), {OURS: partial(ours, files), FLOOR: partial(floor, files)})
            each[size] = taken[OURS].cpu / size
            more = f"{1e6 * each[size]:8.0f} us each, {each[size] / each[sizes[0]]:4.2f} times"
            _row(f"{shape} {size:,}", taken[OURS], taken[FLOOR], more)
            missed, others = _told(pair)
        count = len(pair.planted)
        text = f"{shape} {size:,}: {count - len(missed)} of {count} changes found, {len(others)} others told"
        bars[text + "".join(f"; {one}" for one in [*missed, *others][:3])] = not missed and not others
    small, large = sizes[0], sizes[-1]
    if large > small:
        growth = each[large] / each[small]
        text = f"{shape}: CPU per component, {large:,} against {small:,}: {growth:.2f} times, at most 2.5"
        bars[text] = growth <= 2.5
    return bars


def _told(pair: Pair) -> tuple[list[str], list[str]]:
    """Planted changes that no finding tells of an answer, and findings on schemas that nobody planted."""
    argv = [sys.executable, "-P", "-m", "retailctl", *_command((pair.base, pair.revision))]
    done = subprocess.run(
        argv, check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    rows = [row for row in json.loads(done.stdout)["findings"] if row["rule"] not in _DOCUMENT]
    planted = {f"{change} at schema {name}" for name, change in pair.planted.items()}
    told = [
        (row["direction"], f"{row['rule'].removeprefix(row['direction'] + '-')} at {row['subject']}") for row in rows
    ]
    answers = {change for direction, change in told if direction == "response"}
    return sorted(planted - answers), sorted({change for _, change in told} - planted)


def _real(folders: list[Path], limit: float, rounds: int, peer_rounds: int) -> dict[str, bool]:
    """The real pair, with the peers that are there."""
    corpus = Path(os.environ.get("RETAILCTL_CORPUS") or ROOT.parent / "shared" / "corpus")
    files = (corpus / _PAIR / "base.json", corpus / _PAIR / "revision.json")
    if not all(path.is_file() for path in files):
        print("no corpus: the real pair is left out (RETAILCTL_CORPUS)")
        return {}
    taken = in_turn(rounds, {OURS: partial(ours, files), FLOOR: partial(floor, files)})
    mine = taken[OURS]
    print(f"Stripe, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB, median of {rounds}")
    for name, cost in taken.items():
        _row(name, cost, taken[FLOOR], f"{cost.cpu / mine.cpu:7.1f} of ours")
    for name, run in peers(folders, files, limit).items():
        _peer(name, run, peer_rounds, mine, taken[FLOOR])
    return {f"Stripe: {mine.cpu:.2f} CPU s, at most 1.0": mine.cpu <= 1.0,
            f"Stripe: {mine.memory:.0f} MB, at most 300": mine.memory <= 300}  # fmt: skip


def _row(name: str, cost: Cost, least: Cost, more: str) -> None:
    print(f"  {name:<24}{cost.cpu:8.2f} CPU s{cost.wall:8.2f} s{cost.memory:7.0f} MB"
          f"{cost.cpu / least.cpu:7.1f} of the floor{more:>28}", flush=True)  # fmt: skip


def _peer(name: str, run: Peer | None, rounds: int, mine: Cost, least: Cost) -> None:
    """The runs of a peer, and what it had to say in the last."""
    if run is None:
        print(f"  {name:<24}not there (PATH, --peers, RETAILCTL_PEERS)")
        return
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder) / f"output{number}" for number in range(rounds)]
        try:
            done = [run(output) for output in outputs]
        except Stopped as stopped:
            print(f"  {name:<24}{stopped}", flush=True)
            return
        cost, code = median([cost for _, cost in done]), done[-1][0]
        _row(name, cost, least, f"{cost.cpu / mine.cpu:7.1f} of ours")
        said = outputs[-1].read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = said[-1].strip() if said else "nothing"
    print(f"  {'':<24}exit code {code}, {len(said):,} lines, the last: {last[:70]}", flush=True)


def peers(folders: list[Path], files: Sequence[Path], limit: float) -> Mapping[str, Peer | None]:
    """A run for each peer, None for one that is not there."""
    places = [str(place) for folder in folders for place in (folder, folder / "bin", folder / "node_modules" / ".bin")]
    search = os.pathsep.join([*places, os.environ.get("PATH", os.defpath)])
    modules = os.pathsep.join([*(str(folder / "node_modules") for folder in folders), os.environ.get("NODE_PATH", "")])
    environ = {"PATH": search, "NODE_PATH": modules}
    pair = [str(path) for path in files]
    found: dict[str, Peer | None] = {}
    for name, argv in {"oasdiff": ["breaking", "--format", "json", *pair], "openapi-diff": pair}.items():
        path = shutil.which(name, path=search)
        found[name] = partial(program, [path, *argv], limit, environ) if path else None
    node = shutil.which("node", path=search)
    there = node and any((Path(place) / "api-smart-diff").is_dir() for place in modules.split(os.pathsep) if place)
    run = partial(program, [node, "-e", _SMART, "--", *pair], limit, environ) if node and there else None
    found["api-smart-diff"] = run
    return found


if __name__ == "__main__":
    sys.exit(main())
