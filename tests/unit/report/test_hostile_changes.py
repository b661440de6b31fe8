"""Hostile names and values in every field of a change, in every format and in the changelog."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from retailctl.report.changelog import changelog
from retailctl.report.formats import FORMATS, render
from retailctl.report.json_schema import report_schema
from retailctl.report.options import RenderOptions
from tests.unit.report.build import finding, report
from tests.unit.report.contract_everywhere import change, changed_everywhere
from tests.unit.report.test_formats import SARIF_SCHEMA
from tests.unit.report.test_hostile import CONTROL, HOSTILE, PARAMS, Tags

FENCE = "```\n@everyone <script>alert(1)</script>\n```json\n"
TEXTS = [*PARAMS, pytest.param(FENCE, id="fence"), pytest.param("x</details></summary><h1>", id="details")]
ALL = (*FORMATS, "changelog")


def output(name: str, text: str) -> str:
    sample = changed_everywhere(text)
    return (
        changelog(sample) if name == "changelog" else "".join(render(sample, name, RenderOptions(include_waived=True)))
    )


@pytest.mark.parametrize("name", ALL)
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
def test_github_shows_one_annotation_per_change(text: str) -> None:
    lines = output("github", text).splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "::error",
        "::error",
        "::warning",
        "::notice",
        "::notice",
        "retailctl:",
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_html_is_inert(text: str) -> None:
    seen = Tags(output("html", text))
    assert seen.scripts == 1, "our own; there is no map"
    assert not {"img", "iframe", "object", "link", "a", "base", "form"} & seen.tags
    assert not [name for name in seen.attributes if name.startswith("on") or name == "src"]


@pytest.mark.parametrize("text", TEXTS)
def test_machine_formats_stay_well_formed(text: str) -> None:
    Draft202012Validator(report_schema()).validate(json.loads(output("json", text)))
    json.loads(output("gitlab", text))
    ET.fromstring(output("junit", text))


@pytest.mark.skipif(not SARIF_SCHEMA.exists(), reason="the corpus with the OASIS schema is not here")
@pytest.mark.parametrize("text", TEXTS)
def test_sarif_fits_the_oasis_schema(text: str) -> None:
    validator = jsonschema_rs.validator_for(json.loads(SARIF_SCHEMA.read_text()))
    assert not [str(error) for error in validator.iter_errors(json.loads(output("sarif", text)))]


@pytest.mark.parametrize("text", TEXTS)
def test_csv_guards_the_columns_of_changes(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(output("csv", text), newline="")))
    cells = [row[name] for row in rows for name in ("operation", "direction", "consumers", "witness")]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n") and not re.fullmatch(r"[-+][0-9.]+", cell)]


@pytest.mark.parametrize("name", ["markdown", "changelog"])
@pytest.mark.parametrize("text", TEXTS)
def test_markdown_has_no_markup_that_a_value_made(name: str, text: str) -> None:
    shown, fences = re.subn(r"(?m)^( *)```json\n(?:.*\n)*?\1```$", "", output(name, text))
    assert fences == (2 if name == "changelog" else 1), "each block of JSON ends where we end it"
    assert "```" not in shown.replace("\\`", "")
    assert not re.search(r"@(?!\u200b)", re.sub(r"<code>.*?</code>|`[^`]*`", "", shown)), "nobody is mentioned"
    # What is left of markup is ours: details and summary, code for what does not fit between backticks.
    assert {tag.lower() for tag in re.findall(r"</?([a-zA-Z]\w*)", re.sub(r"`[^`\n]*`", "", shown))} <= {
        "details",
        "summary",
        "code",
    }
    assert shown.count("<details>") == shown.count("</details>") == shown.count("<summary>")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("value", [
    pytest.param(float("nan"), id="nan"), pytest.param(float("-inf"), id="infinity"), pytest.param(10**6000, id="integer"),
    pytest.param({"a": {1, 2}, 3: b"x"}, id="types"), pytest.param("\ud800", id="surrogate"), pytest.param([[]] * 100_000, id="wide"),
])  # fmt: skip
def test_a_witness_that_is_no_json_is_written_all_the_same(name: str, value: object) -> None:
    sample = report(finding(change=change("x", value)))
    shown = changelog(sample) if name == "changelog" else "".join(render(sample, name))
    assert len(shown) < 400_000
    if name == "json":
        json.loads(shown, parse_constant=pytest.fail)


@pytest.mark.parametrize("name", ALL)
def test_a_witness_may_be_deep_or_endless(name: str) -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    endless: dict[str, object] = {}
    endless["a"] = endless["b"] = endless
    for value in (deep, endless):
        sample = report(finding(change=change("x", value)))
        assert len(changelog(sample) if name == "changelog" else "".join(render(sample, name))) < 2_000_000


def test_reports_of_changes_without_any_detail_are_fine() -> None:
    bare = replace(change("", None, witness=None, consumers=()), operations=(), operation="", old="", new="")
    for name in FORMATS:
        assert "".join(render(report(finding(change=bare)), name))
    assert HOSTILE["empty"] == ""
