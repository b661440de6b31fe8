"""Each escape, pinned on what its target would obey."""

from __future__ import annotations

import itertools
import json

import pytest
from markdown_it import MarkdownIt

from retailctl.report import escape
from retailctl.report.formats import render
from tests.unit.report.build import everywhere
from tests.unit.report.test_hostile import PARAMS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("\x9b\u202e\u2066\ufeff", "\\x9b\\u202e\\u2066\\ufeff"),
        ("\udce9", "\\udce9"),
        ("naïve 価格 ✓", "naïve 価格 ✓"),
    ],
)
def test_terminal_spells_control_characters_out(text: str, shown: str) -> None:
    assert escape.terminal(text) == shown


def test_json_in_html_cannot_close_its_element() -> None:
    value = "</script><!--&\u2028"
    text = escape.json_in_html(value)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == value


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a|b", r"a\|b"),
        ("`x` *y* [z](u)", r"\`x\` \*y\* \[z\](u)"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("@everyone", "@\u200beveryone"),
        ("https://evil.example", "https:\u200b//evil.example"),
    ],
)
def test_markdown_is_plain_text(text: str, safe: str) -> None:
    assert escape.markdown(text) == safe


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pos-sales", "`pos-sales`"),
        ("a`b", "<code>a&#96;b</code>"),
        ("a|b", "<code>a&#124;b</code>"),
        ("@x", "`@x`"),
        ("", "(none)"),
    ],
)
def test_markdown_code_survives_a_table(text: str, code: str) -> None:
    assert escape.markdown_code(text) == code


@pytest.mark.parametrize("text", PARAMS)
def test_markdown_cells_stay_in_their_columns(text: str) -> None:
    page = "".join(render(everywhere(text), "markdown"))
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    at = [number for number, token in enumerate(tokens) if token.type == "tr_open"] + [len(tokens)]
    # markdown-it drops surplus cells, so look for what they would leave empty: the count of findings, the owner.
    last = [
        next(t.content for t in reversed(tokens[a:b]) if t.type == "inline" and t.level > 3)
        for a, b in itertools.pairwise(at)
    ]
    assert last[:3] == ["Findings", "1", "1"]
    assert last[3] == "Owner"
    assert "&lt;img" not in last[4]
    assert [t.attrGet("style") for t in tokens if t.type == "td_open"][3] == "text-align:right"


@pytest.mark.parametrize(
    ("text", "safe"),
    [("a%b\r\nc", "a%25b%0D%0Ac"), ("k:v,w", "k%3Av%2Cw"), ("::error::x", "%3A%3Aerror%3A%3Ax")],
)
def test_github_properties_end_where_they_should(text: str, safe: str) -> None:
    assert escape.github_property(text) == safe


def test_html_and_xml_text() -> None:
    assert escape.html_text('<a href="x">\'&\x1b') == "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;\\x1b"
    assert escape.xml_text("a\x01\ufffe\ud800b\U0001f600") == "ab\U0001f600"
