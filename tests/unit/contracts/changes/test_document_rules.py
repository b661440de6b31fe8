"""Each change of what is no schema: the violating pair says it and nothing else, the passing pair says nothing."""

from __future__ import annotations

import pytest

from retailctl.contracts.rules.rules import all_rules
from tests.unit.contracts.changes.documents import CASES
from tests.unit.contracts.changes.table import FAMILIES, POSITIONS, TYPES, placed
from tests.unit.contracts.changes.test_schema_rules import expected
from tests.unit.contracts.comparing import ids


@pytest.mark.parametrize("id_", CASES)
def test_the_change_is_all_that_is_said(id_: str) -> None:
    old, new, how = CASES[id_]
    assert ids(old, new, **how) == [id_]


@pytest.mark.parametrize("id_", CASES)
def test_neither_side_by_itself_says_it(id_: str) -> None:
    old, new, how = CASES[id_]
    assert ids(old, old, **how) == []
    assert ids(new, new, **how) == []


# Why a row of the table is not said by the comparison itself: the end of the id, or all of it.
ELSEWHERE = {
    "api-version-not-bumped": "the judge, see judging/test_versions.py",
    "api-version-decreased": "the judge, see judging/test_versions.py",
    "api-major-version-not-bumped": "the judge, see judging/test_versions.py",
    "document-added": "contract check: a notice counts the new documents",
    "document-removed": "contract check, where a document is gone at a revision",
    "comparison-not-finished": "the guard of the comparison, on hostile documents",
}
TRAFFIC = ("contract-set-out-of-step", "api-called-after-sunset", "api-called-but-undocumented", "api-retired-but-called", "api-sunset-near",
           "api-sunset-not-observed")  # fmt: skip
"""Said by what is around a contract: logs and other contracts, see tests/unit/api/contracts."""
NEVER = {
    "-format-added": "a change of format is named as a change of type, as oasdiff does",
    "-format-changed": "a change of format is named as a change of type, as oasdiff does",
    "-format-removed": "a change of format is named as a change of type, as oasdiff does",
    "-additional-properties-schema-changed": "two schemas are compared: what changed inside is named",
    "-if-changed": "two schemas are compared: what changed inside is named",
    "-not-changed": "two schemas are compared: what changed inside is named",
    "-not-excludes-less": "two schemas are compared: what changed inside is named",
    "-not-excludes-more": "two schemas are compared: what changed inside is named",
    "-items-false": "true and false are schemas: schema-became-false",
    "-items-not-false": "true and false are schemas: schema-became-not-false",
    "-multiple-of-generalized": "the row multiple-of-changed, demoted where the relation proves it",
    "-multiple-of-specialized": "the row multiple-of-changed",
    "-pattern-specialized": "two patterns are compared by the relation: pattern-changed",
    "-constraint-changed": "a verdict that is unknown carries the id of its change",
    "-wrapped-in-one-of-original-preserved": "wrapped-in-one-of, demoted where the relation proves it",
    "-x-extensible-enum-value-added": "an open list may grow: nothing to say",
    "property-wrapped-in-one-of": "below the root it is one-of-added, as oasdiff has it",
    "-type-specialized": "where data flows in, a narrower type is type-changed",
    "request-parameter-type-compatible": "text is text: type-generalized",
    "request-parameter-property-type-compatible": "text is text: type-generalized or -specialized",
    "response-body-enum-value-removed": "response-mediatype-enum-value-removed",
    "response-body-enum-value-added": "response-mediatype-enum-value-added",
}


def said() -> set[str]:
    """The ids that the tests of this folder see."""
    tables = {expected(position, family) for position in POSITIONS for family in FAMILIES}
    return tables | {f"{position}-{family}" for family, places in TYPES.items() for position in places} | set(CASES)


OF_EVENTS = frozenset({"messages", "avro", "protobuf", "sets"})
"""Areas whose rows are said by tests beside the code that says them."""


def test_every_row_is_said_by_a_test_or_listed_with_a_reason() -> None:
    silent = {id_ for id_, row in all_rules().items() if row.area not in OF_EVENTS} - said() - {*ELSEWHERE, *TRAFFIC}
    assert {id_ for id_ in silent if not id_.endswith(tuple(NEVER))} == set()


def test_a_reason_stands_for_a_row() -> None:
    silent = set(all_rules()) - said()
    assert [end for end in NEVER if not any(id_.endswith(end) for id_ in silent)] == []
    assert set(ELSEWHERE) <= silent


def test_what_is_said_has_a_row() -> None:
    assert said() <= set(all_rules())


def test_a_pair_of_the_tables_differs_in_one_thing() -> None:
    for family, (old, new) in FAMILIES.items():
        assert placed("request-body", old) != placed("request-body", new), family
