"""Our rows beside oasdiff's list of checks: every id has a row, with that tool's level and classification."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from retailctl.contracts.rules.rules import all_rules

# It counts the addition of a request body among the changes of request bodies, its removal among those of schemas.
OURS = {("request-body-removed", "area"): "requestBody"}


@pytest.fixture(scope="module")
def checks(corpus: Path) -> dict[str, dict[str, str]]:
    with (corpus / "oasdiff" / "checks.tsv").open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream, delimiter="\t")}


def test_the_rows_that_oasdiff_knows_are_its_checks(checks: dict[str, dict[str, str]]) -> None:
    assert len(checks) == 509
    assert {id_ for id_, row in all_rules().items() if row.oasdiff != "-"} == set(checks)


@pytest.mark.parametrize("column", ["level", "direction", "area", "kind", "action"])
def test_a_row_says_what_oasdiff_says(checks: dict[str, dict[str, str]], column: str) -> None:
    ours = "oasdiff" if column == "level" else column
    said = {id_: str(getattr(all_rules()[id_], ours)) for id_ in checks}
    expected = {id_: OURS.get((id_, column), check[column]) for id_, check in checks.items()}
    assert {id_: word.casefold() for id_, word in said.items()} == {
        id_: word.casefold() for id_, word in expected.items()
    }
