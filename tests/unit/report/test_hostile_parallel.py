"""Hostile names of columns and values of rows in every format: what each target would obey must arrive inert."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from retailctl.report.formats import FORMATS, render
from retailctl.report.json_schema import report_schema
from tests.unit.report.parallel_sample import parallel_everywhere, sample_parallel_report
from tests.unit.report.test_hostile import CONTROL, PARAMS, Tags

TEXTS = [*PARAMS, pytest.param("x</details></summary><h1>", id="details")]


def output(name: str, text: str) -> str:
    return "".join(render(parallel_everywhere(text), name))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", TEXTS)
def test_no_control_character_reaches_any_output(name: str, text: str) -> None:
    shown = output(name, text)
    assert not CONTROL.search(shown)
    shown.encode("utf-8")


@pytest.mark.parametrize("text", TEXTS)
def test_text_has_no_line_that_a_value_made(text: str) -> None:
    lines = output("text", text).splitlines()
    assert all(len(line) < 1000 for line in lines)
    assert not any(line.startswith(("::", "| e", "line")) for line in lines)


@pytest.mark.parametrize("text", TEXTS)
def test_html_is_inert(text: str) -> None:
    seen = Tags(output("html", text))
    assert seen.scripts == 1, "our own"
    assert not {"img", "iframe", "object", "link", "a", "base", "form"} & seen.tags
    assert not [name for name in seen.attributes if name.startswith("on") or name == "src"]


@pytest.mark.parametrize("text", TEXTS)
def test_machine_formats_stay_well_formed(text: str) -> None:
    Draft202012Validator(report_schema()).validate(json.loads(output("json", text)))
    json.loads(output("gitlab", text))
    json.loads(output("sarif", text))
    ET.fromstring(output("junit", text))


@pytest.mark.parametrize("text", TEXTS)
def test_no_cell_is_a_formula(text: str) -> None:
    rows = csv.reader(io.StringIO(output("csv", text), newline=""))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n") and not re.fullmatch(r"[-+][0-9.]+", cell)]


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_has_no_markup_that_a_value_made(text: str) -> None:
    shown = output("markdown", text)
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z]\w*)", re.sub(r"`[^`\n]*`", "", shown))} <= {
        "details",
        "summary",
        "code",
    }
    assert shown.count("<details>") == shown.count("</details>") == shown.count("<summary>")
    for line in shown.splitlines():
        cells = line.replace("\\|", "")
        assert not cells.startswith("|") or cells.count("|") in {2, 3, 4, 5, 6, 7}


def test_all_keys_of_a_run_come_together() -> None:
    validator = Draft202012Validator(report_schema())
    document = json.loads("".join(render(sample_parallel_report(), "json")))
    assert list(validator.iter_errors(document)) == []
    for key in ("sides", "key", "rows", "classes", "duplicates", "fields", "bridge", "gates", "not_compared", "engine"):
        less = {**document, "summary": {name: value for name, value in document["summary"].items() if name != key}}
        assert list(validator.iter_errors(less)), key
    document["findings"][0]["samples"][0]["values"]["price"].pop("new")
    assert list(validator.iter_errors(document))


def test_many_findings_show_rows_of_the_first_and_say_so() -> None:
    sample = sample_parallel_report()
    told = sample.summary.parallel
    assert told is not None
    many = tuple(replace(sample.findings[0], subject=f"c{number}", fingerprint=f"f{number}") for number in range(500))
    rows = dict.fromkeys((row.fingerprint for row in many), told.samples["a"])
    report = replace(sample, findings=many, summary=replace(sample.summary, parallel=replace(told, samples=rows)))
    for name in ("text", "markdown", "html"):
        shown = "".join(render(report, name))
        assert "rows of 450 more findings: use -f json" in shown, name
    assert len(json.loads("".join(render(report, "json")))["findings"][499]["samples"]) == 1
