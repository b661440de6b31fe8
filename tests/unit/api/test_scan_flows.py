"""All fixtures of flows in one scan: an estate comes out that can be read again, and no planted value with it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from retailctl import api
from retailctl.model.report import Report
from tests.hostile.child import run
from tests.support.flows import FIXTURES, KINDS

INVENTORY = """\
systems:
  - {id: odoo, kind: erp, aliases: [erp.shop.example, erp]}
  - {id: carrier, aliases: [api.carrier.example, "*.carrier.example"]}
interfaces:
  - id: if-odoo-order
    key: {protocol: http, provider: odoo, method: GET, address: "/api/orders/{order_id}"}
    provider: odoo
"""
OPTIONS = api.AuditOptions(as_of=date(2026, 11, 20), use_cache=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inventories").mkdir()
    (tmp_path / "inventories/estate.yaml").write_text(INVENTORY, encoding="utf-8")
    shutil.copytree(FIXTURES, tmp_path / "exports")
    return tmp_path


def _written(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((root / "inventories").rglob("*.yaml"))}


def _scan(root: Path) -> Report:
    return api.inventory_scan(root, [root / "exports"], api.ScanOptions(), OPTIONS)


def test_flows_become_an_estate_that_reads_without_a_mistake(root: Path) -> None:
    told = _scan(root).summary.scan
    assert told is not None
    assert {one.source for one in told.sources} == set(KINDS.values())
    written = _written(root)
    assert "marked" not in "".join(written.values()).lower()
    assert "if-unnamed" not in "".join(written.values())
    # What the reading of the estate says of the files that were written: nothing but what the fixtures mean to say.
    again = api.audit(root, OPTIONS)
    assert [finding.rule for finding in again.findings if finding.rule.startswith("INP")] == []


def test_one_interface_is_seen_in_many_places_and_stays_one(root: Path) -> None:
    _scan(root)
    seen = [name for name, text in _written(root).items() if "id: if-odoo-order\n" in text]
    assert set(seen) >= {"estate.yaml", "postman.yaml"}


def test_a_second_scan_changes_nothing(root: Path) -> None:
    _scan(root)
    first = _written(root)
    _scan(root)
    assert _written(root) == first


def test_the_command_tells_no_planted_value(root: Path) -> None:
    done = run(root, "inventory", "scan", "exports", "-vv", "--fail-on", "never", "--dry-run", cwd=root)
    assert done.code in (0, 3), done.err
    assert "marked" not in (done.out + done.err).lower()
    assert "n8n" in done.out
