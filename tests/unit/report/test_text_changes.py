"""What the text says about changes of contracts, and how it stays readable when there are hundreds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from retailctl.model.contract_change import AffectedConsumer, AffectedOperation, ComparedContract, ContractVerdict
from retailctl.report.formats import FORMATS
from retailctl.report.instances import one_line
from retailctl.report.options import RenderOptions
from retailctl.report.text import STYLES, lines
from tests.unit.report.build import finding
from tests.unit.report.contract_sample import (
    BI,
    PARTNER,
    POS,
    SHOP,
    WITNESS,
    changed,
    contract_report,
    row,
    sample_contract_report,
    text_of,
)


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


@pytest.mark.parametrize(("old", "new", "told"), [
    ("5000", "200", "property b was added (5000 -> 200)"), ("red", "", "property b was added (was red)"), ("", "red", "property b was added (now red)"),
    ("false", "true", "property b was added"), ("", "", "property b was added"), ("b", "added", "property b was added"),
])  # fmt: skip
def test_values_are_told_unless_the_message_has(old: str, new: str, told: str) -> None:
    assert f"    {told} [new-required-request-property]\n" in text_of(
        "text", contract_report(row(old=old, new=new)), width=140
    )


def test_a_note_and_the_contract_are_told_once() -> None:
    told = changed(
        "endpoint-added", "orders-api: GET /a", "GET /a broke (announced)", 3, contract="orders-api", note="announced"
    )
    other = changed(
        "endpoint-added", "stock-api: GET /b", "GET /b broke", 3, contract="stock-api", note="seen in the log"
    )
    text = text_of("text", contract_report(told, other))
    assert "  orders-api  GET /a\n" in text
    assert "note: announced" not in text
    assert "note: seen in the log" in text


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("json", "csv", "sarif", "gitlab")])
def test_two_bare_documents_have_no_workspace_to_name(name: str) -> None:
    text = text_of(name, contract_report(row(), workspace=""))
    assert not re.search(r"(?m)^ as of| on \(none\)|> · as of|<title>:", text)


@pytest.mark.parametrize(
    ("base", "revision", "told"), [("v1", "v2", ": v1 -> v2, "), ("v1", "", ": against v1, "), ("", "", ": required")]
)
def test_only_named_sides_are_named(base: str, revision: str, told: str) -> None:
    verdict = ContractVerdict(compatible=False, required_bump="major", base=base, revision=revision)
    assert f"NOT compatible{told}" in text_of("text", contract_report(row(), contracts=verdict))


def test_what_a_new_version_announces_is_counted_as_announced() -> None:
    compared = ComparedContract(
        contract="a", base="v1", revision="v2", path="a.yaml", compatible=True, required_bump="major", breaking=3
    )
    verdict = ContractVerdict(compatible=True, required_bump="major", contracts=(compared,))
    assert "a  v1 -> v2, 3 breaking but announced, required bump major" in text_of(
        "text", contract_report(contracts=verdict), width=140
    )
