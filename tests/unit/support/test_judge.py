"""The judge against cases that are plain to see."""

from __future__ import annotations

import pytest

from tests.support.judge import Judge, Position
from tests.support.texts import fixture

_PLACE = Position("POST /commerce/v2/orders", "in", "body application/json")
_LINE = {"sku": "SKU-1", "quantity": 1}
_ORDER = {"customer": "C", "currency": "EUR", "lines": [_LINE]}
_MONEY = {"amount": 1, "currency": "EUR"}
_READ = {"status": "paid", "customer": "C", "total": _MONEY, "lines": []}


@pytest.mark.parametrize(("instance", "accepted"), [
    (_ORDER, True),
    ({**_ORDER, "currency": "USD"}, False),
    ({**_ORDER, "lines": []}, False),
    ({**_ORDER, "lines": [{**_LINE, "more": 1}]}, False),
    ({**_ORDER, "lines": [{**_LINE, "gift_note": None}]}, True),
    ({**_ORDER, "coupon": None}, True),
    ({**_ORDER, "customer": None}, False),
])  # fmt: skip
def test_bodies_of_3_0(instance: object, accepted: bool) -> None:
    assert Judge(fixture("orders")).accepts(_PLACE, instance) is accepted


@pytest.mark.parametrize(("instance", "accepted"), [
    ({**_READ, "id": "1"}, True),
    (_READ, False),
    ({**_READ, "id": "1", "tax": None}, True),
    ({**_READ, "id": "1", "total": {**_MONEY, "amount": 0}}, False),
    ({**_READ, "id": "1", "lines": [{"sku": "a", "quantity": 1, "price": _MONEY}]}, False),
])  # fmt: skip
def test_responses_carry_what_is_read_only(instance: object, accepted: bool) -> None:
    position = Position("GET /commerce/v2/orders/{}", "out", "200 application/json")
    assert Judge(fixture("orders")).accepts(position, instance) is accepted


def test_what_is_read_only_is_not_asked_of_a_request() -> None:
    body = Position("POST /stock-service/api/items/{}/movements", "in", "body application/json")
    assert Judge(fixture("stock")).accepts(body, {"type": "receipt", "delivery": "D-10", "quantity": 1})
    assert not Judge(fixture("stock")).accepts(body, {"type": "receipt", "quantity": 1})


def test_webhooks_flow_the_other_way() -> None:
    settled = Position("POST settled", "out", "body application/json")
    amount = {"value": 1, "currency": "EUR"}
    assert Judge(fixture("payments")).accepts(settled, {"payments": ["1"], "total": amount})
    assert not Judge(fixture("payments")).accepts(settled, {"payments": [], "total": amount})


def test_the_parts_of_the_newest_version() -> None:
    judge = Judge(fixture("feeds"))
    assert judge.accepts(Position("GET /feeds/events", "out", "200 text/event-stream items"),
                         {"data": {"sequence": 1, "of": {"sku": "a", "level": 1}}})  # fmt: skip
    assert not judge.accepts(Position("GET /feeds/prices", "in",
                                      "querystring search application/x-www-form-urlencoded"), {"sku": "a"})  # fmt: skip
    assert judge.accepts(Position("PURGE /feeds/prices", "in", "query before"), "2026-01-01")
    assert Position("QUERY /feeds/prices", "in", "body application/json") in judge.positions
