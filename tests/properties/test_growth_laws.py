"""Whatever is called a plain addition, the comparison that nothing was known of comes to the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from retailctl.contracts.avro.compare import compare_avro
from retailctl.contracts.avro.outline import avro_outline
from retailctl.contracts.avro.reading import read_avro
from retailctl.contracts.compatibility.change import ReadingChange
from retailctl.contracts.compatibility.growth import document_growth
from retailctl.contracts.compatibility.json_schema import read_verdicts
from retailctl.contracts.compatibility.modes import READINGS, asked
from retailctl.contracts.compatibility.outline import NoOutlineError, Outline, grown_types, growth
from retailctl.contracts.protobuf.compare import compare_proto
from retailctl.contracts.protobuf.outline import proto_outline
from retailctl.contracts.rules.levels import Levels
from tests.support.avro import random_pair
from tests.support.effort import tries
from tests.support.growing import grown_avro, grown_proto, grown_schema, plain_schema
from tests.support.json_schema_laws import CONTENTS
from tests.support.json_schemas import DRAFTS, Maker
from tests.support.proto_judge import read
from tests.support.proto_schemas import schema as proto_schema
from tests.support.schema_documents import document

seeds = st.integers(0, 2**32)
BOTH = frozenset(READINGS)
T = TypeVar("T")


def outlined(outline: Callable[[T], Outline], schema: T) -> Outline | None:
    try:
        return outline(schema)
    except NoOutlineError:
        return None


def told(changes: Iterable[ReadingChange]) -> list[tuple[object, ...]]:
    return sorted(
        (one.id, one.subject, one.pointer, one.what, str(one.old), str(one.new), str(one.old_place), str(one.new_place))
        for one in changes
    )


def check(before: Outline, after: Outline, compare: Callable[[frozenset[str] | None], list[ReadingChange]]) -> None:
    found = growth(before, after, BOTH)
    if found is None:
        return
    whole = compare(None)
    assert not any(one.broken or one.undecided for one in whole)
    assert all(Levels().of(one.id) == "INFO" for one in whole)
    assert bool(whole) == (found != "none")
    assert told(compare(grown_types(before, after))) == told(whole)


@given(seeds)
@settings(max_examples=tries(200))
def test_avro(seed: int) -> None:
    random = Random(seed)
    raw, edited = random_pair(random)
    old, new = read_avro(raw), read_avro(edited if random.random() < 0.1 else grown_avro(raw, random))
    before, after = outlined(avro_outline, old), outlined(avro_outline, new)
    if before is not None and after is not None:
        check(before, after, lambda grown: compare_avro(old, new, grown=grown))


@given(seeds, st.sampled_from(["WIRE", "WIRE_JSON", "CSR"]))
@settings(max_examples=tries(80))
def test_protobuf(seed: int, category: Any) -> None:
    random = Random(seed)
    made = proto_schema(random)
    old, new = read(made.text()), read(grown_proto(made, random).text())
    before, after = outlined(proto_outline, old), outlined(proto_outline, new)
    if before is not None and after is not None:
        check(before, after, lambda grown: compare_proto(old, new, category=category, grown=grown))


@given(seeds, st.sampled_from(DRAFTS), st.sampled_from(CONTENTS))
@settings(max_examples=tries(120))
def test_json_schema(seed: int, draft: Any, content: Any) -> None:
    draw = Random(seed)
    maker = Maker(draw, draft)
    raw = plain_schema(maker, draw)
    old, new = document(raw), document(grown_schema(raw, maker, draw))
    for mode in ("BACKWARD", "FORWARD", "FULL"):
        if document_growth(old, new, asked(mode), content=content) is not None:
            verdicts = read_verdicts(old, new, content)
            assert {verdicts[reading].verdict for reading in asked(mode)} == {"included"}
