"""The table as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from retailctl.contracts.rules.pages import Page, pages, title
from retailctl.contracts.rules.rules import AREAS, ChangeRule, all_rules

_HEAD = """\
# Contract rules

Every change between two versions of a contract that is reported, with its level: **ERR** breaks somebody, **WARN** may
break somebody, **INFO** is for the changelog. `retailctl explain` tells why, and what to do. Where oasdiff reports the
same change it has the same id, so that its severity files can be used; its level stands beside ours where it differs.

`make docs` writes this page from the table that the program reads.
"""


def rules_markdown() -> str:
    """The catalogue of changes: where we differ, the rules by area, and the pages that explain them."""
    rules = list(all_rules().values())
    counts = ", ".join(f"{level} {sum(rule.level == level for rule in rules)}" for level in ("ERR", "WARN", "INFO"))
    parts = [_HEAD, f"{len(rules)} rules: {counts}.", "", *_differences(rules), *_areas(rules), *_pages(rules)]
    return "\n".join(parts).rstrip() + "\n"


def _differences(rules: Iterable[ChangeRule]) -> Iterator[str]:
    yield "## Where our level differs from oasdiff's and why"
    yield ""
    yield "`--severity-profile oasdiff` puts its levels in force for these rules."
    yield ""
    differing = sorted((rule for rule in rules if rule.oasdiff not in ("-", rule.level)), key=_page_and_id)
    for key, same in groupby(differing, key=lambda rule: rule.docs):
        yield f"**{_words(key)}.** {pages()[key].differs}"
        yield ""
        yield "| rule | ours | oasdiff |"
        yield "|---|---|---|"
        yield from (f"| `{rule.id}` | {rule.level} | {rule.oasdiff} |" for rule in same)
        yield ""


def _areas(rules: Iterable[ChangeRule]) -> Iterator[str]:
    ordered = sorted(rules, key=lambda rule: (AREAS.index(rule.area), rule.id))
    for area, same in groupby(ordered, key=lambda rule: rule.area):
        yield f"## Area {area}"
        yield ""
        yield "| rule | level | what is said | why |"
        yield "|---|---|---|---|"
        for rule in same:
            level = rule.level if rule.oasdiff in ("-", rule.level) else f"{rule.level} (oasdiff: {rule.oasdiff})"
            yield f"| `{rule.id}` | {level} | {title(rule)} | [{_words(rule.docs)}](#{rule.docs}) |"
        yield ""


def _pages(rules: Iterable[ChangeRule]) -> Iterator[str]:
    """Each page under a heading that is its key: what the rows link to."""
    yield "# Why, and what to do"
    yield ""
    for key in sorted({rule.docs for rule in rules}):
        yield from _page(key, pages()[key])


def _page(key: str, page: Page) -> Iterator[str]:
    yield f"## {key}"
    yield ""
    yield page.why
    yield ""
    yield f"**Fix.** {page.fix}"
    yield ""
    yield from ("**Bad**", "", "```text", page.bad, "```", "", "**Good**", "", "```text", page.good, "```", "")


def _page_and_id(rule: ChangeRule) -> tuple[str, str]:
    return rule.docs, rule.id


def _words(key: str) -> str:
    return key.replace("-", " ")
