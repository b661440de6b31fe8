"""Merging by id: precedence, unions, conflicts that stay visible."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from retailctl.inventory.assemble import assemble, declared, entries_of
from retailctl.inventory.attributes import differ
from retailctl.inventory.merge import Declared
from retailctl.model.estate import Entry, Estate
from retailctl.model.inventory_file import InventoryFile

HAND, OBSERVED = "inventories/a.yaml", "inventories/observed/log.yaml"


def merged(*files: tuple[str, dict[str, Any]]) -> tuple[Estate, list[tuple[Declared, Declared]]]:
    adapter = TypeAdapter(InventoryFile)
    return assemble(item for path, data in files for item in declared(path, entries_of(adapter.validate_python(data))))


def interface(*files: tuple[str, dict[str, Any]]) -> Entry:
    estate, _ = merged(*((path, {"interfaces": [{"id": "if-a", **entry}]}) for path, entry in files))
    return estate.of("interface")["if-a"]


def test_an_observed_entry_fills_what_the_hand_kept_one_leaves_open() -> None:
    entry = interface((HAND, {"owner": "team-web"}), (OBSERVED, {"mode": "poll", "domain": "order"}))
    assert (entry.noun.owner, entry.noun.mode, entry.noun.domain) == ("team-web", "poll", "order")
    assert (entry.hand_kept, entry.conflicts, len(entry.origins)) == (True, (), 2)


def test_the_register_is_trusted_for_the_owner_and_the_conflict_stays() -> None:
    entry = interface((HAND, {"owner": "team-web"}), (OBSERVED, {"owner": "team-erp"}))
    assert entry.noun.owner == "team-web"
    (conflict,) = entry.conflicts
    assert conflict.attribute == "owner"
    assert [(a.value, a.source) for a in conflict.assertions] == [("team-web", "inventory"), ("team-erp", "observed")]


def test_the_log_is_trusted_for_the_schedule() -> None:
    log = {"schedule": "5m", "sightings": [{"source": "access-log", "at": "2026-11-19"}]}
    entry = interface((HAND, {"schedule": "60m"}), (OBSERVED, log))
    assert entry.noun.schedule == "5m"
    assert [c.attribute for c in entry.conflicts] == ["schedule"]


def test_a_sighting_contradicts_by_the_names_of_its_source() -> None:
    register = {"source": "register", "at": "2024-02-01", "fields": {"status": "retired?", "count": 7}}
    entry = interface((HAND, {"lifecycle": "active", "sightings": [register]}))
    (conflict,) = entry.conflicts
    assert (conflict.attribute, [a.value for a in conflict.assertions]) == ("lifecycle", ["active", "retired"])
    assert entry.noun.lifecycle == "active"


def test_a_word_outside_the_vocabulary_is_evidence_but_never_a_value() -> None:
    sighting = {"source": "register", "fields": {"status": "in production"}}
    assert interface((HAND, {"sightings": [sighting]})).noun.lifecycle is None


def test_equal_values_in_other_letters_are_no_conflict() -> None:
    assert interface((HAND, {"owner": "Team-Web"}), (OBSERVED, {"owner": "team-web"})).conflicts == ()


def test_consumers_are_the_union_and_their_dates_widen() -> None:
    seen = {"consumers": [{"system": "wms", "identity": "svc", "first_seen": "2026-01-01", "last_seen": "2026-11-19"}]}
    hand = {"consumers": ["wms", {"system": "crm", "last_seen": "2026-02-02"}]}
    entry = interface((HAND, hand), (OBSERVED, seen))
    wms, crm = entry.noun.consumers
    assert (wms.system, wms.identity, str(wms.last_seen)) == ("wms", "svc", "2026-11-19")
    assert crm.system == "crm"


def test_two_hand_kept_entries_with_one_id_are_reported_and_still_merged() -> None:
    estate, duplicates = merged(
        (HAND, {"systems": [{"id": "erp", "owner": "a"}]}),
        ("inventories/b.yaml", {"systems": [{"id": "erp", "kind": "erp"}]}),
    )
    ((first, second),) = duplicates
    assert (first.location.path, second.location.path) == (HAND, "inventories/b.yaml")
    assert estate.of("system")["erp"].noun.kind == "erp"


def test_the_order_of_files_does_not_matter() -> None:
    one = interface((HAND, {"owner": "a"}), (OBSERVED, {"owner": "b"}), ("inventories/z.yaml", {"mode": "sync"}))
    two = interface(("inventories/z.yaml", {"mode": "sync"}), (OBSERVED, {"owner": "b"}), (HAND, {"owner": "a"}))
    assert one == two


def test_consumers_that_only_a_source_names_are_unlisted() -> None:
    seen = {
        "consumers": [
            {"system": "shop", "identity": "svc-trial"},
            {"system": "pos"},
            {"system": "wms", "identity": "w"},
        ]
    }
    kept = {
        "consumers": [{"system": "shop", "identity": "svc-shop"}, {"system": "pos", "identity": "p"}, {"system": "wms"}]
    }
    entry = interface((HAND, kept), (OBSERVED, seen))
    assert [(one.system, one.identity) for one in entry.unlisted or ()] == [("shop", "svc-trial")]


def test_where_no_list_is_kept_nobody_is_listed_or_not() -> None:
    assert interface((HAND, {}), (OBSERVED, {"consumers": ["shop"]})).unlisted is None
    assert interface((HAND, {"consumers": []})).unlisted == ()


def test_an_entry_that_nobody_keeps_knows_what_kinds_of_source_saw_it() -> None:
    sightings = [{"source": "access-log"}, {"source": "register"}, {"source": "own-script", "kind": "configuration"}]
    assert interface((OBSERVED, {"sightings": sightings})).seen_by == ("configuration", "register", "runtime")
    assert interface((HAND, {}), (OBSERVED, {"sightings": sightings})).seen_by == ()


@pytest.mark.parametrize(
    ("said", "disagree"),
    [
        (["1d", "0 2 * * *"], False),
        (["5m", "*/5 * * * *"], False),
        (["1h", "0 2 * * *"], True),
        (["0 3 * * *", "0 2 * * *"], True),
        (["now and then", "0 2 * * *"], True),
        (["1d", "0 2 * * *", "0 3 * * *"], False),
    ],
)
def test_a_pause_and_an_hour_do_not_contradict_each_other(said: list[str], disagree: bool) -> None:
    assert differ("schedule", said) is disagree
    assert differ("owner", said), "of other attributes words are words"
