"""Laws of the renderers: whatever the names, the output is well-formed and says the same thing."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from retailctl.report import escape
from retailctl.report.formats import render
from tests.unit.report.build import everywhere
from tests.unit.report.test_hostile import CONTROL, Tags

TEXT = st.text(st.characters(), max_size=60) | st.text(
    "\x1b\u202e\ud800%:,\r\n\t|`<>&'\"=+-@\\[](){}*_~#! ax", max_size=40
)


# The first call imports the renderer, so a deadline would measure the import.
law = settings(deadline=None, max_examples=60)


def rendered(name: str, text: str) -> str:
    return "".join(render(everywhere(text), name))


@law
@given(TEXT)
def test_json_brings_back_every_name(text: str) -> None:
    row = json.loads(rendered("json", text))["findings"][0]
    expected = "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)
    assert row["subject"] == row["message"] == row["owner"] == expected


@law
@given(TEXT)
def test_sarif_and_gitlab_are_json(text: str) -> None:
    assert json.loads(rendered("sarif", text))["runs"][0]["results"][0]["message"]["text"]
    assert len(json.loads(rendered("gitlab", text))) == 2


@law
@given(TEXT)
def test_junit_is_xml_with_one_case_per_finding(text: str) -> None:
    root = ET.fromstring(rendered("junit", text))
    assert len(root.findall(".//testcase")) == 2
    assert (root.get("failures"), root.get("skipped")) == ("1", "1")


@law
@given(TEXT)
def test_csv_brings_back_every_cell(text: str) -> None:
    rows = list(csv.reader(io.StringIO(rendered("csv", text), newline="")))
    assert len(rows) == 3
    assert rows[1][4] == rows[1][5] == escape.csv_cell(text)
    assert escape.csv_cell(text).removeprefix("'") == escape.multiline(text).removeprefix("'")


@law
@given(TEXT)
def test_github_has_one_line_per_annotation(text: str) -> None:
    output = rendered("github", text)
    assert len(output.split("\n")) == 4
    assert "\r" not in output


@law
@given(TEXT)
def test_text_says_nothing_to_the_terminal(text: str) -> None:
    assert not CONTROL.search(rendered("text", text))
    assert "\r" not in rendered("text", text)


@law
@given(TEXT)
def test_html_holds_only_our_elements(text: str) -> None:
    plain = Tags(rendered("html", "x"))
    seen = Tags(rendered("html", text))
    assert seen.tags <= plain.tags | {"p"}
    assert seen.attributes <= plain.attributes


@law
@given(TEXT)
def test_markdown_tables_keep_their_shape(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered("markdown", text))
    rows = [token.type for token in tokens].count("tr_open")
    assert rows == 7, "three tables: a head and two rules' rows, a head and one run, a head and one finding"
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "code_inline", "strong_open", "strong_close", "html_inline",
                                                "hardbreak", "softbreak", "text_special", "em_open", "em_close"}  # fmt: skip
    assert {child.content for child in inline if child.type == "html_inline"} <= {"<code>", "</code>"}
