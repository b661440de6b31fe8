"""Pairs of JSON Schemas by chance, our verdict held against jsonschema-rs: no instance may contradict it.

``python -m benchmarks.fuzz_json_schema --pairs 20000 --seed 1`` prints what was decided, and every contradiction.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from random import Random
from typing import Any, Final

from tests.support.json_schema_laws import contradiction, pair

_SHOWN: Final = 20


def main() -> int:
    """Run; 1 if anything contradicts a verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counted: Counter[str] = Counter()
    found: list[tuple[int, str, Any, Any]] = []
    start, slowest = time.process_time(), (0.0, 0)
    for number in range(asked.pairs):
        seed = asked.seed * 1_000_003 + number
        one = pair(Random(seed))
        begun = time.process_time()
        verdicts, wrong = contradiction(one, Random(seed))
        slowest = max(slowest, (time.process_time() - begun, seed))
        counted.update(verdicts)
        if wrong:
            found.append((seed, wrong, one.old, one.new))
    spent = time.process_time() - start
    sys.stdout.write(f"{asked.pairs} pairs, {spent:.0f} s CPU, slowest {slowest[0]:.2f} s (seed {slowest[1]})\n")
    for name, times in sorted(counted.items()):
        sys.stdout.write(f"  {name}: {times}\n")
    sys.stdout.write(f"contradictions: {len(found)}\n")
    for seed, wrong, old, new in found[:_SHOWN]:
        sys.stdout.write(f"  seed {seed}: {wrong}\n    old {json.dumps(old)}\n    new {json.dumps(new)}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
