"""pass, fail, unknown: what a missing field, a guard, a filter and an error do to the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import ConfigError, Location
from retailctl.model.estate import Estate, LiteralSecret, Subject
from retailctl.model.rule import Rule
from retailctl.policy.engine import Context, Evaluation, evaluate

DAY = date(2026, 1, 10)


def rule(when: str | None, kind: str = "interface", **more: Any) -> Rule:
    return Rule(id="EST101", name="x", title="t", applies_to=kind, when=when, **more)


def judge(one: Rule, *fields: dict[str, Any], hand_kept: bool = True) -> Evaluation:
    origin = Location("inventories/a.yaml", pointer="/interfaces/0")
    subjects = [
        Subject(one.applies_to, str(row.get("id", n)), row, (origin,), hand_kept=hand_kept)
        for n, row in enumerate(fields)
    ]
    return evaluate([one], {one.applies_to: subjects}, Context(as_of=DAY))


def verdict(one: Rule, fields: dict[str, Any], *, hand_kept: bool = True) -> tuple[str, str]:
    result = judge(one, fields, hand_kept=hand_kept)
    assert not result.rule_errors
    return (result.findings[0].verdict, result.findings[0].message) if result.findings else ("pass", "")


@pytest.mark.parametrize(
    ("when", "fields", "expected"),
    [
        ("interface.mode == 'poll'", {"mode": "poll"}, "fail"),
        ("interface.mode == 'poll'", {"mode": "sync"}, "pass"),
        ("interface.mode == 'poll'", {}, "not enough evidence: interface.mode"),
        (
            "interface.classification.rto_minutes > 3",
            {"classification": {}},
            "interface.classification.rto_minutes",
        ),
        ("interface.classification.rto_minutes > 3", {}, "not enough evidence: interface.classification"),
        ("has(interface.mode) && interface.mode == 'poll'", {}, "pass"),
        ("interface.mode == 'poll' && interface.owner == 'a'", {"owner": "b"}, "pass"),
        ("interface.mode == 'poll' || interface.owner == 'a'", {"owner": "a"}, "fail"),
        (
            "interface.consumers.exists(c, c.group == 'g')",
            {"consumers": [{"system": "a"}]},
            "interface.consumers[].group",
        ),
        ("interface['mode'] == 'poll'", {}, "not enough evidence: interface.mode"),
        ("interface.consumers.exists(c, c.group == 'g')", {"consumers": []}, "pass"),
        ("duration_minutes(interface.schedule) < 60", {"schedule": "15m"}, "fail"),
        ("duration_minutes(interface.schedule) < 60", {"schedule": "1d 2h"}, "pass"),
        ("duration_minutes(interface.schedule) < 60", {"schedule": "often"}, "'often' is not a duration"),
        ("glob(interface.id, 'if-*')", {"id": "if-a"}, "fail"),
        ("now > timestamp('2026-01-09T23:59:59Z')", {}, "fail"),
    ],
)
def test_the_verdict_follows_the_evidence(when: str, fields: dict[str, Any], expected: str) -> None:
    decision, message = verdict(rule(when), fields)
    if expected in ("pass", "fail"):
        assert decision == expected
    else:
        assert decision == "unknown"
        assert expected in message


@pytest.mark.parametrize("order", [1, -1])
def test_a_missing_block_and_a_missing_field_in_it_are_not_taken_for_each_other(order: int) -> None:
    rows: list[dict[str, Any]] = [{"id": "a", "resilience": {}}, {"id": "b"}, {"id": "c", "resilience": {"dlq": "q"}}]
    result = judge(rule("!has(interface.resilience.dlq)"), *rows[::order])
    assert [(f.subject, f.verdict) for f in result.findings] == [("a", "fail"), ("b", "unknown")]


def test_dates_are_measured_against_as_of() -> None:
    one = rule("days_since(credential.last_rotated) > 9", "credential")
    assert verdict(one, {"last_rotated": "2025-12-31T00:00:00Z"})[0] == "fail"
    assert verdict(one, {"last_rotated": "2026-01-01"})[0] == "pass"
    assert verdict(one, {"last_rotated": "last year"})[0] == "unknown"


values = st.sampled_from([True, False, None])


@given(values, values)
def test_and_or_follow_kleene(left: bool | None, right: bool | None) -> None:
    fields = {name: value for name, value in (("a", left), ("b", right)) if value is not None}
    words = {True: "fail", False: "pass", None: "unknown"}
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert verdict(rule("interface.a && interface.b"), fields)[0] == words[both]
    assert verdict(rule("interface.a || interface.b"), fields)[0] == words[either]


@given(values, values)
def test_a_filter_never_says_more_than_the_same_condition_in_the_expression(
    left: bool | None, right: bool | None
) -> None:
    fields = {name: value for name, value in (("a", left), ("b", right)) if value is not None}
    filtered = verdict(rule("interface.b", match={"a": True}), fields)[0]
    assert filtered == verdict(rule("interface.a && interface.b"), fields)[0]


def test_a_subject_outside_the_filter_is_not_counted() -> None:
    result = judge(rule("interface.mode == 'x'", match={"key.protocol": ["sql", "ftp"]}), {"key": {"protocol": "http"}})
    assert (result.counts[0].pass_, result.counts[0].fail, result.counts[0].unknown) == (0, 0, 0)


PRESENT = rule("interface.owner == '' || interface.owner_status != 'active'", presence=True, locate="interface.owner")


@pytest.mark.parametrize(
    ("fields", "hand_kept", "expected"),
    [
        ({"id": "a", "owner_status": "active"}, True, "fail"),
        ({"id": "a", "owner_status": "active"}, False, "unknown"),
        ({"id": "a", "owner": "t"}, True, "unknown"),  # the derived fact is not a field that a person forgot
        ({"id": "a", "owner": ""}, False, "fail"),
    ],
)
def test_presence_is_demanded_of_hand_kept_entries(fields: dict[str, Any], hand_kept: bool, expected: str) -> None:
    assert verdict(PRESENT, fields, hand_kept=hand_kept)[0] == expected


def test_a_presence_rule_demands_only_the_field_that_it_points_at() -> None:
    one = replace(PRESENT, when="interface.mode == 'x' && interface.owner == ''")
    assert verdict(one, {"id": "a"}) == ("unknown", "not enough evidence: interface.mode")


@pytest.mark.parametrize(
    ("when", "fields"),
    [
        ("interface.mode > 3", {"mode": "poll"}),
        ("1 / interface.transforms == 1", {"transforms": 0}),
        ("interface.id.matches(interface.mode)", {"mode": "("}),
        ("interface.slo[7].sli == 'x'", {"slo": []}),
        ("params.x == 3", {}),
    ],
)
def test_an_error_is_no_verdict_and_stops_no_other_rule(when: str, fields: dict[str, Any]) -> None:
    at = Location("policies/a.yaml", 4, 3)
    broken, sound = rule(when, at=at), replace(rule("interface.id == 'b'"), id="EST102")
    subjects = [Subject("interface", "b", {"id": "b", **fields}, ())] * 2
    result = evaluate([broken, sound], {"interface": subjects}, Context(as_of=DAY))
    assert [finding.rule for finding in result.findings] == ["EST102", "EST102"]
    assert [(error.rule, error.count, error.at) for error in result.rule_errors] == [("EST101", 2, at)]
    with pytest.raises(ConfigError, match="could not run"):
        result.raise_errors()


def test_an_endless_expression_is_a_rule_error() -> None:
    loops = "interface.entities.all(a, interface.entities.all(b, interface.entities.all(c, a + b + c != 'x')))"
    result = judge(rule(loops), {"id": "a", "entities": ["e"] * 200})
    assert "udget" in result.rule_errors[0].message


def test_each_rule_reads_its_own_parameters() -> None:
    low, high = (replace(rule("interface.transforms > params.n", params={"n": n}), id=f"EST10{n}") for n in (1, 5))
    subjects = {"interface": [Subject("interface", "a", {"transforms": 3}, ())]}
    result = evaluate([low, high], subjects, Context(as_of=DAY))
    assert [finding.rule for finding in result.findings] == ["EST101"]


def test_the_place_is_the_field_if_it_is_declared_else_the_entry() -> None:
    one = rule("interface.owner == 'x' || interface.mode == 'poll'", locate="interface.owner")
    declared = judge(one, {"id": "a", "owner": "x"}).findings[0]
    absent = judge(one, {"id": "a", "mode": "poll"}).findings[0]
    assert declared.locations[0].pointer == "/interfaces/0/owner"
    assert absent.locations[0].pointer == "/interfaces/0"


def test_a_place_is_spelt_as_in_the_file() -> None:
    one = rule("domain.sync.source == 'x'", "domain", locate="domain.sync.source")
    assert judge(one, {"sync": {"source": "x"}}).findings[0].locations[0].pointer == "/interfaces/0/sync/from"


def test_findings_that_share_a_fingerprint_get_an_ordinal() -> None:
    result = judge(rule("interface.mode == 'x'"), {"id": "a", "mode": "x"}, {"id": "a", "mode": "x"})
    first, second = (finding.fingerprint for finding in result.findings)
    assert second == f"{first}-2"


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_subjects_changes_nothing(order: list[str]) -> None:
    one = rule("interface.mode == 'x'")
    rows = [{"id": name, "mode": "x"} for name in order]
    assert judge(one, *rows).findings == judge(one, *sorted(rows, key=lambda row: row["id"])).findings


def test_a_secret_in_clear_text_is_found_and_never_shown(standard: Any) -> None:
    secret = LiteralSecret("password", Location("inventories/x.yaml", pointer="/connectors/0/password"), "if-a")
    subjects = {"credential": [Subject("credential", "c1", {"id": "c1", "vault": "none"}, ())]}
    estate = Estate(secrets=(secret,))
    result = evaluate([standard.rules["SEC-06"]], subjects, Context(as_of=DAY, estate=estate))
    assert [finding.subject for finding in result.findings] == ["c1", "if-a"]
    assert result.findings[1].message == "if-a has a password in clear text"
    assert result.counts[0].fail == 2
