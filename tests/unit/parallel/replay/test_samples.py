"""Whatever two services answer: no exception, and no text of an answer in what is said of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.model.http_exchange import HttpAnswer, HttpRequest, RecordedRequest
from retailctl.parallel.replay.answers import Comparer
from retailctl.parallel.replay.collect import Collector
from retailctl.parallel.replay.noise import NoiseRules, judge
from retailctl.parallel.replay.routes import Routed
from retailctl.parallel.replay.rules import DiffRules, PathRule, make_rules
from retailctl.parallel.replay.run import Exchange
from retailctl.parallel.replay.samples import Masker, Pseudonyms

ROUTED = Routed(RecordedRequest(1, 1, HttpRequest("GET", "/")), "GET /", None)
SECRET = "Żółć-4711"
VALUE = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=6), st.just(SECRET),
        st.sampled_from(["2026-11-20T10:00:00Z", "12.50", "0", "", "\ud800", 10**30, -0.0]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "b", SECRET, "\ud800", ""]), inner, max_size=4)
    ),
    max_leaves=10,
)  # fmt: skip


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


BODY = st.one_of(VALUE.map(encoded), st.binary(max_size=12), VALUE.map(lambda value: encoded(value)[:-1] + b" "))


def collected(rules: DiffRules, *exchanges: tuple[bytes, bytes, bytes]) -> Collector:
    comparer = Comparer(rules, ("content-type",), ("http://a", "http://b"))
    collector = Collector(comparer, Masker(rules, Pseudonyms(b"k" * 32)))
    for bodies in exchanges:
        legacy, new, again = (HttpAnswer(200, {"content-type": SECRET}, body) for body in bodies)
        collector.take(Exchange(ROUTED, legacy, new, again))
    return collector


@given(st.lists(st.tuples(BODY, BODY, BODY), max_size=3))
@settings(max_examples=150)
def test_any_answers_are_counted_and_none_is_quoted(exchanges: list[tuple[bytes, bytes, bytes]]) -> None:
    collector = collected(DiffRules(), *exchanges)
    for route in collector.routes.values():
        verdict = judge([route.ledger], NoiseRules())
        told = [row.text for samples in route.samples.values() for row in samples.rows]
        told += [verdict(route.ledger, spot).why for spot in route.ledger.spots]
        assert route.compared == len(exchanges)
        assert not [text for text in told if "4711" in text or SECRET in text]
        assert all(text.isprintable() for text in told)


@pytest.mark.parametrize(
    ("legacy", "new", "rule", "text"),
    [
        ("anna", "berta", PathRule(), "v: legacy p:2dadd6a44590d38a, new p:"),
        ("anna", None, PathRule(), "v: legacy p:2dadd6a44590d38a, new null"),
        (12.5, 12.51, PathRule(), "v: legacy a number, new a number (ROUNDING)"),
        (True, False, PathRule(), "v: legacy a boolean, new a boolean"),
        (7, 8, PathRule(is_shown=True), "v: legacy 7, new 8"),
        ("a\x1b[2J", "b" * 200, PathRule(is_shown=True), "v: legacy a\\x1b[2J, new " + "b" * 80 + "…"),
        ([1], {"a": 1}, PathRule(is_shown=True), "v: legacy a list, new an object"),
    ],
)
def test_what_is_said_of_a_difference(legacy: Any, new: Any, rule: PathRule, text: str) -> None:
    rules = make_rules({"v": rule})
    collector = collected(rules, (encoded({"v": legacy}), encoded({"v": new}), encoded({"v": legacy})))
    (sample,) = (row for samples in collector.routes["GET /"].samples.values() for row in samples.rows)
    assert sample.text.startswith(text)


def test_what_is_dropped_has_no_sample_but_is_counted() -> None:
    rules = make_rules({"v": PathRule(is_dropped=True)})
    collector = collected(rules, (b'{"v": 1}', b'{"v": 2}', b'{"v": 1}'))
    (samples,) = collector.routes["GET /"].samples.values()
    assert (samples.rows, samples.classes) == ([], {"VALUE": 1})


def test_the_first_requests_are_the_samples_whoever_comes_first() -> None:
    rules = DiffRules()
    collector = Collector(Comparer(rules), Masker(rules, Pseudonyms(b"k" * 32)))
    for number in (9, 4, 7, 1, 8):
        routed = Routed(RecordedRequest(number, number, HttpRequest("GET", "/")), "GET /", None)
        collector.take(Exchange(routed, HttpAnswer(200, {}, b"[1]"), HttpAnswer(200, {}, b"[2]")))
    (samples,) = collector.routes["GET /"].samples.values()
    assert [row.number for row in samples.rows] == [1, 4, 7]
