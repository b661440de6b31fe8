"""A comparison from the command line in every format: well-formed, to its schema, and nothing foreign acts."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from retailctl import api
from retailctl.parallel.mismatches import ROWS
from tests.needs import ROOT

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv", "html")
HEAD = ("id", "=1+1", "</script><b>", "\x1b[31mred", "|`x`", "price")
SHOWN = {
    3: (1, "=cmd()"),
    4: (2, "</script><script>alert(1)</script>"),
    5: (3, "\x1b[2J\n::error::x"),
    6: (4, "|`<img>"),
}


def table(path: Path, changes: dict[int, tuple[int, str]], ids: range) -> None:
    """A CSV file of twenty rows or so, some of them changed in one column."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEAD)
        for number in ids:
            row = [str(number), "a", "b", "c", "d", f"{number}.50"]
            column, text = changes.get(number, (0, row[0]))
            row[column] = text
            writer.writerow(row)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All formats of one run; the rows of both sides are shown in clear."""
    folder = tmp_path_factory.mktemp("report")
    table(folder / "legacy.csv", {}, range(20))
    table(folder / "new.csv", {**SHOWN, 7: (5, "7.51")}, range(1, 21))
    files = [part for name in FORMATS[1:] for part in ("--output", f"{name}={folder / name}")]
    command = ["parallel", "compare", "legacy.csv", "new.csv", "--key", "id", "--show", "all", "--as-of", "2026-11-20"]
    done = subprocess.run(
        [sys.executable, "-m", "retailctl", *command, "--allow-outside", *files],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)}, capture_output=True, check=False,
        encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    return {"text": done.stdout, **{name: (folder / name).read_text("utf-8") for name in FORMATS[1:]}}


def test_json_keeps_to_its_schema_and_adds_up(outputs: dict[str, str]) -> None:
    report = json.loads(outputs["json"])
    assert list(Draft202012Validator(api.schema("report")).iter_errors(report)) == []
    summary = report["summary"]
    assert summary["rows"] == {"legacy": 20, "new": 20}
    assert {name: count for name, count in summary["classes"].items() if count} == {
        "MISSING_IN_NEW": 1, "EXTRA_IN_NEW": 1, "EQUAL": 14, "FIELD": 5
    }  # fmt: skip
    assert summary["fields"] == {
        "price": {"ROUNDING": 1},
        **{HEAD[column]: {"VALUE": 1} for column, _ in SHOWN.values()},
    }
    assert {row["rule"] for row in report["findings"]} == {
        f"parallel-{name}" for name in ("missing", "extra", "value", "rounding")
    }
    counts = {row["rule"]: row for row in summary["rules"]}
    assert set(counts) == {row.id for row in ROWS.values()}
    assert counts["parallel-stale"]["pass"] == 0, "what nobody can know of two states has not passed"
    assert type(counts["parallel-scale"]["pass"]) is int


def test_machine_formats_have_every_finding(outputs: dict[str, str]) -> None:
    (run,) = json.loads(outputs["sarif"])["runs"]
    assert len(run["results"]) == len(json.loads(outputs["gitlab"])) == 7
    assert len(ET.fromstring(outputs["junit"]).findall(".//failure")) == 7
    assert [line.split(" ")[0] for line in outputs["github"].splitlines()] == ["::error"] * 7 + ["retailctl:"]
    rows = list(csv.DictReader(io.StringIO(outputs["csv"])))
    assert {row["subject"] for row in rows} >= {"'=1+1", "rows", "price", "\\x1b[31mred"}


@pytest.mark.parametrize("name", FORMATS)
def test_foreign_text_is_inert(name: str, outputs: dict[str, str]) -> None:
    shown = outputs[name]
    assert "\x1b" not in shown
    assert "\n::error::x" not in shown
    if name in ("html", "markdown"):
        assert "<script>alert" not in shown
        assert "<img>" not in shown


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_people_see_rows_and_fields(name: str, outputs: dict[str, str]) -> None:
    shown = outputs[name]
    for words in ("missing in new", "extra in new", "price", "1 ROUNDING", "7.51"):
        assert words in shown, words
    assert "id 7" in shown
    assert "not seen" not in shown


@pytest.mark.parametrize("id_", [row.id for row in ROWS.values()])
def test_every_kind_of_finding_is_explained(id_: str, tmp_path: Path) -> None:
    page = api.explain(id_, tmp_path, api.AuditOptions())
    assert page["why"]
    assert page["fix"]
    assert "accepted:" in page["how_to_waive"]
