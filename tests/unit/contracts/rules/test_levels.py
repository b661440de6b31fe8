"""Levels: ours or oasdiff's, and what a team lays over them."""

from __future__ import annotations

import pytest

from retailctl.contracts.rules.levels import OASDIFF_NAMES, PROFILES, SEVERITIES, Levels
from retailctl.contracts.rules.rules import all_rules, is_rule
from retailctl.model.finding import SEVERITIES as WORDS


@pytest.mark.parametrize(
    ("id_", "ours", "theirs"),
    [
        ("request-property-became-required", "ERR", "ERR"),
        ("api-security-added", "ERR", "INFO"),
        ("response-property-any-of-added", "ERR", "INFO"),
        ("request-body-prefix-items-removed", "INFO", "ERR"),
        # One name there, two here.
        ("api-security-alternative-removed", "ERR", "INFO"),
        # Not known there.
        ("server-became-insecure", "ERR", "ERR"),
        ("request-property-constraint-changed", "WARN", "WARN"),
    ],
)
def test_a_profile_chooses_the_level(id_: str, ours: str, theirs: str) -> None:
    assert (Levels().of(id_), Levels("oasdiff").of(id_)) == (ours, theirs)


@pytest.mark.parametrize("profile", PROFILES)
def test_overrides_come_on_top_of_any_profile(profile: str) -> None:
    levels = Levels(profile, {"api-security-added": "none", "api-tag-added": "ERR"})  # type: ignore[arg-type]
    assert (levels.of("api-security-added"), levels.severity("api-security-added")) == ("none", None)
    assert (levels.of("api-tag-added"), levels.severity("api-tag-added")) == ("ERR", "error")
    assert levels.of("api-tag-removed") == "INFO"


def test_a_rule_is_not_overridden_by_the_wider_name_of_a_peer() -> None:
    levels = Levels("oasdiff", {"api-security-added": "none"})
    assert levels.of("api-security-alternative-added") == "INFO"


@pytest.mark.parametrize("profile", PROFILES)
def test_every_rule_has_a_level_and_a_severity_in_every_profile(profile: str) -> None:
    levels = Levels(profile)  # type: ignore[arg-type]
    assert {levels.severity(id_) for id_ in all_rules()} == {"error", "warn", "info"}
    assert set(SEVERITIES.values()) - {None} < set(WORDS)


def test_an_id_without_a_row_has_no_level() -> None:
    with pytest.raises(KeyError):
        Levels(overrides={"no-such-rule": "ERR"}).of("no-such-rule")


def test_wider_names_are_names_of_oasdiff() -> None:
    assert all(is_rule(ours) and all_rules()[ours].oasdiff == "-" for ours in OASDIFF_NAMES)
    assert all(all_rules()[theirs].oasdiff != "-" for theirs in OASDIFF_NAMES.values())
