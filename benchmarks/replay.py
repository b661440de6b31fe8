"""How many pairs of requests a replay sends and compares in a second on this machine.

    python benchmarks/replay.py [--quick]

Two services in processes of their own answer with 1.8 kB; the replay runs with 1, 4 and 20 workers, without pace and
without noise pairs, answers compared. Beside it, in the same rounds, one httpx.AsyncClient shared by 20 tasks that
sends the same pairs and compares nothing, as most tools do. Bar: 600 pairs in a second, or 2.5 times the shared client.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import arguments, verdict
from retailctl.connect.replay import Connection, ReplayClient
from retailctl.model.http_exchange import HttpRequest, RecordedRequest
from retailctl.parallel.replay.answers import Comparer
from retailctl.parallel.replay.collect import Collector
from retailctl.parallel.replay.routes import Routed
from retailctl.parallel.replay.rules import DiffRules
from retailctl.parallel.replay.run import ReplaySettings, replay
from retailctl.parallel.replay.samples import Masker, Pseudonyms


@contextmanager
def service() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        child = subprocess.Popen([sys.executable, str(Path(__file__).with_name("replay_services.py")), str(port)])
        try:
            while not port.exists() or not port.read_text():
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port.read_text()}"
        finally:
            child.terminate()
            child.wait()


def ours(urls: tuple[str, str], requests: list[Routed], workers: int) -> None:
    rules = DiffRules()
    collector = Collector(Comparer(rules, ("content-type",), urls), Masker(rules, Pseudonyms(b"k" * 32)))
    sides = dict(zip(("legacy", "new"), urls, strict=True))
    replay(
        requests,
        lambda side: ReplayClient(Connection(sides[side], {"127.0.0.1"})),
        collector.take,
        ReplaySettings(workers=workers, pairs=0),
    )
    (route,) = collector.routes.values()
    if route.compared != len(requests) or any(row.spots for row in route.rows):
        raise SystemExit(f"the services did not answer alike: {route.rejected}")


def shared(urls: tuple[str, str], requests: list[Routed], workers: int) -> None:
    import httpx

    async def run() -> None:
        queue = iter(requests)

        async def work(client: httpx.AsyncClient) -> None:
            for one in queue:
                for url in urls:
                    (await client.get(url + one.recorded.request.target)).raise_for_status()

        async with httpx.AsyncClient(trust_env=False) as client:
            await asyncio.gather(*(work(client) for _ in range(workers)))

    asyncio.run(run())


def main() -> int:
    options = arguments(__doc__).parse_args()
    count = 600 if options.quick else 3_000
    requests = [
        Routed(RecordedRequest(number, number, HttpRequest("GET", f"/orders/{number}")), "GET /orders/{id}", None)
        for number in range(count)
    ]
    rates: dict[str, list[float]] = {}
    with service() as legacy, service() as new:
        urls = (legacy, new)
        subjects: dict[str, Callable[[], None]] = {
            "one shared httpx client, 20 tasks": lambda: shared(urls, requests[: count // 3], 20),
            "replay, 1 worker": lambda: ours(urls, requests, 1),
            "replay, 4 workers": lambda: ours(urls, requests, 4),
            "replay, 20 workers": lambda: ours(urls, requests, 20),
        }
        for _ in range(3):
            for name, run in subjects.items():
                start, cpu = time.perf_counter(), time.process_time()
                run()
                sent = count // 3 if name.startswith("one") else count
                rates.setdefault(name, []).append(sent / (time.perf_counter() - start))
                rates.setdefault(f"{name}: cpu", []).append((time.process_time() - cpu) / sent * 1e6)
    for name in subjects:
        print(
            f"{name:<36}{statistics.median(rates[name]):8.0f} pairs/s{statistics.median(rates[f'{name}: cpu']):8.0f} us CPU/pair"
        )
    base = statistics.median(rates["one shared httpx client, 20 tasks"])
    rate = statistics.median(rates["replay, 4 workers"])
    return verdict({"600 pairs/s, or 2.5 times the shared client": rate >= 600 or rate >= 2.5 * base})


if __name__ == "__main__":
    sys.exit(main())
