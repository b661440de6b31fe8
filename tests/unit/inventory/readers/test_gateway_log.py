"""Logs of gateways: consumers in clear, the service behind as the provider where it is known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retailctl.inventory.reading import Found
from retailctl.model.interface_key import HttpKey
from tests.unit.inventory.read import artefact, coverage, errors, kind_of, read, seen

SECRET = "s3cr3tVALUE99"


def call(**more: Any) -> str:
    record: dict[str, Any] = {
        "latencies": {"request": 21, "kong": 1, "proxy": 20},
        "service": {"host": "odoo.internal", "name": "orders", "port": 8069, "tags": ["shop"]},
        "request": {
            "querystring": {"apikey": SECRET}, "size": 138, "uri": f"/erp/orders/4711?apikey={SECRET}", "method": "GET",
            "url": f"https://api.example:8443/erp/orders/4711?apikey={SECRET}",
            "headers": {"host": "api.example", "user-agent": "okhttp/4.9", "apikey": SECRET, "authorization": "REDACTED"},
        },
        "client_ip": "10.1.2.3",
        "tries": [{"ip": "10.0.0.1", "port": 8069}],
        "upstream_uri": "/orders/4711",
        "response": {"status": 200, "size": 434, "headers": {"x": "y"}},
        "route": {"name": "orders-v1", "paths": ["/erp"]},
        "consumer": {"username": "pos-backend", "custom_id": "77", "id": "c-1"},
        "started_at": 1795187073123,
    }  # fmt: skip
    return json.dumps(record | more) + "\n"


def log(tmp_path: Path, *lines: str, **more: Any) -> list[Found]:
    return read(artefact(tmp_path, "kong.log", "".join(lines)), "gateway-log", **more)


def keys(found: list[Found]) -> list[tuple[str, str | None, str | None, int]]:
    return [
        (one.provider, one.key.method, one.key.address, one.figures["count"])
        for one in seen(found)
        if isinstance(one.key, HttpKey)
    ]


def test_a_call_as_the_gateway_saw_it(tmp_path: Path) -> None:
    one = artefact(tmp_path, "kong.log", call() + call(response={"status": 502}) + call(consumer=None))
    assert kind_of(one) == "gateway-log"
    found = read(one, "gateway-log")
    assert keys(found) == [("api.example", "GET", "/erp/orders/{id}", 3)]
    (call_,) = seen(found)
    named = [(each.name, each.identity, each.count) for each in call_.consumers]
    assert named[0] == ("pos-backend", "pos-backend", 2) and named[1][0].startswith("anon-")
    assert (call_.figures["errors"], call_.at) == (1, date(2026, 11, 20))
    assert [each.scope for each in coverage(found)] == ["api.example"]
    assert SECRET not in repr(found) and "10.1.2.3" not in repr(found) and errors(found) == []


@pytest.mark.parametrize("name", ["odoo.internal", "orders"])
def test_a_service_that_is_known_is_the_provider_of_the_path_behind(tmp_path: Path, name: str) -> None:
    assert keys(log(tmp_path, call(), known=lambda text: text == name)) == [(name, "GET", "/orders/{id}", 1)]


def test_without_a_host_the_service_is_named(tmp_path: Path) -> None:
    request = {"uri": "/erp/orders/1", "method": "GET", "headers": {}}
    assert keys(log(tmp_path, call(request=request))) == [("odoo.internal", "GET", "/orders/{id}", 1)]


def test_a_consumer_that_is_a_person_is_not_named(tmp_path: Path) -> None:
    found = log(tmp_path, call(consumer={"username": "anna@shop.example"}))
    assert "anna" not in repr(found)
    assert seen(found)[0].consumers[0].identity is not None


def test_lines_that_are_no_call(tmp_path: Path) -> None:
    found = log(tmp_path, call(), "2026/11/20 [warn] 1#0: reload\n", '{"request": {}}\n', call())
    assert keys(found)[0][3] == 2
    assert errors(found) == [
        "kong.log:2: is no gateway log line; 2 lines are not, this is the first; the others were used"
    ]
