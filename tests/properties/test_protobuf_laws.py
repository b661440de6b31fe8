"""Whatever we say of two Protobuf schemas, the protobuf library bears it out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.contracts.protobuf.breaking import BreakingConfig, breaking
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.readings.views import CATEGORIES
from retailctl.model.compatibility import Category
from tests.support.effort import tries
from tests.support.proto_judge import contradictions, pair, read

seeds = st.integers(0, 2**40)


@given(seeds, st.sampled_from(["WIRE", "WIRE_JSON", "CSR"]))
@settings(max_examples=tries(150))
def test_what_is_readable_is_read_and_what_is_not_has_a_witness(seed: int, category: Category) -> None:
    found, _ = contradictions(seed, category)
    assert found == [], "\n".join(pair(seed))


@given(seeds, st.sampled_from(CATEGORIES))
@settings(max_examples=tries(40))
def test_a_schema_against_itself_has_no_difference(seed: int, category: Category) -> None:
    text, _ = pair(seed)
    assert compare_proto(read(text), read(text), category=category) == []
    assert breaking(read(text), read(text), BreakingConfig(use=(category,))) == []


@given(seeds, st.sampled_from(["WIRE", "WIRE_JSON"]))
@settings(max_examples=tries(60))
def test_forward_is_backward_the_other_way_round_for_what_is_on_both_sides(seed: int, category: Category) -> None:
    old, new = map(read, pair(seed))
    sides = [compare_proto(*trees, category=category) for trees in ((old, new), (new, old))]
    # What came or went is judged by what the new side reserves; what stayed is judged by the data alone.
    ids = {
        "proto-field-same-type",
        "proto-field-same-cardinality",
        "proto-field-same-oneof",
        "proto-field-same-default",
    }
    swapped = {"backward": "forward", "forward": "backward"}
    there = {(one.id, one.old_place and one.old_place.pointer, one.broken) for one in sides[0] if one.id in ids}
    back = {
        (one.id, one.new_place and one.new_place.pointer, frozenset(swapped[each] for each in one.broken))
        for one in sides[1]
        if one.id in ids
    }
    assert there == back


@given(st.text(alphabet="message enum{}=;\"/*[]<>()1.,reserved\n \\'oneof", max_size=200))
@settings(max_examples=tries(100))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    tree = read(text)
    assert all(one.line >= 1 and one.column >= 1 and one.message for one in tree.problems)
    assert compare_proto(tree, tree) == []
