"""Protobuf verdicts against the protobuf library: random pairs of schemas, data and witnesses.

    python benchmarks/fuzz_protobuf.py [--pairs N] [--seed N] [--category WIRE|WIRE_JSON|CSR]

Bar: no contradiction. Whatever we call readable is read without loss, and whatever we call broken has a datum that
shows it. A contradiction is printed with its seed.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments
from tests.support.proto_judge import contradictions, pair


def main() -> int:
    """Run the pairs; 1 when the library contradicts one of them."""
    parser = arguments(__doc__)
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--category", default="WIRE", choices=("WIRE", "WIRE_JSON", "CSR"))
    options = parser.parse_args()
    pairs = 300 if options.quick else options.pairs
    total: Counter[str] = Counter()
    wrong = 0
    start = time.process_time()
    for seed in range(options.seed, options.seed + pairs):
        found, seen = contradictions(seed, options.category)
        total.update(seen)
        if found:
            wrong += 1
            if wrong <= 5:
                print(f"seed {seed}", *found[:3], *pair(seed), sep="\n")
    print(f"{pairs} pairs, {wrong} contradicted, {time.process_time() - start:.0f} CPU s, {dict(total)}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
