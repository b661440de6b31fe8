"""A saved database scanned into a workspace that declares a part of it: what was seen meets what is declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl import api
from retailctl.inventory.odoo.saving import as_json
from retailctl.model.report import Report
from retailctl.workspace.reader import read_document
from tests.support.odoo_estate import AS_OF, READING, records
from tests.support.odoo_mess import messy

INVENTORY = """\
systems:
  - {id: odoo, kind: erp, aliases: [erp.shop.example]}
  - {id: wms, aliases: [wms.example]}
  - {id: pim, aliases: [pim.example]}
interfaces:
  - id: if-wms-stock
    key: {protocol: http, provider: wms, method: GET, address: /stock}
    provider: wms
    consumers: [odoo]
  - id: if-pim-a
    key: {protocol: http, provider: pim, method: POST, address: /a}
    provider: pim
    lifecycle: active
credentials:
  - {id: svc-middleware, kind: service, vault: kv/odoo/middleware, scopes: ["sale.order:create"]}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("declared")
    (root / "inventories").mkdir()
    (root / "inventories/estate.yaml").write_text(INVENTORY, "utf-8")
    (root / "shop.json").write_text(as_json(records(messy()), READING.fingerprint), "utf-8")
    return root


@pytest.fixture(scope="module")
def report(root: Path) -> Report:
    options = api.AuditOptions(as_of=AS_OF, use_cache=False)
    api.inventory_scan(root, [root / "shop.json"], api.ScanOptions(), options)
    return api.audit(root, options)


def messages(report: Report, rule: str, subject: str) -> list[str]:
    return [one.message for one in report.findings if (one.rule, one.subject, one.verdict) == (rule, subject, "fail")]


def test_findings_are_on_the_declared_interface(report: Report) -> None:
    assert len(messages(report, "ODO101", "if-wms-stock")) == 1
    assert len(messages(report, "ODO102", "if-pim-a")) == 1


def test_clear_text_that_only_the_cron_shows_is_a_finding_too(report: Report) -> None:
    (message,) = messages(report, "SEC-12", "if-wms-stock")
    assert "http://wms.example" in message


def test_a_declared_account_that_is_an_administrator_is_one(report: Report) -> None:
    (message,) = messages(report, "SEC-04", "svc-middleware")
    assert "base.group_system" in message
    assert len(messages(report, "ODO111", "svc-middleware")) == 1


def test_the_system_is_the_declared_one(root: Path, report: Report) -> None:
    observed = read_document(root, "inventories/observed/odoo.yaml").data
    assert "erp-shop-example" not in {entry["id"] for entry in observed["systems"]}
    assert "odoo" in {entry["id"] for entry in observed["systems"]}
    assert {one.subject for one in report.findings if one.rule == "ODO121"} == {"odoo"}
