"""The order of our own estate over the contracts that carry it: one field renamed, one dropped, and nothing besides."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from retailctl import api
from retailctl.model.report import Report
from tests.conftest import AS_OF
from tests.needs import ROOT, require

MAP = "contracts/order/order.map.yaml"
V2 = "contracts/order/orders-api/v2/openapi.yaml"


@cache
def mapped() -> tuple[dict[str, Any], Report]:
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    return api.contract_map(ROOT, "order", api.ContractOptions(run=run))


def test_one_field_was_renamed_and_one_dropped_and_nothing_besides() -> None:
    _, report = mapped()
    assert sorted((one.rule, one.verdict, one.severity, one.subject) for one in report.findings) == [
        ("canonical-field-dropped", "fail", "warn", "order: orders-api v2: customer_ref"),
        ("canonical-field-renamed", "fail", "warn", "order: orders-api v2: created_at"),
    ]
    assert sorted((one.locations[0].path, one.locations[0].line > 0) for one in report.findings) == [
        (MAP, True), (V2, True),
    ]  # fmt: skip


def test_the_gate_says_the_same() -> None:
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    report = api.contract_check(ROOT, api.ContractOptions(run=run, witnesses=False))
    found = [one.fingerprint for one in report.findings if one.change is not None and one.change.area == "sets"]
    assert found == [one.fingerprint for one in mapped()[1].findings]


def test_the_map_shows_every_field_in_every_member() -> None:
    (one,) = mapped()[0]["maps"]
    assert [member["member"] for member in one["members"]] == [
        "orders-api v1", "orders-api v2", "order-events v1", "erp-json2 v1", "odoo sale.order 17.0",
    ]  # fmt: skip
    assert [member["unread"] for member in one["members"]] == [None] * 5
    assert all(len(field["members"]) == 5 for field in one["fields"])
    by_member = {row["member"]: row for field in one["fields"] if field["field"] == "created_at"
                 for row in field["members"]}  # fmt: skip
    assert (by_member["orders-api v2"]["path"], by_member["orders-api v2"]["marks"]) == ("placed_at", ["renamed"])
    assert by_member["order-events v1"]["status"] == "derived"


def test_against_a_revision_what_was_dropped_before_is_the_same_finding() -> None:
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    require("git")
    if not (ROOT / ".git").exists():
        pytest.skip("no repository here")
    _, report = api.contract_map(ROOT, "order", api.ContractOptions(run=run, against="HEAD"))
    assert {one.fingerprint for one in report.findings} <= {one.fingerprint for one in mapped()[1].findings}
