"""Clean installations of Odoo give nothing to do: recorded databases of three versions, as an administrator reads them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from retailctl.inventory.odoo.records import ModelCoverage, OdooRecords, Transport
from tests.support.odoo_estate import TAKEN, audit

# Of an estate that consists of one scan, whatever is in the database.
OF_EVERY_EMPTY_ESTATE = {"OWN-02", "CON-13"}
# The finding is right: a 19.0 that is read without a key is read over a protocol that it warns of.
BY_TRANSPORT = {("19.0", "jsonrpc"): {"ODO125"}}


def recorded(corpus: Path, version: str, transport: Transport) -> OdooRecords:
    models = [json.loads(path.read_text("utf-8")) for path in sorted((corpus / "odoo" / version).glob("*.json"))]
    companies = next(tuple(row["id"] for row in one["records"]) for one in models if one["model"] == "res.company")
    return OdooRecords(
        url="https://erp.shop.example",
        database=f"odoo{version[:2]}",
        version=version,
        transport=transport,
        taken=TAKEN,
        account=2,
        companies=companies,
        all_companies=companies,
        coverage=tuple(
            ModelCoverage(model=one["model"], readable="read", fields=tuple(one["record_fields"]), rows=one["total"])
            for one in models
        ),
        records={one["model"]: tuple(one["records"]) for one in models},
    )


@pytest.mark.parametrize(
    ("version", "transport"), [("16.0", "jsonrpc"), ("18.0", "jsonrpc"), ("19.0", "jsonrpc"), ("19.0", "json2")]
)
def test_a_clean_database_fails_no_rule(corpus: Path, tmp_path: Path, version: str, transport: Transport) -> None:
    report = audit(tmp_path, recorded(corpus, version, transport))
    failed = {finding.rule for finding in report.findings if finding.verdict == "fail"} - OF_EVERY_EMPTY_ESTATE
    assert failed == BY_TRANSPORT.get((version, transport), set())
    assert not [finding for finding in report.findings if finding.rule.startswith("INP")]


@pytest.mark.parametrize("version", ["16.0", "18.0", "19.0"])
def test_where_nothing_can_be_read_nothing_passes_by_itself(corpus: Path, tmp_path: Path, version: str) -> None:
    given = recorded(corpus, version, "jsonrpc")
    blind = replace(
        given,
        records={},
        coverage=tuple(ModelCoverage(model=one.model, readable="blocked") for one in given.coverage),
    )
    report = audit(tmp_path, blind, "ODO121", "ODO122", "ODO123", "ODO124")
    assert {finding.verdict for finding in report.findings} == {"unknown"}
    assert sum(count.pass_ for count in report.summary.rules if count.rule.startswith("ODO")) == 0
