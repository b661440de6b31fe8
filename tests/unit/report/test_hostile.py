"""Hostile names (cases 17 to 23) in every format: what each target would obey must arrive inert."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from retailctl.errors import Location
from retailctl.report.formats import FORMATS, render
from tests.unit.report.build import everywhere, finding, report

HOSTILE = {
    "ansi": "\x1b]0;owned\x07\x1b[2Jname",
    "c1": "a\x9b31mb\x85",
    "bidi": "abc\u202etxt.exe\u2066",
    "rich": "[/red][link=https://evil.example]click[/link]",
    "command": "x%0A::error::y\n::set-output name=a::b\r::add-mask::z",
    "old-command": "##[error]boom",
    "formula": '=HYPERLINK("https://evil.example","x")',
    "script": "</script></style><img src=x onerror=alert(1)><!--",
    "attribute": '" onmouseover="alert(1)" \'',
    "xml": "a\x01b\ufffe]]>&amp;",
    "markdown": "a | b ` c `` d\n| e @everyone <b> [x](javascript:alert(1)) ![i](https://evil.example/i.png)",
    "surrogate": "caf\udce9-\ud800",
    "path": 'inv/new\nline "q" #1 ?x %41 -lead.yaml',
    "long": "n" * 5000,
    "empty": "",
}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PARAMS = [pytest.param(text, id=id) for id, text in HOSTILE.items()]


def rendered(name: str, text: str) -> str:
    return "".join(render(everywhere(text), name))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", PARAMS)
def test_no_control_character_reaches_any_output(name: str, text: str) -> None:
    output = rendered(name, text)
    assert not CONTROL.search(output)
    output.encode("utf-8")


@pytest.mark.parametrize("text", PARAMS)
def test_text_has_no_line_that_a_name_made(text: str) -> None:
    lines = rendered("text", text).splitlines()
    assert all(len(line) < 1000 for line in lines)
    assert not any(line.startswith(("::", "| e", "line")) for line in lines)


def test_text_spells_escape_sequences_out() -> None:
    assert "\\x1b]0;owned\\x07" in rendered("text", HOSTILE["ansi"])
    assert "[/red][link=https://evil.example]" in rendered("text", HOSTILE["rich"])


@pytest.mark.parametrize("text", PARAMS)
def test_github_shows_one_annotation_per_finding(text: str) -> None:
    lines = rendered("github", text).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::notice", "retailctl:"]
    assert lines[0].count("::") == 2 + text.count("::")


@pytest.mark.parametrize(
    ("owner", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r\nx", "'\r\nx"),
        ("-12.50", "-12.50"),
        ("+49", "+49"),
        ("team", "team"),
    ],
)
def test_csv_guards_formulas_but_not_numbers(owner: str, cell: str) -> None:
    rows = list(csv.DictReader(io.StringIO("".join(render(report(finding(owner=owner)), "csv")), newline="")))
    assert rows[0]["owner"] == cell


class Tags(HTMLParser):
    """Which tags and attributes a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.scripts += tag == "script"


@pytest.mark.parametrize("text", PARAMS)
def test_html_is_inert(text: str) -> None:
    seen = Tags(rendered("html", text))
    assert seen.scripts == 2, "the data of the map, and our own"
    assert not {"img", "iframe", "object", "link", "a", "base", "form"} & seen.tags
    assert not [name for name in seen.attributes if name.startswith("on") or name == "src"]


@pytest.mark.parametrize("text", PARAMS)
def test_machine_formats_stay_well_formed(text: str) -> None:
    for name in ("json", "sarif", "gitlab"):
        json.loads(rendered(name, text))
    ET.fromstring(rendered("junit", text))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("inventories/pos.yaml", "inventories/pos.yaml"),
        ("./a b#1.yaml", "a%20b%231.yaml"),
        ('new\nline"q".yaml', "new%0Aline%22q%22.yaml"),
        ("-lead.yaml", "-lead.yaml"),
        ("c:x%41.yaml", "c%3Ax%2541.yaml"),
        ("//host/x", "host/x"),
        ("caf\udce9.yaml", "caf%E9.yaml"),
        ("naïve.yaml", "na%C3%AFve.yaml"),
    ],
)
def test_sarif_uris_are_relative_and_encoded(path: str, uri: str) -> None:
    log = json.loads("".join(render(report(finding(locations=(Location(path, 1),))), "sarif")))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    assert unquote(uri, errors="surrogateescape") == path.removeprefix("./").lstrip("/")
