"""The changelog: every change once, under the section where its reader looks for it."""

from __future__ import annotations

from dataclasses import replace

from retailctl.report.changelog import SECTIONS, changelog
from tests.unit.report.build import finding
from tests.unit.report.contract_sample import contract_report, row, sample_contract_report


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
