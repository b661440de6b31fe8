"""The SARIF of our own estate against the schema of OASIS, and what GitHub asks beyond it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retailctl.model.report import Report
from retailctl.report.formats import render
from retailctl.report.options import RenderOptions


@pytest.fixture(scope="module")
def log(reference_report: Report) -> dict[str, Any]:
    text = "".join(render(reference_report, "sarif", RenderOptions(include_waived=True)))
    log: dict[str, Any] = json.loads(text)
    return log


def test_the_log_is_valid(log: dict[str, Any], corpus: Path) -> None:
    from jsonschema import Draft7Validator

    schema = json.loads((corpus / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
    errors = [f"{list(error.absolute_path)}: {error.message}" for error in Draft7Validator(schema).iter_errors(log)]
    assert errors == []


def test_every_result_has_what_github_reads(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    prints = set()
    for result in run["results"]:
        assert result["ruleId"] in known
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith(("/", "./", "file:"))
        assert place["region"]["startLine"] >= 1
        prints.add(result["partialFingerprints"]["primaryLocationLineHash"])
    assert len(prints) == len(run["results"]) > 40


def test_waived_findings_are_suppressed_with_their_reason(log: dict[str, Any]) -> None:
    suppressed = [result for result in log["runs"][0]["results"] if result.get("suppressions")]
    assert {result["ruleId"] for result in suppressed} == {"ARC-06", "SEC-01"}
    for result in suppressed:
        (one,) = result["suppressions"]
        assert one["kind"] == "external"
        assert one["justification"]
