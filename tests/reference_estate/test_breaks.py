"""`contract check` of our own estate: whom each new version breaks, and nobody besides."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import pytest

from retailctl import api
from retailctl.contracts.rules.rules import is_rule, rule
from retailctl.model.contract_change import AffectedConsumer
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.workspace.reader import read_document
from tests.conftest import AS_OF
from tests.needs import ROOT

EXPECTED: dict[str, list[dict[str, Any]]] = read_document(ROOT, "tests/reference_estate/breaks.yaml").data
STEPS = {step["contract"]: step for step in EXPECTED["steps"]}


@cache
def report() -> Report:
    run = api.AuditOptions(as_of=AS_OF, use_cache=False)
    return api.contract_check(ROOT, api.ContractOptions(run=run))


def breaking(contract: str | None = None) -> list[Finding]:
    """What is an error, or would be if no version announced it."""
    return [
        one
        for one in report().findings
        if one.change is not None
        and is_rule(one.rule)
        and (one.severity == "error" or (rule(one.rule).level == "ERR" and one.change.note.startswith("announced")))
        and contract in (None, one.change.contract)
    ]


def hit(finding: Finding) -> list[AffectedConsumer]:
    return [one for one in finding.change.consumers if one.uses != "no"] if finding.change else []


def test_the_steps_are_those_of_the_table_and_no_others() -> None:
    verdict = report().summary.contracts
    assert verdict is not None
    found = {(one.contract, one.base, one.revision, bool(one.compatible)) for one in verdict.contracts}
    assert found == {(step["contract"], step["from"], step["to"], step["announced"]) for step in STEPS.values()}
    assert (verdict.compatible, verdict.required_bump) == (False, "major")
    assert {one.change.contract for one in breaking() if one.change} == {
        name for name, step in STEPS.items() if step["breaks"]
    }


@pytest.mark.parametrize("contract", STEPS)
def test_a_step_breaks_exactly_these_interfaces_by_these_rules(contract: str) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for one in breaking(contract):
        found[one.rule].update(consumer.interface for consumer in hit(one))
    assert {name: sorted(interfaces) for name, interfaces in found.items()} == STEPS[contract]["breaks"]


@pytest.mark.parametrize("contract", STEPS)
def test_it_names_exactly_who_is_still_on_the_old_version_with_owner_and_wave(contract: str) -> None:
    found = {
        (consumer.interface, consumer.system, consumer.owner, consumer.wave, consumer.version)
        for one in breaking(contract)
        for consumer in hit(one)
    }
    step = STEPS[contract]
    assert found == {
        (row["interface"], row["system"], row["owner"], row.get("wave"), row.get("version", step["from"]))
        for row in step["consumers"]
    }
    sending = {consumer.interface for one in breaking(contract) for consumer in hit(one) if consumer.role == "producer"}
    assert sending == {row["interface"] for row in step["consumers"] if row.get("role") == "producer"}


def test_at_least_three_pairs_break_consumers_that_are_known() -> None:
    assert sum(bool(step["consumers"]) for step in STEPS.values()) >= 3
    assert {row.get("wave") for step in STEPS.values() for row in step["consumers"]} >= {"w1-catalogue", "w2-orders"}


@pytest.mark.parametrize("contract", STEPS)
def test_what_a_new_major_version_announces_is_no_error(contract: str) -> None:
    severities = {one.severity for one in breaking(contract)}
    assert severities == (
        set() if not STEPS[contract]["breaks"] else {"warn"} if STEPS[contract]["announced"] else {"error"}
    )


def test_every_break_of_a_schema_or_parameter_has_a_witness() -> None:
    areas = ("schema", "parameters", "requestBody", "avro", "protobuf")
    proved = [one for one in breaking() if one.change and one.change.area in areas]
    assert len(proved) > 10
    assert [
        f"{one.rule} {one.subject}: {one.change.no_witness}" for one in proved if one.change and not one.change.witness
    ] == []


def test_beside_the_steps_one_call_is_not_described() -> None:
    traffic = {"api-called-after-sunset", "api-retired-but-called", "api-called-but-undocumented",
               "api-sunset-near", "api-sunset-not-observed"}  # fmt: skip
    found = [(one.rule, one.subject) for one in report().findings if one.rule in traffic]
    assert found == [("api-called-but-undocumented", "returns-api: if-odoo-returns-portal")]
    assert [one.rule for one in report().findings if one.change is None] == []


@pytest.mark.parametrize(
    ("day", "rule", "subject"),
    [
        ("2027-01-15", "api-sunset-near", "catalogue-api: version v1"),
        ("2027-02-05", "api-sunset-not-observed", "catalogue-api: version v1"),
        ("2027-03-20", "api-sunset-near", "orders-api: version v1"),
        ("2027-04-05", "api-sunset-not-observed", "orders-api: version v1"),
    ],
)
def test_as_time_goes_by_sunsets_come_near_and_pass(day: str, rule: str, subject: str) -> None:
    run = api.AuditOptions(as_of=AS_OF.fromisoformat(day), use_cache=False)
    options = api.ContractOptions(run=run, witnesses=False)
    found = [(one.rule, one.subject) for one in api.contract_check(ROOT, options).findings]
    assert (rule, subject) in found
