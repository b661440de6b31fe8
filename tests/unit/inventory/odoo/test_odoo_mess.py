"""Every kind of mess is found with its record as evidence; the healthy twin of the same database is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.model.report import Report
from retailctl.workspace.reader import read_document
from tests.support.odoo_estate import MARK, audit, healthy, records
from tests.support.odoo_mess import EXPECTED, messy

# What a workspace with nothing but a scan in it lacks, whatever is in the database.
OF_EVERY_EMPTY_ESTATE = {"OWN-02", "CON-13"}


@pytest.fixture(scope="module")
def messy_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("messy")


@pytest.fixture(scope="module")
def report(messy_root: Path) -> Report:
    return audit(messy_root, records(messy()))


def failed(report: Report) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.verdict == "fail" and finding.rule not in OF_EVERY_EMPTY_ESTATE:
            found.setdefault(finding.rule, []).append(f"{finding.subject}: {finding.message}")
    return found


@pytest.mark.parametrize(
    ("rule", "named"), EXPECTED, ids=[f"{rule}-{number}" for number, (rule, _) in enumerate(EXPECTED)]
)
def test_the_mess_is_found_and_its_record_is_named(report: Report, rule: str, named: str) -> None:
    told = [text for text in failed(report).get(rule, []) if named in text]
    assert len(told) == 1, failed(report).get(rule)


def test_nothing_else_is_found(report: Report) -> None:
    expected = {rule for rule, _ in EXPECTED}
    assert set(failed(report)) == expected
    counts = {rule: len(texts) for rule, texts in failed(report).items() if rule.startswith("ODO")}
    assert counts == {rule: sum(1 for one, _ in EXPECTED if one == rule) for rule in counts}


def test_the_healthy_twin_is_silent(tmp_path: Path) -> None:
    assert failed(audit(tmp_path, records(healthy()))) == {}


def test_no_secret_and_no_person_reaches_a_file_or_a_finding(messy_root: Path, report: Report) -> None:
    written = [path for path in messy_root.rglob("*") if path.is_file() and path.suffix in (".yaml", ".json")]
    assert len(written) > 2
    for path in written:
        assert MARK.lower() not in path.read_text("utf-8").lower(), path
    assert MARK.lower() not in repr(report).lower()


def test_what_is_written_is_an_inventory(messy_root: Path, report: Report) -> None:
    assert [finding.message for finding in report.findings if finding.rule.startswith("INP")] == []
    data = read_document(messy_root, "inventories/observed/odoo.yaml").data
    assert {"systems", "interfaces", "credentials", "coverage"} <= set(data)
