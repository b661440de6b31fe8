"""oasdiff's own test cases, scored with its levels; where we differ, the reason is in a list beside this file."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import yaml

from retailctl.cli.main import main
from tests.corpus.oasdiff import (
    AS_OF,
    LISTED,
    Case,
    Found,
    Result,
    cases,
    dated,
    in_scope,
    is_right,
    listed,
    options_of,
    report,
    scored,
    share,
)
from tests.needs import require

LEVELS = {"error": "ERR", "warn": "WARN", "info": "INFO"}
FLAGS = {
    "days_beta": "--deprecation-days-beta",
    "days_stable": "--deprecation-days-stable",
    "stability": "--stability-level",
}


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return scored(require("corpus"))


def test_at_least_97_percent_of_the_exact_cases_agree(results: list[Result]) -> None:
    sys.stdout.write("\n".join([*report(results), ""]))
    right, of_all = share(results, "exact")
    assert of_all == 258
    assert right / of_all >= 0.97


def test_every_contains_case_agrees(results: list[Result]) -> None:
    assert share(results, "contains") == (106, 106)


def test_the_list_of_disagreements_is_exact(results: list[Result]) -> None:
    """A new disagreement needs a reason, and one that is gone must leave the list."""
    assert {result.name for result in results if not result.right} == set(listed())


def test_each_disagreement_has_a_reason() -> None:
    entries = yaml.safe_load(LISTED.read_bytes())
    assert all(set(entry) <= {"name", "reason", "witness"} and entry["reason"].strip() for entry in entries)
    assert len({entry["name"] for entry in entries}) == len(entries)


def chosen() -> list[Case]:
    """Some twenty cases from all over the file, those with options of oasdiff among them."""
    known = [case for case in cases(require("corpus")) if case["name"] not in listed()]
    spread = known[:: len(known) // 16]
    return [*spread, *(case for case in known if case["check_options"] and case not in spread)][:24]


def run(case: Case, folder: Path, corpus: Path) -> Found:
    """A case through the command line: (id, level) once per entry of ``operations``."""
    for side in ("base", "revision"):
        (folder / f"{side}.yaml").write_bytes(dated((corpus / "oasdiff" / case[side]).read_bytes()))
    flags = [word for name, value in options_of(case).items() for word in (FLAGS[name], str(value))]
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)) as out:
        files = [str(folder / "base.yaml"), str(folder / "revision.yaml")]
        common = ["--severity-profile", "oasdiff", "--as-of", AS_OF.isoformat(), "--no-witness", "--format", "json"]
        assert main(["contract", "diff", *files, *common, *flags]) in {0, 1}
        findings = json.loads(out.buffer.getvalue())["findings"]
    rows = ((one["rule"], LEVELS[one["severity"]], max(1, len(one["operations"]))) for one in findings)
    return in_scope(rows, case)


def test_the_command_says_the_same(corpus: Path, tmp_path: Path) -> None:
    wrong = Counter[str]()
    ran = chosen()
    for number, case in enumerate(ran):
        folder = tmp_path / str(number)
        folder.mkdir()
        wrong[case["name"]] += not is_right(case, run(case, folder, corpus))
    assert len(ran) >= 20
    assert [name for name, times in wrong.items() if times] == []
