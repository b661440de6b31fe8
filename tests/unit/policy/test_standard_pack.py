"""The standard pack tests itself: every rule is sound, explained, and has its cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from retailctl.policy.pack import Pack, load_rules
from retailctl.policy.rows import check_rule
from retailctl.policy.selftest import run_cases
from retailctl.policy.validation import Parsed

Parse = Callable[[str, str], Parsed]

PRESENCE = {"OWN-01", "CLS-01", "CLS-02", "CLS-03", "CON-01", "MIG-03"}
FIRST = {
    *PRESENCE,
    *("OWN-03", "CLS-05", "ARC-06", "ARC-07", "EVT-05", "EVT-06", "EVT-10"),
    *("SEC-01", "SEC-04", "SEC-05", "SEC-12", "RES-01"),
}


def test_every_case_gives_the_expected_decision(standard: Pack) -> None:
    wrong = [result for result in run_cases(standard) if not result.passed and result.actual != "missing"]
    assert wrong == []


def test_every_rule_has_a_violating_and_a_passing_case(standard: Pack) -> None:
    assert [result.rule for result in run_cases(standard) if result.actual == "missing"] == []


def test_the_rules_of_the_catalogue_are_there(standard: Pack) -> None:
    assert standard.rules.keys() >= FIRST


def test_rules_about_presence_are_those_of_the_catalogue(standard: Pack) -> None:
    assert {rule.id for rule in standard.rules.values() if rule.presence} <= {*PRESENCE, "OWN-02"}


def test_every_rule_says_what_why_and_how(standard: Pack) -> None:
    for rule in standard.rules.values():
        assert all((rule.title, rule.why, rule.fix, rule.message or rule.check)), rule.id


def test_severity_follows_the_stage(standard: Pack) -> None:
    for rule in standard.rules.values():
        assert rule.severity == ("warn" if rule.stage == "report" else "error"), rule.id


def test_every_expression_is_sound(standard: Pack) -> None:
    empty = Parsed("pack", {}, lambda steps: None)  # type: ignore[arg-type,return-value]
    for rule in standard.rules.values():
        if rule.when:
            assert list(check_rule(rule, empty)) == [], rule.id


def test_a_rule_without_cases_fails_its_own_check(parse: Parse) -> None:
    text = """
schema: retailctl/policy/v1
rules:
  EST101: {name: no-name, for: system, when: 'system.name == ""'}
"""
    pack = load_rules(["p.yaml"], {"p.yaml": parse("p.yaml", text)}, lambda: Pack("x", {}))
    assert [result.detail for result in run_cases(pack)] == [
        "EST101 has no case under tests.violates",
        "EST101 has no case under tests.passes",
    ]


@pytest.mark.parametrize("rule_id", sorted(FIRST))
def test_rules_that_read_optional_data_have_an_unknown_case(standard: Pack, rule_id: str) -> None:
    # Ids are never absent, so a rule about a name alone is never unknown.
    assert standard.cases[rule_id].unknown or rule_id == "EVT-06"
