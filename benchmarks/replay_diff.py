"""What it costs to compare two JSON answers, against the floor of parsing both with orjson.

    python benchmarks/replay_diff.py [--quick]

Order documents of about 1.8 kB on each side, keys shuffled, two fields that differ in every pair and are ignored, and
3 in 100 pairs with a planted difference: a quantity, a price off by a cent, a field that is gone, lines in another
order (which is none under their key). What is found is checked against what was planted. Bar: at most twice the floor
(least CPU of several rounds) where orjson is installed; without it the cost is shown and no bar holds or breaks. This is what a
replay does: keys that stand twice and numbers of many digits are looked for in every pair.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments, verdict
from retailctl.parallel.replay.bodies import compare_bodies
from retailctl.parallel.replay.codec import STANDARD, codec
from retailctl.parallel.replay.rules import ListRule, PathRule, make_rules

RULES = {
    "meta.request_id": PathRule(ignored=True),
    "meta.served_at": PathRule(ignored=True),
    "lines": PathRule(list=ListRule("keyed", "line_no")),
}
Pair = tuple[bytes, bytes]
FLOOR = "orjson.loads of both"


def order(rng: random.Random, number: int) -> dict[str, Any]:
    def address(kind: str) -> dict[str, Any]:
        street = f"{rng.choice(('Mill', 'Station', 'Church'))} Street"
        return {"kind": kind, "street": street, "house": str(rng.randrange(200)), "zip": f"{rng.randrange(99999):05}",
                "city": rng.choice(("Hamburg", "Leeds", "Lublin")), "country": rng.choice(("DE", "GB", "PL"))}  # fmt: skip

    def line(at: int) -> dict[str, Any]:
        qty, cents = rng.randrange(1, 12), rng.randrange(99, 20000)
        return {"line_no": at, "sku": f"SKU{rng.randrange(10**6):06}", "title": f"Article number {rng.randrange(999)}",
                "qty": qty, "price": cents / 100, "net": qty * cents / 100, "tax": {"rate": 0.19, "code": "A1"},
                "flags": ["stock", "ship"]}  # fmt: skip

    return {
        "order_id": f"SO{number:09}", "store": rng.randrange(200), "currency": "EUR", "status": "shipped",
        "customer": {"id": rng.randrange(10**6), "group": "retail", "billing": address("billing"), "delivery": address("delivery")},
        "lines": [line(at + 1) for at in range(rng.randrange(6, 10))],
        "totals": {"net": 120.5, "tax": 22.9, "gross": 143.4, "paid": True, "open": None},
    }  # fmt: skip


def shuffled(rng: random.Random, value: Any) -> Any:
    if isinstance(value, list):
        return [shuffled(rng, one) for one in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    rng.shuffle(keys)
    return {key: shuffled(rng, value[key]) for key in keys}


def plant(rng: random.Random, body: dict[str, Any], planted: Counter[str]) -> None:
    kind = rng.choice(("quantity", "price", "zip", "order"))
    planted[kind] += 1
    if kind == "quantity":
        body["lines"][0]["qty"] += 1
    elif kind == "price":
        body["lines"][-1]["price"] = round(body["lines"][-1]["price"] + 0.01, 2)
    elif kind == "zip":
        del body["customer"]["delivery"]["zip"]
    else:
        body["lines"].reverse()


def pairs(count: int) -> tuple[list[Pair], Counter[str]]:
    rng = random.Random(7)
    planted: Counter[str] = Counter()
    made = []
    for number in range(count):
        legacy = order(rng, number)
        new = json.loads(json.dumps(legacy))
        if rng.random() < 0.032:
            plant(rng, new, planted)
        for body in (legacy, new):
            body["meta"] = {"request_id": f"{rng.getrandbits(64):016x}", "served_at": rng.randrange(10**12)}
        made.append((dump(legacy), dump(shuffled(rng, new))))
    return made, planted


def dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def read_both(made: list[Pair], read: Callable[[bytes], Any]) -> None:
    for legacy, new in made:
        read(legacy)
        read(new)


def compare(made: list[Pair], using: Any) -> Counter[str]:
    rules = make_rules(RULES)
    found: Counter[str] = Counter()
    for legacy, new in made:
        for one in compare_bodies(legacy, new, rules, using=using).found:
            found[one.path] += 1
    return found


def subjects(made: list[Pair]) -> dict[str, Callable[[], object]]:
    rows: dict[str, Callable[[], object]] = {}
    if codec() is not STANDARD:
        rows[FLOOR] = lambda: read_both(made, codec().loads)
        rows["compared, orjson"] = lambda: compare(made, codec())
    rows["json.loads of both"] = lambda: read_both(made, json.loads)
    rows["compared, json"] = lambda: compare(made, STANDARD)
    return rows


def main() -> int:
    options = arguments(__doc__).parse_args()
    made, planted = pairs(2_000 if options.quick else 10_000)
    found = compare(made, codec())
    size = sum(len(legacy) + len(new) for legacy, new in made) / len(made)
    print(
        f"{len(made):,} pairs of {size:,.0f} bytes; planted {dict(sorted(planted.items()))}; found {dict(sorted(found.items()))}"
    )
    taken: dict[str, list[float]] = {}
    for _ in range(5 if options.quick else 9):
        for name, run in subjects(made).items():
            taken.setdefault(name, []).append(timed(run))
    costs = {name: min(all_of) / len(made) * 1e6 for name, all_of in taken.items()}
    base = costs.get(FLOOR, costs["json.loads of both"])
    for name, cost in costs.items():
        print(f"{name:<24}{cost:8.1f} us/pair{cost / base:6.2f} x")
    expected = {
        "lines[].qty": planted["quantity"],
        "lines[].price": planted["price"],
        "customer.delivery.zip": planted["zip"],
    }
    bars = {"found as planted": dict(found) == expected}
    if FLOOR in costs:
        bars["at most twice the floor"] = costs["compared, orjson"] <= 2 * base
    return verdict(bars)


if __name__ == "__main__":
    sys.exit(main())
