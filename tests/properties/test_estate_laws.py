"""Laws of merge and graph for all estates: order does not matter, and the queries equal a naive reference."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from retailctl.graph.estate_graph import MEDIATING_LAYERS, EstateGraph
from retailctl.graph.queries import cycles, direct_pairs, overlapping_paths, parallels, reachable
from retailctl.inventory.assemble import assemble, declared, entries_of, estate_of
from retailctl.model.estate import Estate
from retailctl.model.inventory_file import InventoryFile

_ADAPTER = TypeAdapter(InventoryFile)
_SYSTEMS = ["shop", "erp", "wms", "esb", "ipaas"]
_LAYERS = {"shop": "channel", "erp": "business", "wms": "business", "esb": "orchestration", "ipaas": "integration"}

texts = st.sampled_from(["team-a", "team-b", "Team-A"])
interfaces = st.fixed_dictionaries(
    {"id": st.sampled_from(["if-1", "if-2", "if-3"])},
    optional={
        "owner": texts,
        "mode": st.sampled_from(["sync", "poll"]),
        "schedule": st.sampled_from(["5m", "1h"]),
        "consumers": st.lists(st.sampled_from(_SYSTEMS), max_size=3),
        "classification": st.fixed_dictionaries({}, optional={"criticality": st.sampled_from("AB")}),
    },
)
files = st.lists(st.lists(interfaces, max_size=4, unique_by=lambda entry: str(entry["id"])), min_size=1, max_size=4)

links = st.lists(
    st.fixed_dictionaries(
        {
            "provider": st.sampled_from(_SYSTEMS),
            "consumers": st.lists(st.sampled_from(_SYSTEMS), min_size=1, max_size=2, unique=True),
            "domain": st.sampled_from(["order", "stock"]),
            "direction": st.sampled_from(["in", "out", "both"]),
            "connector": st.sampled_from(["a", "b"]),
        }
    ),
    max_size=9,
)


def _estate(named: list[tuple[str, list[dict[str, Any]]]]) -> Estate:
    items = [
        item
        for path, entries in named
        for item in declared(path, entries_of(_ADAPTER.validate_python({"interfaces": entries})))
    ]
    return assemble(items)[0]


def _graph(entries: list[dict[str, Any]], layers: dict[str, str] | None = None) -> EstateGraph:
    systems = [{"id": name, "layer": layer} for name, layer in (layers or _LAYERS).items()]
    numbered = [{"id": f"if-{number}", **entry} for number, entry in enumerate(entries)]
    return EstateGraph(estate_of({"systems": systems, "interfaces": numbered}))


@given(files, st.randoms(use_true_random=False))
def test_the_order_in_which_files_are_read_does_not_matter(content: list[list[dict[str, Any]]], random: Any) -> None:
    named = [(f"inventories/{'observed/' if n % 2 else ''}{n}.yaml", entries) for n, entries in enumerate(content)]
    shuffled = list(named)
    random.shuffle(shuffled)
    assert _estate(named) == _estate(shuffled)


@given(files)
def test_nothing_that_was_declared_is_lost(content: list[list[dict[str, Any]]]) -> None:
    estate = _estate([(f"inventories/{n}.yaml", entries) for n, entries in enumerate(content)])
    for entry in (entry for entries in content for entry in entries):
        merged = estate.of("interface")[entry["id"]]
        consumers = {consumption.system for consumption in merged.noun.consumers or ()}
        assert set(entry.get("consumers", ())) <= consumers
        for attribute in ("owner", "mode", "schedule"):
            if attribute in entry:
                said = {str(a.value) for c in merged.conflicts if c.attribute == attribute for a in c.assertions}
                kept = str(getattr(merged.noun, attribute))
                assert entry[attribute] in said or entry[attribute].casefold() == kept.casefold()


@given(links)
def test_direct_pairs_equal_the_definition(entries: list[dict[str, Any]]) -> None:
    graph = _graph(entries)
    naive = {
        tuple(sorted((entry["provider"], consumer)))
        for entry in entries
        for consumer in entry["consumers"]
        if consumer != entry["provider"] and not {"esb", "ipaas"} & {consumer, entry["provider"]}
    }
    assert {(pair.a, pair.b) for pair in direct_pairs(graph).direct} == naive


@given(links)
def test_parallel_groups_equal_the_definition(entries: list[dict[str, Any]]) -> None:
    graph = _graph(entries)
    naive = defaultdict(set)
    for one in graph.links:
        naive[one.source, one.target, one.domain, one.direction].add(one.interface)
    expected = {key for key, names in naive.items() if len(names) > 1}
    assert {(g.source, g.target, g.domain, g.direction) for g in parallels(graph)} == expected


@given(links)
def test_overlapping_paths_equal_brute_force(entries: list[dict[str, Any]]) -> None:
    graph = _graph(entries)
    mediators = [name for name in _SYSTEMS if graph.layer(name) in MEDIATING_LAYERS]
    hops = {(one.source, one.target, one.domain) for one in graph.links if one.direction}
    naive = {
        (source, target, domain)
        for first, second in combinations(mediators, 2)
        for source in set(_SYSTEMS) - {first, second}
        for target in set(_SYSTEMS) - {first, second, source}
        for domain in ("order", "stock")
        if all({(source, via, domain), (via, target, domain)} <= hops for via in (first, second))
    }
    assert {(path.source, path.target, path.domain) for path in overlapping_paths(graph)} == naive


@given(links)
def test_reach_and_cycles_equal_a_walk(entries: list[dict[str, Any]]) -> None:
    graph = _graph(entries)
    after = {name: {one.target for one in graph.links if one.source == name} for name in _SYSTEMS}
    reach = {}
    for start in _SYSTEMS:
        seen: set[str] = set()
        todo = list(after[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(after[name])
        reach[start] = seen
    for start in _SYSTEMS:
        assert set(reachable(graph, start)) == reach[start] - {start}
    looping = {frozenset(o for o in _SYSTEMS if o == s or (o in reach[s] and s in reach[o])) for s in _SYSTEMS}
    assert {frozenset(component) for component in cycles(graph)} == {group for group in looping if len(group) > 1}
