"""Sightings of webhooks, connector frameworks, mail and terminals: key, direction, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.inventory.odoo.records import OdooRecords
from retailctl.inventory.odoo.seen import found
from retailctl.model.interface_key import canonical
from retailctl.model.seen import Seen
from tests.support.odoo_estate import MARK, READING, at, healthy, records, seen

USER = [6, "WMS"]


def given_rows(model: str, *rows: dict[str, Any], **more: list[dict[str, Any]]) -> OdooRecords:
    return records(healthy() | {model: list(rows)} | more)


def key_of(one: Seen) -> dict[str, str]:
    assert one.key is not None
    return dict(canonical(one.key))


@pytest.mark.parametrize(
    ("model", "row", "key", "told"),
    [
        (
            "webservice.backend",
            {"id": 1, "url": f"https://bob:{MARK}@edi.example/as2/in?token={MARK}", "auth_type": "api_key"},
            {"protocol": "http", "provider": "edi.example", "address": "/as2/in"},
            {"mechanism": "webservice", "odoo_calls": True, "sign_in": "api_key"},
        ),
        (
            "edi.exchange.type",
            {"id": 2, "code": "ORDERS", "direction": "input", "exchange_file_ext": "xml", "active": True},
            {"protocol": "edi", "receiver": "erp.shop.example", "message": "ORDERS"},
            {"mechanism": "edi", "exchange": "input"},
        ),
        (
            "fastapi.endpoint",
            {"id": 3, "app": "shop", "root_path": "/shop/v1", "user_id": USER, "active": True},
            {"protocol": "http", "provider": "erp.shop.example", "address": "/shop/v1"},
            {"mechanism": "rest", "runs_as": "res.users:6", "prefix": True},
        ),
        (
            "queue.job.function",
            {"id": 4, "name": "sale.order.export_record"},
            {"protocol": "cron", "provider": "erp.shop.example", "host": "erp.shop.example",
             "unit": "sale.order.export_record"},
            {"mechanism": "queue"},
        ),
        (
            "queue.job.function",
            {"id": 5, "name": "<sale.order>.export_record"},
            {"protocol": "cron", "provider": "erp.shop.example", "host": "erp.shop.example",
             "unit": "sale.order.export_record"},
            {},
        ),
        (
            "pos.printer",
            {"id": 6, "printer_type": "epson_epos", "proxy_ip": False, "epson_printer_ip": "10.1.0.9"},
            {"protocol": "http", "provider": "10.1.0.9"},
            {"mechanism": "terminal"},
        ),
        (
            "iap.account",
            {"id": 7, "service_name": "sms"},
            {"protocol": "http", "provider": "iap.odoo.com", "address": "/sms"},
            {"mechanism": "iap"},
        ),
        (
            "fetchmail.server",
            {"id": 8, "server": "pop.example", "server_type": "pop", "is_ssl": False, "port": 110, "state": "done",
             "date": "2026-11-20 15:00:00"},
            {"protocol": "smtp", "provider": "pop.example", "host": "pop.example", "mailbox": "shop:fetchmail.server:8"},
            {"mechanism": "mail", "mailbox_state": "fetches"},
        ),
    ],
)  # fmt: skip
def test_a_record_becomes_an_interface(
    model: str, row: dict[str, Any], key: dict[str, str], told: dict[str, Any]
) -> None:
    (one,) = (one for one in at(given_rows(model, row), model, row["id"]) if one.kind == "interface")
    assert key_of(one) == key
    assert told.items() <= one.figures.items()
    assert MARK not in repr(one)


def test_failures_are_counted_where_their_model_was_read() -> None:
    rows = {
        "edi.exchange.record": [{"id": 1, "type_id": [2, "x"], "edi_exchange_state": "input_processed_error"}],
        "queue.job": [
            {"id": 1, "model_name": "sale.order", "method_name": "export_record", "state": "failed"},
            {"id": 2, "model_name": "sale.order", "method_name": "export_record", "state": "done"},
        ],
        "queue.job.function": [{"id": 4, "name": "sale.order.export_record"}],
    }
    told = given_rows("edi.exchange.type", {"id": 2, "code": "ORDERS", "direction": "input"}, **rows)
    assert at(told, "edi.exchange.type", 2)[0].figures["failures"] == 1
    assert at(told, "queue.job.function", 4)[0].figures["failures"] == 1
    blind = given_rows("edi.exchange.type", {"id": 2, "code": "ORDERS", "direction": "input"})
    assert "failures" not in at(blind, "edi.exchange.type", 2)[0].figures


def test_a_stored_key_is_a_credential_in_clear() -> None:
    (one,) = at(given_rows("auth.api.key", {"id": 1, "name": MARK, "user_id": USER}), "auth.api.key", 1)
    assert (one.kind, one.values["vault"]) == ("credential", "none") and MARK not in repr(one)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://mw.example/api/v1/orders", "/api/v1/orders"),
        ("https://mw.example/hooks/T0/B0/abc", r"/hooks/~"),
        ("https://mw.example", None),
    ],
)
def test_of_an_outbound_webhook_only_words_of_the_path_are_shown(url: str, address: str | None) -> None:
    told = given_rows(
        "ir.actions.server", {"id": 1, "state": "webhook", "usage": "base_automation", "webhook_url": url}
    )
    (one,) = at(told, "ir.actions.server", 1)
    shown = key_of(one).get("address", "")
    assert shown.startswith(address or "/") and "abc" not in shown
    assert one.figures["fire_and_forget"] is True and key_of(one)["method"] == "POST"


def test_two_webhooks_at_one_host_stay_two() -> None:
    urls = ("https://mw.example/h/aaaa", "https://mw.example/h/bbbbb")
    rows = [
        {"id": number, "state": "webhook", "usage": "base_automation", "webhook_url": url}
        for number, url in enumerate(urls, 1)
    ]
    told = given_rows("ir.actions.server", *rows)
    assert key_of(at(told, "ir.actions.server", 1)[0]) != key_of(at(told, "ir.actions.server", 2)[0])


def test_an_inbound_webhook_never_shows_its_uuid() -> None:
    row = {"id": 9, "trigger": "on_webhook", "active": True, "url": f"https://x/web/hook/{MARK}", "webhook_uuid": MARK}
    (one,) = at(given_rows("base.automation", row), "base.automation", 9)
    assert key_of(one)["address"] == "/web/hook/shop:base.automation:9" and MARK not in repr(one)


def test_the_name_of_the_system_is_that_of_its_host_or_as_the_user_says() -> None:
    from dataclasses import replace

    given_ = records(healthy())
    assert seen(given_)[0].name == "erp.shop.example"
    assert seen(replace(given_, url="http://127.0.0.1:8069"))[0].name == "shop"
    named = [one for one in found(given_, replace(READING, system="odoo-prod")) if isinstance(one, Seen)]
    assert named[0].name == "odoo-prod"


_SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=12),
    st.lists(st.one_of(st.integers(), st.text(max_size=3)), max_size=3), st.dictionaries(st.text(max_size=3), st.none()),
)  # fmt: skip


@given(st.data())
def test_no_value_of_a_record_makes_it_fail(data: st.DataObject) -> None:
    rows = healthy()
    model = data.draw(st.sampled_from(sorted(rows)))
    if rows[model]:
        row = data.draw(st.sampled_from(rows[model]))
        changed = {name: data.draw(_SCALAR) for name in data.draw(st.sets(st.sampled_from(sorted(row)), max_size=3))}
        rows[model] = [*rows[model], row | changed]
    assert list(found(records(rows), READING))


def test_the_order_of_rows_changes_nothing() -> None:
    rows = healthy()
    turned = {model: list(reversed(some)) for model, some in rows.items()}
    assert sorted(map(repr, seen(records(rows)))) == sorted(map(repr, seen(records(turned))))


@pytest.mark.parametrize(
    ("host", "encryption", "endpoints"),
    [
        ("relay.example", "none", ["smtp://relay.example"]),
        ("relay.example", "starttls_strict", ["smtp+starttls://relay.example"]),
        ("relay.example", "ssl", ["smtps://relay.example:25"]),
        ("relay.example", "cli", []),
        ("localhost", "none", []),
    ],
)
def test_a_mail_relay_is_as_safe_as_its_encryption(host: str, encryption: str, endpoints: list[str]) -> None:
    row = {"id": 1, "smtp_host": host, "smtp_port": 25, "smtp_encryption": encryption, "active": True}
    (one,) = at(given_rows("ir.mail_server", row), "ir.mail_server", 1)
    assert [endpoint["url"] for endpoint in one.values.get("endpoints", ())] == endpoints
