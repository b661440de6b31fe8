"""Deprecation, sunset and stability: what may go, when, and with how much notice."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.contracts.changes.compare import compare
from tests.unit.contracts.comparing import Raw, ids, openapi, operation, options, parameter, read, request, thing

TEXT = {"type": "string"}
GONE = openapi()


def old(sunset: str | None = None, level: str | None = None, deprecated: bool = True) -> Raw:
    """The marks of an operation."""
    marks: dict[str, Any] = {"deprecated": True} if deprecated else {}
    if sunset is not None:
        marks["x-sunset"] = sunset
    return {**marks, **({"x-stability-level": level} if level else {})}


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ({}, ["api-path-removed-without-deprecation"]),
        (old(), ["api-path-removed-with-deprecation"]),
        (old("2026-11-21"), ["api-path-removed-before-sunset"]),
        (old("2026-11-20"), []),
        (old("2026-11-19"), []),
        (old("2026-11-19T10:00:00Z"), []),
        (old("2026-12-01T10:00:00+02:00"), ["api-path-removed-before-sunset"]),
        (old("soon"), ["api-path-sunset-parse"]),
        (old(deprecated=False, sunset="2026-01-01"), ["api-path-removed-without-deprecation"]),
        (old(level="alpha", deprecated=False), []),
        (old(level="draft", deprecated=False), []),
        (old(level="beta", deprecated=False), ["api-path-removed-without-deprecation"]),
        (old(level="solid"), ["api-invalid-stability-level"]),
    ],
)
def test_what_may_go(marks: Raw, found: list[str]) -> None:
    assert ids(operation(**marks), GONE) == found


@pytest.mark.parametrize(
    ("level", "sunset", "found"),
    [
        (None, "2026-12-20", "endpoint-deprecated-with-sunset"),
        (None, "2026-12-19", "api-sunset-date-too-small"),
        ("stable", "2026-12-19", "api-sunset-date-too-small"),
        ("beta", "2026-12-19", "endpoint-deprecated-with-sunset"),
        ("beta", "2026-11-30", "endpoint-deprecated-with-sunset"),
        ("beta", "2026-11-29", "api-sunset-date-too-small"),
        ("alpha", "2026-11-20", "endpoint-deprecated-with-sunset"),
        ("alpha", None, "endpoint-deprecated"),
        (None, None, "api-deprecated-sunset-missing"),
    ],
)
def test_the_notice_depends_on_the_stability(level: str | None, sunset: str | None, found: str) -> None:
    before = operation(**old(level=level, deprecated=False))
    assert ids(before, operation(**old(sunset, level)), days_stable=30, days_beta=10) == [found]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("2027-06-01", "2027-01-01", []),
        ("2027-06-01", "2026-12-01", ["api-sunset-date-changed-too-small"]),
        ("2026-12-01", "2027-06-01", []),
        ("2027-06-01", None, ["sunset-deleted"]),
        ("2027-06-01", "someday", ["api-deprecated-sunset-parse"]),
        ("someday", "someday", []),
    ],
)
def test_a_sunset_may_not_come_nearer_than_the_notice(before: str, after: str | None, found: list[str]) -> None:
    assert ids(operation(**old(before)), operation(**old(after)), days_stable=30) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("draft", "alpha", ["api-stability-increased"]),
        ("stable", "beta", ["api-stability-decreased"]),
        (None, "beta", ["api-stability-decreased"]),
        (None, "stable", []),
        ("stable", None, []),
    ],
)
def test_what_declares_no_stability_is_stable(before: str | None, after: str | None, found: list[str]) -> None:
    sides = [operation(**old(level=level, deprecated=False)) for level in (before, after)]
    assert ids(*sides) == found


def test_what_is_less_stable_than_asked_for_is_left_out() -> None:
    beta: Raw = {"x-stability-level": "beta"}
    assert ids(operation(**beta), operation(tags=["a"], **beta), stability="stable") == []
    assert ids(operation(**beta), operation(tags=["a"], **beta), stability="beta") == ["api-tag-added"]
    assert ids(operation(**beta), GONE, stability="stable") == []


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ({}, ["request-parameter-removed"]),
        (old(), ["request-parameter-removed-with-deprecation"]),
        (old("2026-11-21"), ["request-parameter-removed-before-sunset"]),
        (old("2026-11-20"), []),
        (old("soon"), ["request-parameter-sunset-parse"]),
    ],
)
def test_parameters_go_by_the_same_rules(marks: Raw, found: list[str]) -> None:
    assert ids(parameter(TEXT, **marks), operation()) == found


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        (old("2026-12-20"), ["request-property-deprecated-with-sunset"]),
        (old("2026-12-19"), ["request-property-sunset-date-too-small"]),
        (old(), ["request-property-deprecated-sunset-missing"]),
        (old("soon"), ["request-property-deprecated-sunset-invalid"]),
    ],
)
def test_properties_are_deprecated_by_the_same_rules(marks: Raw, found: list[str]) -> None:
    assert ids(request(thing(a=TEXT)), request(thing(a={**TEXT, **marks})), days_stable=30) == found


def test_a_date_of_yaml_is_a_date() -> None:
    text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get: {responses: {}%s}\n"
    before = read((text % "").encode(), "openapi.yaml")
    after = read((text % ", deprecated: true, x-sunset: 2027-11-01").encode(), "openapi.yaml")
    assert [one.id for one in compare(before, after, options(days_stable=30))] == ["endpoint-deprecated-with-sunset"]
