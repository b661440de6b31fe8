"""Laws of verdicts on stand-alone JSON Schemas of every draft, with jsonschema-rs as the judge of single values.

``python -m benchmarks.fuzz_json_schema`` asks the first of them of as many pairs as one likes.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.compatibility.json_schema import read_verdicts
from retailctl.contracts.events.compare import compare_events
from retailctl.contracts.events.judging import judge_events
from retailctl.contracts.judging import JudgeOptions
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.schemas.inclusion.automata import shortest
from retailctl.contracts.schemas.inclusion.regex import matches
from tests.support.json_schema_laws import CONTENTS, SchemaPair, contradiction, pair
from tests.support.json_schemas import DRAFTS, Maker
from tests.support.schema_documents import document

seeds = st.integers(0, 2**32)
pairs = seeds.map(lambda seed: pair(Random(seed)))
law = settings(max_examples=120, deadline=None)
_WRONG = {"included": False, "excluded": True, "undecided": True}


@settings(law, max_examples=300)
@given(pairs, seeds)
def test_no_value_contradicts_a_verdict(one: SchemaPair, seed: int) -> None:
    assert contradiction(one, Random(seed))[1] == ""


@law
@given(st.sampled_from(DRAFTS), seeds)
def test_every_schema_reads_its_own_data(draft: Any, seed: int) -> None:
    schema = Maker(Random(seed), draft).document()
    for content in CONTENTS:
        found = read_verdicts(document(schema), document(schema), content)
        assert {each.verdict for each in found.values()} == {"included"}


@law
@given(pairs)
def test_strict_takes_nothing_that_lenient_refuses(one: SchemaPair) -> None:
    old, new = document(one.old), document(one.new)
    strict, lenient = (read_verdicts(old, new, content) for content in CONTENTS)
    for reading, found in strict.items():
        if found.verdict == "included":
            assert lenient[reading].verdict != "excluded"


@settings(law, max_examples=60)
@given(pairs, st.sampled_from(CONTENTS))
def test_the_changes_never_come_to_the_opposite_of_the_verdict(one: SchemaPair, content: Any) -> None:
    """A break may be told where the whole is not decided; compatible is said only where the whole is proven."""
    old, new = document(one.old), document(one.new)
    comparison = compare_events(old, new, CompareOptions(as_of=date(2026, 11, 20)), "BACKWARD")
    judged = judge_events(comparison, JudgeOptions(Levels(), content, witnesses=False))
    assert judged.compatible is not _WRONG[read_verdicts(old, new, content)["backward"].verdict]


_parts = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "\\d", "(a|b)", "(?:ab)", "[a-c]", "x"])
_counts = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{2,}"])
_atoms = st.tuples(_parts, _counts).map("".join)
_sequences = st.lists(_atoms, max_size=3).map("".join)
patterns = st.tuples(st.sampled_from(["", "^"]), _sequences, st.sampled_from(["", "$"]), st.one_of(st.just(""), _sequences)).map(
    lambda own: f"{own[0]}{own[1]}{own[2]}" + (f"|{own[3]}" if own[3] else "")
)  # fmt: skip


@settings(law, max_examples=200)
@given(patterns, patterns, st.lists(st.text("abc0x", max_size=6), min_size=10, max_size=30))
def test_texts_that_one_pattern_allows_and_another_does_not(one: str, other: str, tried: list[str]) -> None:
    found = shortest((one,), (other,))
    assert found.sure
    if found.text is not None:
        assert matches(one, found.text) is True
        assert matches(other, found.text) is False
    least = len(found.text) if found.text is not None else 100
    assert [text for text in tried if matches(one, text) and not matches(other, text) and len(text) < least] == []
