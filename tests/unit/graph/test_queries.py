"""What the graph answers about small estates whose answers are plain to see."""

from __future__ import annotations

import pytest

from retailctl.graph.estate_graph import EstateGraph, direction_of, operations_of
from retailctl.graph.queries import (
    cycles,
    degrees,
    direct_pairs,
    overlapping_paths,
    parallels,
    reachable,
    transit,
)
from retailctl.inventory.assemble import estate_of


def graph_of(**sections: object) -> EstateGraph:
    return EstateGraph(estate_of(sections))


def link(id_: str, provider: str, consumer: str, **more: object) -> dict[str, object]:
    return {"id": id_, "provider": provider, "consumers": [consumer], "domain": "order", "direction": "in", **more}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"key": {"protocol": "http", "method": "GET"}}, "out"),
        ({"key": {"protocol": "http", "method": "post"}}, "in"),
        ({"key": {"protocol": "http", "method": "GET"}, "direction": "both"}, "both"),
        ({"key": {"protocol": "rpc", "method": "search_read"}}, None),
        ({}, None),
    ],
)
def test_direction_is_declared_or_follows_the_http_method(entry: dict[str, object], expected: str | None) -> None:
    interface = estate_of({"interfaces": [{"id": "if-a", **entry}]}).of("interface")["if-a"].noun
    assert direction_of(interface) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"operations": ["read"], "key": {"protocol": "http", "method": "POST"}}, ("read",)),
        ({"key": {"protocol": "http", "method": "DELETE"}}, ("delete",)),
        ({"key": {"protocol": "sql", "access": "write"}}, ("create", "update")),
        ({"key": {"protocol": "sql"}}, None),
    ],
)
def test_operations_are_declared_or_follow_method_and_access(
    entry: dict[str, object], expected: tuple[str, ...] | None
) -> None:
    interface = estate_of({"interfaces": [{"id": "if-a", **entry}]}).of("interface")["if-a"].noun
    assert operations_of(interface) == expected


def test_a_link_follows_the_data_not_the_call() -> None:
    graph = graph_of(interfaces=[link("if-a", "erp", "shop"), link("if-b", "erp", "shop", direction="out")])
    assert [(one.source, one.target) for one in graph.links] == [("shop", "erp"), ("erp", "shop")]


def test_density_leaves_the_integration_layer_out_and_keeps_undeclared_layers_apart() -> None:
    systems = [
        {"id": "shop", "layer": "channel"},
        {"id": "erp", "layer": "business"},
        {"id": "esb", "layer": "orchestration"},
        {"id": "wms"},
    ]
    graph = graph_of(
        systems=systems,
        interfaces=[link("if-1", "erp", "shop"), link("if-2", "esb", "shop"), link("if-3", "erp", "wms")],
    )
    density = direct_pairs(graph)
    assert [(pair.a, pair.b) for pair in density.direct] == [("erp", "shop")]
    assert [(pair.a, pair.b) for pair in density.undecided] == [("erp", "wms")]
    assert (density.systems, density.possible) == (3, 3)
    assert degrees(density) == {"erp": (1, 1), "shop": (1, 0), "wms": (0, 1)}


def test_parallels_need_equal_ends_domain_and_direction() -> None:
    graph = graph_of(
        interfaces=[
            link("if-1", "erp", "shop", connector="a"),
            link("if-2", "erp", "shop", connector="b"),
            link("if-3", "erp", "shop", connector="c", domain="stock"),
            link("if-4", "erp", "shop", connector="d", direction="out"),
        ]
    )
    (group,) = parallels(graph)
    assert (group.source, group.target, group.connectors) == ("shop", "erp", ("a", "b"))


def test_overlapping_paths_need_two_mediators_on_the_whole_route() -> None:
    layers = {"esb": "orchestration", "ipaas": "integration", "broker": "event_distribution"}
    systems = [{"id": name, "layer": layer} for name, layer in layers.items()]
    route = [
        link(f"if-{via}-{half}", via if half == "in" else "erp", "shop" if half == "in" else via)
        for via in layers
        for half in ("in", "out")
    ]
    (path,) = overlapping_paths(graph_of(systems=systems, interfaces=route))
    assert (path.source, path.target, [name for name, _ in path.via]) == ("shop", "erp", ["esb", "ipaas"])


def test_transit_counts_what_passes_and_what_passes_by() -> None:
    graph = graph_of(
        interfaces=[
            link("if-1", "odoo", "crm"),
            link("if-2", "odoo", "shop", direction="out"),
            link("if-3", "crm", "bi", direction="out"),
        ]
    )
    through = transit(graph, "odoo")["order"]
    assert (through.into, through.out_of, through.elsewhere) == (("if-1",), ("if-2",), ("if-3",))
    assert through.share == pytest.approx(2 / 3)


def test_cycles_and_reach() -> None:
    graph = graph_of(interfaces=[link("if-1", "b", "a"), link("if-2", "a", "b"), link("if-3", "c", "b")])
    assert cycles(graph) == [("a", "b")]
    assert reachable(graph, "a") == ("b", "c")
    assert reachable(graph, "c") == ()
