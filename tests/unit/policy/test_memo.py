"""Remembered verdicts: the same as evaluated ones, whatever the values are."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from retailctl.model.estate import Subject
from retailctl.model.rule import Rule
from retailctl.policy import memo
from retailctl.policy.cel import evaluate_kind
from retailctl.policy.memo import Memo, Reading
from retailctl.policy.references import hides, references


def verdicts(when: str, entries: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """(id, decision, missing, error) of the entries that did not pass."""
    rule = Rule(id="T-01", name="t", title="T.", applies_to="interface", when=when)
    subjects = [
        Subject("interface", str(number), {"id": str(number), **entry}, ()) for number, entry in enumerate(entries)
    ]
    judged = evaluate_kind([rule], "interface", subjects, date(2026, 1, 1), Counter())
    return [(one.subject.id, one.decision, one.missing, one.error) for one in judged]


VALUES: list[Any] = [1, 1.0, True, 0, 0.0, False, "1", "", [], [1], [True], {}, {"b": 1}, {"b": True}, {"b": "1"}]


@pytest.mark.parametrize(
    "when",
    [
        "interface.a == true",
        "interface.a == 1",
        "interface.a == '1'",
        "has(interface.a.b)",
        "interface.a.b == 1",
        "interface.a.exists(x, x == 1)",
        "has(interface.a) && interface.id == '3'",
        "interface[interface.id] == 1",
        "size(interface) > 1",
        "interface.a.exists(interface, interface == 1) || interface.id == '3'",
    ],
)
def test_a_remembered_verdict_is_the_evaluated_one(when: str) -> None:
    entries = [*({"a": value} for value in VALUES), {}] * 3
    alone = [row for number, entry in enumerate(entries) for row in verdicts(when, [{"id": str(number), **entry}])]
    together = verdicts(when, entries)
    assert [row[1:] for row in together] == [row[1:] for row in alone]


def test_values_of_other_types_have_other_keys() -> None:
    reading = Reading("x")
    kept = Memo(reading, references("x.a == 1"))
    keys = [kept.key(reading({"a": value})) for value in VALUES]
    assert len(set(keys)) == len(VALUES)


@pytest.mark.parametrize("when", ["size(x) > 1", "x[x.a] == 1"])
def test_a_subject_as_a_whole_is_not_remembered(when: str) -> None:
    reading = Reading("x")
    assert Memo(reading, references(when)).key(reading({"a": 1})) is None


def test_values_that_never_repeat_are_given_up() -> None:
    reading = Reading("x")
    kept = Memo(reading, references("x.a == 1"))
    for number in range(2 * memo._TRIAL):
        key = kept.key(reading({"a": number}))
        if key is not None:
            kept.known[key] = False
    assert kept.key(reading({"a": 1})) is None
    assert not kept.known


def test_a_macro_that_hides_the_subject_is_seen() -> None:
    assert hides("interface.a.exists(interface, interface == 1)", "interface")
    assert not hides("interface.a.exists(x, x == interface.b)", "interface")
