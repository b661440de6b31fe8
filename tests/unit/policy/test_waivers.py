"""Waivers over time, the refused ones (hostile.md case 37), and inline comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import ConfigError, Location
from retailctl.model.finding import Finding, fingerprint
from retailctl.model.governance_files import Waiver
from retailctl.policy.ignores import apply_ignores, scan_ignores
from retailctl.policy.validation import Parsed
from retailctl.policy.waivers import PlacedWaiver, WaiverResult, apply_waivers, is_blanket, load_waivers

Parse = Callable[[str, str], Parsed]
DAY = date(2026, 1, 10)
RULES = {"SEC-01", "SEC-05", "OWN-01"}


def finding(subject: str = "svc-pos", rule: str = "SEC-01", **more: object) -> Finding:
    made = Finding(
        rule=rule,
        name="x",
        verdict="fail",
        severity="error",
        subject=subject,
        message="m",
        fingerprint=fingerprint(rule, subject),
        locations=(Location("inventories/a.yaml", pointer="/credentials/0/used_by"),),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def waiver(expires: date, subject: str = "svc-pos", rule: str = "SEC-01", name: str | None = None) -> PlacedWaiver:
    made = Waiver(rule=rule, subject=subject, reason="r", owner="o", approved_by="a", expires=expires, id=name)
    return PlacedWaiver(made, Location("policies/waivers.yaml", 2))


def apply(*waivers: PlacedWaiver, found: tuple[Finding, ...] = (finding(),)) -> WaiverResult:
    return apply_waivers(found, waivers, DAY, RULES)


def about(result: WaiverResult) -> list[str]:
    return [finding.rule for finding in result.about_waivers]


@pytest.mark.parametrize(
    ("days", "verdict", "rules"),
    [
        (-1, "fail", ["WAV001"]),
        (0, "waived", ["WAV003"]),  # the last valid day is inclusive
        (14, "waived", ["WAV003"]),
        (15, "waived", []),
    ],
)
def test_the_edges_of_time(days: int, verdict: str, rules: list[str]) -> None:
    result = apply(waiver(DAY + timedelta(days=days)))
    assert result.findings[0].verdict == verdict
    assert about(result) == rules


@given(st.integers(min_value=-400, max_value=400))
def test_a_finding_is_waived_exactly_until_the_last_day(days: int) -> None:
    result = apply(waiver(DAY + timedelta(days=days)))
    assert (result.findings[0].verdict == "waived") == (days >= 0)
    assert ("WAV001" in about(result)) == (days < 0)
    assert ("WAV003" in about(result)) == (0 <= days <= 14)


def test_an_unused_waiver_is_reported_if_its_rule_ran() -> None:
    unused = waiver(DAY + timedelta(days=90), subject="gone")
    assert about(apply(unused)) == ["WAV002"]
    assert apply_waivers([finding()], [unused], DAY, {"OWN-01"}).about_waivers == ()


def test_an_expired_waiver_that_a_newer_one_replaces_is_unused() -> None:
    result = apply(waiver(DAY - timedelta(days=9), name="old"), waiver(DAY + timedelta(days=90), name="new"))
    assert result.findings[0].waiver == "new"
    assert [(one.rule, one.subject) for one in result.about_waivers] == [("WAV002", "old")]


def test_of_several_waivers_the_one_that_lasts_longest_is_cited() -> None:
    short, long = (waiver(DAY + timedelta(days=days), name=f"w{days}") for days in (30, 60))
    for order in ((short, long), (long, short)):
        result = apply(*order)
        assert result.findings[0].waiver == "w60"
        assert about(result) == []


def test_subjects_are_exact_or_globs() -> None:
    far = DAY + timedelta(days=90)
    found = tuple(finding(name) for name in ("svc-pos", "svc-web", "svc[1]", "SVC-POS"))
    assert [one.verdict for one in apply(waiver(far, "svc-*"), found=found).findings] == [
        "waived",
        "waived",
        "fail",
        "fail",
    ]
    assert [one.verdict for one in apply(waiver(far, "svc[1]"), found=found).findings][2] == "waived"


def test_unknown_is_waived_and_not_applicable_is_not() -> None:
    far = waiver(DAY + timedelta(days=90))
    assert apply(far, found=(finding(verdict="unknown"),)).findings[0].verdict == "waived"
    assert apply(far, found=(finding(verdict="not_applicable"),)).findings[0].verdict == "not_applicable"


@pytest.mark.parametrize("subject", ["*", "**", "?*", "*?*", "[!x]*", "*-*", "if-*", "?", "*.*"])
def test_blanket_subjects(subject: str) -> None:
    assert is_blanket(subject)


@pytest.mark.parametrize("subject", ["svc-*", "if-stock-*", "*-pos", "a", "if-"])
def test_subjects_that_name_something(subject: str) -> None:
    assert not is_blanket(subject)


GOOD = "rule: SEC-01, subject: svc-pos, reason: r, owner: o, approved-by: a, expires: 2026-03-31"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (GOOD.replace("svc-pos", "'*'"), "subject '*' covers everything"),
        (GOOD.replace("SEC-01", "SEC-1"), ":2:6: unknown rule 'SEC-1'; did you mean 'SEC-01'?"),
        (GOOD.replace("SEC-01", "WAV001"), "WAV001 is about waivers"),
        (GOOD.replace("2026-03-31", "2026-02-30"), "'2026-02-30' is not a date"),
        (GOOD.replace("2026-03-31", "soon"), "'soon' is not a date"),
        (
            GOOD.replace("2026-03-31", "9999-12-31"),
            "expires 9999-12-31 is 2912433 days away; at most 180 are allowed",
        ),
        (GOOD.replace("2026-03-31", "2026-07-10"), "is 181 days away"),
        (GOOD.replace(", expires: 2026-03-31", ""), "waivers.0.expires is missing"),
        (GOOD.replace("owner: o, ", ""), "waivers.0.owner is missing"),
        (GOOD.replace("reason: r", "reason: ' '"), "reason is empty"),
        (GOOD + ", expiry: 2026-01-01", "unknown key 'expiry' in waivers.0; did you mean 'expires'?"),
        (
            GOOD.replace("approved-by", "approved_by"),
            "unknown key 'approved_by' in waivers.0; did you mean 'approved-by'?",
        ),
    ],
)
def test_a_wrong_waiver_is_refused(parse: Parse, entry: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_waivers(parse("policies/waivers.yaml", f"waivers:\n  - {{{entry}}}\n"), RULES, DAY)
    assert expected in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_sound_waiver_up_to_the_horizon(parse: Parse) -> None:
    entry = GOOD.replace("2026-03-31", "2026-07-09")
    (placed,) = load_waivers(parse("w.yaml", f"waivers:\n  - {{{entry}}}\n"), RULES, DAY)
    assert (placed.id, placed.at.line) == ("SEC-01:svc-pos", 2)


TEXT = """\
credentials:
  - id: svc-pos  # retailctl: ignore[SEC-01] until the stores are split
    used_by: [a]
  # retailctl: ignore[SEC-05, OWN-01] rotates with the vendor

  - id: svc-web
