"""The baseline is a ratchet: it shrinks freely, grows on request, and says what is stale."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.errors import ConfigError
from retailctl.model.finding import Finding, fingerprint
from retailctl.model.governance_files import BaselineFile
from retailctl.policy.baseline import apply_baseline, load_baseline, next_baseline, render_baseline
from retailctl.policy.validation import Parsed

Parse = Callable[[str, str], Parsed]
DAY = date(2026, 1, 10)


def finding(subject: str, rule: str = "SEC-01") -> Finding:
    return Finding(
        rule=rule,
        name="x",
        verdict="fail",
        severity="error",
        subject=subject,
        message="m",
        fingerprint=fingerprint(rule, subject),
    )


subjects = st.sets(st.text(min_size=1, max_size=8), max_size=5)


@given(subjects)
def test_what_was_written_marks_everything_and_nothing_is_stale(names: set[str]) -> None:
    found = [finding(name) for name in sorted(names)]
    after, stale = apply_baseline(found, next_baseline(found, None, DAY), "b.json", {"SEC-01"})
    assert all(one.baselined for one in after)
    assert stale == ()


@given(subjects, subjects)
def test_growing_needs_update_and_shrinking_does_not(before: set[str], after: set[str]) -> None:
    known = next_baseline([finding(name) for name in before], None, DAY)
    found = [finding(name) for name in after]
    if after <= before:
        assert len(next_baseline(found, known, DAY).findings) == len(after)
    else:
        with pytest.raises(ConfigError, match=f"would grow by {len(after - before)}"):
            next_baseline(found, known, DAY)
        assert len(next_baseline(found, known, DAY, update=True).findings) == len(after)


def test_a_vanished_entry_is_stale_if_its_rule_ran() -> None:
    known = next_baseline([finding("a"), finding("b")], None, DAY)
    _, stale = apply_baseline([finding("a")], known, "policies/baseline.json", {"SEC-01"})
    assert [(one.rule, one.severity, one.message) for one in stale] == [
        ("WAV004", "info", "baseline entry SEC-01 b no longer occurs")
    ]
    assert apply_baseline([finding("a")], known, "b", {"OWN-01"})[1] == ()


def test_only_violations_are_marked_and_written() -> None:
    unknown = replace(finding("a"), verdict="unknown")
    known = next_baseline([finding("a")], None, DAY)
    after, stale = apply_baseline([unknown], known, "b", {"SEC-01"})
    assert not after[0].baselined
    assert stale == ()
    assert next_baseline([unknown, finding("w", "WAV001")], None, DAY).findings == {}


def test_the_file_holds_one_entry_per_line_sorted(parse: Parse) -> None:
    known = next_baseline([finding("b"), finding("é"), finding("a")], None, DAY)
    text = render_baseline(known)
    lines = text.splitlines()
    assert lines[0:4] == [
        "{",
        '  "schema": "retailctl.baseline/v1",',
        '  "as_of": "2026-01-10",',
        '  "findings": {',
    ]
    assert lines[4:7] == sorted(lines[4:7])
    assert load_baseline(parse("policies/baseline.json", text)) == known
    assert json.loads(render_baseline(BaselineFile(schema="retailctl.baseline/v1", as_of=DAY, findings={})))


def test_a_wrong_baseline_is_refused(parse: Parse) -> None:
    with pytest.raises(ConfigError, match="unknown key 'finding' in the file; did you mean 'findings'"):
        load_baseline(parse("b", '{"schema": "retailctl.baseline/v1", "as_of": "2026-01-10", "finding": {}}'))
