"""``contract diff`` of event contracts, from files to the report."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retailctl.api.contracts.diffing import contract_diff
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.options import AuditOptions
from retailctl.model.report import Report
from retailctl.report.json_report import render
from tests.unit.contracts.events.support import PAID, edited, v2, v3

OPTIONS = ContractOptions(run=AuditOptions(as_of=date(2026, 11, 20)))
OPENAPI = {"openapi": "3.1.0", "info": {"title": "Orders", "version": "1.0.0"}, "paths": {}}
SCHEMA = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}
Diff = Callable[[Any, Any], Report]


@pytest.fixture
def diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Diff:
    """Writes two documents and compares them."""
    monkeypatch.chdir(tmp_path)

    def run(old: Any, new: Any) -> Report:
        for name, raw in (("old.json", old), ("new.json", new)):
            (tmp_path / name).write_text(json.dumps(raw, indent=1), "utf-8")
        return contract_diff("old.json", "new.json", OPTIONS)

    return run


def test_a_break_is_reported_with_both_places_and_a_witness(diff: Diff) -> None:
    report = diff(v3(), edited(v3(), "/components/schemas/Paid", {**PAID, "required": []}))
    verdict = report.summary.contracts
    assert verdict is not None
    assert (verdict.compatible, verdict.required_bump) == (False, "major")
    (finding,) = report.findings
    assert finding.locations[0].path == "new.json" and finding.locations[0].line > 1
    assert finding.related[0].location is not None and finding.related[0].location.path == "old.json"
    assert finding.change is not None and finding.change.witness is not None


def test_a_rewrite_is_compatible(diff: Diff) -> None:
    report = diff(v2(), v3())
    assert report.summary.contracts is not None and report.summary.contracts.compatible is True
    assert {finding.severity for finding in report.findings} == {"info"}


@pytest.mark.parametrize(("old", "new"), [(OPENAPI, v3()), (v3(), OPENAPI), (v3(), SCHEMA), (SCHEMA, OPENAPI)])
def test_documents_of_two_kinds_are_one_finding(diff: Diff, old: Any, new: Any) -> None:
    report = diff(old, new)
    (finding,) = report.findings
    assert finding.rule == "INP045"
    assert "cannot be compared with" in finding.message
    assert finding.locations[0].path == "new.json"
    assert report.summary.contracts is None


@pytest.mark.parametrize("version", ["1.2.0", "2.7.0", "4.0.0", 3.1, None])
def test_an_unknown_version_is_one_finding_at_its_place(diff: Diff, version: object) -> None:
    (finding,) = diff(v3(), {**v3(), "asyncapi": version}).findings
    assert finding.rule == "INP041"
    assert "AsyncAPI 2.0 to 2.6, 3.0 and 3.1" in finding.message
    assert finding.locations[0].pointer == "/asyncapi"


def test_a_payload_that_leads_nowhere_is_a_finding(diff: Diff) -> None:
    broken = edited(v3(), "/components/messages/OrderPaid/payload", {"$ref": "#/components/schemas/Nothing"})
    found = [finding for finding in diff(v3(), broken).findings if finding.rule.startswith("INP")]
    assert [(one.rule, one.locations[0].path) for one in found] == [("INP023", "new.json")]


PAIRS = [
    # pair, compatible, what is said above info
    ("amazon-order-change-event", True, {"response-property-enum-value-added"}),
    ("asyncapi-streetlights-kafka", True, set()),
    # What the revision really changed beside its version: the protection of three servers, and Avro schemas that only
    # the network has (the references to them are findings as everywhere).
    ("asyncapi-adeo-kafka-costing", None,
     {"INP042", "event-server-protection-changed", "message-key-removed", "message-schema-undecided"}),
]  # fmt: skip


@pytest.mark.parametrize(("pair", "compatible", "expected"), PAIRS)
def test_real_pairs(
    corpus: Path, pair: str, compatible: bool | None, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("no comparison needs the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    base, revision = (str(next((corpus / "specpairs" / pair).glob(f"{side}.*"))) for side in ("base", "revision"))
    reports = [contract_diff(base, revision, OPTIONS) for _ in range(2)]
    assert len({"".join(render(report)) for report in reports}) == 1
    verdict = reports[0].summary.contracts
    assert verdict is not None and verdict.compatible is compatible
    assert {one.rule for one in reports[0].findings if one.severity != "info"} == expected
    assert [one.rule for one in reports[0].findings if one.severity == "error" and one.change is not None] == []
