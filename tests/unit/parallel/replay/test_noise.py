"""What is noise and what is not: no false alarm over 20 seeds, and what was planted is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from retailctl.parallel.replay.difference import Difference
from retailctl.parallel.replay.learned import Learned, as_data, from_data, learned_of
from retailctl.parallel.replay.noise import Judged, NoiseLedger, NoiseRules, judge, strict_z
from retailctl.parallel.replay.shapes import ShapeBook, shape

Draw = Callable[[random.Random], Any]
SEEDS = range(20)


def uuid(rng: random.Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def node(rng: random.Random) -> str:
    return f"node-{rng.randrange(5)}"


def token(rng: random.Random) -> str:
    return f"{rng.getrandbits(64):x}"


def stamp(rng: random.Random) -> str:
    return f"2026-11-{rng.randrange(1, 28):02}T10:{rng.randrange(60):02}:{rng.randrange(60):02}Z"


def flips(rate: float) -> Draw:
    return lambda rng: "odd" if rng.random() < rate else "usual"


def run(
    seed: int, requests: int, legacy: dict[str, Draw], new: dict[str, Draw], rules: NoiseRules
) -> dict[str, Judged]:
    """Judge fields that legacy and new draw as told; each request asks legacy twice."""
    rng = random.Random(seed)
    ledger = NoiseLedger()
    for _ in range(requests):
        first, second = ({name: draw(rng) for name, draw in legacy.items()} for _ in range(2))
        third = {name: draw(rng) for name, draw in new.items()}
        ledger.add(_differences(first, third), _differences(first, second))
    verdict = judge([ledger], rules)
    return {spot[0]: verdict(ledger, spot) for spot, count in ledger.spots.items() if count.raw}


def _differences(left: dict[str, Any], right: dict[str, Any]) -> list[Difference]:
    return [Difference("VALUE", name, name, left[name], right[name]) for name in left if left[name] != right[name]]


NOISY: dict[str, Draw] = {
    "id": uuid, "token": token, "node": node, "at": stamp, "number": lambda rng: rng.random(),
    "f30": flips(0.3), "f02": flips(0.02), "f60": flips(0.6), "constant": lambda _: "same",
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_noise_alone_raises_no_alarm(seed: int) -> None:
    found = run(seed, 250, NOISY, NOISY, NoiseRules())
    assert {name: one.why for name, one in found.items() if one.outcome != "noise"} == {}
    assert set(found) >= {"id", "token", "node", "at", "number", "f30", "f60"}


@pytest.mark.parametrize(
    ("name", "regressed", "is_shape"),
    [
        ("f30", flips(0.95), False),
        ("f02", flips(0.15), False),
        ("constant", lambda rng: "other" if rng.random() < 0.02 else "same", False),
        ("id", token, True),
        ("id", lambda rng: None, True),
        ("id", lambda rng: "00000000-0000-0000-0000-000000000000", True),
        ("at", lambda rng: stamp(rng).replace("T", " at "), True),
        ("at", lambda rng: rng.randrange(10**9), True),
        ("number", lambda rng: str(rng.random()), True),
        ("node", lambda rng: f"node-{rng.randrange(20)}", False),
    ],
)
def test_a_planted_regression_is_found(name: str, regressed: Draw, is_shape: bool) -> None:
    found = [run(seed, 350, NOISY, {**NOISY, name: regressed}, NoiseRules()) for seed in range(3)]
    assert [one[name].outcome for one in found] == ["differs"] * 3
    assert all(one[name].is_shape is is_shape for one in found)
    assert all(one.outcome == "noise" for each in found for other, one in each.items() if other != name)


def test_few_pairs_leave_a_rare_difference_open_and_decide_a_frequent_one() -> None:
    once = {"a": lambda rng: "b" if rng.random() < 0.15 else "a"}
    plain = {"a": lambda rng: "a"}
    rare = run(1, 20, plain, once, NoiseRules(least=50))
    assert rare["a"].outcome == "unsure"
    assert "50 are needed" in rare["a"].why
    assert run(1, 20, plain, once, NoiseRules(least=20))["a"].outcome == "differs"
    assert run(1, 20, plain, {"a": lambda rng: "b"}, NoiseRules(least=50))["a"].outcome == "differs"


def test_where_noise_is_not_measured_every_difference_counts() -> None:
    ledger = NoiseLedger()
    ledger.add([Difference("VALUE", "a", "a", 1, 2)], None)
    assert judge([ledger], NoiseRules(measured=False))(ledger, ("a", "VALUE")).outcome == "differs"


def test_a_field_that_is_gone_is_no_noise_however_noisy_its_value_is() -> None:
    ledger = NoiseLedger()
    for number in range(100):
        gone = Difference("MISSING_FIELD", "at", "at", number, None)
        ledger.add([gone], [Difference("VALUE", "at", "at", number, number + 1)])
    assert judge([ledger], NoiseRules())(ledger, ("at", "MISSING_FIELD")).outcome == "differs"


def test_many_noisy_paths_ask_for_more_than_one_does() -> None:
    assert strict_z(3.0, 1) == 3.0
    assert 3.5 < strict_z(3.0, 10) < 3.8
    assert strict_z(40.0, 10) == 40.0


@pytest.mark.parametrize(
    ("was", "now", "pairs", "outcome"),
    [(0, 1, 50, "differs"), (0, 1, 49, "unsure"), (30, 35, 100, "noise"), (30, 60, 100, "differs"), (100, 100, 100, "noise"),
     (60, 30, 100, "noise")],
)  # fmt: skip
def test_noise_of_an_earlier_run_is_weighed_as_two_shares(was: int, now: int, pairs: int, outcome: str) -> None:
    """``was`` of the pairs of legacy differed then; ``now`` of 100 requests differ between the sides."""
    ledger = NoiseLedger(learned=Learned(date(2026, 11, 20), pairs, {("a", "VALUE"): was} if was else {}))
    for number in range(100):
        ledger.add([Difference("VALUE", "a", "a", number, number + 1000)] if number < now else [], None)
    verdict = judge([ledger], NoiseRules())(ledger, ("a", "VALUE"))
    assert verdict.outcome == outcome
    assert "as learned on 2026-11-20" in verdict.why or outcome == "unsure"
    assert ledger.noisy == (("a",) if was else ())


def test_a_shape_that_changes_is_seen_under_noise_of_an_earlier_run() -> None:
    rng = random.Random(1)
    ledger = NoiseLedger(learned=Learned(date(2026, 11, 20), 60, {("id", "VALUE"): 60}))
    for _ in range(60):
        ledger.add([Difference("VALUE", "id", "id", uuid(rng), token(rng))], None)
    assert judge([ledger], NoiseRules())(ledger, ("id", "VALUE")).is_shape


def test_learned_noise_holds_counts_and_paths_alone() -> None:
    ledger = NoiseLedger()
    ledger.add([], [Difference("VALUE", "customer.*", "customer.*", "anna", "bert")])
    ledger.add([Difference("VALUE", "qty", "qty", 1, 2)], [])
    asked_once = NoiseLedger()
    asked_once.add([], None)
    learned = learned_of([("GET /a", ledger), ("GET /b", asked_once)], date(2026, 11, 20))
    data = as_data(learned)
    assert data == {"GET /a": {"at": "2026-11-20", "pairs": 2, "spots": [["customer.*", "VALUE", 1]]}}
    assert from_data(data) == learned


def test_names_without_end_fill_no_memory() -> None:
    ledger = NoiseLedger()
    for number in range(5000):
        ledger.add([Difference("VALUE", f"p{number}", "", 1, 2)], None)
    assert len(ledger.spots) <= 2001
    assert sum(count.raw for count in ledger.spots.values()) == 5000


@pytest.mark.parametrize(
    ("value", "expected"),
    [("123e4567-e89b-12d3-a456-426614174000", "uuid"), ("2026-11-21T10:00:00.5+01:00", "date-time"), ("2026-11-21", "date"),
     ("12345", "digits"), ("12,50", "decimal"), ("deadbeef", "hex"), ("SO12x", "letters and digits"), ("a-b_c=", "token"),
     ("a@b.example", "address"), ("https://x.example/a", "link"), ("", "empty"), ("two words", "text"), (1, "integer"),
     (1.5, "number"), (True, "boolean"), (None, "null"), ({}, "object"), ([], "array")],
)  # fmt: skip
def test_what_a_value_looks_like(value: Any, expected: str) -> None:
    assert shape(value) == expected


def test_a_narrower_shape_is_no_oddity() -> None:
    book = ShapeBook()
    for value in ("ab12", "zz99", "q1w2"):
        book.legacy.add(value)
    for _ in range(50):
        book.new.add("1234")
        book.new.add("beef")
    assert book.oddity(0.001) is None
