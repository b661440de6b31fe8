"""The order and the pace of a replay, without a network."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from retailctl.model.http_exchange import Asks, HttpAnswer, HttpFailure, HttpRequest, RecordedRequest
from retailctl.model.replay_plan import Correlation
from retailctl.parallel.replay.correlate import Aliases, Side
from retailctl.parallel.replay.plan import Pace, pace
from retailctl.parallel.replay.routes import Routed
from retailctl.parallel.replay.run import GIVE_UP, Exchange, ReplaySettings, replay

Log = list[tuple[Side, str, str]]


def routed(
    number: int, method: str = "GET", *, session: str = "", at: float | None = None, not_sent: str = ""
) -> Routed:
    one = RecordedRequest(number, number, HttpRequest(method, f"/{number}"), at, session)
    return Routed(one, f"{method} /{{n}}", None, not_sent)


class Fake:
    """One connection of a fake service; ``log`` has (side, thread, target) of everything asked."""

    def __init__(self, side: Side, log: Log, answer: Callable[[HttpRequest], HttpAnswer | HttpFailure]) -> None:
        self._side, self._log, self._answer, self.closed = side, log, answer, False

    def ask(self, request: HttpRequest) -> HttpAnswer | HttpFailure:
        self._log.append((self._side, str(threading.get_ident()), request.target))
        return self._answer(request)

    def close(self) -> None:
        self.closed = True


def fine(_: HttpRequest) -> HttpAnswer:
    return HttpAnswer(200, {}, b"{}")


def run(
    requests: Sequence[Routed],
    settings: ReplaySettings,
    answer: Callable[[HttpRequest], HttpAnswer | HttpFailure] = fine,
    consume: Callable[[Exchange], None] | None = None,
) -> tuple[str, list[Exchange], Log]:
    log: Log = []
    made: list[Exchange] = []
    clients: list[Fake] = []

    def connect(side: Side) -> Asks:
        clients.append(Fake(side, log, answer))
        return clients[-1]

    ended = replay(requests, connect, consume or made.append, settings)
    assert all(one.closed for one in clients)
    return ended, made, log


def test_every_request_once_to_each_side_and_the_first_one_alternates() -> None:
    _, made, log = run([routed(n) for n in range(4)], ReplaySettings(workers=1, pairs=0))
    assert [(side, target) for side, _, target in log] == [
        ("legacy", "/0"), ("new", "/0"), ("new", "/1"), ("legacy", "/1"),
        ("legacy", "/2"), ("new", "/2"), ("new", "/3"), ("legacy", "/3"),
    ]  # fmt: skip
    assert [one.again for one in made] == [None] * 4


def test_noise_pairs_are_spread_and_only_of_safe_requests() -> None:
    requests = [routed(n) for n in range(10)] + [routed(n, "POST") for n in range(10, 20)]
    _, made, _ = run(requests, ReplaySettings(workers=1, pairs=5))
    assert [one.routed.recorded.number for one in made if one.again is not None] == [1, 3, 5, 7, 9]


def test_what_must_not_be_sent_is_not() -> None:
    _, made, log = run([routed(1, not_sent="no"), routed(2)], ReplaySettings(pairs=0))
    assert {target for *_, target in log} == {"/2"}
    assert len(made) == 1


def test_sessions_keep_their_order_where_ids_are_correlated() -> None:
    aliases = Aliases([Correlation(path="id", into=("path",))])
    requests = [routed(n, session=f"s{n % 3}") for n in range(30)]
    _, _, log = run(requests, ReplaySettings(workers=8, pairs=0, aliases=aliases))
    for session in range(3):
        mine = [
            (thread, int(target[1:]))
            for side, thread, target in log
            if side == "new" and int(target[1:]) % 3 == session
        ]
        assert [number for _, number in mine] == list(range(session, 30, 3))
        assert len({thread for thread, _ in mine}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20", Pace(per_second=20)), ("0.5", Pace(per_second=0.5)), ("2x", Pace(speed=2)), ("max", Pace()), ("0", None), ("x", None),
     ("-1", None), ("1e9", None)],
)  # fmt: skip
def test_a_pace(text: str, expected: Pace | None) -> None:
    assert pace(text) == expected


@pytest.mark.parametrize("speed", [Pace(per_second=100), Pace(speed=10)])
def test_requests_wait_until_they_are_due(speed: Pace) -> None:
    start = time.monotonic()
    run([routed(n, at=100 + n / 10) for n in range(11)], ReplaySettings(pace=speed, workers=4, pairs=0))
    assert 0.1 <= time.monotonic() - start < 10


def test_a_side_that_is_never_reached_ends_the_run() -> None:
    ended, made, log = run(
        [routed(n) for n in range(100)], ReplaySettings(workers=1, pairs=0), lambda _: HttpFailure("unreachable", "no")
    )
    assert "did not reach it" in ended
    assert len(log) <= 2 * GIVE_UP
    assert len(made) < GIVE_UP


def test_a_failure_of_ours_reaches_the_caller() -> None:
    def broken(_: Exchange) -> None:
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        run([routed(n) for n in range(5)], ReplaySettings(pairs=0), consume=broken)
