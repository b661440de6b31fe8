"""Ids that each side makes: learned from answers, put into later requests, and no difference in bodies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retailctl.model.http_exchange import HttpAnswer, HttpRequest
from retailctl.model.replay_plan import Correlation
from retailctl.parallel.replay.answers import Comparer
from retailctl.parallel.replay.correlate import Aliases, values_at
from retailctl.parallel.replay.rules import DiffRules, PathRule, Tolerance, make_rules


def answer(body: Any, **headers: str) -> HttpAnswer:
    return HttpAnswer(
        200, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()
    )


def learned(*into: str) -> Aliases:
    aliases = Aliases([Correlation(path="order.id", into=into)])
    aliases.learn(answer({"order": {"id": 17}}), answer({"order": {"id": "n-9001"}}), b'{"order": {"id": "rec 1"}}')
    return aliases


@pytest.mark.parametrize(
    ("into", "request_", "legacy", "new"),
    [
        ("path", HttpRequest("GET", "/orders/17/lines?x=17"), "/orders/17/lines?x=17", "/orders/n-9001/lines?x=17"),
        ("path", HttpRequest("GET", "/orders/rec%201"), "/orders/17", "/orders/n-9001"),
        ("query", HttpRequest("GET", "/o?a=17&b=17"), "/o?a=17&b=17", "/o?a=n-9001&b=n-9001"),
        ("query.b", HttpRequest("GET", "/o?a=17&b=17"), "/o?a=17&b=17", "/o?a=17&b=n-9001"),
        ("query.b", HttpRequest("GET", "/o?b"), "/o?b", "/o?b"),
    ],
)
def test_each_side_is_asked_with_its_own_id(into: str, request_: HttpRequest, legacy: str, new: str) -> None:
    aliases = learned(into)
    assert (aliases.rewrite(request_, "legacy").target, aliases.rewrite(request_, "new").target) == (legacy, new)


def test_ids_in_bodies_and_headers() -> None:
    body = b'{"order_id": 17, "lines": [{"order_id": 17}], "qty": 17}'
    request = HttpRequest("POST", "/", (("x-order", "17"),), body)
    made = learned("body.order_id", "body.lines[].order_id", "header.X-Order").rewrite(request, "new")
    assert json.loads(made.body) == {"order_id": "n-9001", "lines": [{"order_id": "n-9001"}], "qty": 17}
    assert made.headers == (("x-order", "n-9001"),)
    assert learned("body").rewrite(HttpRequest("POST", "/", (), b"not JSON 17"), "new").body == b"not JSON 17"
    deep = b"[" * 900 + b"17" + b"]" * 900
    assert learned("body").rewrite(HttpRequest("POST", "/", (), deep), "new").body == deep


def test_two_names_of_one_thing_are_no_difference() -> None:
    comparer = Comparer(DiffRules(), aliases=learned("path"))
    assert comparer.against_new(answer({"ref": 17}), answer({"ref": "n-9001"})) == []
    assert len(comparer.against_new(answer({"ref": 18}), answer({"ref": "n-9001"}))) == 1
    assert len(comparer.against_itself(answer({"ref": 17}), answer({"ref": "n-9001"}))) == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [("order.id", [1]), ("lines[].id", [2, 3]), ("grid[][]", [4, 5]), ("order", []), ("none.id", []), ("flag", [])],
)
def test_values_at_a_path(path: str, expected: list[Any]) -> None:
    tree = {"order": {"id": 1}, "lines": [{"id": 2}, {"id": 3}, {}, 7], "grid": [[4], [5]], "flag": True}
    assert values_at(tree, path) == expected


@pytest.mark.parametrize(
    ("legacy", "new", "paths"),
    [
        (answer({}, content_type="application/json"), answer({}, content_type="Application/JSON; charset=utf-8"), []),
        (answer({}, content_type="application/json"), answer({}, content_type="text/html"), ["(header) content-type"]),
        (answer({}, location="http://a/x"), answer({}, location="http://b/x"), []),
        (answer({}, location="http://a/x"), answer({}, location="http://b/y"), ["(header) location"]),
        (answer({}, location="x"), answer({}), ["(header) location"]),
        (answer({"a": 1}), HttpAnswer(500, {}, b"oops"), ["(status)"]),
        (answer({"u": "see http://a/x"}), answer({"u": "see http://b/x"}), []),
        (answer({"near": 1.00}), answer({"near": 1.01}), []),
        (answer({"near": 1.00}), answer({"near": 1.02}), ["near"]),
        (answer({"near": "1.00"}), answer({"near": "1.01"}), []),
        (answer({"near": "1.00"}), answer({"near": 1.00}), ["near"]),
    ],
)
def test_status_headers_and_bodies(legacy: HttpAnswer, new: HttpAnswer, paths: list[str]) -> None:
    from decimal import Decimal

    rules = make_rules({"near": PathRule(tolerance=Tolerance("abs", Decimal("0.01")))})
    comparer = Comparer(rules, ("content-type", "location"), ("http://a", "http://b"))
    assert [one.path for one in comparer.against_new(legacy, new)] == paths
