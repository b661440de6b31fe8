"""Messages: values, words for missing ones, and segments that vanish with them."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.policy.templates import bracket_mistake, paths_in, render

SCOPE: dict[str, Any] = {
    "interface": {
        "id": "if-a",
        "mode": "poll",
        "owner": "",
        "consumers": [{"system": "wms"}, {"system": "crm"}],
        "scopes": [],
        "retry": {"max": 0},
    },
    "params": {"words": {"poll": "too slow"}},
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{interface.id}} polls", "if-a polls"),
        ("{{ interface.id }}", "if-a"),
        ("{{params.words[interface.mode]}}", "too slow"),
        ("read by {{interface.consumers}}", "read by wms, crm"),
        ("owner {{interface.owner}}", "owner ?"),
        ("owner {{interface.owner|nobody}}", "owner nobody"),
        ("owner {{ interface.team | no one yet }}", "owner no one yet"),
        ("may {{interface.scopes|nothing}}", "may nothing"),
        ("max {{interface.retry.max|unbounded}}", "max 0"),
        ("{{interface.id}}[[ (owner {{interface.owner}})]] stops", "if-a stops"),
        ("{{interface.id}}[[ (mode {{interface.mode}})]] stops", "if-a (mode poll) stops"),
        ("{{interface.id}}[[ ({{interface.mode}}, {{interface.owner}})]]", "if-a"),
        ("{{interface.id}}[[ ({{interface.mode}}, {{interface.owner|nobody}})]]", "if-a (poll, nobody)"),
        ("[[{{interface.owner}}, ]]{{params.words[interface.mode]}}[[ at {{interface.id}}]]", "too slow at if-a"),
    ],
)
def test_a_message_says_what_is_known(template: str, expected: str) -> None:
    assert render(template, SCOPE) == expected


def test_every_path_is_checked_whatever_stands_around_it() -> None:
    template = "{{a.b}} [[({{c.d|none}}, {{params.words[x.mode]}})]]"
    assert paths_in(template) == ("a.b", "c.d", "params.words[x.mode]")


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        ("[[a]] {{b}} [[c]]", ""),
        ("{{params.m[params.n[x]]}}", ""),  # brackets of a path are its own
        ("[[a", "[[ without ]]"),
        ("a]]", "]] without [["),
        ("[[a [[b]] ]]", "do not nest"),
    ],
)
def test_brackets_that_do_not_match_are_refused(template: str, mistake: str) -> None:
    found = bracket_mistake(template)
    assert mistake in found if mistake else not found
