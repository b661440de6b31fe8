"""The audit of our own estate: every planted problem once, at its place, and nothing besides."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.workspace.reader import read_document
from tests.needs import ROOT


def _each(row: dict[str, Any]) -> list[dict[str, Any]]:
    """One row per rule and subject."""
    rules, subjects = row.get("rules", [row.get("rule")]), row.get("subjects", [row.get("subject")])
    return [{**row, "rule": rule, "subject": subject} for rule in rules for subject in subjects]


EXPECTED: dict[str, list[dict[str, Any]]] = {
    name: [one for row in rows for one in _each(row)]
    for name, rows in read_document(ROOT, "tests/reference_estate/expected.yaml").data.items()
}
Row = tuple[str, str, str]


@cache
def spans(path: str) -> dict[str, tuple[int, int]]:
    """First and last line of every entry with an id: it ends where the next one begins, or the file."""
    document = read_document(ROOT, path)
    ids = {
        document.locate(f"/{section}/{number}").line: str(entry["id"])
        for section, entries in document.data.items()
        if isinstance(entries, list)
        for number, entry in enumerate(entries)
        if "id" in entry
    }
    starts = [*sorted(ids), len((ROOT / path).read_text("utf-8").splitlines()) + 1]
    return {ids[first]: (first, after - 1) for first, after in pairwise(starts)}


def rows(name: str, verdict: str) -> Counter[Row]:
    return Counter((row["rule"], row["subject"], row.get("verdict", verdict)) for row in EXPECTED[name])


def lines(path: str, key: str) -> tuple[int, int]:
    """First and last line of an entry, or the line of a place in a contract."""
    if key and not key.startswith("/"):
        return spans(path)[key]
    line = read_document(ROOT, path).locate(key).line
    return line, line


def newest_run(plan: str) -> tuple[str, str]:
    """The evidence of the newest run of a plan, and what a finding points at there."""
    found = (ROOT / "migrations").glob(f"*/evidence/ev-parallel-{plan}-*.yaml")
    return max(path.relative_to(ROOT).as_posix() for path in found), "/values"


def reported(report: Report, *verdicts: str) -> Counter[Row]:
    return Counter((f.rule, f.subject, f.verdict) for f in report.findings if f.verdict in verdicts)


def test_every_planted_problem_is_reported_once_and_nothing_else(reference_report: Report) -> None:
    assert reported(reference_report, "fail", "waived") == rows("findings", "fail")


def test_what_cannot_be_known_is_unknown_and_nothing_else(reference_report: Report) -> None:
    assert reported(reference_report, "unknown") == rows("unknown", "unknown")


def test_only_domains_of_odoo_are_not_applicable(reference_report: Report) -> None:
    messages = {f.message for f in reference_report.findings if f.verdict == "not_applicable"}
    assert all(message.startswith("odoo is the system of record of ") for message in messages)


def test_the_run_fails_and_skips_nothing(reference_report: Report) -> None:
    summary = reference_report.summary
    assert (summary.verdict, summary.exit_code) == ("fail", 1)
    assert (summary.skipped_files, summary.skipped_rules, reference_report.notices) == (0, (), ())


def finding_of(report: Report, row: dict[str, Any]) -> Finding:
    (finding,) = (f for f in report.findings if (f.rule, f.subject) == (row["rule"], row["subject"]))
    return finding


@pytest.mark.parametrize("row", EXPECTED["findings"], ids=lambda row: f"{row['rule']} {row['subject']}")
def test_a_finding_points_into_its_entry(reference_report: Report, row: dict[str, Any]) -> None:
    finding = finding_of(reference_report, row)
    path, key = newest_run(row["run"]) if "run" in row else (row["file"], row["key"])
    first, last = lines(path, key)
    assert finding.locations[0].path == path
    assert first <= finding.locations[0].line <= last
    assert finding.waiver == row.get("waiver")
    places = [*finding.locations, *(e.location for e in (*finding.evidence, *finding.related) if e.location)]
    for name in row.get("also", ()):
        assert any(spans(p.path).get(name, (0, 0))[0] <= p.line <= spans(p.path).get(name, (0, 0))[1] for p in places)
    if "observed" in row:
        assert row["observed"] in {place.path for place in places}


@pytest.mark.parametrize("row", EXPECTED["unknown"], ids=lambda row: f"{row['rule']} {row['subject']}")
def test_an_unknown_says_what_is_missing(reference_report: Report, row: dict[str, Any]) -> None:
    finding = finding_of(reference_report, row)
    assert row["missing"] in finding.message
    assert finding.locations
    assert finding.locations[0].line > 0
    assert row["why"]


def test_no_message_has_a_hole(reference_report: Report) -> None:
    for finding in reference_report.findings:
        assert "?" not in finding.message, finding.message
        assert "None" not in finding.message, finding.message