"""


def test_comments_speak_of_their_line_or_the_next_one() -> None:
    found = scan_ignores("inventories/a.yaml", TEXT, RULES)
    assert {line: one.rules for line, one in found.items()} == {2: ("SEC-01",), 6: ("SEC-05", "OWN-01")}
    assert found[2].reason == "until the stores are split"
    assert found[6].id == "inline:inventories/a.yaml:4"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# retailctl: ignore[SEC-01]", "a.yaml:1:3: an ignore comment needs a reason"),
        ("# retailctl: ignore some reason", "names its rules"),
        ("# retailctl: ignore[SEC-1] reason", "did you mean 'SEC-01'?"),
    ],
)
def test_a_comment_needs_rules_and_a_reason(comment: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        scan_ignores("a.yaml", f"a {comment}", RULES)
    assert expected in str(caught.value)


def test_a_comment_covers_findings_on_its_line_and_in_its_entry() -> None:
    ignores = {"inventories/a.yaml": scan_ignores("inventories/a.yaml", TEXT, RULES)}
    lines = {"/credentials/0": 2, "/credentials/0/used_by": 3, "/credentials/1": 6}

    def locate(place: Location) -> Location:
        return replace(place, line=lines[place.pointer])

    after, unused = apply_ignores([finding(), finding(rule="OWN-01")], ignores, locate, RULES)
    assert [one.verdict for one in after] == ["waived", "fail"]
    assert after[0].waiver == "inline:inventories/a.yaml:2"
    assert [one.subject for one in unused] == ["inline:inventories/a.yaml:4"]
