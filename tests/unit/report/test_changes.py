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
from retailctl.model.contract_change import AffectedConsumer, AffectedOperation, ChangeWitness, ContractVerdict
from retailctl.model.finding import Evidence, Finding
from retailctl.model.report import Report
from retailctl.report.changelog import SECTIONS, changelog
from retailctl.report.formats import FORMATS, render
from retailctl.report.instances import one_line, plain
from retailctl.report.options import RenderOptions
from retailctl.report.text import STYLES, lines
from tests.unit.report.build import finding, report
from tests.unit.report.contract_sample import BI, PARTNER, POS, SHOP, changed, contract_report, sample_contract_report
from tests.unit.report.sample import sample_report

WITNESS = ChangeWitness(
    kind="instance", value={"a": 1}, place="request body", accepted_by="old", rejected_by="new", error="b is missing", pointer="/b"
)  # fmt: skip


def text_of(name: str, sample: Report, **options: Any) -> str:
    return "".join(render(sample, name, RenderOptions(**options)))


def row(**more: Any) -> Finding:
    return changed("new-required-request-property", "POST /orders", "property b was added", 3, **more)


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


# --- text


def test_text_shows_proof_and_consumers_of_what_breaks() -> None:
    text = text_of("text", contract_report(row(witness=WITNESS, consumers=(POS, BI, PARTNER), consumers_known=True)))
    assert '      witness (request body): {"a":1}\n      accepted by old, refused by new: b is missing at /b\n' in text
    assert "      breaks: store-pos via pos-orders (team-stores, wave w2-stores, on 1.4.0)\n" in text
    assert "      known not to use it: bi-export via orders-read (team-data)\n" in text
    assert "      use not known: b2b-portal via partner-orders (no owner, wave w3-partners)\n" in text


@pytest.mark.parametrize(("consumers", "known", "told"), [
    ((), True, "breaks: nobody that the inventory knows of"),
    ((BI,), True, "breaks: nobody that the inventory knows of"),
    ((), False, "no inventory names this contract: consumers are not known"),
    ((POS,), False, "further consumers are not known"),
])  # fmt: skip
def test_text_tells_nobody_from_not_known(consumers: tuple[AffectedConsumer, ...], known: bool, told: str) -> None:
    rows = [row(consumers=consumers, consumers_known=known), row(consumers=(SHOP,), consumers_known=True)]
    assert told in text_of("text", contract_report(*rows))


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_without_an_inventory_it_is_said_once(name: str) -> None:
    text = text_of(
        name, contract_report(*(changed("endpoint-added", f"GET /{n}", "x", severity="error") for n in range(9)))
    )
    head = text.partition("<details>")[0].lower()
    assert head.count("no inventory names this contract: consumers are not known") == 1


@pytest.mark.parametrize(
    ("compatible", "word"), [(True, "compatible"), (False, "NOT compatible"), (None, "not decided")]
)
def test_text_gives_the_verdict_first_and_last(compatible: bool | None, word: str) -> None:
    verdict = ContractVerdict(
        compatible=compatible, required_bump="major", declared_bump="minor", base="v1", revision="v2"
    )
    lines = text_of("text", contract_report(row(), contracts=verdict)).splitlines()
    told = f"{word}: v1 -> v2, required bump major, declared bump minor"
    assert (lines[1], lines[-2]) == (told, told)


def test_text_shortens_a_witness_in_the_middle() -> None:
    long = replace(WITNESS, value={"first": "x" * 500, "last": "y"})
    assert len(one_line(long)) == 160
    assert re.fullmatch(r'\{"first":"x+ … x+","last":"y"\}', one_line(long))


def test_text_keeps_three_hundred_changes_readable() -> None:
    rows = [
        changed(
            "response-optional-property-added", f"GET /{n % 60}", f"property p{n} was added", n + 1, severity="info"
        )
        for n in range(300)
    ]
    lines = text_of("text", contract_report(*rows)).splitlines()
    assert sum("was added [response-optional-property-added]" in line for line in lines) == 200
    assert sum(line.startswith("  GET /") for line in lines) == 40
    assert "  … 100 more changes (use -f json)" in lines


