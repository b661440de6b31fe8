"""What a comparison comes to: compatible or not, the version it takes, and the one that was declared."""

from __future__ import annotations

import pytest

from retailctl.contracts.judging.judge import semver
from retailctl.contracts.rules.levels import Levels
from tests.unit.contracts.comparing import Raw, judged, operation, request, thing

TEXT = {"type": "string"}
LOOSE, TIGHT = thing(a=TEXT), {**thing(a=TEXT), "required": ["a"]}


def at(version: str, schema: Raw) -> Raw:
    return {**request(schema), "info": {"title": "T", "version": version}}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("1.0.0", "2.0.0", []),
        ("0.1.0", "0.2.0", []),
        ("v1", "v2", []),
        ("1.0.0", "1.0.0", ["api-version-not-bumped"]),
        ("1.0.0", "1.1.0", ["api-major-version-not-bumped"]),
        ("1.0.0", "1.0.1", ["api-major-version-not-bumped"]),
        ("0.1.0", "0.1.1", ["api-major-version-not-bumped"]),
        ("2.0.0", "1.0.0", ["api-version-decreased"]),
        ("unversioned", "2.0.0", []),
        ("1.0.0", "next", []),
    ],
)
def test_a_break_asks_for_a_major_version(old: str, new: str, found: list[str]) -> None:
    result = judged(at(old, LOOSE), at(new, TIGHT), witnesses=False)
    assert [one.change.id for one in result.changes if one.change.id.startswith("api-")] == found
    assert result.required_bump == "major"


def test_without_a_break_no_version_is_asked_for() -> None:
    result = judged(at("1.0.0", TIGHT), at("1.0.0", LOOSE))
    assert [one.change.id for one in result.changes] == ["request-property-became-optional"]


@pytest.mark.parametrize(
    ("old", "new", "bump", "compatible"),
    [
        (request(LOOSE), request(LOOSE), "none", True),
        (request(TEXT), request({**TEXT, "description": "d"}), "none", True),
        (operation(), operation(tags=["a"]), "patch", True),
        (request(LOOSE), request({"anyOf": [LOOSE]}), "none", True),
        (request(LOOSE), request(thing(a=TEXT, b=TEXT)), "minor", True),
        (
            operation(),
            {**operation(), "paths": {**operation()["paths"], **operation("get", "/b")["paths"]}},
            "minor",
            True,
        ),
        (request(LOOSE), request(TIGHT), "major", False),
    ],
)
def test_the_bump_that_is_required(old: Raw, new: Raw, bump: str, compatible: bool) -> None:
    result = judged(old, new)
    assert (result.required_bump, result.compatible) == (bump, compatible)


def test_a_part_of_its_own_changes_nothing() -> None:
    for old, new in ((LOOSE, {"allOf": [LOOSE]}), ({"allOf": [LOOSE]}, LOOSE)):
        assert judged(request(old), request(new)).required_bump in ("none", "patch")


def test_what_is_switched_off_counts_for_nothing() -> None:
    result = judged(
        request(LOOSE), request(TIGHT), levels=Levels(overrides={"request-property-became-required": "none"})
    )
    assert (result.changes, result.required_bump, result.compatible) == ((), "none", True)


def test_what_could_not_be_decided_is_no_answer() -> None:
    old = {**TEXT, "pattern": r"^(?=.*[a-z])(?=.*[0-9]).{8,}$"}
    new = {**TEXT, "pattern": r"^(?=.*[A-Z])(?=.*[0-9]).{8,}$"}
    result = judged(request(old), request(new), levels=Levels(overrides={}))
    assert result.compatible is not False or all(one.witness for one in result.changes if one.level == "ERR")
    assert result.required_bump != "none"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.2.3", (1, 2, 3)), ("v2", (2, 0, 0)), ("1.2", (1, 2, 0)), ("1.2.3-rc.1+7", (1, 2, 3)), (" 1.0 ", (1, 0, 0)),
        ("", None), ("one", None), ("1.2.3.4", None), ("2024-01-01", (2024, 0, 0)),
    ],
)  # fmt: skip
def test_the_numbers_of_a_version(text: str, numbers: tuple[int, int, int] | None) -> None:
    assert semver(text) == numbers
