"""Each rule on contracts guards one thing: the reference estate, broken in one place, has one finding more.

A row is a change of one file; what it must add is one finding of its rule, and nothing of any other rule on contracts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from retailctl import api
from retailctl.model.report import Report
from tests.conftest import AS_OF
from tests.needs import ROOT

Change = Callable[[Any], object]
Row = tuple[str, str, str]
"""Rule, subject, verdict."""

RULES = tuple(f"CON-{number:02}" for number in range(1, 18))
FOLDERS = ("contracts", "inventories", "migrations", "policies")


def document(contract: str, version: str = "v1") -> str:
    return f"contracts/{contract}/{version}/openapi.yaml"


def operation(data: Any, path: str, method: str) -> Any:
    return data["paths"][path][method]


def body(data: Any, path: str, method: str = "post") -> Any:
    return operation(data, path, method)["requestBody"]["content"]["application/json"]


def entry(data: Any, id_: str) -> Any:
    return next(one for one in data["interfaces"] if one["id"] == id_)


def plugins(id_: str, without: str) -> Change:
    def change(data: Any) -> None:
        entry(data, id_)["sightings"][0]["fields"]["plugins"].remove(without)

    return change


def without(*path: Any) -> Change:
    """Delete the last step, in a mapping or in a list of texts."""

    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        data.remove(path[-1]) if isinstance(data, list) else data.pop(path[-1])

    return change


def having(*path: Any) -> Change:
    """Set what the last but one step names to the last."""

    def change(data: Any) -> None:
        for step in path[:-2]:
            data = data[step]
        data[path[-2]] = path[-1]

    return change


def all_of(*changes: Change) -> Change:
    def change(data: Any) -> None:
        for one in changes:
            one(data)

    return change


RETURNS, TAX, PRICES = document("returns/returns-api"), document("tax/tax-api"), document("pricing/prices-api")
LOYALTY, CATALOGUE = document("loyalty/loyalty-api"), document("product/catalogue-api", "v2")
CRM, HOOKS, JSON2 = document("customer/crm-api"), document("order/channel-webhooks"), document("order/erp-json2")
CALCULATE, CARD = ("paths", "/v2/calculate", "post"), ("paths", "/api/loyalty/{card_number}", "get")
GATEWAY, SAMPLES = "inventories/observed/gateway-config.yaml", "inventories/observed/payload-samples.yaml"
OTHER_ERROR = {"description": "Rejected.", "content": {"application/json": {"schema": {"type": "object"}}}}

TABLE: dict[str, tuple[str, str, Change, str]] = {
    "request body without a schema": (
        *("CON-03", RETURNS),
        lambda data: body(data, "/api/returns").pop("schema"),
        RETURNS,
    ),
    "answer without a schema": (
        *("CON-03", PRICES),
        without("paths", "/api/prices", "get", "responses", "200", "content"),
        PRICES,
    ),
    "validator taken off the gateway": (
        *("CON-04", GATEWAY),
        plugins("if-tax-commit", "request-validator"),
        "if-tax-commit",
    ),
    "no server error": (
        *("CON-05", TAX),
        all_of(without(*CALCULATE, "responses", "500"), without(*CALCULATE, "responses", "503")),
        TAX,
    ),
    "an error in a schema of its own": ("CON-05", TAX, having(*CALCULATE, "responses", "422", OTHER_ERROR), TAX),
    "no 429": ("CON-06", LOYALTY, without(*CARD, "responses", "429"), LOYALTY),
    "limit taken off the gateway": ("CON-06", GATEWAY, plugins("if-tax-commit", "rate-limiting"), TAX),
    "open operation": ("CON-07", LOYALTY, having(*CARD, "security", []), LOYALTY),
    "scheme that is not described": (
        *("CON-07", LOYALTY),
        having("components", "securitySchemes", {"other": {"type": "http", "scheme": "basic"}}),
        LOYALTY,
    ),
    "version without a last day": (
        *("CON-08", "contracts/order/orders-api/contract.yaml"),
        without("versions", 0, "sunset"),
        document("order/orders-api"),
    ),
    "operation without a last day": ("CON-08", LOYALTY, having(*CARD, "deprecated", True), LOYALTY),
    "consumer that nobody tells": (
        *("CON-08", "contracts/order/orders-api/contract.yaml"),
        without("consumers", "woocommerce"),
        document("order/orders-api"),
    ),
    "column of Studio": (
        *("CON-09", CATALOGUE),
        lambda data: data["components"]["schemas"]["Product"]["properties"].update(x_studio_colour={"type": "string"}),
        CATALOGUE,
    ),
    "number of a row of the ERP": (
        *("CON-09", PRICES),
        lambda data: next(iter(data["components"]["schemas"].values()))["properties"].update(
            pricelist_id={"type": "integer"}
        ),
        PRICES,
    ),
    "field outside the canonical model": (
        *("CON-10", RETURNS),
        lambda data: body(data, "/api/returns").update(schema={"properties": {"colour": {"type": "string"}}}),
        "returns",
    ),
    "mapping that moves": (
        *("CON-11", "inventories/commerce.yaml"),
        lambda data: entry(data, "if-odoo-prices")["mapping"].update(version="main"),
        "if-odoo-prices",
    ),
    "system API about to go": (
        *("CON-13", "contracts/inventory/stock-api/contract.yaml"),
        lambda data: data["versions"][1].update(lifecycle="deprecated", sunset="2028-01-01"),
        "inventory",
    ),
    "number of the source optional": (
        *("CON-14", JSON2),
        without("components", "schemas", "SaleOrder", "required", "client_order_ref"),
        JSON2,
    ),
    "hop without a correlation id": (
        *("CON-15", HOOKS),
        having("paths", "/hooks/wms/shipments", "post", "parameters", []),
        "if-ipaas-wms-shipments",
    ),
    "e-mail without a purpose": (
        *("CON-16", CRM),
        lambda data: [
            schema["properties"]["email"].pop("x-purpose")
            for schema in data["components"]["schemas"].values()
            if "email" in schema.get("properties", {})
        ],
        CRM,
    ),
    "sample that did not fit": (
        *("CON-17", SAMPLES),
        lambda data: entry(data, "if-stripe-refunds")["sightings"][0]["fields"].update(schema_errors=3),
        "if-stripe-refunds",
    ),
}


@cache
def before() -> frozenset[Row]:
    return found(audited(ROOT))


def audited(root: Path) -> Report:
    return api.audit(root, api.AuditOptions(as_of=AS_OF, rules=RULES, use_cache=False))


def found(report: Report) -> frozenset[Row]:
    assert [f.message for f in report.findings if f.rule.startswith("INP")] == []
    return frozenset((f.rule, f.subject, f.verdict) for f in report.findings if f.rule in RULES)


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A copy of the reference estate."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "retailctl.yaml", tmp_path)
    return tmp_path


def rewrite(path: Path, change: Change) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")


@pytest.mark.parametrize("name", TABLE)
def test_one_fault_is_one_finding_of_one_rule(name: str, estate: Path) -> None:
    rule, path, change, subject = TABLE[name]
    rewrite(estate / path, change)
    assert found(audited(estate)) - before() == {(rule, subject, "fail")}


def test_a_minor_version_that_breaks(estate: Path) -> None:
    folder = estate / "contracts/shipment/carrier-parcel"
    shutil.copytree(folder / "v1", folder / "v1.1")
    rewrite(folder / "v1.1/openapi.yaml", without("paths", "/v3/rates"))
    subject = document("shipment/carrier-parcel", "v1.1")
    assert found(audited(estate)) - before() == {("CON-02", subject, "fail")}


def test_a_second_contract_for_the_same(estate: Path) -> None:
    folder = estate / "contracts/shipment"
    shutil.copytree(folder / "carrier-parcel", folder / "carrier-second")
    rewrite(folder / "carrier-second/contract.yaml", having("id", "carrier-second"))
    subject = document("shipment/carrier-second")
    assert found(audited(estate)) - before() == {("CON-12", subject, "fail")}


def broken_texts() -> Iterator[tuple[str, str]]:
    yield "no YAML", "openapi: [3.1.0\n"
    yield "unknown version", "openapi: 9.9.9\ninfo: {title: Tax, version: 1.0.0}\npaths: {}\n"
    yield "no paths", "openapi: 3.1.0\ninfo: {title: Tax, version: 1.0.0}\npaths: []\n"
    yield (
        "nothing but a reference",
        "openapi: 3.1.0\ninfo: {title: Tax, version: 1.0.0}\npaths: {/x: {$ref: gone.yaml}}\n",
    )


@pytest.mark.parametrize("text", [text for _, text in broken_texts()], ids=[name for name, _ in broken_texts()])
def test_nothing_passes_on_a_document_that_cannot_be_read(text: str, estate: Path) -> None:
    (estate / TAX).write_text(text, "utf-8")
    report = audited(estate)
    unknown = {f.rule for f in report.findings if f.subject == TAX and f.verdict == "unknown"}
    assert {f.verdict for f in report.findings if f.subject == TAX} == {"unknown"}
    assert unknown >= {"CON-03", "CON-05", "CON-06", "CON-07", "CON-09", "CON-12", "CON-16"}


def test_every_rule_on_contracts_has_a_row() -> None:
    assert {rule for rule, *_ in TABLE.values()} | {"CON-01", "CON-02", "CON-12"} == set(RULES)
