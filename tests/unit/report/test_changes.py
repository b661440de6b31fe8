"""What each format says about a change of a contract: proof, whom it breaks, and what is not known."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from retailctl.errors import Location
from retailctl.model.contract_change import ChangeWitness, ContractVerdict
from retailctl.model.finding import Evidence
from retailctl.report import changes as words
from retailctl.report.formats import FORMATS
from retailctl.report.instances import plain
from tests.unit.report.build import finding, report
from tests.unit.report.contract_sample import (
    BI,
    PARTNER,
    POS,
    WITNESS,
    changed,
    contract_report,
    row,
    sample_contract_report,
    text_of,
)
from tests.unit.report.sample import sample_report

# --- json


def test_json_has_the_keys_of_changes_only_where_contracts_were_compared() -> None:
    plain_report, changes = (
        json.loads(text_of("json", sample_report())),
        json.loads(text_of("json", sample_contract_report())),
    )
    assert "compatible" not in plain_report["summary"]
    assert not {"operation", "witness", "consumers"} & set(plain_report["findings"][0])
    assert {key: changes["summary"][key] for key in ("compatible", "required_bump", "declared_bump")} == {
        "compatible": False, "required_bump": "major", "declared_bump": "minor",
    }  # fmt: skip
    assert [line["contract"] for line in changes["summary"]["contracts"]] == ["orders-api", "price-api", "stock-api"]
    first = changes["findings"][0]
    assert (first["operation"], first["direction"], len(first["operations"])) == ("POST /orders", "request", 4)
    assert first["witness"]["value"] == {"lines": [{"sku": "A-1", "quantity": 1}]}
    assert [line["system"] for line in first["consumers"]] == ["store-pos", "web-shop", "b2b-portal", "bi-export"]
    assert first["consumers"][0]["processes"] == ["checkout", "click-and-collect"]


def test_json_says_why_there_is_no_witness_only_when_there_is_a_reason() -> None:
    said, unsaid = json.loads(text_of("json", contract_report(row(no_witness="a pattern"), row(witness=WITNESS))))[
        "findings"
    ]
    assert (said["witness"], said["no_witness"]) == (None, "a pattern")
    assert unsaid["witness"]["error"] == "b is missing"
    assert "no_witness" not in unsaid


def test_json_leaves_contracts_out_where_two_documents_were_compared() -> None:
    sample = contract_report(row(), contracts=ContractVerdict(compatible=None, required_bump="none"))
    summary = json.loads(text_of("json", sample))["summary"]
    assert (summary["compatible"], summary["declared_bump"]) == (None, None)
    assert "contracts" not in summary


@pytest.mark.parametrize(("value", "shown"), [
    (Decimal("1.50"), 1.5), (Decimal(12), 12), (Decimal("1E+3"), 1000), (Decimal("NaN"), "NaN"), (Decimal("1E+9999999"), "1E+9999999"),
    (float("inf"), "inf"), pytest.param(10**4300, "an integer of 14,285 bits", id="digits"), (True, True), (None, None), ({1: (2, 3)}, {"1": [2, 3]}), (b"x", "b'x'"),
])  # fmt: skip
def test_what_json_has_no_form_for_becomes_text(value: object, shown: object) -> None:
    assert plain(value) == shown
    assert type(plain(value)) is type(shown)


# --- other formats


def test_markdown_cuts_the_mildest_and_says_so() -> None:
    rows = [
        row(
            witness=replace(WITNESS, value={"a": "x" * 900}),
            consumers=(POS,),
            consumers_known=True,
            contract=f"api-{n}",
        )
        for n in range(200)
    ]
    rows.append(changed("endpoint-added", "GET /harmless", "GET /harmless was added", severity="info"))
    text = text_of("markdown", contract_report(*rows))
    assert len(text) <= 65_536
    assert "more sections left out: the comment is full" in text
    assert "GET /harmless" not in text


def test_csv_has_the_columns_of_changes_only_where_there_are_any() -> None:
    columns = [
        text_of("csv", sample).split("\r\n")[0].split(",") for sample in (sample_report(), sample_contract_report())
    ]
    assert columns[1] == [*columns[0], "operation", "direction", "consumers", "witness"]
    rows = list(
        csv.DictReader(
            io.StringIO(text_of("csv", contract_report(row(witness=WITNESS, consumers=(POS,)), finding())), newline="")
        )
    )
    assert rows[0]["witness"] == '{"a":1}'
    assert rows[0]["consumers"].startswith("breaks: store-pos via pos-orders")
    assert [rows[1][name] for name in ("operation", "direction", "consumers", "witness")] == [""] * 4


def test_sarif_shows_the_other_side_and_whom_it_breaks() -> None:
    old = Evidence("before", Location("contracts/v1/openapi.yaml", 7))
    sample = contract_report(
        row(
            witness=WITNESS,
            consumers=(POS,),
            consumers_known=True,
            related=(old,),
            direction="request",
            operation="POST /orders",
        )
    )
    result = json.loads(text_of("sarif", sample))["runs"][0]["results"][0]
    assert result["message"]["text"] == (
        "property b was added. breaks: store-pos via pos-orders (team-stores, wave w2-stores, on 1.4.0). "
        'Witness: {"a":1}, accepted by old, refused by new: b is missing at /b'
    )
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "contracts/v1/openapi.yaml"
    assert {name: result["properties"][name] for name in ("operation", "direction", "witness")} == {
        "operation": "POST /orders", "direction": "request", "witness": '{"a":1}',
    }  # fmt: skip
    assert result["properties"]["consumers"] == [
        "breaks: store-pos via pos-orders (team-stores, wave w2-stores, on 1.4.0)"
    ]


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_one_line_formats_name_the_first_consumers(name: str) -> None:
    consumers = tuple(replace(POS, system=f"pos-{n}") for n in range(5))
    text = text_of(name, contract_report(row(consumers=(*consumers, BI), consumers_known=True)))
    assert "pos-1 via" in text
    assert "and 3 more" in text
    assert "bi-export" not in text


def test_junit_has_witness_and_consumers_in_the_message() -> None:
    failure = next(
        ET.fromstring(text_of("junit", contract_report(row(witness=WITNESS, consumers=(POS,))))).iter("failure")
    )
    assert "breaks: store-pos via pos-orders (team-stores, wave w2-stores, on 1.4.0)" in failure.get("message", "")
    assert 'witness: {"a":1}' in failure.get("message", "")
    assert "accepted by old, refused by new: b is missing at /b\n" in (failure.text or "")


def test_html_works_without_scripts_and_lists_every_consumer() -> None:
    page = text_of("html", contract_report(row(witness=WITNESS, consumers=(POS, BI, PARTNER), consumers_known=True)))
    assert "<pre>{\n  &quot;a&quot;: 1\n}</pre>" in page
    assert page.count('class="uses-') == 3
    assert page.count("data-v=") == page.count("<tr data-s="), "the filter counts findings, not consumers"
    assert "NOT compatible" in page
    assert ".proof" not in text_of("html", sample_report())


@pytest.mark.parametrize("name", FORMATS)
def test_other_reports_do_not_speak_of_changes(name: str) -> None:
    text = text_of(name, report(finding()))
    assert not re.search(r"bump|witness|consumers_known|Compatibility", text)


@pytest.mark.parametrize(
    ("value", "pointer", "shown"),
    [
        ({"fill": "x" * 200, "order": [{"status": "LOST"}], "tail": "y" * 200}, "/order/0/status", 'which is "LOST"'),
        ({"fill": "x" * 200, "a/b": {"c": 1}}, "/a~1b", 'which is {"c":1}'),
        ({"fill": "x" * 200}, "/order", ""),
        ({"fill": ["x" * 200]}, "/fill/7", ""),
        ({"fill": ["x" * 200]}, f"/fill/{'9' * 5000}", ""),
        ({"fill": "x" * 200}, "", ""),
        ({"status": "LOST"}, "/status", ""),
    ],
)
def test_the_refused_part_of_a_long_instance_is_told(value: Any, pointer: str, shown: str) -> None:
    """The middle of a long instance is cut out, and with it what matters."""
    witness = ChangeWitness(
        kind="instance", value=value, place="p", accepted_by="new", rejected_by="old", error="no", pointer=pointer
    )  # fmt: skip
    told = words.proof(witness)
    assert told.endswith(shown)
    assert ("which is" in told) is bool(shown)
