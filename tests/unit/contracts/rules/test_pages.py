"""The pages: every one is there, is used, and says something of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from retailctl.contracts.rules import pages as module
from retailctl.contracts.rules.catalogue import rules_markdown
from retailctl.contracts.rules.pages import PACK, Page, explained_rules, pages, title, to_model_rule
from retailctl.contracts.rules.rules import POSITIONS, all_rules, rule
from retailctl.model.finding import SEVERITIES
from tests.unit.contracts.rules.families import FAMILIES

ROWS = list(all_rules().values())
DIFFERING = [row for row in ROWS if row.oasdiff not in ("-", row.level)]


def test_every_key_has_a_page_and_every_page_is_used() -> None:
    assert {row.docs for row in ROWS} == set(pages())


@pytest.mark.parametrize("key", pages())
def test_a_page_is_complete(key: str) -> None:
    page = pages()[key]
    sentences = (page.why, page.fix, *filter(None, [page.differs]))
    assert all(text[0].isupper() or text.startswith("oasdiff") for text in sentences)
    assert all(text.endswith((".", ")")) for text in sentences)
    assert page.bad and page.good and page.bad != page.good


def test_no_two_pages_give_the_same_reason() -> None:
    told = Counter(page.why for page in pages().values())
    # The same is true of an operation and of its parts.
    assert [why for why, count in told.items() if count > 1] == [pages()["operation-sunset"].why]


def test_where_our_level_differs_the_page_says_why_and_nowhere_else() -> None:
    assert {row.docs for row in DIFFERING} == {key for key, page in pages().items() if page.differs}
    assert DIFFERING


def test_a_page_is_about_one_direction() -> None:
    """A page for requests explains no change of responses."""
    wrong = [
        row.id
        for row in ROWS
        for side, other in (("-request", "response"), ("-response", "request"))
        if row.docs.endswith(side) and row.direction == other
    ]
    assert wrong == []


def test_pages_stay_readable_in_the_file() -> None:
    lines = (Path(module.__file__).parent / "docs.yaml").read_text("utf-8").splitlines()
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []


def test_a_title_is_the_message_without_its_values() -> None:
    assert title(rule("response-property-became-nullable")) == "Response property …: null is now allowed."
    assert title(rule("response-property-max-increased")) == "Response property …: maximum went up from … to …"


def test_a_row_becomes_a_rule_that_reports_know() -> None:
    made = to_model_rule(rule("api-security-added"), Page("Why.", "Fix.", "bad", "good", "Because."))
    assert (made.id, made.severity, made.pack) == ("api-security-added", "error", PACK)
    assert (made.why, made.fix, made.bad, made.good) == ("Why. Because.", "Fix.", "bad", "good")
    assert made.implements == "oasdiff:api-security-added"
    assert made.tags == ("contract", "security", "existence", "add")


def test_a_rule_of_ours_has_no_alias_and_needs_no_page() -> None:
    made = to_model_rule(rule("server-became-insecure"))
    assert (made.implements, made.why, made.fix) == (None, "", "")


def test_every_row_is_explained() -> None:
    made = explained_rules()
    assert list(made) == sorted(all_rules())
    assert {one.severity for one in made.values()} <= set(SEVERITIES)
    assert [one.id for one in made.values() if not (one.why and one.fix and one.bad and one.good)] == []


TEXT = rules_markdown()


def test_the_page_of_the_documentation_has_every_difference_in_one_section() -> None:
    _, _, rest = TEXT.partition("## Where our level differs from oasdiff's and why\n")
    section = rest.partition("\n## ")[0]
    assert section.count("| `") == len(DIFFERING)
    assert [row.id for row in DIFFERING if f"| `{row.id}` | {row.level} | {row.oasdiff} |" not in section] == []
    assert all(page.differs in section for page in pages().values())


def test_the_page_of_the_documentation_has_every_row_by_itself_or_by_its_change() -> None:
    changes = {f"{position}-{family}" for position in POSITIONS for family in FAMILIES}
    alone = [row for row in ROWS if row.id not in changes]
    assert [row.id for row in alone if f"\n| `{row.id}` | {row.level} | {title(row)} |" not in TEXT] == []
    assert [family for family in FAMILIES if TEXT.count(f"\n| `{family}` |") != 1] == []
    assert "\n| `max-decreased` | ERR | INFO | maximum went down from … to … |" in TEXT
    assert "\n| `type-changed` | ERR, WARN for `request-parameter-property-type-changed` | ERR | " in TEXT


def test_every_reason_is_linked_and_there() -> None:
    assert [key for key in pages() if f"\n## {key}\n" not in TEXT or f"](#{key})" not in TEXT] == []
