"""The table as a page of the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from retailctl.contracts.rules.pages import Page, pages, title
from retailctl.contracts.rules.rules import AREAS, POSITIONS, ChangeRule, all_rules

_HEAD = """\
# Contract rules

Every change between two versions of a contract that is reported, with its level: **ERR** breaks somebody, **WARN** may
break somebody, **INFO** is for the changelog. `retailctl explain` tells why, and what to do. Where oasdiff reports the
same change it has the same id, so that its severity files can be used.

`make docs` writes this page from the table that the program reads.
"""


def rules_markdown() -> str:
    """The catalogue of changes: where we differ, the rules by area, and the pages that explain them."""
    rules = list(all_rules().values())
    counts = ", ".join(f"{level} {sum(rule.level == level for rule in rules)}" for level in ("ERR", "WARN", "INFO"))
    grid = _grid(all_rules())
    gathered = {rule.id for same in grid.values() for rule in same}
    others = [rule for rule in rules if rule.id not in gathered]
    parts = [_HEAD, f"{len(rules)} rules: {counts}.", "", *_differences(rules)]
    parts += [*_areas(others), *_schemas(grid), *_pages(rules)]
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
        yield from (_row(f"`{rule.id}`", rule.level, rule.oasdiff) for rule in same)
        yield ""


def _grid(rules: Mapping[str, ChangeRule]) -> dict[str, tuple[ChangeRule, ...]]:
    """The changes of a schema: what follows the position in the ids -> the rules, position by position."""
    *_, last = POSITIONS
    families = [id_.removeprefix(f"{last}-") for id_ in rules if id_.startswith(f"{last}-")]
    whole = (family for family in families if all(f"{position}-{family}" in rules for position in POSITIONS))
    return {family: tuple(rules[f"{position}-{family}"] for position in POSITIONS) for family in whole}


def _schemas(grid: Mapping[str, tuple[ChangeRule, ...]]) -> Iterator[str]:
    yield "## Changes of a schema"
    yield ""
    yield "The id is the position and the change, `request-property-max-decreased` for example. The positions are:"
    yield ""
    yield from (f"* `{position}`" for position in POSITIONS)
    yield ""
    yield "| change | in requests | in responses | what is said | why |"
    yield "|---|---|---|---|---|"
    for family, same in grid.items():
        levels = (_levels(same, direction) for direction in ("request", "response"))
        said = title(same[0]).partition(": ")[2].rstrip(".")
        yield _row(f"`{family}`", *levels, said, ", ".join(dict.fromkeys(_link(rule.docs) for rule in same)))
    yield ""


def _levels(rules: Iterable[ChangeRule], direction: str) -> str:
    """The level of most positions, then the positions that have another one."""
    levels = {rule.id: rule.level for rule in rules if rule.direction == direction}
    (most, _), *_ = Counter(levels.values()).most_common(1)
    return ", ".join([most, *(f"{level} for `{id_}`" for id_, level in levels.items() if level != most)])


def _areas(rules: Iterable[ChangeRule]) -> Iterator[str]:
    ordered = sorted(rules, key=lambda rule: (AREAS.index(rule.area), rule.id))
    for area, same in groupby(ordered, key=lambda rule: rule.area):
        yield f"## Area {area}"
        yield ""
        yield "| rule | level | what is said | why |"
        yield "|---|---|---|---|"
        yield from (_row(f"`{rule.id}`", rule.level, title(rule), _link(rule.docs)) for rule in same)
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


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _link(key: str) -> str:
    return f"[{_words(key)}](#{key})"


def _words(key: str) -> str:
    return key.replace("-", " ")
