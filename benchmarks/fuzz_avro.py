"""Random pairs of Avro schemas, with fastavro as the judge of what the engine says of them.

    python benchmarks/fuzz_avro.py [--quick] [--pairs N] [--seed N] [--data N]

Of each pair both readings are asked. Where a reading is said to work, fastavro must read every random datum; where it
is said to be broken, it must refuse the witness of each cause, and the changes must name the reading. What is left out
is counted: schemas with a problem, and what fastavro is known to judge otherwise (``tests/support/avro_judge.py``).
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments
from tests.support.avro import random_pair
from tests.support.avro_judge import contradictions


def main() -> int:
    """Run the pairs and print what was found; 1 if anything contradicts."""
    parser = arguments(__doc__)
    parser.add_argument("--pairs", type=int, default=0, help="20,000 if it is not given; 2,000 with --quick")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=int, default=3)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    wrong = 0
    pairs = options.pairs or (2_000 if options.quick else 20_000)
    started = time.process_time()
    for number in range(pairs):
        random = Random(options.seed * 1_000_003 + number)
        old, new = random_pair(random)
        for text in contradictions(old, new, random, options.data, counts):
            wrong += 1
            if wrong <= 20:
                print(f"pair {number}: {text}\n  old {json.dumps(old)}\n  new {json.dumps(new)}")
    spent = time.process_time() - started
    print(f"{pairs} pairs, {wrong} contradictions, {spent:.0f} CPU seconds")
    for name, count in sorted(counts.items()):
        print(f"  {count:>8} {name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
