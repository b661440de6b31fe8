"""Laws of the comparison: what must hold for every pair of documents, whatever the rules are called."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.support.edits import NARROWER, OTHER, SCHEMA_EDITS, WIDER, Edited, edited
from tests.support.effort import part, tries
from tests.support.engine import RANK, Finding, above_info, diff, worst
from tests.support.instances import sample
from tests.support.judge import Judge, Position
from tests.support.operation_edits import OPERATION_EDITS, operation_edited
from tests.support.strategies import Steps, fixtures, steps, varied
from tests.support.texts import NAMES, fixture
from tests.support.walk import Document, at

seeds = st.integers(0, 200)
schema_edits = st.sampled_from(sorted(SCHEMA_EDITS))
restrictions = st.sampled_from(sorted(name for name, (effect, _) in SCHEMA_EDITS.items() if effect == NARROWER))
_QUIET_ANSWERS = {"drop pattern", "add pattern", "add branch", "remove branch"}
"""What the table of rules calls info in an answer although it is wider: another form of text, one more alternative of an
``anyOf``. Teams read answers by type; the levels are those of the field."""


def law(thorough: int) -> settings:
    """Not every edit fits every document, so that many draws come to nothing."""
    return settings(
        max_examples=tries(thorough), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
    )


def made(document: Document, name: str, seed: int) -> Edited:
    found = edited(document, name, Random(seed))
    assume(found is not None)
    assert found is not None
    return found


def breaks(found: list[Finding]) -> bool:
    return worst(found) == "error"


@law(100)
@given(fixtures, steps())
def test_nothing_differs_from_itself(name: str, sequence: Steps) -> None:
    document = varied(fixture(name), sequence)
    assert diff(document, document) == []


@law(150)
@given(fixtures, schema_edits, seeds)
def test_a_schema_edit_breaks_by_the_way_its_data_flows(name: str, edit: str, seed: int) -> None:
    document = fixture(name)
    one = made(document, edit, seed)
    assume(one.effect != OTHER and not (edit in _QUIET_ANSWERS and "out" in one.flows))
    there, back = diff(document, one.document), diff(one.document, document)
    least = RANK["warn"]
    assert (RANK[worst(there)] >= least) == one.breaks, (one.path, one.flows, above_info(there))
    swapped = Edited(document, edit, WIDER if one.effect == NARROWER else NARROWER, one.flows, one.path)
    if edit != "add required property":  # to take it back is to remove a property, which is told as a warning
        assert (RANK[worst(back)] >= least) == swapped.breaks, (one.path, one.flows, above_info(back))


@pytest.mark.parametrize("edit", OPERATION_EDITS)
@pytest.mark.parametrize("name", NAMES)
def test_operation_edits_have_their_severity(name: str, edit: str) -> None:
    for seed in part(range(3), 1):
        other = operation_edited(fixture(name), edit, Random(seed))
        if other is not None:
            assert worst(diff(fixture(name), other)) == OPERATION_EDITS[edit][0], seed


@law(80)
@given(fixtures, restrictions, restrictions, seeds)
def test_a_break_over_two_steps_is_a_break_in_one_of_them(name: str, first: str, second: str, seed: int) -> None:
    """For restrictions: what A promised and C refuses was refused by B already, or is refused only by C."""
    before = fixture(name)
    between = made(before, first, seed)
    after = made(between.document, second, seed + 1)
    pairs = ((before, between.document), (between.document, after.document))
    assert not breaks(diff(before, after.document)) or any(breaks(diff(*pair)) for pair in pairs)


@law(80)
@given(fixtures, schema_edits, seeds, steps(most=2))
def test_a_break_stays_a_break_in_other_words(name: str, edit: str, seed: int, sequence: Steps) -> None:
    document = fixture(name)
    one = made(document, edit, seed)
    plain = worst(diff(document, one.document))
    assert worst(diff(varied(document, sequence), one.document)) == plain
    assert worst(diff(document, varied(one.document, sequence))) == plain


def holder(schemas: Document, ref: str, *, answer: bool) -> Document:
    """A document of one operation that takes a schema, or answers with it."""
    content = {"content": {"application/json": {"schema": {"$ref": ref}}}}
    operation: dict[str, Any] = {"responses": {"200": {"description": "Done.", **(content if answer else {})}}}
    if not answer:
        operation["requestBody"] = content
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}},
            "components": {"schemas": schemas}}  # fmt: skip


_PART = {
    "Part": {
        "type": "object",
        "required": ["code", "lines"],
        "properties": {
            "code": {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^[A-Z]"},
            "state": {"type": "string", "enum": ["new", "open", "closed"]},
            "count": {"type": ["integer", "null"], "minimum": 1, "maximum": 99},
            "lines": {"type": "array", "minItems": 1, "maxItems": 5, "items": {"type": "string", "maxLength": 30}},
            "other": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["n"],
                                                     "properties": {"n": {"type": "integer"}}}]},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "next": {"$ref": "#/components/schemas/Part"},
        },
    }
}  # fmt: skip


@law(150)
@given(schema_edits, seeds, st.booleans())
def test_a_schema_breaks_as_an_answer_what_its_reverse_breaks_as_a_request(edit: str, seed: int, back: bool) -> None:
    """Without what the table judges by side: properties that go away, patterns and alternatives in answers."""
    assume(edit not in {*_QUIET_ANSWERS, "remove required property", "add required property"})
    one = made(holder(_PART, "#/components/schemas/Part", answer=False), edit, seed)
    schemas = (_PART, one.document["components"]["schemas"])
    old, new = reversed(schemas) if back else schemas
    ref = "#/components/schemas/Part"
    asked = diff(holder(old, ref, answer=False), holder(new, ref, answer=False))
    answered = diff(holder(new, ref, answer=True), holder(old, ref, answer=True))
    assert bool(above_info(asked)) == bool(above_info(answered)), (above_info(asked), above_info(answered))


@law(150)
@given(fixtures, schema_edits, seeds)
def test_no_break_is_missed(name: str, edit: str, seed: int) -> None:
    """What the old side may send and the new side refuses is never told as harmless."""
    document = fixture(name)
    one = made(document, edit, seed)
    old, new, random = Judge(document), Judge(one.document), Random(seed)
    lost: list[tuple[Position, object]] = []
    for position in sorted(old.positions):
        if position not in new.positions:
            continue
        giver, taker = (old, new) if position.flows == "in" else (new, old)
        for _ in range(10):
            instance = sample(giver.document, at(giver.document, giver.positions[position]), random)
            if giver.accepts(position, instance) and not taker.accepts(position, instance):
                lost.append((position, instance))
    assume(lost and not (edit in _QUIET_ANSWERS and lost[0][0].flows == "out"))
    on_the_wire = "json" not in lost[0][0].part  # what stands in an address, a header or plain text has no type there
    assume(not (edit == "change type" and on_the_wire))
    assert above_info(diff(document, one.document)), lost[0]


@law(100)
@given(fixtures, schema_edits, seeds, st.booleans())
def test_every_witness_is_true(name: str, edit: str, seed: int, back: bool) -> None:
    """An instance that one side takes and the other refuses, by a validator that is not ours."""
    one = made(fixture(name), edit, seed)
    pair = (one.document, fixture(name)) if back else (fixture(name), one.document)
    judges = dict(zip(("old", "new"), map(Judge, pair), strict=True))
    for found in diff(*pair):
        witness = found.row["witness"]
        if witness is None or witness["kind"] != "instance" or found.severity != "error":
            continue
        for side, judge in judges.items():
            position = judge.position_of(witness["place"])
            if position is None:
                continue
            assert judge.accepts(position, witness["value"]) is (side == witness["accepted_by"]), (found.rule, witness)
            giver = "old" if position.flows == "in" else "new"
            assert witness["accepted_by"] == giver, (found.rule, witness)


@law(100)
@given(fixtures, schema_edits, seeds, st.booleans())
def test_every_break_of_a_schema_has_a_witness_at_an_operation(name: str, edit: str, seed: int, back: bool) -> None:
    one = made(fixture(name), edit, seed)
    pair = (one.document, fixture(name)) if back else (fixture(name), one.document)
    judge = Judge(fixture(name))
    for found in diff(*pair):
        if found.severity == "error" and found.row["area"] == "schema":
            if found.row.get("no_witness") == "a case would have too many parts to be shown":
                assert max(int(found.row["old"] or 0), int(found.row["new"] or 0)) > 100, found.row["message"]
                continue
            assert found.row["witness"], (found.rule, found.row.get("no_witness"))
            assert judge.position_of(found.row["witness"]["place"]), found.row["witness"]["place"]
