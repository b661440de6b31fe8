"""``explain`` of the changes of contracts: they are the same in every workspace and outside of all."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl import api
from retailctl.contracts.rules.rules import all_rules
from retailctl.errors import UsageError
from retailctl.parallel import mismatches


@pytest.mark.parametrize("word", ["request-property-became-required", "Request-Property-Became-Required"])
def test_a_change_is_explained_outside_a_workspace_and_in_any_case(tmp_path: Path, word: str) -> None:
    page = api.explain(word, tmp_path)
    assert (page["id"], page["severity"]) == ("request-property-became-required", "error")
    assert (page["for"], page["pack"], page["name"]) == ("contract", "retailctl:contracts", "required-request")
    assert all(page[name] for name in ("title", "why", "fix", "good", "bad", "how_to_waive"))


def test_a_level_that_is_not_that_of_oasdiff_is_explained_with_its_reason(tmp_path: Path) -> None:
    assert "oasdiff has INFO" in api.explain("api-security-added", tmp_path)["why"]
    assert "oasdiff" not in api.explain("api-security-alternative-added", tmp_path)["why"]


@pytest.mark.parametrize(
    ("word", "near"),
    [("request-property-becam-required", "request-property-became-required"), ("SEC-0111", "SEC-11")],
)
def test_an_unknown_word_is_answered_with_the_nearest_rule_or_change(tmp_path: Path, word: str, near: str) -> None:
    with pytest.raises(UsageError) as raised:
        api.explain(word, tmp_path)
    assert raised.value.hint == f"did you mean {near}?"


def test_all_rules_include_all_changes_in_one_order(tmp_path: Path) -> None:
    ids = [page["id"] for page in api.explain_all(tmp_path)]
    assert set(all_rules()) < set(ids)
    assert ids == sorted(ids)
    assert {row.id for row in mismatches.rule_rows()} < set(ids)
