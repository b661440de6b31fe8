"""Which entry something seen belongs to: the merge order of estate.md section 3, case by case."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from retailctl.inventory.assemble import estate_of
from retailctl.inventory.identity.entries import entries
from retailctl.inventory.identity.groups import Grouped, group
from retailctl.inventory.identity.suggest import suggest
from retailctl.model.interface_key import EdiKey, EventKey, FileKey, HttpKey, InterfaceKey, SqlKey
from retailctl.model.seen import Seen, SeenConsumer

DAY = date(2026, 11, 20)
ESTATE = estate_of(
    {
        "systems": [{"id": "odoo", "aliases": ["erp.example"]}, {"id": "wms"}, {"id": "odoo-test", "aliases": ["erp.test.example"]}],
        "credentials": [{"id": "svc-wms", "name": "WMS account"}],
        "events": [{"id": "order.confirmed", "channel": "amqps://wms/order/order.confirmed.v1"}],
        "interfaces": [
            {"id": "if-orders", "provider": "odoo", "key": {"protocol": "http", "provider": "odoo", "method": "GET", "address": "/api/orders/{id}", "version": "v1"},
             "endpoints": [{"url": "https://erp.test.example/api/orders/{id}", "environment": "test"}]},
            {"id": "if-search", "provider": "odoo", "key": {"protocol": "http", "provider": "odoo", "method": "GET", "address": "/api/orders/search", "version": "v1"}},
            {"id": "if-create", "provider": "odoo", "key": {"protocol": "http", "provider": "odoo", "method": "POST", "address": "/api/orders", "version": "v1"}},
            {"id": "if-edi", "key": {"protocol": "edi", "sender": "14:1", "receiver": "14:*", "message": "ORDERS D96A EAN008"}},
            {"id": "if-files", "key": {"protocol": "sftp", "host": "wms", "directory": "/out", "pattern": "STOCK_*.csv"}},
            {"id": "if-db", "key": {"protocol": "sql", "provider": "odoo", "database": "erp.example/prod", "table": "public.stock", "access": "read"}},
        ],
    }
)  # fmt: skip


def http(address: str, method: str = "GET", provider: str = "erp.example", version: str | None = None) -> HttpKey:
    return HttpKey(protocol="http", provider=provider, method=method or None, address=address, version=version)


def seen(key: InterfaceKey | None, source: str = "access-log", line: int = 1, **more: Any) -> Seen:
    return Seen(source=source, ref=f"{source}/file#L{line}", key=key, at=DAY, **more)


def grouped(*ones: Seen, lock: dict[str, str] | None = None, merged: dict[str, str] | None = None) -> Grouped:
    return group(ones, ESTATE, lock=lock or {}, merged=merged or {})


def ids(result: Grouped, kind: str = "interface") -> list[str]:
    return sorted(id_ for of, id_ in result.groups if of == kind)


@pytest.mark.parametrize(
    ("key", "id_", "sure"),
    [
        (http("/api/orders/{number}", version="v1"), "if-orders", 1.0),
        (http("/api/orders/4711"), "if-orders", 0.9),
        (http("/api/orders/search"), "if-search", 1.0),
        (http("/api/orders", "POST"), "if-create", 1.0),
        (EdiKey(protocol="edi", sender="14:1", receiver="14:88", message="ORDERS D96A EAN008"), "if-edi", 0.9),
        (FileKey(protocol="sftp", host="wms", directory="/out/", pattern="STOCK_20261120.csv"), "if-files", 0.9),
        (SqlKey(protocol="sql", provider="erp.example", database="erp.example/prod"), "if-db", 0.8),
    ],
)
def test_what_fits_the_inventory_belongs_to_it(key: InterfaceKey, id_: str, sure: float) -> None:
    result = grouped(seen(key))
    assert ids(result) == [id_]
    assert [known.sure for known in result.groups["interface", id_].known] == [sure]


@pytest.mark.parametrize(
    "key",
    [
        http("/api/orders/4711", "DELETE"),  # another method
        http("/api/orders/4711", provider="wms"),  # another provider
        http("/api/orders/{id}", version="v2"),  # another major
        http("/api/invoices/1"),
        EdiKey(protocol="edi", sender="14:2", receiver="14:88", message="ORDERS D96A EAN008"),
        FileKey(protocol="sftp", host="wms", directory="/in", pattern="STOCK_1.csv"),
    ],
)
def test_what_differs_in_a_column_is_another_interface(key: InterfaceKey) -> None:
    found = ids(grouped(seen(key)))
    assert len(found) == 1 and not set(found) & set(ESTATE.of("interface"))


def test_an_endpoint_tells_the_environment() -> None:
    result = grouped(seen(http("/api/orders/1", provider="erp.test.example")))
    assert ids(result) == ["if-orders"]
    assert result.groups["interface", "if-orders"].known[0].environment == "test"


def test_a_prefix_is_about_everything_below_it() -> None:
    assert ids(grouped(seen(http("/api/orders", ""), figures={"prefix": True}))) == [
        "if-create",
        "if-orders",
        "if-search",
    ]


def test_equal_names_are_not_enough() -> None:
    one = seen(http("/x"), name="Orders")
    two = seen(http("/y"), name="Orders", line=2)
    three = seen(None, "register", name="Orders", provider="wms")
    assert len(ids(grouped(one, two, three))) == 3


def test_an_id_in_a_register_is_an_identity() -> None:
    assert ids(grouped(seen(None, "register", name="if-orders"))) == ["if-orders"]


def test_a_source_without_a_version_joins_the_only_one() -> None:
    contract = seen(http("/new/{a}", version="v3"), "openapi")
    log = seen(http("/new/{b}"))
    both = grouped(contract, log)
    assert len(ids(both)) == 1
    alone = grouped(log, lock=both.keys)
    assert ids(alone) == ids(both), "the id stays when the contract is not in the scan"
    other = seen(http("/new/{a}", version="v4"), "openapi", line=2)
    assert len(ids(grouped(contract, other, log))) == 3


def test_a_decision_of_a_person_merges() -> None:
    stranger = seen(http("/legacy/order"))
    (observed,) = ids(grouped(stranger))
    assert ids(grouped(stranger, merged={observed: "if-orders"})) == ["if-orders"]


def test_loopback_is_not_one_system() -> None:
    one = Seen(source="compose", ref="a.yml#L1", key=http("/x", provider="localhost:8080"))
    two = Seen(source="compose", ref="b.yml#L1", key=http("/x", provider="localhost:8080"))
    assert len(ids(grouped(one, two))) == 2


def test_an_event_is_known_by_its_channel() -> None:
    key = EventKey(protocol="amqp", cluster="wms", exchange="order", routing_key="order.confirmed.v1")
    assert ids(grouped(Seen(source="rabbitmq", ref="d.json#L1", kind="event", key=key)), "event") == ["order.confirmed"]


def test_a_secret_proves_that_two_names_are_one() -> None:
    def credential(name: str, line: int, secret: str = "hmac:k:1") -> Seen:
        return Seen(source="n8n", ref=f"w.json#L{line}", kind="credential", name=name, secret=secret, provider="wms")

    assert len(ids(grouped(credential("a", 1), credential("b", 2)), "credential")) == 1
    assert len(ids(grouped(credential("a", 1), credential("a", 2, "hmac:k:2")), "credential")) == 2
    assert ids(grouped(credential("WMS account", 1), credential("svc-wms", 2)), "credential") == ["svc-wms"]


def test_clients_without_a_name_are_counted_and_not_listed() -> None:
    consumers = tuple(SeenConsumer(name=f"anon-{n}") for n in range(9))
    made = entries(grouped(seen(http("/api/orders/1"), consumers=consumers)), ESTATE, DAY)["access-log"]
    (entry,) = made["interfaces"]
    assert entry["consumers"] == [{"system": "unknown-clients"}]
    assert entry["sightings"][0]["fields"] == {"unknown_clients": 9}
    assert [row["id"] for row in made["systems"]] == ["unknown-clients"]


def test_a_declared_entry_gets_sightings_only() -> None:
    made = entries(grouped(seen(http("/api/orders/1"), values={"owner": "team-x", "mode": "sync"})), ESTATE, DAY)
    assert set(made["access-log"]["interfaces"][0]) == {"id", "sightings"}


def test_an_observed_entry_has_what_the_vocabulary_has() -> None:
    values = {"mode": "sync", "lifecycle": "in production", "resilience.retry.max": 3, "domain": "nobody's"}
    made = entries(grouped(seen(http("/new"), values=values)), ESTATE, DAY)["access-log"]["interfaces"][0]
    assert made["mode"] == "sync" and made["resilience"] == {"retry": {"max": 3}} and "lifecycle" not in made
    assert made["sightings"][0]["fields"]["lifecycle"] == "in production"


def test_a_look_alike_of_the_same_provider_is_suggested_once() -> None:
    result = grouped(
        seen(http("/api/order/search"), name="orders search"), seen(http("/api/orders/search", provider="wms"), line=2)
    )
    (found,) = suggest(result, ESTATE, frozenset())
    assert found.same_as == "if-search" and found.confidence < 1
    assert not suggest(result, ESTATE, frozenset({(found.observed, id_) for id_ in ESTATE.of("interface")}))
