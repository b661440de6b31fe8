"""Names: ids, aliases, patterns and hosts of endpoints; a name that two claim means neither."""

from __future__ import annotations

import pytest

from retailctl.inventory.assemble import estate_of
from retailctl.inventory.identity.names import Names, local_name, names_of, slug
from retailctl.model.seen import Seen

ESTATE = estate_of(
    {
        "systems": [
            {"id": "odoo", "name": "Odoo 19", "aliases": ["erp.shop.example", "SHOPIFY (EU)"]},
            {"id": "pos", "aliases": ["pos-*.store.example", "shared.example"]},
            {"id": "wms", "aliases": ["shared.example"]},
        ],
        "interfaces": [
            {"id": "if-a", "provider": "wms", "endpoints": [{"url": "https://api.wms.example:8443/x"}]},
            {"id": "if-b", "provider": "wms", "endpoints": [{"url": "https://gateway.example/b"}]},
            {"id": "if-c", "provider": "odoo", "endpoints": [{"url": "https://gateway.example/c"}]},
        ],
    }
)


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("odoo", "odoo"), ("ODOO 19", "odoo"), ("erp.shop.example", "odoo"), ("ERP.shop.example.", "odoo"),
        ("erp.shop.example:8069", "odoo"), ("shopify  (eu)", "odoo"), ("pos-17.store.example", "pos"),
        ("api.wms.example", "wms"), ("gateway.example", None), ("shared.example", None), ("nobody", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_means_a_system_or_nobody(name: str, system: str | None) -> None:
    assert names_of(ESTATE).resolve(name) == system


def test_names_claimed_twice_are_told() -> None:
    assert names_of(ESTATE).claimed_twice() == [("shared.example", ("pos", "wms"))]


def test_two_patterns_that_fit_mean_nobody() -> None:
    names = Names()
    names.add("a-*", "one")
    names.add("*-b", "two")
    assert (names.resolve("a-x"), names.resolve("x-b"), names.resolve("a-b")) == ("one", "two", None)


def test_a_name_of_one_file_stays_in_it() -> None:
    a, b = (Seen(source="compose", ref=f"{name}.yml#L1") for name in "ab")
    assert local_name("localhost:5432", a) != local_name("localhost:5432", b)
    assert local_name("${DB}", a) != "${DB}"
    assert local_name("db.example", a) == "db.example"


def test_a_bare_name_of_one_project_stays_in_it() -> None:
    shop = Seen(source="compose", ref="shop/compose.yml#L1", scope="shop")
    more = Seen(source="compose", ref="shop/compose.override.yml#L1", scope="shop")
    other = Seen(source="compose", ref="till/compose.yml#L1", scope="till")
    assert local_name("db", shop) == local_name("db", more) != local_name("db", other)
    assert local_name("db.shop.example", shop) == "db.shop.example"


@pytest.mark.parametrize(("text", "expected"), [("A  b/c", "a-b-c"), ("ÄÖ", "unnamed"), ("x" * 200, "x" * 80)])
def test_slugs_are_plain(text: str, expected: str) -> None:
    assert slug(text) == expected
