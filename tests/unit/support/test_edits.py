"""An edit does what its name says, as the judge sees it: a narrower schema takes nothing new, a wider one loses nothing."""

from __future__ import annotations

from random import Random

import pytest

from tests.support.edits import NARROWER, OTHER, SCHEMA_EDITS, WIDER, Edited, edited, flows_of
from tests.support.effort import THOROUGH
from tests.support.instances import damaged, sample
from tests.support.judge import Judge
from tests.support.operation_edits import OPERATION_EDITS, operation_edited
from tests.support.texts import NAMES, fixture
from tests.support.walk import Document, at

_SEEDS = range(4) if THOROUGH else range(2)


def effects(document: Document, made: Edited) -> tuple[int, int]:
    """How many samples the edited document no longer takes, and how many only it takes."""
    old, new, random = Judge(document), Judge(made.document), Random(1)
    lost = gained = 0
    for position, path in old.positions.items():
        for source in (document, made.document) * 6:
            good = sample(source, at(source, path), random)
            for instance in (good, damaged(good, random)):
                before, after = old.accepts(position, instance), new.accepts(position, instance)
                lost, gained = lost + (before and not after), gained + (after and not before)
    return lost, gained


@pytest.mark.parametrize("name", SCHEMA_EDITS)
def test_schema_edits_have_their_effect(name: str) -> None:
    seen = 0
    for fixture_name in NAMES:
        document = fixture(fixture_name)
        for seed in _SEEDS:
            if (made := edited(document, name, Random(seed))) is None:
                continue
            assert document == fixture(fixture_name) and made.document != document and made.flows
            lost, gained = effects(document, made)
            assert made.effect != NARROWER or not gained, made.path
            assert made.effect != WIDER or not lost, made.path
            seen += lost if made.effect != WIDER else gained
    assert seen or name in {"drop bound", "relax bound", "drop pattern"}, "no sample notices"


@pytest.mark.parametrize("name", OPERATION_EDITS)
def test_operation_edits_change_something_somewhere(name: str) -> None:
    made = [operation_edited(fixture(one), name, Random(1)) for one in NAMES]
    assert any(other is not None and other != fixture(one) for one, other in zip(NAMES, made, strict=True))


def test_flows_follow_references() -> None:
    flows = flows_of(fixture("orders"))
    schemas = ("components", "schemas")
    assert flows((*schemas, "NewLine")) == {"in"}
    assert flows((*schemas, "Problem", "properties", "title")) == {"out"}
    assert flows((*schemas, "Currency")) == {"in", "out"}
    assert flows_of(fixture("payments"))((*schemas, "Settlement")) == {"out"}, "a webhook is sent by the provider"


def test_an_effect_breaks_by_the_way_the_data_flows() -> None:
    def made(effect: str, *flows: str) -> bool:
        return Edited({}, "", effect, frozenset(flows), ()).breaks

    assert made(NARROWER, "in") and made(WIDER, "out") and made(NARROWER, "in", "out")
    assert not made(NARROWER, "out") and not made(WIDER, "in") and not made(OTHER, "in")
