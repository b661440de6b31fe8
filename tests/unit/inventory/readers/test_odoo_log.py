"""Server logs of Odoo: models and methods of 19, paths of 16 to 18, and records that are no request."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.reading import Found
from retailctl.model.interface_key import HttpKey, RpcKey
from tests.unit.inventory.read import artefact, coverage, errors, kind_of, read, seen

UUID = "6a1f7f9c-1111-4222-8333-444455556666"
WARNING = (
    "2026-11-20 16:04:33,154 24989 WARNING ? odoo.addons.rpc.controllers.jsonrpc: The /xmlrpc, /xmlrpc/2 and /jsonrpc "
    "endpoints are deprecated in Odoo 19 and scheduled for removal in Odoo 20. Please report it.\n"
    "Mute this logger: --log-handler odoo.addons.rpc.controllers.jsonrpc:ERROR\n"
    "https://example.test/documentation \n"
)
TRACEBACK = (
    "2026-11-20 16:04:35,001 24989 ERROR shop odoo.http: Exception during request handling.\n"
    "Traceback (most recent call last):\n"
    '  File "/opt/odoo/http.py", line 2100, in _serve_db\n'
    "    raise ValueError('POST /jsonrpc HTTP/1.1')\n"
    "ValueError: POST /jsonrpc HTTP/1.1\n"
)


def call(
    path: str,
    method: str = "POST",
    *,
    database: str = "shop",
    status: int = 200,
    client: str = "10.1.2.3",
    day: int = 20,
) -> str:
    return (
        f"2026-11-{day} 16:04:33,156 24989 INFO {database} werkzeug: {client} - - [{day}/Nov/2026 16:04:33] "
        f'"{method} {path} HTTP/1.1" {status} - 3 0.002 0.005\n'
    )


def log(tmp_path: Path, *lines: str, **more: Any) -> list[Found]:
    return read(artefact(tmp_path, "odoo.log", "".join(lines)), "odoo-log", **more)


def rpc(found: list[Found]) -> dict[tuple[str | None, str | None, str | None], dict[str, Any]]:
    return {
        (one.key.database, one.key.model, one.key.method): dict(one.figures)
        for one in seen(found)
        if isinstance(one.key, RpcKey)
    }


def http(found: list[Found]) -> dict[str, dict[str, Any]]:
    return {
        f"{one.key.method} {one.key.address}": dict(one.figures) for one in seen(found) if isinstance(one.key, HttpKey)
    }


def test_odoo_19_names_model_and_method_whatever_the_protocol(tmp_path: Path) -> None:
    rows = [
        WARNING, call("/jsonrpc#sale.order.search_read"), call("/xmlrpc/2/object#sale.order.search_read"),
        call("/xmlrpc/object#res.partner.write"), call("/json/2/sale.order/search_read", status=500),
        call("/json/2/sale.order/search_read", status=403), call("/json/2/no.such.model/search_read", status=404),
        TRACEBACK,
    ]  # fmt: skip
    one = artefact(tmp_path, "odoo.log", "".join(rows))
    assert kind_of(one) == "odoo-log"
    found = read(one, "odoo-log")
    assert errors(found) == []
    told = rpc(found)
    assert set(told) == {("shop", "sale.order", "search_read"), ("shop", "res.partner", "write")}
    mixed = told["shop", "sale.order", "search_read"]
    assert (mixed["count"], mixed["errors"], mixed["client_errors"], mixed["legacy_calls"]) == (4, 1, 1, 2)
    assert mixed["protocols"] == {"json2": 2, "jsonrpc": 1, "xmlrpc": 1} and mixed["transport"] in ("jsonrpc", "xmlrpc")
    legacy = told["shop", "res.partner", "write"]
    assert legacy["legacy_calls"] == 1 and "errors" not in legacy and legacy["transport"] == "xmlrpc"
    (server,) = seen(found, "system")
    assert server.name == "shop"
    assert server.figures == {"absent": 1, "calls": 5, "deprecation_warnings": 1}
    assert [(one.scope, one.window.start) for one in coverage(found) if one.window] == [("shop", date(2026, 11, 20))]


def test_before_19_there_are_paths_only(tmp_path: Path) -> None:
    rows = [
        call("/jsonrpc"), call("/jsonrpc", database="None"), call("/xmlrpc/2/object"),
        call("/web/login?redirect=x", "GET", database="?", status=303), call("/shop/cart/update_json"),
    ]  # fmt: skip
    told = http(log(tmp_path, *rows, system="erp"))
    assert {path: figures["count"] for path, figures in told.items()} == {
        "POST /jsonrpc": 2, "POST /xmlrpc/2/object": 1, "GET /web/login": 1, "POST /shop/cart/update_json": 1,
    }  # fmt: skip
    assert (told["POST /jsonrpc"]["legacy_calls"], told["POST /jsonrpc"]["databases"]) == (2, ["shop"])
    assert "errors" not in told["POST /jsonrpc"] and told["GET /web/login"]["errors"] == 0
    assert "legacy_calls" not in told["GET /web/login"]


def test_the_web_client_is_two_interfaces_and_not_hundreds(tmp_path: Path) -> None:
    rows = [call(f"/web/dataset/call_kw/x.model{n}/web_read") for n in range(40)]
    rows += [call("/web/dataset/call_button/sale.order/action_confirm"), call("/web/dataset/call_kw")]
    assert {path: figures["count"] for path, figures in http(log(tmp_path, *rows)).items()} == {
        "POST /web/dataset/call_kw/{model}/{method}": 41,
        "POST /web/dataset/call_button/{model}/{method}": 1,
    }


@pytest.mark.parametrize(
    ("databases", "system", "server", "aliases", "scopes"),
    [
        (("shop",), "", "shop", None, ["shop"]),
        (("shop", "?"), "", "shop", None, ["shop"]),
        (("shop", "test"), "", "odoo.log", None, ["odoo.log", "shop", "test"]),
        (("shop", "test"), "erp", "erp", ["shop", "test"], ["erp"]),
        (("?",), "", "odoo.log", None, ["odoo.log"]),
    ],
)
def test_what_the_server_is_called(
    tmp_path: Path, databases: tuple[str, ...], system: str, server: str, aliases: list[str] | None, scopes: list[str]
) -> None:
    found = log(tmp_path, *(call("/web/health", "GET", database=name) for name in databases), system=system)
    (one,) = seen(found, "system")
    assert (one.name, one.values.get("aliases")) == (server, aliases)
    assert [each.scope for each in coverage(found)] == scopes
    assert {each.provider for each in seen(found)} == {server}


def test_the_address_of_a_webhook_is_its_secret(tmp_path: Path) -> None:
    rows = [call(f"/web/hook/{UUID}"), call(f"/web/hook/{UUID}?x=1", "GET"), call("/web/hook/abc/def")]
    found = log(tmp_path, *rows)
    assert set(http(found)) == {"POST /web/hook", "GET /web/hook"}
    assert UUID not in repr(found) and "abc" not in repr(found)


@pytest.mark.parametrize(
    "prefix", ["odoo_1  | ", "Nov 20 16:04:33 erp1 odoo[812]: ", "2026-11-20T16:04:33.1Z stdout F "]
)
def test_what_containers_and_journals_put_in_front(tmp_path: Path, prefix: str) -> None:
    text = "".join(f"{prefix}{row}\n" for row in (call("/jsonrpc") + TRACEBACK + call("/jsonrpc")).splitlines())
    one = artefact(tmp_path, "odoo.log", text)
    assert kind_of(one) == "odoo-log"
    assert http(read(one, "odoo-log"))["POST /jsonrpc"]["count"] == 2


def test_a_head_full_of_traceback_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    raw = TRACEBACK.encode() + b"\xff\xfe caf\xe9\n" * 300 + call("/jsonrpc").encode()
    one = artefact(tmp_path, "odoo.log", raw)
    assert kind_of(one) == "odoo-log"
    found = read(one, "odoo-log")
    assert http(found)["POST /jsonrpc"]["count"] == 1 and errors(found) == []
    (only,) = [each for each in seen(found) if isinstance(each.key, HttpKey)]
    assert only.ref == "odoo.log#L306"


def test_callers_and_a_proxy_that_hides_them(tmp_path: Path) -> None:
    rows = [call("/json/2/sale.order/read", client="10.0.0.5", day=19), call("/json/2/sale.order/read", day=21)]
    found = log(tmp_path, *rows, known=lambda name: name == "10.0.0.5")
    (one,) = seen(found)
    assert next((each.name, each.first_seen, each.last_seen) for each in one.consumers) == (
        "10.0.0.5", date(2026, 11, 19), date(2026, 11, 19),
    )  # fmt: skip
    assert one.consumers[1].name.startswith("anon-") and "10.1.2.3" not in repr(found)
    (server,) = seen(log(tmp_path, call("/web/health", "GET", client="127.0.0.1")), "system")
    assert server.figures["behind_proxy"] is True


def test_contracts_of_the_server_are_known_to_its_log_too(tmp_path: Path) -> None:
    known = PathTemplates([("erp", "/api/orders/{number}")])
    assert set(http(log(tmp_path, call("/api/orders/SO1"), system="erp", templates=known))) == {
        "POST /api/orders/{number}"
    }


@pytest.mark.parametrize("text", ["", TRACEBACK, "2026-11-20 16:04:33,156 1 INFO ? odoo.modules: 1 module loaded\n"])
def test_a_log_without_a_request_says_what_to_change(tmp_path: Path, text: str) -> None:
    found = log(tmp_path, text)
    assert len(found) == 1 and "no line is a request in an Odoo server log" in errors(found)[0]


def test_other_python_logs_are_not_taken_for_one(tmp_path: Path) -> None:
    text = "2026-11-20 16:04:33,156 1 INFO main app.jobs: started\n" * 5
    assert kind_of(artefact(tmp_path, "app.log", text)) == ""
