"""A registry's test cases for JSON Schema; where we differ, the reason is in a list beside this file."""

from __future__ import annotations

import sys

import pytest
import yaml

from tests.corpus.events_json_schema import LISTED, Result, cases, listed, report, scored, through_changes
from tests.needs import require


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return scored(require("corpus"))


def test_at_least_97_percent_agree(results: list[Result]) -> None:
    sys.stdout.write("\n".join([*report(results), ""]))
    assert len(results) > 150
    assert sum(result.right for result in results) / len(results) >= 0.97


def test_every_case_is_decided(results: list[Result]) -> None:
    assert [result.name for result in results if result.found == "undecided"] == []


def test_the_list_of_disagreements_is_exact(results: list[Result]) -> None:
    """A new disagreement needs a reason, and one that is gone must leave the list."""
    assert {result.name for result in results if not result.right} == set(listed())


def test_each_disagreement_has_a_reason() -> None:
    entries = yaml.safe_load(LISTED.read_bytes())
    assert all(set(entry) <= {"name", "reason", "witness"} and entry["reason"].strip() for entry in entries)


def test_lenient_never_refuses_what_strict_takes(results: list[Result]) -> None:
    lenient = scored(require("corpus"), "declared")
    both = [(one, other) for one, other in zip(results, lenient, strict=True)]
    assert [one.name for one, other in both if one.found == "compatible" and other.found == "incompatible"] == []


def test_the_changes_come_to_the_same_verdict() -> None:
    """What ``contract diff --content-model strict --mode`` says, held against the verdict on the whole schemas."""
    found = {case["id"]: through_changes(case) for case in cases(require("corpus"))}
    assert {name: verdict for name, verdict in found.items() if verdict[0] != verdict[1]} == {}
