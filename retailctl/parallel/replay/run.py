"""A replay as it goes: workers that ask both sides, at the pace of the plan, and hand over what came back."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from retailctl.model.http_exchange import Asks, HttpAnswer, HttpFailure, HttpRequest
from retailctl.parallel.replay.correlate import Aliases, Side
from retailctl.parallel.replay.plan import Pace
from retailctl.parallel.replay.routes import SAFE, Routed

Result = HttpAnswer | HttpFailure
GIVE_UP: Final = 20
"""So many requests in a row that do not even reach a side end the run: the service is not there."""
STOPPED: Final = "the run was stopped before it"


class Exchange(NamedTuple):
    """One request with the answers of both sides, and the second one of legacy where it was asked twice."""

    routed: Routed
    legacy: Result
    new: Result
    again: Result | None = None


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """``pairs`` is how many requests of a route are asked of legacy twice, spread over all of them; none of those
    routes whose noise is ``learned``."""

    pace: Pace = field(default_factory=Pace)
    workers: int = 4
    pairs: int = 1000
    learned: Collection[str] = ()
    aliases: Aliases = field(default_factory=lambda: Aliases(()))
    idempotency_key: Callable[[int], str] = "replay-{}".format


Connect = Callable[[Side], Asks]
Consume = Callable[[Exchange], None]


def replay(
    requests: Sequence[Routed],
    connect: Connect,
    consume: Consume,
    settings: ReplaySettings,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> str:
    """Send what may be sent; ``consume`` is called for each request, from many threads but never by two at once.

    Gives the reason why the run ended early; empty when it did not.
    """
    run = _Run(requests, connect, consume, settings, clock)
    queues = run.queues()
    threads = [threading.Thread(target=run.work, args=(queue,), name="replay", daemon=True) for queue in queues]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
    except BaseException:
        run.stop.set()
        raise
    if run.broken is not None:
        raise run.broken
    return run.ended


class _Run:
    def __init__(
        self,
        requests: Sequence[Routed],
        connect: Connect,
        consume: Consume,
        settings: ReplaySettings,
        clock: Callable[[], float],
    ) -> None:
        self._requests = [one for one in requests if not one.not_sent]
        self._connect, self._consume, self._settings, self._clock = connect, consume, settings, clock
        self._twice = _asked_twice(self._requests, settings.pairs, settings.learned)
        self._due = _due_times(self._requests, settings.pace)
        self._lock = threading.Lock()
        self._begin = clock()
        self._silent: Counter[Side] = Counter()
        self.stop = threading.Event()
        self.ended = ""
        self.broken: BaseException | None = None

    def queues(self) -> list[Iterator[int]]:
        """What each worker has to do. Where ids are correlated, requests of one session keep their order."""
        workers = max(1, min(self._settings.workers, len(self._requests)))
        if not self._settings.aliases:
            shared = _Shared(len(self._requests))
            return [shared for _ in range(workers)]
        sessions: defaultdict[str, list[int]] = defaultdict(list)
        for index, one in enumerate(self._requests):
            sessions[one.recorded.session].append(index)
        parts: list[list[int]] = [[] for _ in range(min(workers, len(sessions)))]
        for number, indexes in enumerate(sessions.values()):
            parts[number % len(parts)].extend(indexes)
        return [iter(sorted(part)) for part in parts]

    def work(self, queue: Iterator[int]) -> None:
        """The life of one worker, with one connection to each side."""
        legacy: Asks | None = None
        new: Asks | None = None
        try:
            legacy, new = self._connect("legacy"), self._connect("new")
            for index in queue:
                if self._wait(index):
                    return
                made = self._exchange(self._requests[index], legacy, new, index in self._twice, index % 2 == 1)
                with self._lock:
                    if not self.stop.is_set():
                        self._consume(made)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, which ends the run with it
            self.broken = error
            self.stop.set()
        finally:
            for one in (legacy, new):
                if one is not None:
                    one.close()

    def _wait(self, index: int) -> bool:
        """Wait until a request is due; True when the run is to end."""
        left = self._begin + self._due[index] - self._clock() if self._due else 0.0
        return self.stop.wait(left) if left > 0 else self.stop.is_set()

    def _exchange(self, routed: Routed, legacy: Asks, new: Asks, twice: bool, new_first: bool) -> Exchange:
        """Ask both sides. Which comes first alternates, so that neither has warmer caches or a younger world."""
        request = self._prepared(routed)
        aliases = self._settings.aliases
        mine, theirs = (
            (aliases.rewrite(request, "legacy"), aliases.rewrite(request, "new")) if aliases else (request,) * 2
        )
        if new_first:
            second, first = self._ask("new", new, theirs), self._ask("legacy", legacy, mine)
        else:
            first, second = self._ask("legacy", legacy, mine), self._ask("new", new, theirs)
        again = self._ask("legacy", legacy, mine) if twice else None
        if aliases and isinstance(first, HttpAnswer) and isinstance(second, HttpAnswer):
            aliases.learn(first, second, routed.recorded.answer)
        return Exchange(routed, first, second, again)

    def _prepared(self, routed: Routed) -> HttpRequest:
        request, rule = routed.recorded.request, routed.rule
        if request.method in SAFE or rule is None or rule.idempotency_header is None:
            return request
        name = rule.idempotency_header.lower()
        if any(key == name for key, _ in request.headers):
            return request
        key = self._settings.idempotency_key(routed.recorded.number)
        return HttpRequest(request.method, request.target, (*request.headers, (name, key)), request.body)

    def _ask(self, side: Side, to: Asks, request: HttpRequest) -> Result:
        if self.stop.is_set():
            return HttpFailure("stopped", STOPPED)
        answer = to.ask(request)
        if isinstance(answer, HttpFailure) and answer.kind in ("unreachable", "refused"):
            self._silent[side] += 1
            if self._silent[side] >= GIVE_UP and not self.stop.is_set():
                self.ended = f"{side}: {answer.told}; {GIVE_UP} requests in a row did not reach it"
                self.stop.set()
        else:
            self._silent[side] = 0
        return answer


class _Shared:
    """One queue for all workers."""

    def __init__(self, count: int) -> None:
        self._numbers = iter(range(count))
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        with self._lock:
            return next(self._numbers)


def _asked_twice(requests: Sequence[Routed], pairs: int, learned: Collection[str]) -> frozenset[int]:
    """The requests that legacy is asked twice: safe ones, spread evenly over each route."""
    routes: defaultdict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(requests):
        if one.is_safe and one.route not in learned:
            routes[one.route].append(index)
    chosen: set[int] = set()
    for indexes in routes.values():
        count = len(indexes)
        wanted = min(pairs, count)
        chosen.update(index for at, index in enumerate(indexes) if (at + 1) * wanted // count > at * wanted // count)
    return frozenset(chosen)


def _due_times(requests: Sequence[Routed], pace: Pace) -> list[float]:
    """Seconds from the start at which each request is due; empty when none has to wait."""
    if pace.per_second:
        return [index / pace.per_second for index in range(len(requests))]
    if not pace.speed:
        return []
    times = [one.recorded.time for one in requests]
    begin = min((time for time in times if time is not None), default=0.0)
    due, latest = [], 0.0
    for moment in times:
        latest = max(latest, (moment - begin) / pace.speed if moment is not None else latest)
        due.append(latest)
    return due
