"""Versions that are looked at together are what each of them is alone, and what is added is told as by a comparison."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.contracts.api.model import Place
from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.outline import avro_outline
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.sharing import SharedFields, read_shared
from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.growth import document_growth
from retailctl.contracts.compatibility.modes import asked
from retailctl.contracts.compatibility.outline import NoOutlineError, Outline
from retailctl.contracts.events.compare import compare_events
from retailctl.contracts.events.grown import grown_changes
from retailctl.contracts.events.judging import judge_events
from retailctl.contracts.events.model import EventDocument
from retailctl.contracts.judging import Judged, JudgeOptions
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.outline import proto_outline
from retailctl.contracts.protobuf.plain_lines import Lines
from retailctl.contracts.protobuf.source import ProtoText
from retailctl.contracts.rules.levels import Levels
from retailctl.contracts.rules.rules import rule
from retailctl.contracts.schemas.outline import Fragments, schema_outline
from tests.support.avro import random_pair
from tests.support.effort import tries
from tests.support.growing import added_lines, grown_avro, grown_tree, plain_schema, proto_lines, schema_tree
from tests.support.json_schemas import DRAFTS, Maker
from tests.support.schema_documents import document
from tests.unit.contracts.compatibility.test_growth import read
from tests.unit.contracts.events.support import DAY

seeds = st.integers(0, 2**32)
MODES: Any = ("BACKWARD", "FORWARD", "FULL")


def told(one: Judged) -> tuple[object, ...]:
    """All that a finding is made from."""
    change = one.change
    name = change.schema.fact.name if change.schema is not None else ""
    old, new = ("" if value is None else str(value) for value in (change.old, change.new))
    text = rule(change.id).message(change.what, old=old or name, new=new or name, where=change.location)
    return (change.id, change.subject, change.pointer, change.direction, change.occurrences, change.old_place,
            change.new_place, change.stability, old, new, text, one.level, one.verdict, one.note, one.witness)  # fmt: skip


def check_additions(old: EventDocument, new: EventDocument, mode: Any) -> None:
    if document_growth(old, new, asked(mode)) in (None, "none"):
        return
    quick = grown_changes(old, new, None)
    if quick is None:
        return
    whole = judge_events(compare_events(old, new, CompareOptions(as_of=DAY), mode), JudgeOptions(Levels()))
    assert sorted(map(str, map(told, quick))) == sorted(map(str, map(told, whole.changes)))
    assert whole.compatible is True
    assert whole.required_bump == ("minor" if quick else "none")


@given(seeds, st.sampled_from(MODES))
@settings(max_examples=tries(150))
def test_what_a_json_schema_adds_is_told_as_the_comparison_tells_it(seed: int, mode: Any) -> None:
    draw = Random(seed)
    raw = schema_tree(draw)
    check_additions(document(raw), document(grown_tree(raw, draw)), mode)


@given(seeds, st.sampled_from(MODES))
@settings(max_examples=tries(100))
def test_what_an_avro_schema_adds_is_told_as_the_comparison_tells_it(seed: int, mode: Any) -> None:
    random = Random(seed)
    raw, _ = random_pair(random)
    old, new = (read(json.dumps(one), "event.avsc") for one in (raw, grown_avro(raw, random)))
    check_additions(old, new, mode)


def outlined(outline: Callable[[Any], Outline], schema: Any) -> Outline | None:
    try:
        return outline(schema)
    except NoOutlineError:
        return None


@given(seeds)
@settings(max_examples=tries(150))
def test_an_avro_schema_read_beside_others_is_the_schema_alone(seed: int) -> None:
    random = Random(seed)
    shared = SharedFields()
    raws = [random_pair(random)[0]]
    raws += [grown_avro(copy.deepcopy(raws[0]), random) for _ in range(2)]
    raws.append(
        {"type": "record", "name": "R", "fields": [{"name": f"f{at}", "type": raw} for at, raw in enumerate(raws)]}
    )
    alone = [read_avro(raw) for raw in raws]
    beside = [read_shared(raw, shared) for raw in raws for _ in range(2)][1::2]
    for one, other in zip(alone, beside, strict=True):
        assert (one.problems, one.undefined, list(one.types)) == (other.problems, other.undefined, list(other.types))
        assert outlined(avro_outline, one) == outlined(avro_outline, other)
        if not one.problems:
            assert compare_avro(one, other) == []
    for old, new in ((0, 1), (1, 2), (2, 0)):
        assert _plain(compare_avro(beside[old], beside[new])) == _plain(compare_avro(alone[old], alone[new]))


@given(seeds)
@settings(max_examples=tries(100))
def test_a_json_schema_outlined_beside_others_is_the_schema_alone(seed: int) -> None:
    draw = Random(seed)
    known: Fragments = {}
    raws = [schema_tree(draw), plain_schema(Maker(draw, draw.choice(DRAFTS)), draw)]
    for raw in [*raws, *(grown_tree(raw, draw) for raw in raws), *raws]:
        assert outlined(lambda one: schema_outline(one, known), raw) == outlined(schema_outline, raw)


def _plain(changes: list[ReadingChange]) -> list[tuple[object, ...]]:
    return [
        (one.id, one.subject, one.pointer, one.what, str(one.old or ""), str(one.new or ""), one.location, one.broken,
         one.undecided, one.old_place, one.new_place)
        for one in changes
    ]  # fmt: skip


def absent(path: str) -> str:
    raise KeyError(path)


@given(seeds)
@settings(max_examples=tries(400))
def test_a_file_in_plain_lines_has_the_outline_and_the_places_of_its_tree(seed: int) -> None:
    random = Random(seed)
    lines: Lines = {}
    before = proto_lines(random)
    quick = []
    for text in (before, added_lines(before, random)):
        one, other = ProtoText(text, "a/e.proto", absent), ProtoText(text, "a/e.proto", absent)
        plain = one.plain(lines)
        if plain is None:
            return
        assert not other.tree.problems
        assert plain.outline == proto_outline(other.tree)
        assert {name: found.pointer for name, found in other.tree.types.items()} == plain.pointers
        for pointer in plain.places:
            assert one.locate(Place("a/e.proto", pointer)) == other.locate(Place("a/e.proto", pointer))
        quick.append((one, other))
    (old, old_tree), (new, new_tree) = quick
    assert _plain(new.additions(old) or []) == _plain(compare_proto(old_tree.tree, new_tree.tree))
