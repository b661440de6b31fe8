"""Projection, messages, references and the catalogue."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from retailctl.model.estate_nouns import Credential, DeadLetter, Domain, Event, Sync, System
from retailctl.model.interface import Consumption, Interface, Reconciliation, Tolerance
from retailctl.model.interface_key import SqlKey
from retailctl.model.sighting import Sighting
from retailctl.policy.catalogue import catalogue, catalogue_markdown, explain_markdown, explain_rows
from retailctl.policy.facts_schema import FACTS
from retailctl.policy.functions import duration_minutes
from retailctl.policy.message_types import structs
from retailctl.policy.pack import Pack
from retailctl.policy.projection import plain, project
from retailctl.policy.references import dotted, references, renamed
from retailctl.policy.templates import render


class SourceInt(int):
    """As the reader of the workspace makes them: a number that remembers its spelling."""

    text = "010"


class SourceTrue(int):
    text = "TRUE"


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        (System(id="odoo", aliases=()), {"id": "odoo", "aliases": []}),
        (
            System(id="odoo", limits={"rps": SourceInt(10), "hard": SourceTrue(1), "x": None}),
            {"id": "odoo", "limits": {"rps": 10, "hard": True}},
        ),
        (Domain(id="d", sync=Sync(source="odoo")), {"id": "d", "sync": {"source": "odoo"}}),
        (
            Credential(id="c", last_rotated=date(2024, 5, 1)),
            {"id": "c", "last_rotated": "2024-05-01T00:00:00Z"},
        ),
        (Event(id="e", dlq=DeadLetter(name="q")), {"id": "e", "dlq": {"name": "q"}}),
        (
            Interface(
                id="i",
                key=SqlKey(protocol="sql", table="t"),
                consumers=(Consumption(system="wms"),),
                reconciliation=Reconciliation(tolerance=Tolerance(amount=Decimal("0.10"))),
            ),
            {
                "id": "i",
                "key": {"protocol": "sql", "table": "t"},
                "consumers": [{"system": "wms"}],
                "reconciliation": {"tolerance": {"amount": "0.10"}},
            },
        ),
        (
            Sighting(source="log", at=datetime(2024, 5, 1, 2, tzinfo=UTC)),
            {"source": "log", "at": "2024-05-01T02:00:00+00:00"},
        ),
    ],
)
def test_nouns_become_plain_values(noun: Any, expected: dict[str, Any]) -> None:
    assert project(noun) == expected


def test_projected_truth_is_truth_and_sets_are_sorted() -> None:
    assert plain(SourceTrue(1)) is True
    assert type(plain(SourceInt(8))) is int
    assert plain({"b", "a"}) == ["a", "b"]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("credential {{credential.id}} on {{credential.systems}}", "credential c1 on odoo, wms"),
        ("{{ credential.gone }} {{credential.gone.further}}", "? ?"),
        ("{{credential.last_rotated}}", "2024-05-01"),
        ("{{credential.hops}}", "http://a, b"),
        ("{{credential.hops[1].id}} {{credential.hops[9].id}}", "b ?"),
        ("{{params.words[credential.kind]}}", "robot"),
        ('{{params.words["ai"]}} {{params.words[credential.gone]}}', "robot ?"),
        ("{{credential.many}}", "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"),
        ("{{credential.human}}", "true"),
        ("no part", "no part"),
    ],
)
def test_messages(template: str, expected: str) -> None:
    credential = {
        "id": "c1",
        "systems": ["odoo", "wms"],
        "last_rotated": "2024-05-01T00:00:00Z",
        "hops": [{"url": "http://a"}, {"id": "b"}],
        "kind": "ai",
        "many": list(range(12)),
        "human": True,
    }
    assert render(template, {"credential": credential, "params": {"words": {"ai": "robot"}}}) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("flow.mode == 'flow.other' // flow.comment", ["flow.mode"]),
        ("flow.hops.exists(h, h.url == 'x')", ["flow.hops", "flow.hops[].url"]),
        ("flow.a.filter(x, x.b.all(y, y.c == 1)).size() > 0", ["flow.a", "flow.a[].b", "flow.a[].b[].c"]),
        ("has(flow.x) && size(flow.y) in params.z", ["flow.x", "flow.y", "params.z"]),
        ("flow['a-b'].c == flow[\"d\"]", ["flow", "flow.d"]),
        ("flow.id.matches(\"it's\") || flow.mode == 'a'", ["flow.id", "flow.mode"]),
    ],
)
def test_references_are_read_from_the_text(expression: str, expected: list[str]) -> None:
    assert [dotted(path) for path in references(expression)] == expected


def test_only_the_variable_is_renamed() -> None:
    text = "params.a == 'params' && flow.params == params.params && paramsx // params"
    assert renamed(text, "params", "params7") == (
        "params7.a == 'params' && flow.params == params7.params && paramsx // params"
    )


@pytest.mark.parametrize(
    ("text", "minutes"), [("15m", 15), ("2h", 120), ("14d", 20160), ("1d 12h", 2160), ("1w", 10080)]
)
def test_durations(text: str, minutes: int) -> None:
    assert duration_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "d", "14", "14 days ago", "-3d", "offset_or_window"])
def test_text_that_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        duration_minutes(text)


def test_the_key_of_an_interface_has_the_columns_of_every_family() -> None:
    assert {"protocol", "method", "topic", "table", "mailbox", "unit"} <= structs()["Key"].keys()


def test_every_fact_has_a_known_type_and_a_meaning() -> None:
    for facts in FACTS.values():
        for fact in facts.values():
            assert fact.type in {"string", "int", "double", "bool", "strings", "any"} or fact.type.endswith("[]")
            assert fact.meaning.endswith(".")


def test_the_catalogue_knows_every_rule(standard: Pack) -> None:
    rows = catalogue(standard.rules.values())
    assert [rule.id for rule in rows] == sorted(rule.id for rule in rows)
    assert {"WAV001", "WAV002", "WAV003", "WAV004", "SEC-01"} <= {rule.id for rule in rows}
    assert all(rule.title and rule.why and rule.fix for rule in rows)


def test_explain_says_why_how_and_what_is_read(standard: Pack) -> None:
    text = explain_markdown(standard.rules["SEC-01"])
    for part in (
        "# SEC-01 shared-credential",
        "**Why.**",
        "**Fix.**",
        "`credential.systems`",
        "waivers.yaml",
        "```cel",
    ):
        assert part in text
    row = next(row for row in explain_rows(standard.rules.values()) if row["id"] == "SEC-05")
    assert row["params"] == "{days: 90}"
    assert row["reads"][0] == "credential.rotated_days"


def test_the_catalogue_page_has_a_line_and_a_section_per_rule(standard: Pack) -> None:
    page = catalogue_markdown(standard.rules.values())
    for rule in standard.rules.values():
        assert re.search(rf"^\| \[{rule.id}\]\(#[a-z0-9-]+\) \|", page, re.MULTILINE)
        assert f"\n## {rule.id} " in page
