"""Laws of the Avro engine, over random schemas, mutations and data; fastavro is the judge of what can be read."""

from __future__ import annotations

import json
from collections import Counter
from functools import reduce
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.json_schema import as_json_schema
from retailctl.contracts.avro.model import AvroSchema
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.avro.resolution import resolve
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.modes import READINGS
from retailctl.contracts.rules.rules import is_rule
from tests.support.avro import Raw, random_pair
from tests.support.avro_judge import contradictions

seeds = st.integers(0, 10**9)
SWAPPED = {"backward": "forward", "forward": "backward"}


def pair(seed: int) -> tuple[Raw, Raw]:
    return random_pair(Random(seed))


def valid(raw: Raw) -> AvroSchema:
    schema = read_avro(raw)
    assume(schema.is_valid)
    return schema


def inside(document: Raw, step: str) -> Raw:
    """A part of a document. Raises where there is none."""
    return document[int(step)] if isinstance(document, list) else document[step]


def broken(changes: list[ReadingChange]) -> set[str]:
    return {reading for change in changes for reading in change.broken}


@given(seeds)
@settings(max_examples=150)
def test_fastavro_reads_what_we_say_works_and_refuses_every_witness(seed: int) -> None:
    counts: Counter[str] = Counter()
    assert list(contradictions(*pair(seed), Random(seed), 2, counts)) == []
    assert counts


@given(seeds)
def test_a_schema_reads_its_own_data_and_has_no_change(seed: int) -> None:
    raw, _ = pair(seed)
    one, other = valid(raw), read_avro(json.loads(json.dumps(raw)))
    assert resolve(one, other).readable
    assert compare_avro(one, other) == []


@given(seeds)
def test_swapping_two_versions_swaps_the_readings(seed: int) -> None:
    old, new = map(valid, pair(seed))
    there, back = broken(compare_avro(old, new)), broken(compare_avro(new, old))
    assert back == {SWAPPED[reading] for reading in there}


@given(seeds)
def test_every_change_is_a_rule_and_every_break_is_a_fact(seed: int) -> None:
    old, new = map(read_avro, pair(seed))
    changes = compare_avro(old, new)
    assert all(is_rule(change.id) for change in changes)
    for reading in READINGS:
        resolution = resolve(*((new, old) if reading == "backward" else (old, new)))
        assert bool(resolution.causes()) == bool(resolution.incompatibilities()) == (not resolution.readable)
        assert (reading in broken(changes)) == (not resolution.readable)


@given(seeds)
def test_a_comparison_is_the_same_every_time(seed: int) -> None:
    def shown() -> list[str]:
        return [
            f"{one.id} {one.subject} {one.pointer} {one.old} {one.new} {sorted(one.broken)} {one.old_place} {one.new_place}"
            for one in compare_avro(*map(read_avro, pair(seed)))
        ]

    assert shown() == shown()


@given(seeds)
def test_a_union_around_a_type_changes_no_reading(seed: int) -> None:
    old, new = pair(seed)
    assume(not isinstance(old, list) and not isinstance(new, list))
    plain = resolve(valid(new), valid(old)).readable
    assert resolve(read_avro([new]), read_avro([old])).readable == plain
    assert resolve(read_avro(new), read_avro([old])).readable == plain
    assert resolve(read_avro([new]), read_avro(old)).readable == plain


@given(seeds)
def test_places_point_into_the_document(seed: int) -> None:
    raw, other = pair(seed)
    for change in compare_avro(read_avro(raw), read_avro(other)):
        for document, place in ((raw, change.old_place), (other, change.new_place)):
            if place is not None:
                reduce(inside, place.pointer.split("/")[1:], document)


@given(seeds)
def test_every_schema_has_a_json_schema(seed: int) -> None:
    raw, _ = pair(seed)
    made = as_json_schema(valid(raw)).schema
    assert "None" not in json.dumps(made)
    wanted = set(made.get("$defs", {}))
    assert all(f'"#/$defs/{name}"' in json.dumps(made) for name in wanted)
