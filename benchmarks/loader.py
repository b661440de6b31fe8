"""The loader against libyaml and PyYAML: CPU of reading one YAML text of 4 MB, in one process, in turn.

    python benchmarks/loader.py [--quick] [FILE]

Measured: ``read_yaml``, with positions, limits, duplicate keys and YAML 1.2 scalars. The floors beside it: the events
of the C parser consumed and thrown away (what the loader itself cannot go below), and ``json.loads`` of the same data.
The bar: at most a third of ``yaml.load(text, CSafeLoader)`` as people run it, garbage collection on. Both are also
measured with collection off, where the ratio is worse for us: PyYAML makes more of the objects that are collected.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.estate_generator import generate
from benchmarks.measuring import Cost, arguments, in_turn, verdict
from retailctl.workspace.limits import Limits
from retailctl.workspace.source import Source
from retailctl.workspace.yaml_reader import read_yaml

_OURS, _PYYAML, _EVENTS, _JSON = "retailctl read_yaml", "PyYAML CSafeLoader", "C parser, events only", "json.loads"
_BAR = 1 / 3


def main() -> int:
    """Print the table; 1 when the bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="another YAML file to measure with")
    options = parser.parse_args()
    text = options.file.read_text("utf-8") if options.file else sample(1_000_000 if options.quick else 4_000_000)
    rounds = 3 if options.quick else 7
    as_json = json.dumps(yaml.load(text, yaml.CSafeLoader), default=str)
    jobs: dict[str, Callable[[], object]] = {
        _OURS: lambda: read_yaml(Source("sample.yaml", text), Limits(), owned=True),
        _PYYAML: lambda: yaml.load(text, yaml.CSafeLoader),
        _EVENTS: lambda: sum(1 for _ in yaml.parse(text, yaml.CSafeLoader)),
        _JSON: lambda: json.loads(as_json),
    }
    print(f"{len(text) / 1e6:.1f} MB of YAML, median of {rounds} rounds in turn, CPU seconds")
    ratios = [_table(jobs, rounds, collect=collect) for collect in (True, False)]
    return verdict({f"read_yaml at most 1/3 of CSafeLoader ({ratios[0]:.2f})": ratios[0] <= _BAR})


def _table(jobs: dict[str, Callable[[], object]], rounds: int, *, collect: bool) -> float:
    costs = in_turn(rounds, {name: _timed(run, collect=collect) for name, run in jobs.items()})
    base = costs[_PYYAML].cpu
    print(f"garbage collection {'on' if collect else 'off'}")
    for name, cost in costs.items():
        print(f"  {name:<24}{cost.cpu:7.3f} s   {cost.cpu / base:6.3f} of CSafeLoader")
    return costs[_OURS].cpu / base


def _timed(run: Callable[[], object], *, collect: bool) -> Callable[[], Cost]:
    def measured() -> Cost:
        gc.collect()
        (gc.enable if collect else gc.disable)()
        wall, start = time.perf_counter(), time.process_time()
        run()
        cost = Cost(time.process_time() - start, time.perf_counter() - wall, 0.0)
        gc.enable()
        return cost

    return measured


def sample(size: int) -> str:
    """The first whole interfaces of a generated estate, about that many characters."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), size // 1_200)
        text = (Path(folder) / "inventories" / "interfaces-000.yaml").read_text("utf-8")
    end = text.find("\n  - id:", min(size, len(text) - 1))
    return text[: end + 1] if end > 0 else text


if __name__ == "__main__":
    sys.exit(main())
