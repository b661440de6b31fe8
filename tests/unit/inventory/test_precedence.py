"""Which value is kept: blocks that are absent, answers beside registers, and what is settled."""

from __future__ import annotations

from typing import Any

import pytest

from retailctl.inventory.attributes import block_of, has_attribute, is_scalar, put
from retailctl.model.estate_nouns import Event
from retailctl.model.interface import Classification, Interface
from tests.unit.inventory.test_merge import HAND, OBSERVED, interface

ANSWERS = "inventories/observed/answers/team-web-2026-11-20.yaml"


def answer(at: str = "2026-11-20", before: list[str] | None = None, **values: Any) -> dict[str, Any]:
    told = {name: before or [] for name in values}
    return {**values, "sightings": [{"source": "answer", "at": at, "fields": {"instead_of": told}}]}


def register(at: str, **fields: Any) -> dict[str, Any]:
    return {"sightings": [{"source": "register", "at": at, "fields": fields}]}


def test_a_dotted_field_of_a_sighting_fills_a_block_that_is_not_there() -> None:
    entry = interface(
        (HAND, {}), (OBSERVED, register("2026-11-20", **{"classification.criticality": "A", "colour": "red"}))
    )
    assert entry.noun.classification == Classification(criticality="A")


def test_blocks_of_two_sources_are_merged_value_by_value() -> None:
    first = {"classification": {"criticality": "B", "data": ["order"]}}
    second = answer(classification={"latency": "daily"})
    entry = interface((HAND, {}), ("inventories/observed/a.yaml", first), (ANSWERS, second))
    assert entry.noun.classification == Classification(criticality="B", latency="daily", data=("order",))
    entry = interface((HAND, {"classification": {"criticality": "A"}}), ("inventories/observed/a.yaml", first))
    assert entry.noun.classification == Classification(criticality="A", data=("order",))


def test_a_list_of_a_sighting_is_evidence_and_no_value() -> None:
    entry = interface((HAND, {}), (OBSERVED, register("2026-11-20", endpoints=[{"url": "https://x"}])))
    assert entry.noun.endpoints is None


def test_an_answer_comes_before_what_stood_there_and_settles_it() -> None:
    entry = interface((HAND, {"owner": "team-old"}), (ANSWERS, answer(owner="team-web", before=["team-old"])))
    assert entry.noun.owner == "team-web"
    (conflict,) = entry.conflicts
    assert conflict.settled and [one.value for one in conflict.assertions] == ["team-web", "team-old"]
    assert conflict.assertions[0].at == "2026-11-20"


def test_what_is_written_after_the_answer_comes_before_it_and_is_a_conflict() -> None:
    entry = interface((HAND, {"owner": "team-new"}), (ANSWERS, answer(owner="team-web", before=["team-old"])))
    assert entry.noun.owner == "team-new" and not entry.conflicts[0].settled


@pytest.mark.parametrize(
    ("at", "value", "kept", "settled"),
    [
        ("2026-11-19", "team-old", "team-web", True),  # older than the answer
        ("2026-11-25", "team-old", "team-web", True),  # read again, but nothing new
        ("2026-11-25", "team-other", "team-other", False),  # new since then
    ],
)
def test_a_register_that_is_read_again_says_nothing_new(at: str, value: str, kept: str, settled: bool) -> None:
    files = ((OBSERVED, register(at, owner=value)), (ANSWERS, answer(owner="team-web", before=["team-old"])))
    entry = interface(*files)
    assert (entry.noun.owner, entry.conflicts[0].settled) == (kept, settled)


def test_the_newest_answer_counts() -> None:
    old = ("inventories/observed/answers/team-web-2026-01-01.yaml", answer("2026-01-01", owner="team-a"))
    entry = interface((ANSWERS, answer(owner="team-b", before=["team-a"])), old)
    assert entry.noun.owner == "team-b" and entry.conflicts[0].settled


def test_for_use_an_answer_counts_no_more_than_a_register() -> None:
    log = {"schedule": "5m", "sightings": [{"source": "access-log", "at": "2026-11-01"}]}
    entry = interface((HAND, {}), (OBSERVED, log), (ANSWERS, answer(schedule="60m", before=["5m"])))
    assert entry.noun.schedule == "5m" and not entry.conflicts[0].settled


def test_attributes_are_known_by_type_also_where_nothing_stands() -> None:
    bare = Interface(id="if-a")
    assert has_attribute(bare, "classification.criticality") and has_attribute(bare, "resilience.retry.max")
    for path in (
        "classification",
        "classification.data",
        "consumers",
        "colour",
        "key.method",
        "id",
        "classification.x",
        "owner.x",
    ):
        assert not has_attribute(bare, path)
    assert block_of(Event, "dlq") is not None and not is_scalar(Event, "dlq")
    assert put(bare, ["resilience", "retry", "max"], 3).resilience.retry.max == 3
    assert put(Event(id="e"), ["dlq", "owner"], "t") == Event(id="e")  # a dead letter needs its name
    assert put(bare, ["classification", "criticality"], "high") == bare
