"""What it costs to merge sightings: names resolved, keys matched, groups made, observed files written.

    python benchmarks/inventory_merge.py [--quick] [--sightings N]

Made up are an estate with a tenth as many declared interfaces as sightings, and sightings of four sources over keys of
which most are declared and some are new. The parts are told apart; a tenth of the number is measured beside it.

Bars: 100,000 sightings in at most 10 CPU seconds together, and per sighting at most 2.5 times what 10,000 cost.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments, verdict
from retailctl.api.scanning.taking import observed_texts
from retailctl.inventory.assemble import estate_of
from retailctl.inventory.identity.entries import entries
from retailctl.inventory.identity.groups import group
from retailctl.inventory.identity.suggest import suggest
from retailctl.model.estate import Estate
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen, SeenConsumer

_BAR, _GROWTH = 10.0, 2.5
_DAY: Final = date(2026, 11, 20)


def main() -> int:
    """Print the table; 1 when a bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("--sightings", type=int, default=0, help="100,000 if it is not given; 20,000 with --quick")
    options = parser.parse_args()
    number = options.sightings or (20_000 if options.quick else 100_000)
    print(f"{'sightings':>10} {'group':>7} {'entries':>8} {'files':>7} {'suggest':>8} {'together':>9}  CPU s")
    small, large = _run(number // 10), _run(number)
    allowed = _BAR * number / 100_000
    return verdict(
        {
            f"{number:,} sightings merged: {large:.2f} CPU s (bar {allowed:.1f})": large <= allowed,
            f"per sighting {large / small / 10:.2f} times that of a tenth (bar {_GROWTH})": large / small / 10
            <= _GROWTH,
        }
    )


def _run(number: int) -> float:
    estate, seen = _estate(number), _sightings(number)
    gc.collect()
    gc.disable()  # as the command does
    times: list[float] = []

    def timed(action: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
        return result

    grouped = timed(lambda: group(seen, estate, lock={}, merged={}))
    made = timed(lambda: entries(grouped, estate, _DAY))
    timed(lambda: observed_texts(made, {}))
    timed(lambda: suggest(grouped, estate, frozenset()))
    gc.enable()
    print(f"{number:>10,} " + " ".join(f"{one:>7.2f}" for one in times) + f" {sum(times):>9.2f}", flush=True)
    return sum(times)


def _estate(number: int) -> Estate:
    systems = max(5, number // 200)
    return estate_of(
        {
            "systems": [{"id": f"sys-{n}", "aliases": [f"host{n}.example"]} for n in range(systems)],
            "interfaces": [
                {
                    "id": f"if-{n}",
                    "provider": f"sys-{n % systems}",
                    "key": {"protocol": "http", "provider": f"sys-{n % systems}", "method": "GET",
                            "address": f"/api/r{n}/{{id}}", "version": "v1"},
                }
                for n in range(number // 10)
            ],
        }
    )  # fmt: skip


def _sightings(number: int) -> list[Seen]:
    chance = random.Random(7)
    systems = max(5, number // 200)
    made = []
    for line in range(number):
        which = chance.randrange(number // 8)
        host = f"host{which % systems}.example"
        consumer = SeenConsumer(
            name=f"host{chance.randrange(systems)}.example", identity=f"svc-{chance.randrange(50)}", last_seen=_DAY
        )
        source = chance.choice(("access-log", "kong", "otlp", "openapi"))
        made.append(
            Seen(
                source=source,
                ref=f"{source}/file#L{line}",
                at=_DAY,
                key=HttpKey(protocol="http", provider=host, method="GET", address=f"/api/r{which}/{{n}}"),
                consumers=(consumer,),
                values={"mode": "sync"},
                figures={"count": chance.randrange(10**6)},
            )
        )
    return made


if __name__ == "__main__":
    sys.exit(main())
