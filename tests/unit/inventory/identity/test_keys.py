"""Canonical keys: what counts as the same interface, protocol by protocol."""

from __future__ import annotations

import pytest

from retailctl.inventory.identity.keys import Canonical, canonical_key, major, template
from retailctl.model.interface_key import (
    EdiKey,
    EventKey,
    FileKey,
    HttpKey,
    InterfaceKey,
    JobKey,
    MailKey,
    RpcKey,
    SqlKey,
)

SYSTEMS = {"erp.shop.example": "odoo", "shop_prod": "odoo", "mq:5671": "rabbitmq", "db1": "odoo"}


def known(name: str) -> str:
    return SYSTEMS.get(name, name)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (HttpKey(protocol="http", provider="erp.shop.example", method="get", address="/api/v2/orders/{id}/"),
         Canonical("http", ("odoo", "GET", "/api/v2/orders/{}"), "v2")),
        (HttpKey(protocol="http", provider="erp.shop.example", method="GET", address="/api/orders/:order?x=1", version="2"),
         Canonical("http", ("odoo", "GET", "/api/orders/{}"), "v2")),
        (HttpKey(protocol="http", provider="erp.shop.example", address="/api/<int:id>"),
         Canonical("http", ("odoo", "", "/api/{}"))),
        (HttpKey(protocol="soap", provider="erp.shop.example", method="ImportOrder", address="/soap"),
         Canonical("soap", ("odoo", "ImportOrder", "/soap"))),
        (EventKey(protocol="amqp", cluster="mq:5671", exchange="order", routing_key="order.confirmed.v1", type="x"),
         Canonical("amqp", ("rabbitmq", "order", "order.confirmed.v1", ""))),
        (EventKey(protocol="amqp", cluster="mq:5671", queue="q.wms.orders"), Canonical("queue", ("rabbitmq", "q.wms.orders"))),
        (EventKey(protocol="kafka", cluster="prod", topic="orders"), Canonical("kafka", ("prod", "orders", "", ""))),
        (EdiKey(protocol="edi", sender="14:1", receiver="14:2", message="orders  d96a EAN008"),
         Canonical("edi", ("14:1", "14:2", "ORDERS D96A EAN008"))),
        (FileKey(protocol="sftp", host="erp.shop.example", directory="in/", pattern="*.csv"),
         Canonical("file", ("odoo", "/in", "*.csv"))),
        (SqlKey(protocol="sql", database="db1/prod", table="public.stock", access="read"),
         Canonical("sql", ("odoo", "prod", "public.stock", "read"))),
        (RpcKey(protocol="rpc", database="shop_prod", model="sale.order", method="search_read"),
         Canonical("rpc", ("odoo", "sale.order", "search_read"))),
        (JobKey(protocol="cron", host="erp.shop.example", unit="backup"), Canonical("job", ("odoo", "backup"))),
        (MailKey(protocol="smtp", host="mx", mailbox="Orders"), Canonical("mail", ("mx", "orders"))),
    ],
)  # fmt: skip
def test_every_protocol_has_one_form(key: InterfaceKey, expected: Canonical) -> None:
    assert canonical_key(key, "", known) == expected


def test_a_key_that_says_nothing_is_none() -> None:
    assert canonical_key(HttpKey(protocol="http", provider="odoo"), "", known) is None
    assert canonical_key(EdiKey(protocol="edi"), "", known) is None


def test_the_provider_that_is_given_holds_over_the_key() -> None:
    key = HttpKey(protocol="http", provider="gateway", method="GET", address="/x")
    assert canonical_key(key, "wms", known) == Canonical("http", ("wms", "GET", "/x"))


@pytest.mark.parametrize(
    ("version", "path", "expected"),
    [("v1", "", "v1"), ("1.4.2", "", "v1"), ("V02", "", "v2"), (None, "/api/v3/x", "v3"), (None, "/api", ""),
     ("2024-10", "/api", "2024-10"), (None, "/apiv3/x", "")],
)  # fmt: skip
def test_a_major_version_comes_from_what_is_said(version: str | None, path: str, expected: str) -> None:
    assert major(version, path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/a/{b}/c/", "/a/{}/c"), ("a//b", "/a/b"), ("/a?b=/c", "/a"), ("/", "/"), ("/a/${id}", "/a/{}"), ("/f/:id.json", "/f/{}.json")],
)  # fmt: skip
def test_parameters_have_no_name(path: str, expected: str) -> None:
    assert template(path) == expected