def test_text_lists_more_than_one_group_can_hold_as_a_number() -> None:
    rows = [changed("endpoint-added", "GET /a", f"thing {n}", n + 1, severity="info") for n in range(30)]
    assert "    … 10 more here (use -f json)" in text_of("text", contract_report(*rows)).splitlines()


def test_text_has_other_findings_between_the_changes_by_severity() -> None:
    text = text_of(
        "text", contract_report(row(severity="warn"), row(), finding(), finding(severity="warn", rule="CON-07"))
    )
    heads = re.findall(r"(?m)^(?:error|warn) .*", text)
    assert heads == [
        "error  1 breaking change", "error OWN-01 interface-has-owner  1 finding",
        "warn  1 change that may break", "warn CON-07 interface-has-owner  1 finding",
    ]  # fmt: skip


def test_text_gives_every_consumer_that_breaks_a_line() -> None:
    consumers = tuple(replace(POS, system=f"pos-{n}") for n in range(9))
    lines = text_of("text", contract_report(row(consumers=(*consumers, SHOP), consumers_known=True))).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("      breaks: pos-0 via"))
    assert [line.split()[0] for line in lines[start + 1 : start + 7]] == [
        "pos-1",
        "pos-2",
        "pos-3",
        "pos-4",
        "pos-5",
        "and",
    ]
    assert lines[start + 6] == "              and 4 more"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_fits_the_terminal_but_for_what_is_one_line_on_purpose(width: int) -> None:
    rows = list(lines(sample_contract_report(), RenderOptions(width=width)))
    assert {row_.style for row_ in rows} <= set(STYLES)
    on_purpose = re.compile(r"\s+(witness|\d+:\d+  )|(NOT compatible|FAIL)")
    assert not [row_.text for row_ in rows if len(row_.text) > width and not on_purpose.match(row_.text)]


def test_text_names_three_operations_and_counts_the_rest() -> None:
    operations = tuple(AffectedOperation(f"GET /{n}", "200") for n in range(7))
    text = text_of("text", contract_report(row(operations=operations)), width=140)
    assert "operations: GET /0 (200), GET /1 (200), GET /2 (200) and 4 more" in text


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


# --- changelog


def test_changelog_has_every_change_once_under_its_section() -> None:
    text = changelog(sample_contract_report())
    heads = [line.lstrip("# ") for line in text.splitlines() if line.startswith("### ")]
    assert [head for head in heads if head in SECTIONS] == [*SECTIONS[:4], "Breaking", "Changed"]
    items = [
        line.removeprefix("- ").removeprefix("not decided: ") for line in text.splitlines() if line.startswith("- ")
    ]
    for told in sample_contract_report().findings:
        assert sum(item.startswith(told.message) for item in items) == 1
    assert len(items) == len(sample_contract_report().findings)
    assert "(accepted: waiver W-2026-11)." in text
    assert "(accepted: in the baseline)." in text
    assert "Without changes: `price-api`." in text


def test_changelog_of_one_contract_is_titled_with_its_versions() -> None:
    verdict = sample_contract_report().summary.contracts
    assert verdict is not None
    one = replace(verdict, contracts=verdict.contracts[:1])
    assert changelog(contract_report(row(), contracts=one)).startswith(
        "# orders-api 1.4.0 -&gt; 1.5.0\n\n**NOT compatible**"
    )
    assert changelog(contract_report(contracts=replace(verdict, contracts=()))).startswith(
        "# Changes: origin/main -&gt; working tree\n"
    )


def test_changelog_is_never_silent_about_what_it_leaves_out() -> None:
    text = changelog(contract_report(finding(), notices=("a document could not be read",), contracts=None))
    assert "No changes." in text
    assert "1 finding about other things (OWN-01)" in text
    assert "Note: a document could not be read" in text


@pytest.mark.parametrize("name", FORMATS)
def test_other_reports_do_not_speak_of_changes(name: str) -> None:
    text = text_of(name, report(finding()))
    assert not re.search(r"bump|witness|consumers_known|Compatibility", text)
