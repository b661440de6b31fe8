"""buf's and the registry's own Protobuf cases; where we differ, the reason is in a list beside this file."""

from __future__ import annotations

import sys

import pytest

from tests.corpus.events_protobuf import Result, findings, listed, report, scored, share
from tests.needs import require


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return scored(require("corpus"))


def test_the_findings_of_trees_agree_with_file_and_line(results: list[Result]) -> None:
    sys.stdout.write("\n".join([*report(results), ""]))
    agreed, expected, found = findings(results)
    assert (expected, share(results, "protobuf-tree")[1]) == (598, 35)
    assert agreed / expected >= 0.9
    assert found - agreed <= expected * 0.02


def test_the_wire_rules_agree_exactly(results: list[Result]) -> None:
    def wire(result: Result) -> list[object]:
        sides = (result.expected, result.found)
        return [{one: n for one, n in side.items() if one[0].startswith("proto-field-wire-")} for side in sides]

    pairs = [wire(result) for result in results if result.kind == "protobuf-tree"]
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    assert sum(bool(pair[0]) for pair in pairs) == 5


def test_the_registry_agrees(results: list[Result]) -> None:
    right, of_all = share(results, "protobuf")
    assert of_all == 23
    assert right / of_all >= 0.97


def test_the_list_of_disagreements_is_exact(results: list[Result]) -> None:
    """A new disagreement needs a reason, and one that is gone must leave the list."""
    assert {result.case for result in results if not result.right} == set(listed())
    assert all(reason.strip() for reason in listed().values())
